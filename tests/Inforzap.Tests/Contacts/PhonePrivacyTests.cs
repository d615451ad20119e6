using Inforzap.Audit;
using Inforzap.Contacts;
using Inforzap.Contacts.Book;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Host.Shell;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Inforzap.Tickets.Parked;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.Surveys;
using Microsoft.Extensions.Localization;
using Counter = Inforzap.Tests.Tickets.Counter;

namespace Inforzap.Tests.Contacts;

public sealed class MaskTests
{
    [Theory(DisplayName = "A mask tells where a number is from and its end, and is written as any other")]
    [InlineData("5511987651234", "55119****1234", "+55 11 9****-1234")]
    [InlineData("551132101234", "5511****1234", "+55 11 ****-1234")]
    [InlineData("442071234567", "44******4567", "+44******4567")]
    [InlineData("12345678", "12****78", "+12****78")]
    public void Masks(string digits, string masked, string written)
    {
        Assert.Equal(masked, PhonePrivacy.Mask(digits));
        Assert.Equal(written, Phone.Format(masked));
        Assert.Equal(written, Shown.Phone(masked));
    }

    [Theory(DisplayName = "Whoever is called by their number is called by its mask; other names stay")]
    [InlineData("+55 11 98765-1234", "+55 11 9****-1234")]
    [InlineData("Maria 5511987651234 (loja)", "Maria 55119****1234 (loja)")]
    [InlineData("Loja 24 horas", "Loja 24 horas")]
    [InlineData("in/x/phone:5511987651234", "in/x/phone:55119****1234")]
    [InlineData("1 2 3", "1 2 3")]
    [InlineData("", "")]
    public void Names(string name, string shown) => Assert.Equal(shown, PhonePrivacy.MaskWithin(name));

    [Theory(DisplayName = "Each mask in a name that comes back is its number again, whatever else was changed; what could be several stays")]
    [InlineData("Maria +55 11 98765-1234", "Mara +55 11 9****-1234 (loja)", "Mara +55 11 98765-1234 (loja)")]
    [InlineData("A +55 11 98765-1234 e +55 21 97777-0001", "+55 21 9****-0001 / +55 11 9****-1234", "+55 21 97777-0001 / +55 11 98765-1234")]
    [InlineData("5511987651234 ou 5511911111234", "Ana 55119****1234 e 55119****1234", "Ana 5511987651234 e 5511911111234")]
    [InlineData("5511987651234 ou 5511911111234", "Ana 55119****1234", "Ana 55119****1234")]
    [InlineData("Maria", "Maria +55 11 9****-1234", "Maria +55 11 9****-1234")]
    [InlineData("", "Bia", "Bia")]
    public void Restores(string known, string typed, string kept) => Assert.Equal(kept, PhonePrivacy.Restore(typed, known));

    [Theory(DisplayName = "What is left of a mask is seen in a name; stars that adorn are not")]
    [InlineData("Mara +55 11 9****-1234", true)]
    [InlineData("****-1234", true)]
    [InlineData("9.**.*", true)]
    [InlineData("*** Maria ***", false)]
    [InlineData("Hotel 5**", false)]
    [InlineData("Maria +55 11 98765-1234", false)]
    public void Holds(string name, bool holds) => Assert.Equal(holds, PhonePrivacy.HoldsMask(name));

    [Theory(DisplayName = "What a database may take for a digit is one")]
    [InlineData("maria 9", true)]
    [InlineData("⁹⁸⁷", true)]
    [InlineData("９８", true)]
    [InlineData("²", true)]
    [InlineData("𝟗", true)]
    [InlineData("maria", false)]
    [InlineData("", false)]
    public void Digits(string text, bool holds) => Assert.Equal(holds, PhonePrivacy.HoldsDigits(text));

    [Fact(DisplayName = "Half a character is no digit, and no fault")]
    public void HalfACharacter() => Assert.False(PhonePrivacy.HoldsDigits("\ud800 maria"));

    [Fact(DisplayName = "A mask is no number, whatever is left of it")]
    public void NoNumber() => Assert.Null(Phone.Normalise("+55 11 9****-1234", "55"));
}

/// <summary>Who may not read numbers reads masks, at every door through which a number could come.</summary>
public sealed class PhonePrivacyTests : IAsyncLifetime
{
    private const string Digits = "5511987651234";
    private const string Masked = "55119****1234";
    private const string MaskedName = "+55 11 9****-1234";

    private readonly Counter counter = new();
    private Actor ana = null!, lia = null!, clerk = null!;
    private Guid ticket, contact;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        ana = await counter.ActorOf(await counter.PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue));
        lia = await counter.ActorOf(await counter.PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue));
        // May do everything but read numbers: what is refused to others for other reasons is no proof here.
        clerk = counter.Agent("Caio", BuiltInRoles.Administrator);
        clerk = clerk with { Permissions = clerk.Permissions.Where(p => p != "contacts.see-phones").ToHashSet() };
        await counter.HappenAsync(counter.Says(Digits, "meu número é 5511955551111") with { From = new Address(Digits) });
        ticket = await counter.TicketOfAsync(Digits);
        contact = (await counter.TicketAsync(ticket)).ContactId;
        await SetAsync(Setting.HidePhones, "true");
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task SetAsync(Setting setting, string value)
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
        await counter.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    [Fact(DisplayName = "Built-in roles read numbers, but agents; without the switch everybody does")]
    public async Task Roles()
    {
        Assert.Equal(Digits, (await counter.Send(lia, new ReadTicket(ticket))).Phone);
        Assert.Equal(Masked, (await counter.Send(ana, new ReadTicket(ticket))).Phone);
        await SetAsync(Setting.HidePhones, "false");
        Assert.Equal(Digits, (await counter.Send(ana, new ReadTicket(ticket))).Phone);
        Assert.Equal("+55 11 98765-1234", (await counter.Send(ana, new ReadTicket(ticket))).Row.ContactName);
    }

    [Fact(DisplayName = "The address book, its table and those who look somebody up get masks")]
    public async Task Book()
    {
        var row = Assert.Single((await counter.Send(clerk, new ListContacts(new()))).Rows);
        Assert.Equal((Masked, MaskedName), (row.Phone, row.Name));
        Assert.Equal(Digits, Assert.Single((await counter.Send(lia, new ListContacts(new()))).Rows).Phone);
        var card = Assert.Single(await counter.Send(ana, new LookUpContacts("")));
        Assert.Equal((Masked, MaskedName, Masked), (card.Phone, card.Name, Assert.Single(card.Addresses).Value));
        var details = await counter.Send(ana, new ReadContact(contact));
        Assert.Equal((Masked, MaskedName), (Assert.Single(details.Addresses).Value, details.Name));
        var table = await counter.Send(clerk, new ExportContacts(new()));
        Assert.Contains(Masked, table, StringComparison.Ordinal);
        Assert.DoesNotContain("98765", table, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "Lists, panel, notes, protocols, ratings, what is parked, and their tables get masks; what the customer wrote stays")]
    public async Task Everywhere()
    {
        await counter.Send(clerk, new AcceptTicket(ticket));
        await counter.Send(clerk, new SendMessage(ticket, Guid.CreateVersion7(), "ligar", IsNote: true));
        await counter.Send(clerk, new MakeProtocol(ticket, Guid.CreateVersion7()));
        await counter.WriteAsync(async db =>
        {
            var survey = new Survey { Id = Guid.CreateVersion7(), Name = "Como foi?", RequestText = "?", ThanksText = "t", InvalidText = "i", Scale = SurveyScale.OneToFive, ExpiresMinutes = 60, CreatedAt = DateTime.UtcNow };
            var request = SurveyRequest.Of(Guid.CreateVersion7(), survey, await db.Set<Ticket>().SingleAsync(t => t.Id == ticket), Guid.CreateVersion7(), clerk.Id, DateTime.UtcNow);
            request.Rate(5, DateTime.UtcNow, null);
            db.AddRange(survey, request);
        });
        Assert.Equal(MaskedName, Assert.Single((await counter.Send(clerk, new ListTickets(TicketStatus.Open))).Rows).ContactName);
        Assert.Equal(MaskedName, (await counter.Send(clerk, new ReadTicket(ticket))).Row.ContactName);
        Assert.Equal(MaskedName, Assert.Single((await counter.Send(clerk, new ReadPanel(PanelBy.Queue, new()))).Columns.SelectMany(c => c.Cards)).Row.ContactName);
        Assert.Equal(MaskedName, Assert.Single((await counter.Send(clerk, new ListNotes())).Rows).ContactName);
        Assert.Equal(MaskedName, Assert.Single(await counter.Send(clerk, new NotesOfContact(ticket))).ContactName);
        Assert.Equal(MaskedName, Assert.Single((await counter.Send(clerk, new ListProtocols())).Rows).ContactName);
        Assert.Equal(MaskedName, Assert.Single(await counter.Send(clerk, new ProtocolsOfTicket(ticket))).ContactName);
        Assert.Equal(MaskedName, Assert.Single((await counter.Send(clerk, new ReadRatings())).Rows).ContactName);
        foreach (var table in new[] { await counter.Send(clerk, new ExportNotes(new())), await counter.Send(clerk, new ExportProtocols(new())), await counter.Send(clerk, new ExportRatings(new())) })
        {
            Assert.Contains(MaskedName, table, StringComparison.Ordinal);
            Assert.DoesNotContain("98765-1234", table, StringComparison.Ordinal);
        }
        Assert.Equal("meu número é 5511955551111", (await counter.Send(clerk, new ReadMessages(ticket, 1, 1)))[0].Body);
    }

    [Fact(DisplayName = "Sends that failed and lanes that are parked are told with masks")]
    public async Task Parked()
    {
        await counter.WriteAsync(async db =>
        {
            var item = await db.Set<LaneItem>().OrderBy(i => i.Position).FirstAsync();
            item.State = LaneItemState.Parked;
            var message = await db.Set<Message>().FirstAsync();
            message.State = MessageState.Failed;
        });
        var page = await counter.Send(clerk, new ListParked());
        Assert.EndsWith($"phone:{Masked}", Assert.Single(page.Items).Lane, StringComparison.Ordinal);
        Assert.Equal(MaskedName, Assert.Single(page.Sends).ContactName);
    }

    [Theory(DisplayName = "Nobody finds out a number digit by digit; the whole one finds, however it is typed")]
    [InlineData("98765", false)]
    [InlineData("551198", false)]
    [InlineData("1234", false)]
    [InlineData("⁹⁸⁷⁶⁵", false)]
    [InlineData("+55 11 98765-1234", true)]
    [InlineData("11987651234", true)]
    [InlineData("(11) 8765-1234", true)]
    [InlineData("+55 11 9****-1234", false)]
    public async Task Oracle(string text, bool finds)
    {
        await counter.Send(clerk, new MakeProtocol(ticket, Guid.CreateVersion7()));
        await counter.Send(clerk, new SendMessage(ticket, Guid.CreateVersion7(), "ligar", IsNote: true));
        Assert.Equal(finds, (await counter.Send(ana, new LookUpContacts(text))).Count == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new ListContacts(new(text)))).Found == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new ExportContacts(new(text)))).Contains(Masked, StringComparison.Ordinal));
        Assert.Equal(finds, (await counter.Send(clerk, new ReadPanel(PanelBy.Queue, new() { Text = text }))).Matching == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new ListProtocols(text))).Matching == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new ListNotes(text))).Matching == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new ListTickets(TicketStatus.Pending, text))).Rows.Count == 1);
        Assert.Equal(finds, (await counter.Send(clerk, new FindContacts(text))).Count == 1);
    }

    [Fact(DisplayName = "Names with digits are found by them, and tell nothing of numbers")]
    public async Task NamesWithDigits()
    {
        var shop = await counter.Send(lia, new SaveContact(null, "Loja 98 Horas", "+55 21 97777-0001", "vendas98@example.test", null, null));
        Assert.Equal([shop], await counter.Send(ana, new FindContacts("loja 98")));
        Assert.Equal([shop], await counter.Send(ana, new FindContacts("98")));
        Assert.Equal([shop], await counter.Send(ana, new FindContacts("vendas98@")));
        Assert.Empty(await counter.Send(ana, new FindContacts("horas vendas98@example.test 5521")));
        Assert.Equal(2, (await counter.Send(lia, new FindContacts("98"))).Count);
    }

    [Fact(DisplayName = "Who edits a contact without reading the number leaves it, or gives a whole new one; a mask is never kept")]
    public async Task Editing()
    {
        var read = await counter.Send(ana, new ReadContact(contact));
        await counter.Send(ana, new SaveContact(contact, read.Name, MaskedName, "eu@example.test", null, read.Version));
        var kept = await counter.Send(lia, new ReadContact(contact));
        Assert.Equal((Digits, "+55 11 98765-1234", "eu@example.test"), (Assert.Single(kept.Addresses).Value, kept.Name, kept.Email));
        await counter.Send(ana, new SaveContact(contact, $"Bia {MaskedName}", MaskedName, null, null, null));
        Assert.Equal("Bia +55 11 98765-1234", (await counter.Send(lia, new ReadContact(contact))).Name);
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SaveContact(contact, "Bia", "+55 11 9****-9999", null, null, null)));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(lia, new SaveContact(null, "Bia", MaskedName, null, null, null)));
        await counter.Send(ana, new SaveContact(contact, "Bia", "+55 11 96666-0000", null, null, null));
        kept = await counter.Send(lia, new ReadContact(contact));
        Assert.Equal(("5511966660000", "Bia"), (Assert.Single(kept.Addresses).Value, kept.Name));
    }

    [Fact(DisplayName = "No mask is kept in a name: not beside what was changed, not in a new contact, not from a table")]
    public async Task EditingNames()
    {
        static async Task AtNameAsync(Task request) => Assert.Contains(nameof(SaveContact.Name), (await Assert.ThrowsAsync<Refusal>(() => request)).Fields.Keys);
        await counter.Send(lia, new SaveContact(contact, "Maria +55 11 98765-1234", Digits, null, null, null));
        Assert.Equal($"Maria {MaskedName}", (await counter.Send(ana, new ReadContact(contact))).Name);
        await counter.Send(ana, new SaveContact(contact, $"Mara {MaskedName}", MaskedName, null, null, null));
        Assert.Equal("Mara +55 11 98765-1234", (await counter.Send(lia, new ReadContact(contact))).Name);
        await AtNameAsync(counter.Send(ana, new SaveContact(contact, "Mara 11 9****-1234 5", MaskedName, null, null, null)));
        await AtNameAsync(counter.Send(ana, new SaveContact(null, $"Bia {MaskedName}", "+55 11 96666-0000", null, null, null)));
        var lines = await counter.Send(clerk, new PreviewContactTable($"nome;numero\nBia {MaskedName};11 96666-0000\nBia;11 96666-0001"));
        Assert.Equal([true, false], lines.Select(l => l.Problem is not null));
    }

    [Fact(DisplayName = "The audit tells of merges and schedules with masks, and no number is found in it digit by digit")]
    public async Task Trail()
    {
        const string number = "+55 11 98765-1234";
        await counter.WriteAsync(db =>
        {
            db.Audit("merge", Guid.NewGuid(), number, "IntoName", ["Maria"], [$"Maria {number}"]);
            db.Audit("schedule", Guid.NewGuid(), number, "Contacts", [number], ["Maria"]);
            db.Audit("schedule", Guid.NewGuid(), "Bia", "Until", ["2027-03-01"], ["2027-03-02"]);
            db.Audit("queue", Guid.NewGuid(), "Fila 98765", "Order", ["1"], ["2"]);
            return Task.CompletedTask;
        });
        var rows = (await counter.Send(clerk, new ReadAudit())).Rows;
        var merge = Assert.Single(rows, r => r.Kind == "merge");
        Assert.Equal((MaskedName, "Maria", $"Maria {MaskedName}"), (merge.Subject, merge.Changes[0].From, merge.Changes[0].To));
        Assert.Contains(rows, r => r.Kind == "schedule" && r.Subject == MaskedName && r.Changes[0].From == MaskedName);
        // A day is no number.
        Assert.Contains(rows, r => r.Kind == "schedule" && r.Subject == "Bia" && r.Changes[0].To == "2027-03-02");
        Assert.Equal("Fila 98765", Assert.Single((await counter.Send(clerk, new ReadAudit(Text: "98765"))).Rows).Subject);
        var rita = counter.Agent("Rita", BuiltInRoles.Administrator);
        Assert.Equal(3, (await counter.Send(rita, new ReadAudit(Text: "98765"))).Rows.Count);
        Assert.Equal(number, Assert.Single((await counter.Send(rita, new ReadAudit("merge"))).Rows).Subject);
    }

    [Fact(DisplayName = "A variable with the customer's number is as masked as the number beside it, but not where the product itself writes")]
    public async Task Variables()
    {
        await counter.Send(ana, new AcceptTicket(ticket));
        Assert.Equal(MaskedName, await FactAsync(ana));
        Assert.Equal("+55 11 98765-1234", await FactAsync(lia));
        Assert.Equal("+55 11 98765-1234", await FactAsync(Actor.System));
    }

    private async Task<string?> FactAsync(Actor actor)
    {
        await using var scope = counter.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = actor;
        return (await scope.ServiceProvider.GetRequiredService<TicketFacts>().OfAsync(await counter.TicketAsync(ticket), default)).ContactNumber;
    }

    [Fact(DisplayName = "Who writes in a group under a number is masked there")]
    public async Task Groups()
    {
        var group = counter.Says("grupo-1", "oi") with { From = new Address("grupo-1", AddressKind.Visitor, "Vizinhos"), Participant = new Address("5511955554444", AddressKind.Phone, "+55 11 95555-4444") };
        await counter.HappenAsync(group);
        var id = await counter.TicketOfAsync("grupo-1");
        Assert.Equal("+55 11 9****-4444", Assert.Single(await counter.Send(clerk, new ReadMessages(id, 1, 5))).Author);
        Assert.Equal("+55 11 95555-4444", Assert.Single(await counter.Send(lia, new ReadMessages(id, 1, 5))).Author);
    }
}

/// <summary>The address book may be for leads: others look up whom they want to talk to, one at a time.</summary>
public sealed class ContactsForLeadsTests : IAsyncLifetime
{
    private readonly Counter counter = new();
    private Actor ana = null!, lia = null!;
    private Guid contact;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        ana = await counter.ActorOf(await counter.PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue));
        lia = await counter.ActorOf(await counter.PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue));
        contact = await counter.Send(lia, new SaveContact(null, "Maria Souza", "+55 11 98765-1234", null, null, null));
        for (var n = 0; n < 8; n++) await counter.Send(lia, new SaveContact(null, $"Mariana {n}", $"+55 11 97777-000{n}", null, null, null));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task SwitchAsync(bool on)
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ContactsForLeads.Name] = on ? "true" : "false" }));
        await counter.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private static async Task RefusedAsync(Task request) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => request)).Kind);

    [Fact(DisplayName = "List, table and changes of many are refused to who lacks the permission, and to nobody without the switch")]
    public async Task Refused()
    {
        var tag = await counter.Send(lia, new MakeTag("VIP"));
        Assert.Equal(9, (await counter.Send(ana, new ListContacts(new()))).Total);
        await SwitchAsync(true);
        await RefusedAsync(counter.Send(ana, new ListContacts(new())));
        await RefusedAsync(counter.Send(ana, new TagContacts([contact], tag, true)));
        var blocks = ana with { Permissions = ana.Permissions.Append("contacts.block").Append("contacts.export").ToHashSet() };
        await RefusedAsync(counter.Send(blocks, new BlockContacts([contact], true)));
        await RefusedAsync(counter.Send(blocks, new ExportContacts(new())));
        Assert.Equal(9, (await counter.Send(lia, new ListContacts(new()))).Total);
        Assert.Equal(1, await counter.Send(lia, new TagContacts([contact], tag, true)));
    }

    [Fact(DisplayName = "One person is still looked up by three letters, and read; the book is not leafed through that way")]
    public async Task LookedUp()
    {
        await SwitchAsync(true);
        Assert.Empty(await counter.Send(ana, new LookUpContacts("")));
        Assert.Empty(await counter.Send(ana, new LookUpContacts("ma ")));
        Assert.Equal(contact, Assert.Single(await counter.Send(ana, new LookUpContacts("souza"))).Id);
        Assert.Equal(5, (await counter.Send(ana, new LookUpContacts("mar"))).Count);
        Assert.Equal(9, (await counter.Send(lia, new LookUpContacts("mar"))).Count);
        Assert.Equal("Maria Souza", (await counter.Send(ana, new ReadContact(contact))).Name);
    }

    [Fact(DisplayName = "The menu has the entry for whom the page is")]
    public async Task Menu()
    {
        var menu = new ShellMenu(Host.Modules.All, counter.Services.GetRequiredService<ISettings>(), counter.Services.GetRequiredService<IStringLocalizerFactory>());
        bool Has(Actor actor) => menu.For(actor).Any(i => i.Href == "/contacts");
        Assert.True(Has(ana) && Has(lia));
        await SwitchAsync(true);
        Assert.True(!Has(ana) && Has(lia));
    }
}
