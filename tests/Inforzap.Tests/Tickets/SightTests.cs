using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;

namespace Inforzap.Tests.Tickets;

/// <summary>What people read of the tickets that they see: what was said elsewhere, and what was deleted.</summary>
public sealed class SightTests : IAsyncLifetime
{
    private const string Who = "5511987650001";

    private readonly Counter counter = new();
    private Guid support;
    private Actor admin = null!, lia = null!, ana = null!, ivo = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        support = await counter.QueueAsync("Suporte");
        admin = await PersonAsync("Rita", BuiltInRoles.Administrator);
        lia = await PersonAsync("Lia", BuiltInRoles.Supervisor, support);
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        ivo = await PersonAsync("Ivo", BuiltInRoles.Agent, support);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private Task SetAsync(Setting setting, string value) => counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));

    private async Task<IReadOnlyList<MessageRow>> ReadAsync(Actor actor, Guid ticket) => await counter.Send(actor, new ReadMessages(ticket, 1, 100));

    private static IEnumerable<string?> Bodies(IEnumerable<MessageRow> rows) => rows.Select(r => r.IsElsewhere ? "-" : r.Body);

    /// <summary>Sold to by Ana in Vendas, who hands it to Suporte with a note; then the customer goes on there.</summary>
    private async Task<Guid> HandedOnAsync()
    {
        await counter.HappenAsync(counter.Says(Who, "quero jabuticaba"));
        var ticket = await counter.TicketOfAsync(Who);
        await counter.Send(ana, new AcceptTicket(ticket));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "o preço é segredo"));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "cliente difícil", IsNote: true));
        await counter.Send(ana, new TransferTicket(ticket, support, null, "ver a entrega"));
        await counter.HappenAsync(counter.Says(Who, "chegou quebrado"));
        return ticket;
    }

    [Fact]
    public async Task Without_the_switch_the_whole_history_is_read()
    {
        var ticket = await HandedOnAsync();
        Assert.Equal(["quero jabuticaba", "o preço é segredo", "cliente difícil", "ver a entrega", "chegou quebrado"], Bodies(await ReadAsync(ivo, ticket)).Select(b => b?.Split('\n')[^1]));
    }

    [Fact]
    public async Task With_it_people_read_what_was_said_in_their_queues_and_who_sees_all_reads_all()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        var ticket = await HandedOnAsync();
        Assert.Equal(["-", "-", "-", "ver a entrega", "chegou quebrado"], Bodies(await ReadAsync(ivo, ticket)));
        Assert.Equal(["-", "-", "-", "ver a entrega", "chegou quebrado"], Bodies(await ReadAsync(lia, ticket)));
        Assert.DoesNotContain("-", Bodies(await ReadAsync(admin, ticket)));
        Assert.Equal(["-", "-", "-", "ver a entrega", "chegou quebrado"], Bodies((await counter.Send(ivo, new ReadChanges(ticket, 0))).OrderBy(r => r.Seq)));
        // Nothing of what is not told comes along.
        var shut = (await ReadAsync(ivo, ticket))[1];
        Assert.Equal((null, null, null, null, null, false), (shut.Body, shut.SenderName, shut.Media, shut.Quoted, shut.Extra, shut.IsNote));
    }

    [Fact]
    public async Task Neither_search_nor_lists_nor_notes_tell_what_the_conversation_does_not()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        var ticket = await HandedOnAsync();
        async Task<bool> FindsAsync(Actor actor, string text) => (await counter.Send(actor, new ListTickets(TicketStatus.Pending, text))).Rows.Any(r => r.Id == ticket);
        Assert.True(await FindsAsync(admin, "jabuticaba"));
        Assert.False(await FindsAsync(ivo, "jabuticaba"));
        Assert.True(await FindsAsync(ivo, "quebrado"));
        Assert.Empty(await counter.Send(ivo, new FindInTicket(ticket, "segredo")));
        Assert.Single(await counter.Send(ivo, new FindInTicket(ticket, "quebrado")));
        Assert.Single(await counter.Send(admin, new FindInTicket(ticket, "segredo")));
        Assert.Equal(["ver a entrega"], (await counter.Send(ivo, new NotesOfContact(ticket))).Select(n => n.Body));
        Assert.Equal(["ver a entrega"], (await counter.Send(lia, new ListNotes())).Rows.Select(n => n.Body));
        var exports = lia with { Permissions = lia.Permissions.Append("notes.export").ToHashSet() };
        Assert.DoesNotContain("difícil", await counter.Send(exports, new ExportNotes(new())), StringComparison.Ordinal);
        Assert.Equal(2, (await counter.Send(admin, new ListNotes())).Matching);
    }

    [Fact]
    public async Task The_last_line_of_lists_and_panel_is_told_to_who_may_read_it()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        await counter.HappenAsync(counter.Says(Who, "quero jabuticaba"));
        var ticket = await counter.TicketOfAsync(Who);
        await counter.Send(admin, new TransferTicket(ticket, support, null));
        async Task<string> LineAsync(Actor actor) => (await counter.Send(actor, new ListTickets(TicketStatus.Pending))).Rows.Single(r => r.Id == ticket).LastText;
        Assert.Equal(("", "quero jabuticaba"), (await LineAsync(ivo), await LineAsync(admin)));
        Assert.Equal("", (await counter.Send(ivo, new ReadTicket(ticket))).Row.LastText);
        Assert.Equal("", (await counter.Send(lia, new ReadPanel(PanelBy.Queue, new()))).Columns.SelectMany(c => c.Cards).Single(c => c.Row.Id == ticket).Row.LastText);
        await counter.HappenAsync(counter.Says(Who, "alguém?"));
        Assert.Equal("alguém?", await LineAsync(ivo));
    }

    [Fact]
    public async Task What_was_with_oneself_stays_readable_and_what_had_no_queue_goes_with_the_ticket()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        var ticket = await HandedOnAsync();
        // Ana gets it back without being of that queue: she reads what was hers, and what comes from now on.
        await counter.Send(admin, new TransferTicket(ticket, support, ana.Id));
        await counter.HappenAsync(counter.Says(Who, "oi Ana"));
        Assert.Equal(["quero jabuticaba", "o preço é segredo", "cliente difícil", "ver a entrega", "-", "oi Ana"], Bodies(await ReadAsync(ana, ticket)).Select(b => b?.Split('\n')[^1]));
        // Written before there was any queue, or before messages knew theirs.
        await counter.WriteAsync(db => db.Set<Message>().Where(m => m.TicketId == ticket).ExecuteUpdateAsync(set => set.SetProperty(m => m.QueueId, (Guid?)null).SetProperty(m => m.ServedBy, (Guid?)null).SetProperty(m => m.Version, m => m.Version + 1)));
        await counter.Send(admin, new TransferTicket(ticket, support, ivo.Id));
        Assert.DoesNotContain("-", Bodies(await ReadAsync(ivo, ticket)));
    }

    [Fact]
    public async Task What_is_quoted_and_who_is_named_is_told_no_more_than_read()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        await counter.HappenAsync(counter.Says(Who, "senha 1234", "q1"));
        var ticket = await counter.TicketOfAsync(Who);
        await counter.Send(admin, new TransferTicket(ticket, support, null));
        await counter.HappenAsync(counter.Says(Who, "sobre isso", "q2") with { QuotedProviderId = "q1" });
        var rows = await ReadAsync(ivo, ticket);
        Assert.Equal((true, null), (rows[1].Quoted!.IsShut, rows[1].Quoted!.Body));
        await counter.Send(ivo, new AcceptTicket(ticket));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ivo, new SendMessage(ticket, Guid.CreateVersion7(), "e isto?", QuotedId: rows[0].Id)))).Kind);
        Assert.Equal("senha 1234", (await ReadAsync(admin, ticket))[1].Quoted!.Body);
    }

    private async Task<(Guid Ticket, Guid Media)> PictureAsync(string id)
    {
        var files = counter.Services.GetRequiredService<FileStore>();
        var file = await files.WriteAsync(new MemoryStream("conteúdo"u8.ToArray()), "contrato.txt");
        await counter.WriteAsync(db =>
        {
            db.Add(file);
            return Task.CompletedTask;
        });
        await counter.HappenAsync(counter.Says(Who, "", id) with { Content = new MediaContent(MediaKind.Document, new MediaRef(FileId: file.Id), "contrato.txt", "segue o contrato", "text/plain", 8) });
        var ticket = await counter.TicketOfAsync(Who);
        return (ticket, (await counter.MessagesOfAsync(ticket)).Single(m => m.ProviderId == id).MediaId!.Value);
    }

    [Fact]
    public async Task Files_of_elsewhere_are_not_handed_out()
    {
        await SetAsync(Setting.OwnQueueHistory, "true");
        var (ticket, media) = await PictureAsync("f1");
        Assert.NotNull(await counter.Send(ana, new FindMedia(media)));
        await counter.Send(admin, new TransferTicket(ticket, support, null));
        Assert.Null(await counter.Send(ivo, new FindMedia(media)));
        Assert.NotNull(await counter.Send(admin, new FindMedia(media)));
    }

    [Theory]
    [InlineData(Readers.Everybody, true, true)]
    [InlineData(Readers.Leads, false, true)]
    [InlineData(Readers.Nobody, false, false)]
    public async Task Who_reads_what_was_deleted_is_the_company_s_choice(string who, bool agent, bool lead)
    {
        await counter.HappenAsync(counter.Says(Who, "primeiro", "d0"), counter.Says(Who, "antes", "d1"), counter.Says(Who, "vergonha", "d2"));
        var (ticket, media) = await PictureAsync("d3");
        await counter.HappenAsync(
            new InboundEdit(counter.Channel, "x1", new Address(Who), "d1", "depois"),
            counter.Says(Who, "cito", "d4") with { QuotedProviderId = "d2" },
            new InboundRevoke(counter.Channel, "x2", new Address(Who), "d2"), new InboundRevoke(counter.Channel, "x3", new Address(Who), "d3"));
        await SetAsync(Setting.DeletedMessages, who);
        var supervisor = lia with { Queues = [counter.Queue] };
        foreach (var (actor, reads) in new[] { (ana, agent), (supervisor, lead) })
        {
            var rows = await ReadAsync(actor, ticket);
            // The bubbles stay, whoever reads them.
            Assert.Equal([false, false, true, true, false], rows.Select(r => r.DeletedAt is not null));
            string?[] bodies = reads ? ["primeiro", "depois", "vergonha", "segue o contrato", "cito"] : ["primeiro", "depois", null, null, "cito"];
            Assert.Equal(bodies, rows.Select(r => r.Body));
            Assert.Equal((reads ? "antes" : null, reads ? "vergonha" : null, reads), (rows[1].PreviousBody, rows[4].Quoted!.Body, rows[3].Media is not null));
            Assert.Equal(reads, await counter.Send(actor, new FindMedia(media)) is not null);
            Assert.Equal(reads, (await counter.Send(actor, new FindInTicket(ticket, "vergonha"))).Count == 1);
            Assert.Equal(reads, (await counter.Send(actor, new ListTickets(TicketStatus.Pending, "vergonha"))).Rows.Count == 1);
            Assert.Single(await counter.Send(actor, new FindInTicket(ticket, "primeiro")));
        }
    }

    [Fact]
    public async Task The_last_line_is_gone_with_the_message_that_was_deleted()
    {
        await SetAsync(Setting.DeletedMessages, Readers.Nobody);
        await counter.HappenAsync(counter.Says(Who, "vergonha", "l1"));
        Assert.Equal("vergonha", Assert.Single((await counter.Send(admin, new ListTickets(TicketStatus.Pending))).Rows).LastText);
        await counter.HappenAsync(new InboundRevoke(counter.Channel, "l2", new Address(Who), "l1"));
        Assert.Equal("", Assert.Single((await counter.Send(admin, new ListTickets(TicketStatus.Pending))).Rows).LastText);
    }
}
