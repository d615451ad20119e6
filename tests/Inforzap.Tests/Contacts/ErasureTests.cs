using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contacts;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Privacy;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Counter = Inforzap.Tests.Tickets.Counter;

namespace Inforzap.Tests.Contacts;

/// <summary>Who asks for it is erased, once and for good, and what is brought again of them stays away.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    private const string Who = "5511987657001", Other = "5511987657002";
    private readonly Counter counter = new();
    private Actor admin = null!, lead = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        admin = await counter.ActorOf(await counter.PersonAsync("Rute", BuiltInRoles.Administrator, counter.Queue));
        lead = await counter.ActorOf(await counter.PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue));
        ana = await counter.ActorOf(await counter.PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<(Guid Contact, Guid Ticket)> CameAsync(string who = Who)
    {
        var ticket = await counter.ServedAsync(ana, who);
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "anotado", IsNote: true));
        return ((await counter.TicketAsync(ticket)).ContactId, ticket);
    }

    private async Task EraseAsync(Guid contact, string typed = Who)
    {
        await counter.Send(admin, new EraseContact(contact, typed, "2027-0001"));
        await counter.SettleAsync();
    }

    private static async Task<Refusal> RefusedAsync(RefusalKind kind, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(act);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }

    private Task<Erasure> ErasureAsync() => counter.ReadAsync(db => db.Set<Erasure>().AsNoTracking().SingleAsync());

    [Fact(DisplayName = "Only who answers requests of persons may, and administrators do by default")]
    public async Task Who_may()
    {
        var (contact, _) = await CameAsync();
        foreach (var who in new[] { lead, ana })
        {
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new EraseContact(contact, Who, "1")));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new WeighErasure(contact)));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new SetLegalHold(contact, "x")));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new ExportPerson(contact)));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new FetchExport(contact)));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new ReadPrivacy(contact)));
            await RefusedAsync(RefusalKind.Forbidden, () => counter.Send(who, new ListPrivacy()));
        }
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<Erasure>().CountAsync()));
    }

    [Fact(DisplayName = "What is meant is typed, by name or number, and what would go is said before")]
    public async Task Typed()
    {
        var (contact, _) = await CameAsync();
        var weight = await counter.Send(admin, new WeighErasure(contact));
        Assert.Equal(("Ana", 1, 1, 2), (weight.Typed, weight.Counts.Tickets, weight.Counts.OpenTickets, weight.Counts.Messages));
        Assert.Contains(nameof(EraseContact.Typed), (await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new EraseContact(contact, "Anna", "1")))).Fields.Keys);
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new EraseContact(contact, Other, "1")));
        await counter.Send(admin, new SaveContact(contact, "Anabela Só", Who, null, null, null));
        foreach (var names in new[] { "Pedido de ANABELA", "2027-0001 (11) 98765-7001" }) Assert.Contains(nameof(EraseContact.Protocol), (await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new EraseContact(contact, Who, names)))).Fields.Keys);
        // As people write it, without the ninth digit.
        await EraseAsync(contact, "(11) 8765-7001");
        Assert.NotNull((await ErasureAsync()).DoneAt);
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new EraseContact(contact, "Contato apagado", "1")));
    }

    [Fact(DisplayName = "An open ticket is closed, and nobody is told; what waited to leave never leaves")]
    public async Task Closed_silently()
    {
        var (contact, ticket) = await CameAsync();
        var waiting = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, waiting, "não deve sair"));
        var before = (await counter.MessagesOfAsync(ticket)).Count;
        await EraseAsync(contact);
        var closed = await counter.TicketAsync(ticket);
        Assert.Equal((TicketStatus.Closed, "", ""), (closed.Status, closed.AddressValue, closed.LastText));
        var messages = await counter.MessagesOfAsync(ticket);
        Assert.Equal(before, messages.Count);
        Assert.All(messages, m => Assert.Equal((null, null, ""), (m.Body, m.ProviderId, m.SearchText)));
        Assert.Equal(MessageState.Failed, messages.Single(m => m.Id == waiting).State);
        Assert.Null(await counter.SendAsSystem(new Contracts.Tickets.ClaimSend(waiting, 0, TimeSpan.FromMinutes(1))));
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(ana, new ReopenTicket(ticket)));
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "era a Ana", IsNote: true)));
    }

    [Fact(DisplayName = "Figures are after it as they were before")]
    public async Task Figures_stay()
    {
        var (contact, ticket) = await CameAsync();
        await counter.Send(ana, new CloseTicket(ticket, "resolvido"));
        Task<string> FiguresAsync() => counter.ReadAsync(async db => JsonSerializer.Serialize(new object[]
        {
            await db.Set<ServiceCycle>().AsNoTracking().OrderBy(c => c.Id).ToListAsync(),
            await db.Set<Message>().AsNoTracking().OrderBy(m => m.Seq).Select(m => new { m.TicketId, m.Seq, m.FromUs, m.IsNote, m.Kind, m.State, m.CreatedAt, m.ReadAt, m.SenderUserId, m.QueueId, m.ServedBy }).ToListAsync(),
            await db.Set<Ticket>().AsNoTracking().Select(t => new { t.Number, t.Status, t.CreatedAt, t.ClosedAt, t.FirstResponseAt, t.QueueId, t.UserId, t.ClosingReasonId }).ToListAsync(),
        }));
        var before = await FiguresAsync();
        await EraseAsync(contact);
        Assert.Equal(before, await FiguresAsync());
    }

    [Fact(DisplayName = "The contact is in no list, cannot be changed, and is called by nothing")]
    public async Task Nobody_finds_them()
    {
        var (contact, ticket) = await CameAsync();
        await EraseAsync(contact);
        Assert.Empty((await counter.Send(admin, new ListContacts(new()))).Rows);
        Assert.Empty(await counter.Send(admin, new LookUpContacts(null)));
        Assert.Empty(await counter.Send(admin, new FindContacts("Ana")));
        Assert.Equal("Contato apagado", (await counter.Send(admin, new ReadTicket(ticket))).Row.ContactName);
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new SaveContact(contact, "Ana", Who, null, null, null)));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new BlockContact(contact, true)));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new SetLegalHold(contact, "tarde")));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new ExportPerson(contact)));
        var (other, _) = await CameAsync(Other);
        await counter.Send(ana, new CloseTicket(await counter.TicketOfAsync(Other), null));
        await RefusedAsync(RefusalKind.NotFound, () => counter.Send(admin, new MergeContacts(other, [contact])));
    }

    [Fact(DisplayName = "What a provider brings again stays away and is not kept; a new message is of a new contact")]
    public async Task Redelivered()
    {
        await counter.HappenAsync(counter.Says(Who, "segredo", "p1"));
        var first = await counter.TicketOfAsync(Who);
        var contact = (await counter.TicketAsync(first)).ContactId;
        await EraseAsync(contact);
        // The message itself, a word about it, and what edits it.
        await counter.HappenAsync(counter.Says(Who, "segredo", "p1"), counter.Receipt(Who, "p1", ReceiptState.Read), new InboundEdit(counter.Channel, "x1", new Address(Who), "p1", "segredo novo"));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<Ticket>().CountAsync()));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<Contact>().CountAsync()));
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Payload.Contains("segredo") || i.Lane.Contains(Who))));
        Assert.Equal(3, await counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.State == LaneItemState.Dropped && i.Reason == "erased")));
        // It quotes what is gone, and is new all the same.
        await counter.HappenAsync(counter.Says(Who, "bom dia", "p2") with { QuotedProviderId = "p1" });
        var ticket = await counter.TicketOfAsync(Who);
        Assert.NotEqual(contact, (await counter.TicketAsync(ticket)).ContactId);
        Assert.Equal(("bom dia", null), ((await counter.MessagesOfAsync(ticket)).Single() is var m ? (m.Body, m.QuotedId) : default));
    }

    [Fact(DisplayName = "Nobody can try which names were erased without the key of the house")]
    public async Task Tombstones_are_keyed()
    {
        await counter.HappenAsync(counter.Says(Who, "oi", "p1"));
        await EraseAsync((await counter.TicketAsync(await counter.TicketOfAsync(Who))).ContactId);
        var hashes = await counter.ReadAsync(db => db.Set<Tombstone>().Select(t => t.Hash).ToListAsync());
        Assert.NotEmpty(hashes);
        var plain = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Tombstones.NameOf(counter.Channel, "p1")))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.DoesNotContain(plain, hashes);
    }

    [Fact(DisplayName = "A long conversation goes in pieces; on several nodes at once each piece is taken and counted once")]
    public async Task In_pieces_and_once()
    {
        const int many = 1_700;
        var (contact, ticket) = await CameAsync();
        await counter.Send(ana, new CloseTicket(ticket, null));
        await counter.WriteAsync(async db =>
        {
            var row = await db.HoldTicketAsync(ticket, default);
            for (var i = 0; i < many - 2; i++)
            {
                var (seq, change) = row.NextMessage();
                db.Add(new Message { Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = counter.Channel, Seq = seq, Change = change, Body = $"linha {i}", ProviderId = $"n{i}", SearchText = $"linha {i}", State = MessageState.Received, CreatedAt = DateTime.UtcNow });
            }
        });
        var id = await counter.Send(admin, new EraseContact(contact, "Ana", "2027-0009"));
        async Task GoAsync()
        {
            for (var done = false; !done;)
                try
                {
                    done = (await counter.SendAsSystem(new ErasePiece(id, 0))).IsOver;
                }
                catch (Exception e) when (e is Refusal { Kind: RefusalKind.Conflict } or DbUpdateException)
                {
                    // Another was faster: the lane would try again, too.
                }
        }
        await Task.WhenAll(GoAsync(), GoAsync());
        await counter.SettleAsync();
        var erasure = await ErasureAsync();
        Assert.Equal((1, many), (erasure.Tickets, erasure.Messages));
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<Message>().CountAsync(m => m.Body != null || m.ProviderId != null || m.SearchText != "")));
        var audit = await counter.ReadAsync(db => db.AuditEntries.AsNoTracking().Where(e => e.Kind == "erasure").ToListAsync());
        Assert.Equal(("Rute", "2027-0009"), (Assert.Single(audit).ByName, audit[0].Subject));
        Assert.Contains($"\"{many}\"", audit[0].Changes);
        var row = Assert.Single((await counter.Send(admin, new ListPrivacy())).Erasures);
        Assert.Equal(("2027-0009", "Rute", many), (row.Protocol, row.ByName, row.Messages));
    }

    [Fact(DisplayName = "What came in that moment goes later, too, and is no second erasure in the report")]
    public async Task Late_messages_follow()
    {
        var (contact, ticket) = await CameAsync();
        await EraseAsync(contact);
        await counter.WriteAsync(async db =>
        {
            var row = await db.HoldTicketAsync(ticket, default);
            var (seq, change) = row.NextMessage();
            db.Add(new Message { Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = counter.Channel, Seq = seq, Change = change, Body = "no mesmo instante", State = MessageState.Received, CreatedAt = DateTime.UtcNow });
        });
        await counter.RunAsync<TendErasures>();
        await counter.SettleAsync();
        Assert.All(await counter.MessagesOfAsync(ticket), m => Assert.Null(m.Body));
        Assert.Equal(1, await counter.ReadAsync(db => db.AuditEntries.CountAsync(e => e.Kind == "erasure")));
    }

    [Fact(DisplayName = "Under legal hold nothing is erased or joined until it is lifted, and both are written down")]
    public async Task Legal_hold()
    {
        var (contact, _) = await CameAsync();
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new SetLegalHold(contact, "  ")));
        await counter.Send(admin, new SetLegalHold(contact, "Processo 0001234"));
        Assert.Equal("Processo 0001234", (await counter.Send(admin, new ReadPrivacy(contact))).HoldReason);
        Assert.Contains("0001234", (await RefusedAsync(RefusalKind.Conflict, () => counter.Send(admin, new EraseContact(contact, Who, "1")))).Message);
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(admin, new WeighErasure(contact)));
        var (other, second) = await CameAsync(Other);
        await counter.Send(ana, new CloseTicket(second, null));
        await RefusedAsync(RefusalKind.Conflict, () => counter.Send(admin, new MergeContacts(other, [contact])));
        await counter.Send(admin, new SetLegalHold(contact, null));
        Assert.Equal(2, await counter.ReadAsync(db => db.AuditEntries.CountAsync(e => e.Kind == "privacy" && e.SubjectId == contact.ToString())));
        await EraseAsync(contact);
        Assert.NotNull((await ErasureAsync()).DoneAt);
    }

    [Fact(DisplayName = "A schedule that is for others, too, goes on for them under their names")]
    public async Task Shared_schedules()
    {
        var (contact, _) = await CameAsync();
        var (other, _) = await CameAsync(Other);
        await counter.Send(admin, new SaveContact(other, "Zilda", Other, null, null, null));
        var ids = new List<Guid>();
        await counter.WriteAsync(db =>
        {
            foreach (var contacts in new Guid[][] { [contact, other], [contact] })
            {
                var schedule = new Schedule { Id = Guid.CreateVersion7(), Title = "Ana, Zilda", Body = "lembrete", AuthorId = ana.Id, ChannelId = counter.Channel, NextAt = DateTime.UtcNow.AddDays(9), CreatedAt = DateTime.UtcNow };
                ids.Add(schedule.Id);
                db.Add(schedule);
                foreach (var who in contacts) db.AddRange(new ScheduleContact { ScheduleId = schedule.Id, ContactId = who }, ScheduleRun.At(schedule, who, schedule.NextAt.Value));
            }
            return Task.CompletedTask;
        });
        await EraseAsync(contact);
        var (shared, own) = (await counter.ReadAsync(db => db.Set<Schedule>().AsNoTracking().SingleAsync(s => s.Id == ids[0])), await counter.ReadAsync(db => db.Set<Schedule>().AsNoTracking().SingleAsync(s => s.Id == ids[1])));
        Assert.Equal(("Zilda", "lembrete", ScheduleState.Active), (shared.Title, shared.Body, shared.State));
        Assert.Equal(("", ScheduleState.Cancelled), (own.Body, own.State));
        Assert.Equal([other], await counter.ReadAsync(db => db.Set<ScheduleRun>().Where(r => r.State == ScheduleRunState.Planned).Select(r => r.ContactId).ToListAsync()));
    }
}
