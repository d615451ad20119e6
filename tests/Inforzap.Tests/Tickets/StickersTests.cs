using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Stickers;
using SkiaSharp;

namespace Inforzap.Tests.Tickets;

/// <summary>The company's stickers: who adds, sends and deletes them, and what becomes of their pictures.</summary>
public sealed class StickersTests : IAsyncLifetime
{
    private readonly Counter counter = new() { Can = Can.Media | Can.Stickers };
    private Actor admin = null!, lead = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    /// <summary>A disc, or noise that is hard to make small.</summary>
    internal static byte[] Picture(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png, bool isNoise = false, byte red = 200)
    {
        using var bitmap = new SKBitmap(width, height);
        if (isNoise)
        {
            var random = new Random(7);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        }
        else
        {
            using var canvas = new SKCanvas(bitmap);
            using var paint = new SKPaint { Color = new SKColor(red, 40, 40) };
            canvas.DrawCircle(width / 2f, height / 2f, Math.Min(width, height) / 2f, paint);
        }
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private async Task<byte[]> BytesAsync(Guid sticker)
    {
        var file = await counter.Send(ana, new FindSticker(sticker));
        await using var stream = counter.Services.GetRequiredService<FileStore>().Open(file!.FileId);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task<Refusal> RefusedAsync(Func<Task> act) => await Assert.ThrowsAsync<Refusal>(act);

    [Theory]
    [InlineData(800, 200, SKEncodedImageFormat.Png, false)]
    [InlineData(64, 90, SKEncodedImageFormat.Jpeg, false)]
    [InlineData(512, 512, SKEncodedImageFormat.Webp, false)]
    [InlineData(700, 700, SKEncodedImageFormat.Png, true)]
    public async Task A_picture_becomes_a_webp_of_512_by_512_that_whatsapp_takes(int width, int height, SKEncodedImageFormat format, bool isNoise)
    {
        var made = await counter.Send(lead, new AddSticker("Bom dia.png", Picture(width, height, format, isNoise)));
        Assert.Equal("Bom dia", made.Name);
        var bytes = await BytesAsync(made.Id);
        using var codec = SKCodec.Create(new MemoryStream(bytes));
        Assert.Equal((SKEncodedImageFormat.Webp, 512, 512), (codec.EncodedFormat, codec.Info.Width, codec.Info.Height));
        Assert.InRange(bytes.Length, 1, 100 * 1024);
        using var drawn = SKBitmap.Decode(codec);
        // Nothing is cut off: beside a wide picture it shines through.
        if (width > height) Assert.Equal((0, true), (drawn.GetPixel(256, 20).Alpha, drawn.GetPixel(256, 256).Alpha > 200));
    }

    [Fact]
    public async Task Who_may_not_adds_deletes_and_saves_none_but_sends_them()
    {
        var made = await counter.Send(lead, new AddSticker("a.png", Picture(40, 40)));
        foreach (var act in new Func<Task>[] { () => counter.Send(ana, new AddSticker("b.png", Picture(50, 50))), () => counter.Send(ana, new DeleteSticker(made.Id)), () => counter.Send(ana, new SaveSticker(Guid.NewGuid())) })
            Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(act)).Kind);
        Assert.Equal([made], await counter.Send(ana, new ListStickers()));
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => counter.SendAsStranger(new ListStickers()))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => counter.SendAsStranger(new FindSticker(made.Id)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(() => counter.SendAsStranger(new UseSticker(Guid.NewGuid(), made.Id)))).Kind);
    }

    [Fact]
    public async Task One_is_sent_as_a_sticker_and_stays_where_it_was_sent_when_it_is_deleted()
    {
        var ticket = await counter.ServedAsync(ana, "5521944440001");
        var made = await counter.Send(lead, new AddSticker("oi.png", Picture(40, 40)));
        var media = await counter.Send(ana, new UseSticker(ticket, made.Id));
        Assert.Equal((MessageKind.Sticker, 512, 512), (media.Kind, media.Width!.Value, media.Height!.Value));
        var id = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, id, "", media.Id));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageKind.Sticker, null), (message.Kind, message.Body));
        await counter.Send(lead, new DeleteSticker(made.Id));
        Assert.Empty(await counter.Send(ana, new ListStickers()));
        Assert.Null(await counter.Send(ana, new FindSticker(made.Id)));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(ana, new UseSticker(ticket, made.Id)))).Kind);
        var file = await counter.ReadAsync(db => db.Set<Media>().Where(m => m.Id == media.Id).Select(m => m.FileId!.Value).SingleAsync());
        Assert.Equal([file], await FileUse.Of<Media>(m => m.FileId).AmongAsync(counter.Services.CreateScope().ServiceProvider.GetRequiredService<InforzapDb>(), [file], default));
        Assert.Equal(["Deleted", "Created"], (await counter.Send(admin, new ReadAudit(Kind: "sticker"))).Rows.Select(r => r.Verb.ToString()));
    }

    [Fact]
    public async Task Nobody_puts_one_into_a_ticket_that_they_do_not_serve()
    {
        var bia = await PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue);
        var ticket = await counter.ServedAsync(bia, "5521944440002");
        var made = await counter.Send(lead, new AddSticker("oi.png", Picture(40, 40)));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(ana, new UseSticker(ticket, made.Id)))).Kind);
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(() => counter.Send(lead, new UseSticker(ticket, made.Id)))).Kind);
    }

    [Fact]
    public async Task The_same_twice_is_one_and_what_is_no_picture_is_none()
    {
        var first = await counter.Send(lead, new AddSticker("a.png", Picture(40, 40)));
        Assert.Equal(first, await counter.Send(admin, new AddSticker("outra.png", Picture(40, 40))));
        Assert.Contains("PNG, JPEG ou WebP", (await RefusedAsync(() => counter.Send(lead, new AddSticker("a.png", "oi"u8.ToArray())))).Message, StringComparison.Ordinal);
        await RefusedAsync(() => counter.Send(lead, new AddSticker("a.png", Array.Empty<byte>())));
        Assert.Contains("5 MB", (await RefusedAsync(() => counter.Send(lead, new AddSticker("a.png", new byte[5 * 1024 * 1024 + 1])))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_collection_takes_no_more()
    {
        await counter.WriteAsync(db =>
        {
            for (var i = 0; i < Sticker.Most; i++) db.Add(new Sticker { Id = Guid.CreateVersion7(), Name = $"{i}", FileId = Guid.NewGuid(), Hash = $"{i}", CreatedAt = DateTime.UtcNow });
            return db.SaveChangesAsync();
        });
        Assert.Contains("200", (await RefusedAsync(() => counter.Send(lead, new AddSticker("a.png", Picture(40, 40))))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_a_customer_sent_is_kept_as_it_came_for_who_sees_it()
    {
        var ticket = await counter.ServedAsync(ana, "5521944440003");
        var sent = Pictures.Sticker(Picture(90, 90, red: 20), 512, 100_000)!;
        var message = await ReceivedAsync("5521944440003", sent, "figurinha.webp");
        var saved = await counter.Send(lead, new SaveSticker(message));
        Assert.Equal(sent, await BytesAsync(saved.Id));
        Assert.Equal(saved, await counter.Send(lead, new SaveSticker(message)));
        Assert.Single(await counter.Send(ana, new ListStickers()));
        // Another size is drawn anew.
        var small = await ReceivedAsync("5521944440003", Picture(100, 100, SKEncodedImageFormat.Webp, red: 90), "outra.webp");
        using var codec = SKCodec.Create(new MemoryStream(await BytesAsync((await counter.Send(lead, new SaveSticker(small))).Id)));
        Assert.Equal(512, codec.Info.Width);
        // A text is none, and what one may not see is not there.
        var text = (await counter.MessagesOfAsync(ticket))[0].Id;
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(lead, new SaveSticker(text)))).Kind);
        var stranger = await PersonAsync("Davi", BuiltInRoles.Supervisor, await counter.QueueAsync("Outra"));
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(() => counter.Send(stranger, new SaveSticker(message)))).Kind);
    }

    private async Task<Guid> ReceivedAsync(string who, byte[] bytes, string name)
    {
        var stored = await counter.Services.GetRequiredService<FileStore>().WriteAsync(new MemoryStream(bytes), name, MediaKind.Sticker);
        await counter.WriteAsync(db =>
        {
            db.Add(stored);
            return db.SaveChangesAsync();
        });
        await counter.HappenAsync(new InboundMessage(counter.Channel, Guid.NewGuid().ToString("N"), new Address(who, AddressKind.Phone, "Ana"), new MediaContent(MediaKind.Sticker, new MediaRef(FileId: stored.Id), name)));
        return await counter.ReadAsync(db => db.Set<Message>().Where(m => m.Kind == MessageKind.Sticker).OrderByDescending(m => m.Seq).Select(m => m.Id).FirstAsync());
    }
}
