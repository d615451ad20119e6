using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Retaining;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tests.Tickets;

/// <summary>What the company does not want to keep goes, and nothing else does.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const string Who = "5511987650003";

    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private FileStore Files => desk.Services.GetRequiredService<FileStore>();

    private Task RunAsync() => desk.RunJobAsync<ForgetMessages>();

    private async Task<StoredFile> FileAsync()
    {
        var file = await Files.WriteAsync(new MemoryStream("conteúdo"u8.ToArray()), "contrato.txt");
        await desk.WriteAsync(db =>
        {
            db.Add(file);
            return Task.CompletedTask;
        });
        return file;
    }

    private Task SendsFileAsync(string who, StoredFile file, string? caption = null) =>
        desk.ComesAsync(desk.Says(who, "") with { Content = new MediaContent(MediaKind.Document, new MediaRef(FileId: file.Id), "contrato.txt", caption, "text/plain", 8) });

    /// <summary>A talk with an answer, a note and a file, which ends so many days ago.</summary>
    private async Task<(Guid Ticket, StoredFile File)> TalkAsync(string who, int daysAgo)
    {
        var file = await FileAsync();
        var ticket = await desk.WritesAsync(who, "minha senha é jabuticaba");
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        await desk.SendAs(desk.Ana, new SendMessage(ticket, Guid.CreateVersion7(), "anotado"));
        await desk.SendAs(desk.Ana, new SendMessage(ticket, Guid.CreateVersion7(), "cliente difícil", IsNote: true));
        await SendsFileAsync(who, file);
        await SetAsync(ticket, m => m.State == MessageState.Queued, m => m.State = MessageState.Sent);
        await desk.SendAs(desk.Ana, new CloseTicket(ticket, "resolvido"));
        await desk.PassAsync(TimeSpan.FromDays(daysAgo));
        return (ticket, file);
    }

    /// <summary>The far end, and those who write to it, as the test plays them.</summary>
    private Task SetAsync(Guid ticket, Func<Message, bool> which, Action<Message> change) => desk.WriteAsync(async db =>
    {
        foreach (var m in (await db.Set<Message>().Where(m => m.TicketId == ticket).ToListAsync()).Where(which)) change(m);
    });

    private async Task<int> FoundAsync(string text) => (await desk.SendAs(desk.Admin, new ListTickets(TicketStatus.Closed, text))).Rows.Count;

    [Fact(DisplayName = "By default everything is kept")]
    public async Task Kept()
    {
        var (ticket, file) = await TalkAsync(Who, 3_000);
        await RunAsync();
        Assert.Equal("minha senha é jabuticaba", (await desk.MessagesOfAsync(ticket))[0].Body);
        Assert.True(Files.Exists(file.Id));
    }

    [Fact(DisplayName = "Words go with their search and the line in lists; rows, files and figures stay")]
    public async Task Words()
    {
        var (ticket, file) = await TalkAsync(Who, 31);
        var figures = await desk.ReadAsync(db => db.Set<ServiceCycle>().AsNoTracking().SingleAsync(c => c.TicketId == ticket));
        Assert.Equal(1, await FoundAsync("jabuticaba"));
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await RunAsync();
        var messages = await desk.MessagesOfAsync(ticket);
        Assert.Equal(4, messages.Count);
        Assert.All(messages, m => Assert.Equal((null, null, null, ""), (m.Body, m.PreviousBody, m.Extra, m.SearchText)));
        // The file had no words to lose.
        Assert.Equal([true, true, true, false], messages.Select(m => m.ForgottenAt is not null));
        Assert.Equal(0, await FoundAsync("jabuticaba"));
        Assert.Equal(0, await FoundAsync("contrato"));
        var row = Assert.Single((await desk.SendAs(desk.Admin, new ListTickets(TicketStatus.Closed))).Rows);
        Assert.Equal("", row.LastText);
        Assert.True(Files.Exists(file.Id));
        Assert.True((await desk.SendAs(desk.Admin, new ReadMessages(ticket, 1, 1)))[0].IsForgotten);
        Assert.Equal(JsonSerializer.Serialize(figures), JsonSerializer.Serialize(await desk.ReadAsync(db => db.Set<ServiceCycle>().AsNoTracking().SingleAsync(c => c.TicketId == ticket))));
        Assert.Empty((await desk.SendAs(desk.Admin, new ListNotes())).Rows);
        // The text is nowhere any more.
        if (TestDatabase.Provider == DatabaseProvider.Sqlite)
            Assert.Equal(0, await desk.ReadAsync(db => db.Database.SqlQueryRaw<int>("SELECT count(*) AS \"Value\" FROM \"tickets_MessageText\" WHERE \"SearchText\" <> ''").SingleAsync()));
    }

    [Fact(DisplayName = "Files are deleted from the disk, with their names; words stay")]
    public async Task Media()
    {
        var (ticket, file) = await TalkAsync(Who, 31);
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        Assert.Equal(1, await FoundAsync("contrato"));
        await RunAsync();
        var media = await desk.ReadAsync(db => db.Set<Media>().AsNoTracking().SingleAsync(m => m.TicketId == ticket));
        Assert.Equal((MediaState.Gone, MediaReason.Forgotten, null, ""), (media.State, media.Reason, media.FileId, media.FileName));
        Assert.False(Files.Exists(file.Id));
        Assert.False(await desk.ReadAsync(db => db.Set<StoredFile>().AnyAsync(f => f.Id == file.Id)));
        Assert.Null(await desk.SendAs(desk.Admin, new FindMedia(media.Id)));
        Assert.Equal(0, await FoundAsync("contrato"));
        Assert.Equal(1, await FoundAsync("jabuticaba"));
        Assert.Equal("", (await desk.TicketAsync(ticket)).LastText);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new FetchMediaAgain(media.Id)));
    }

    [Fact(DisplayName = "A file that another message uses stays until that one goes, too")]
    public async Task SharedFile()
    {
        var (_, file) = await TalkAsync(Who, 31);
        await desk.WritesAsync("5511987650009", "oi");
        await SendsFileAsync("5511987650009", file);
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        await RunAsync();
        Assert.True(Files.Exists(file.Id) && await desk.ReadAsync(db => db.Set<StoredFile>().AnyAsync(f => f.Id == file.Id)));
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<Media>().CountAsync(m => m.FileId == file.Id)));
    }

    [Fact(DisplayName = "Open tickets keep all, and so do those that were closed a short while ago, however old their messages are")]
    public async Task Spared()
    {
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        var ticket = await desk.WritesAsync(Who, "antigo");
        await desk.SendAs(desk.Ana, new AcceptTicket(ticket));
        await desk.PassAsync(TimeSpan.FromDays(100));
        await RunAsync();
        Assert.Equal("antigo", (await desk.MessagesOfAsync(ticket))[0].Body);
        await desk.SendAs(desk.Ana, new CloseTicket(ticket));
        await desk.PassAsync(TimeSpan.FromDays(29));
        await RunAsync();
        Assert.Equal("antigo", (await desk.MessagesOfAsync(ticket))[0].Body);
        await desk.PassAsync(TimeSpan.FromDays(2));
        await RunAsync();
        Assert.Null((await desk.MessagesOfAsync(ticket))[0].Body);
    }

    [Fact(DisplayName = "What comes into a closed ticket later goes when it is old itself; a long talk goes in pieces")]
    public async Task Later()
    {
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        var (ticket, _) = await TalkAsync(Who, 20);
        await desk.SendAs(desk.Admin, new SendMessage(ticket, Guid.CreateVersion7(), "nota tardia", IsNote: true));
        await desk.WriteAsync(async db =>
        {
            var t = await db.Set<Ticket>().SingleAsync(x => x.Id == ticket);
            for (var n = 0; n < 600; n++)
            {
                var (seq, change) = t.NextMessage();
                db.Add(new Message { Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = desk.Channel, Seq = seq, Change = change, Body = $"m{n}", SearchText = $"m{n}", CreatedAt = desk.Clock!.GetUtcNow().UtcDateTime });
            }
        });
        await desk.PassAsync(TimeSpan.FromDays(11));
        await RunAsync();
        var messages = await desk.MessagesOfAsync(ticket);
        Assert.Null(messages[0].Body);
        Assert.Equal("nota tardia", messages[4].Body);
        // What is still there keeps its line.
        Assert.NotEqual("", (await desk.TicketAsync(ticket)).LastText);
        await desk.PassAsync(TimeSpan.FromDays(20));
        await Task.WhenAll(RunAsync(), RunAsync());
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Null(m.Body));
    }

    [Theory(DisplayName = "What has not left, and a change of it that has not, stays with what follows it, until it has left")]
    [InlineData(MessageState.Queued, false)]
    [InlineData(MessageState.Sending, false)]
    [InlineData(MessageState.Sent, true)]
    public async Task OnItsWay(MessageState state, bool changes)
    {
        var (ticket, file) = await TalkAsync(Who, 31);
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        await SetAsync(ticket, m => m.Seq == 2, m => (m.State, m.Act) = (state, changes ? (MessageAct?)MessageAct.Edit : null));
        await RunAsync();
        Assert.Equal([true, false, false, true], (await desk.MessagesOfAsync(ticket)).Select(m => m.Body is null));
        Assert.True(Files.Exists(file.Id));
        // Its channel did not take the change: it won't be asked by itself.
        await SetAsync(ticket, m => m.Seq == 2, m => (m.State, m.ActReason) = (MessageState.Sent, changes ? "não" : null));
        await RunAsync();
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Null(m.Body));
        Assert.False(Files.Exists(file.Id));
    }

    [Fact(DisplayName = "What was deleted before it left holds nothing up")]
    public async Task NeverLeft()
    {
        var (ticket, _) = await TalkAsync(Who, 31);
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await SetAsync(ticket, m => m.Seq == 2, m => (m.State, m.DeletedAt) = (MessageState.Queued, m.CreatedAt));
        await RunAsync();
        Assert.All(await desk.MessagesOfAsync(ticket), m => Assert.Null(m.Body));
    }

    [Theory(DisplayName = "What is empty is not sent again")]
    [InlineData(MessageState.Failed)]
    [InlineData(MessageState.Unknown)]
    public async Task NotResent(MessageState state)
    {
        var (ticket, _) = await TalkAsync(Who, 31);
        await SetAsync(ticket, m => m.Seq == 2, m => m.State = state);
        var message = (await desk.MessagesOfAsync(ticket))[1].Id;
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await RunAsync();
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new ResendMessage(message)))).Kind);
        Assert.Equal(state, (await desk.MessagesOfAsync(ticket))[1].State);
    }

    [Fact(DisplayName = "Nor is one whose file is gone, though it never had words")]
    public async Task FileNotResent()
    {
        var (ticket, _) = await TalkAsync(Who, 31);
        // The file of the customer's stands for one of ours: to whom it belongs makes no difference to the retention.
        await SetAsync(ticket, m => m.MediaId is not null, m => m.State = MessageState.Failed);
        var message = (await desk.MessagesOfAsync(ticket)).Single(m => m.MediaId is not null).Id;
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        await RunAsync();
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new ResendMessage(message)))).Kind);
    }

    [Fact(DisplayName = "What others made of a note goes from the audit, too; that they did stays, and so does what else stands there")]
    public async Task AuditOfNotes()
    {
        var (ticket, _) = await TalkAsync(Who, 31);
        var note = (await desk.MessagesOfAsync(ticket)).Single(m => m.IsNote).Id;
        await desk.SendAs(desk.Admin, new EditMessage(note, "cliente exigente"));
        await desk.WriteAsync(db =>
        {
            db.Audit("note", Guid.NewGuid(), "#9/9", "Body", ["de outro atendimento"], []);
            return Task.CompletedTask;
        });
        Task<List<AuditEntry>> EntriesAsync() => desk.ReadAsync(db => db.Set<AuditEntry>().AsNoTracking().Where(e => e.Kind == "note").OrderBy(e => e.Position).ToListAsync());
        Assert.Contains("exigente", (await EntriesAsync())[0].Changes, StringComparison.Ordinal);
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await RunAsync();
        var entries = await EntriesAsync();
        Assert.Equal(2, entries.Count);
        Assert.Equal((note.ToString(), "[]", "Rute"), (entries[0].SubjectId, entries[0].Changes, entries[0].ByName));
        Assert.DoesNotContain("exigente", entries[0].SearchText, StringComparison.Ordinal);
        Assert.Contains("de outro atendimento", entries[1].Changes, StringComparison.Ordinal);
        Assert.Empty(Assert.Single((await desk.SendAs(desk.Admin, new ReadAudit("note", note.ToString()))).Rows).Changes);
    }

    [Fact(DisplayName = "A run is written down with its figures, and one that does nothing is not")]
    public async Task Audited()
    {
        await TalkAsync(Who, 31);
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await desk.SetAsync(Setting.MediaRetentionDays, "30");
        await RunAsync();
        await RunAsync();
        var entries = await desk.ReadAsync(db => db.Set<AuditEntry>().AsNoTracking().Where(e => e.Kind == "retention").OrderBy(e => e.Position).ToListAsync());
        Assert.Equal(2, entries.Count);
        Assert.All(entries, e => Assert.Null(e.By));
        Assert.Contains("\"RetainedWords\"", entries[0].Changes, StringComparison.Ordinal);
        Assert.Contains("\"3\"", entries[0].Changes, StringComparison.Ordinal);
        Assert.Contains("\"1\"", entries[1].Changes, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "What is gone does not come back by an edit, and the customer's page shows none of it")]
    public async Task Gone()
    {
        var (ticket, _) = await TalkAsync(Who, 31);
        await desk.SetAsync(Setting.MessageRetentionDays, "30");
        await RunAsync();
        var first = (await desk.MessagesOfAsync(ticket))[0];
        await desk.HappenAsync(new InboundEdit(desk.Channel, "e-late", new Address(Who), first.ProviderId!, "de volta"));
        Assert.Null((await desk.MessagesOfAsync(ticket))[0].Body);
        await desk.SendAs(desk.Ana, new ReopenTicket(ticket));
        var ours = (await desk.MessagesOfAsync(ticket))[1].Id;
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new EditMessage(ours, "de volta")));
        Assert.DoesNotContain(await desk.SendAsSystem(new ReadConversation(desk.Channel, new Address(Who), 0)), m => m.Id == first.Id);
    }
}
