using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Inforzap.Contacts.Privacy;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Retaining;

namespace Inforzap.Tests.Contacts;

/// <summary>Whoever asks gets all that the house has of them, in one file, for seven days.</summary>
public sealed class PersonExportTests : IAsyncLifetime
{
    private const string Who = "5511987658001";
    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private FileStore Files => desk.Services.GetRequiredService<FileStore>();

    private async Task<(Guid Contact, Guid Ticket, StoredFile File)> TalkAsync()
    {
        var file = await Files.WriteAsync(new MemoryStream("conteúdo do exame"u8.ToArray()), "exame <1>.txt");
        await desk.WriteAsync(db =>
        {
            db.Add(file);
            return Task.CompletedTask;
        });
        var ticket = await desk.WritesAsync(Who, "minha dor é <b>forte</b>");
        await desk.ComesAsync(desk.Says(Who, "") with { Content = new MediaContent(MediaKind.Document, new MediaRef(FileId: file.Id), "exame <1>.txt", "segue", "text/plain", 8) });
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        await desk.SendAs(desk.Ana, new SendMessage(ticket, Guid.CreateVersion7(), "cliente ansioso", IsNote: true));
        var contact = (await desk.TicketAsync(ticket)).ContactId;
        await desk.SendAs(desk.Admin, new SaveContact(contact, "Maria Só", Who, "maria@example.test", "Sol", null) { Notes = "prefere à tarde", Extras = new("52998224725", new(1990, 12, 31), [new("Plano", "Ouro")]) });
        return (contact, ticket, file);
    }

    private async Task<ZipArchive> ExportAsync(Guid contact)
    {
        var id = await desk.SendAs(desk.Admin, new ExportPerson(contact));
        await desk.SettleAsync();
        var file = await desk.SendAs(desk.Admin, new FetchExport(id));
        Assert.NotNull(file);
        return new ZipArchive(Files.Open(file.FileId), ZipArchiveMode.Read);
    }

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [Fact(DisplayName = "The file tells field by field what is kept, colleagues' notes and files included, and no id of ours")]
    public async Task All_of_it()
    {
        var (contact, ticket, file) = await TalkAsync();
        using var zip = await ExportAsync(contact);
        var data = JsonDocument.Parse(Text(zip, "dados.json")).RootElement;
        Assert.Equal(PersonArchive.Format, data.GetProperty("formato").GetString());
        var who = data.GetProperty("contato")[0];
        Assert.Equal(("Maria Só", "maria@example.test", "Sol", "52998224725", "1990-12-31", "prefere à tarde"), (Of(who, "nome"), Of(who, "email"), Of(who, "empresa"), Of(who, "documento"), Of(who, "nascimento"), Of(who, "observacoes")));
        Assert.Equal(Who, Of(data.GetProperty("enderecos")[0], "valor"));
        Assert.Equal(("Plano", "Ouro"), (Of(data.GetProperty("campos")[0], "campo"), Of(data.GetProperty("campos")[0], "valor")));
        var messages = data.GetProperty("mensagens").EnumerateArray().ToList();
        Assert.Equal(["minha dor é <b>forte</b>", "segue", "cliente ansioso"], messages.Select(m => Of(m, "texto")));
        Assert.Equal(["Titular", "Titular", "Nota interna"], messages.Select(m => Of(m, "de")));
        Assert.Equal("Ana", Of(messages[2], "autor"));
        var path = Of(messages[1], "arquivo")!;
        Assert.Equal("conteúdo do exame", Text(zip, path));
        Assert.DoesNotContain('<', path);
        foreach (var list in new[] { "atendimentos", "protocolos", "avaliacoes", "agendamentos", "consentimentos", "etiquetas", "juncoes" }) Assert.Equal(JsonValueKind.Array, data.GetProperty(list).ValueKind);
        var page = Text(zip, "index.html");
        Assert.Contains("minha dor é &lt;b&gt;forte&lt;/b&gt;", page);
        Assert.Contains("Dados pessoais que guardamos", page);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var id in new[] { contact, ticket, file.Id }) Assert.DoesNotContain(id.ToString(), Text(zip, "dados.json") + page, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Of(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

    [Fact(DisplayName = "It is there for seven days, each fetching is written down, and asking twice makes one")]
    public async Task Seven_days()
    {
        var (contact, _, _) = await TalkAsync();
        using (await ExportAsync(contact)) { }
        var row = (await desk.SendAs(desk.Admin, new ListPrivacy())).Exports.Single();
        Assert.Equal(("Maria Só", PersonExportState.Ready), (row.Name, row.State));
        Assert.True(row.Size > 500);
        await desk.SendAs(desk.Admin, new FetchExport(row.Id));
        // Asked for, and fetched twice.
        Assert.Equal(3, await desk.ReadAsync(db => db.AuditEntries.CountAsync(e => e.Kind == "privacy" && e.SubjectId == contact.ToString())));
        var file = await desk.ReadAsync(db => db.Set<PersonExport>().Select(e => e.FileId).SingleAsync());
        await desk.PassAsync(TimeSpan.FromDays(8));
        Assert.Null(await desk.SendAs(desk.Admin, new FetchExport(row.Id)));
        Assert.Empty((await desk.SendAs(desk.Admin, new ListPrivacy())).Exports);
        await desk.RunJobAsync<ForgetExports>();
        Assert.False(Files.Exists(file!.Value));
        Assert.Empty(Directory.GetFiles(Files.Root, "*.part", SearchOption.AllDirectories));
    }

    [Fact(DisplayName = "A person of fifty thousand messages is written without holding them in memory")]
    public async Task Large()
    {
        var (contact, ticket, _) = await TalkAsync();
        const int many = 50_000;
        await desk.WriteAsync(async db =>
        {
            var row = await Inforzap.Tickets.Leading.HoldTicketAsync(db, ticket, default);
            var messages = new List<Message>();
            for (var i = 0; i < many; i++)
            {
                var (seq, change) = row.NextMessage();
                messages.Add(new Message { Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = desk.Channel, Seq = seq, Change = change, Body = $"linha {i} {new string('x', 400)}", State = MessageState.Received, CreatedAt = DateTime.UtcNow });
            }
            await Inforzap.Data.InsertMany.InsertAsync(db, messages, default);
        });
        using var stop = new CancellationTokenSource();
        long peak = 0;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                await Task.Delay(20);
            }
        });
        await desk.SendAs(desk.Admin, new ExportPerson(contact));
        await desk.SettleAsync(TimeSpan.FromSeconds(120));
        await stop.CancelAsync();
        await watch;
        var row = (await desk.SendAs(desk.Admin, new ListPrivacy())).Exports.Single();
        Assert.Equal((PersonExportState.Ready, many), (row.State, row.Written / many * many));
        // Their words alone are forty million bytes here; garbage of rows that are gone counts, too.
        Assert.True(peak - before < 150_000_000, $"{(peak - before) / 1_000_000} MB");
    }

    [Fact(DisplayName = "Who is erased takes their exports along, and the retention leaves alone who is held")]
    public async Task Erased_and_held()
    {
        var (contact, ticket, _) = await TalkAsync();
        using (await ExportAsync(contact)) { }
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        await desk.SendAs(desk.Admin, new SetLegalHold(contact, "processo"));
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        await desk.PassAsync(TimeSpan.FromDays(40));
        await desk.RunJobAsync<ForgetMessages>();
        Assert.Equal("minha dor é <b>forte</b>", (await desk.MessagesOfAsync(ticket))[0].Body);
        await desk.SendAs(desk.Admin, new SetLegalHold(contact, null));
        await desk.SendAs(desk.Admin, new EraseContact(contact, "maria so", "7"));
        await desk.SettleAsync();
        Assert.Empty(Directory.GetFiles(Files.Root, "*", SearchOption.AllDirectories));
        Assert.Null(await desk.ReadAsync(db => db.Set<PersonExport>().Select(e => e.FileId).SingleAsync()));
    }

    [Fact(DisplayName = "Without the hold the same run of the retention takes the words away")]
    public async Task Not_held()
    {
        var (_, ticket, _) = await TalkAsync();
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await desk.PassAsync(TimeSpan.FromDays(40));
        await desk.RunJobAsync<ForgetMessages>();
        Assert.Null((await desk.MessagesOfAsync(ticket))[0].Body);
    }
}
