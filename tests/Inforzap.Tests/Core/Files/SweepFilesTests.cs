using System.Text;
using Inforzap.Channels.In;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Core.Files;

public sealed class SweepFilesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Desk desk = null!;

    private FileStore Store => desk.Services.GetRequiredService<FileStore>();

    public async ValueTask InitializeAsync() => desk = await Desk.OpenAsync(clock: clock);

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    /// <summary>Bytes on disk, as old as the clock says: file systems know only the real one.</summary>
    private async Task<StoredFile> WriteAsync(bool withRow = true)
    {
        var file = await Store.WriteAsync(new MemoryStream("conteúdo"u8.ToArray()), "a.txt");
        File.SetLastWriteTimeUtc(PathOf(file.Id), clock.GetUtcNow().UtcDateTime);
        if (withRow) await desk.SendAsSystem(new KeepFile(file));
        return file;
    }

    private string PathOf(Guid id) => Path.Combine(desk.Folder, "files", id.ToString("N")[..2], id.ToString("N"));

    private Task<bool> HasRowAsync(Guid id) => desk.ReadAsync(db => db.Set<StoredFile>().AnyAsync(f => f.Id == id));

    private Task SweepAsync(long tick = 0) => desk.RunJobAsync<SweepFiles>(tick);

    [Fact]
    public async Task A_file_that_nobody_uses_is_gone_a_day_later_and_not_before()
    {
        var file = await WriteAsync();
        clock.Advance(TimeSpan.FromHours(23));
        await SweepAsync();
        Assert.True(await HasRowAsync(file.Id) && Store.Exists(file.Id));
        clock.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(SweepAsync(1), SweepAsync(1));
        Assert.False(await HasRowAsync(file.Id) || Store.Exists(file.Id));
        await SweepAsync(2);
    }

    [Fact]
    public async Task Bytes_without_a_row_and_unfinished_writes_are_gone_a_day_later()
    {
        await WriteAsync();
        var lost = await WriteAsync(withRow: false);
        var part = PathOf(lost.Id) + ".part";
        await File.WriteAllTextAsync(part, "x");
        File.SetLastWriteTimeUtc(part, clock.GetUtcNow().UtcDateTime);
        var notOurs = Path.Combine(desk.Folder, "files", "leia-me.txt");
        await File.WriteAllTextAsync(notOurs, "x");
        File.SetLastWriteTimeUtc(notOurs, clock.GetUtcNow().UtcDateTime);
        await SweepAsync();
        Assert.True(Store.Exists(lost.Id) && File.Exists(part));
        clock.Advance(TimeSpan.FromHours(25));
        await SweepAsync();
        Assert.False(Store.Exists(lost.Id) || File.Exists(part));
        Assert.True(File.Exists(notOurs));
    }

    /// <summary>Started on an empty database by mistake, the product must not take away what another one points to.</summary>
    [Fact]
    public async Task What_lay_there_before_the_database_knew_any_file_stays()
    {
        var before = await WriteAsync(withRow: false);
        clock.Advance(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.True(Store.Exists(before.Id));
        await WriteAsync();
        clock.Advance(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.True(Store.Exists(before.Id));
    }

    [Fact]
    public async Task A_file_of_a_message_and_one_of_a_parked_event_stay()
    {
        var (channel, adapter) = await desk.ChannelAsync("sweep");
        var (used, parked) = (await WriteAsync(), await WriteAsync());
        await adapter.Inbox.DeliverAsync(new InboundMessage(channel, "e1", new Address("5511911110000"), new MediaContent(MediaKind.Document, new MediaRef(FileId: used.Id))));
        await desk.SettleAsync();
        await adapter.Inbox.DeliverAsync(new InboundMessage(channel, "e2", new Address("5511911110001"), new MediaContent(MediaKind.Document, new MediaRef(FileId: parked.Id))));
        await desk.SettleAsync();
        await desk.WriteAsync(async db =>
        {
            db.RemoveRange(await db.Set<Media>().Where(m => m.FileId == parked.Id).ToListAsync());
            await db.Set<LaneItem>().Where(i => i.DedupKey!.EndsWith(":e2")).ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Parked));
        });
        clock.Advance(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.True(Store.Exists(used.Id) && await HasRowAsync(used.Id));
        Assert.True(Store.Exists(parked.Id) && await HasRowAsync(parked.Id));
        await desk.WriteAsync(db => db.Set<LaneItem>().Where(i => i.State == LaneItemState.Parked).ExecuteUpdateAsync(s => s.SetProperty(i => i.State, LaneItemState.Dropped)));
        await SweepAsync();
        Assert.False(Store.Exists(parked.Id) || await HasRowAsync(parked.Id));
    }

    [Fact]
    public async Task An_upload_that_no_message_used_is_forgotten_with_its_file_and_a_used_one_stays()
    {
        var (channel, adapter) = await desk.ChannelAsync("uploads");
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, await desk.QueueAsync("Atendimento"));
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911110002"));
        await desk.SettleAsync();
        var ticket = await desk.ReadAsync(db => db.Set<Ticket>().Select(t => t.Id).SingleAsync());
        await desk.SendAs(ana, new AcceptTicket(ticket));
        async Task<(Guid Upload, Guid File)> UploadAsync()
        {
            var file = await WriteAsync(withRow: false);
            return ((await desk.SendAs(ana, new KeepUpload(ticket, file, null))).Id, file.Id);
        }
        var (used, unused) = (await UploadAsync(), await UploadAsync());
        await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "veja", used.Upload));
        await desk.SettleAsync();
        clock.Advance(TimeSpan.FromHours(25));
        var fresh = await UploadAsync();
        await desk.RunJobAsync<ForgetUploads>();
        await SweepAsync();
        Assert.Equal(new[] { used.Upload, fresh.Upload }.Order(), await desk.ReadAsync(db => db.Set<Media>().Select(m => m.Id).ToListAsync().ContinueWith(t => t.Result.Order())));
        Assert.True(Store.Exists(used.File) && Store.Exists(fresh.File));
        Assert.False(Store.Exists(unused.File) || await HasRowAsync(unused.File));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "tarde", unused.Upload)))).Kind);
    }
}
