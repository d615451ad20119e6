using Inforzap.Contacts;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Contacts;

/// <summary>The address book: who is found, changed together, and comes and goes as a table.</summary>
public sealed class ContactsTests : IAsyncLifetime
{
    private Desk desk = null!;
    private Person rita = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync();
        (rita, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private Task<Guid> MakeAsync(string name, string phone, string? email = null, string? company = null) => desk.SendAs(ana, new SaveContact(null, name, phone, email, company, null));

    private Task<Guid> TagAsync(string name) => desk.SendAs(rita, new SaveTag(null, name, "#2F6FB0", 0, TagScope.Company, [], null));

    private async Task<List<string>> NamesAsync(ContactFilter? filter = null, string? sort = null, int page = 1) =>
        [.. (await desk.SendAs(ana, new ListContacts(filter ?? new(), sort, page))).Rows.Select(r => r.Name)];

    [Theory(DisplayName = "Contacts are found by name, number as people write it, e-mail and company")]
    [InlineData("joao", "João Lima")]
    [InlineData("(19) 99111-0002", "Maria Souza")]
    [InlineData("MARIA@", "Maria Souza")]
    [InlineData("padaria", "João Lima")]
    [InlineData("%", null)]
    public async Task Found(string text, string? name)
    {
        await MakeAsync("João Lima", "19 99111-0001", company: "Padaria Sol");
        await MakeAsync("Maria Souza", "19 99111-0002", "maria@example.test");
        Assert.Equal(name is null ? [] : [name], await NamesAsync(new(text)));
    }

    [Fact(DisplayName = "A page holds so many and says how many there are; names go without case and accents, and the newest may stand first")]
    public async Task Paged()
    {
        for (var n = 0; n < 55; n++) await MakeAsync($"C{n:00}", $"19 99111-{n:0000}");
        await MakeAsync("Álvaro", "19 99222-0000");
        var first = await desk.SendAs(ana, new ListContacts(new()));
        Assert.Equal((56, 56, "Álvaro", 50), (first.Found, first.Total, first.Rows[0].Name, first.Rows.Count));
        Assert.Equal(6, (await NamesAsync(page: 2)).Count);
        Assert.Equal("C54", (await NamesAsync(sort: "-name"))[0]);
        Assert.Equal("Álvaro", (await NamesAsync(sort: "-created"))[0]);
        Assert.Equal("C00", (await NamesAsync(sort: "created"))[0]);
    }

    [Fact(DisplayName = "Several get a tag and lose it, each once; where one is gone nobody is changed")]
    public async Task Tagged()
    {
        var (a, b, vip) = (await MakeAsync("A", "19 99111-0001"), await MakeAsync("B", "19 99111-0002"), await TagAsync("VIP"));
        Assert.Equal(1, await desk.SendAs(ana, new TagContacts([a], vip, true)));
        Assert.Equal(1, await desk.SendAs(ana, new TagContacts([a, b, b], vip, true)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new TagContacts([a, Guid.NewGuid()], vip, false)));
        Assert.Equal(["A", "B"], await NamesAsync(new(TagId: vip)));
        Assert.Equal("VIP", (await desk.SendAs(ana, new ListContacts(new()))).Rows[0].Tags.Single().Name);
        Assert.Equal(1, await desk.SendAs(ana, new TagContacts([b], vip, false)));
        Assert.Equal(["B"], await NamesAsync(new(TagId: Guid.Empty)));
        await desk.SendAs(rita, new SwitchTag(vip, false));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new TagContacts([b], vip, true)));
        Assert.Equal(1, await desk.SendAs(ana, new TagContacts([a], vip, false)));
    }

    [Fact(DisplayName = "Tags of other queues are for their members; blocking, importing and exporting is not for everybody")]
    public async Task Rights()
    {
        var sales = await desk.QueueAsync("Vendas");
        var a = await MakeAsync("A", "19 99111-0001");
        var tag = await desk.SendAs(rita, new SaveTag(null, "Nossa", "#2F6FB0", 0, TagScope.Queues, [sales], null));
        await ForbiddenAsync(() => desk.SendAs(ana, new TagContacts([a], tag, true)));
        await ForbiddenAsync(() => desk.SendAs(ana, new BlockContacts([a], true)));
        await ForbiddenAsync(() => desk.SendAs(ana, new ExportContacts(new())));
        await ForbiddenAsync(() => desk.SendAs(ana, new PreviewContactTable("nome;numero")));
        await ForbiddenAsync(() => desk.SendAs(ana, new ImportContactTable("nome;numero", false)));
        var lia = await desk.PersonAsync("Lia", BuiltInRoles.Supervisor);
        await ForbiddenAsync(() => desk.SendAs(lia, new ExportContacts(new())));
        Assert.Equal(1, await desk.SendAs(lia, new BlockContacts([a], true)));
        Assert.Equal(0, await desk.SendAs(lia, new BlockContacts([a], true)));
        Assert.Equal(["A"], await NamesAsync(new(Blocked: true)));
        Assert.Empty(await NamesAsync(new(Blocked: false)));
        Assert.True((await desk.SendAs(ana, new ReadContact(a))).Blocked);
        Assert.Equal(1, await desk.SendAs(lia, new BlockContacts([a], false)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lia, new BlockContacts([.. Enumerable.Range(0, Together.Most + 1).Select(_ => Guid.NewGuid())], true)));
    }

    [Fact(DisplayName = "Remarks stay where a form does not tell of them, and go when it says so")]
    public async Task Notes()
    {
        var a = await desk.SendAs(ana, new SaveContact(null, "A", "19 99111-0001", null, null, null) { Notes = " Prefere à tarde. " });
        await desk.SendAs(ana, new SaveContact(a, "A", "19 99111-0001", null, "Padaria", null));
        Assert.Equal("Prefere à tarde.", (await desk.SendAs(ana, new ReadContact(a))).Notes);
        await desk.SendAs(ana, new SaveContact(a, "A", "19 99111-0001", null, "Padaria", null) { Notes = " " });
        Assert.Null((await desk.SendAs(ana, new ReadContact(a))).Notes);
    }

    private const string Heads = "nome;numero;email;empresa;observacoes;etiquetas\n";

    [Fact(DisplayName = "Each line of a table says what would become of it, with the ninth digit or without it")]
    public async Task Planned()
    {
        await MakeAsync("Maria", "19 99111-0001");
        await TagAsync("VIP");
        var lines = await desk.SendAs(rita, new PreviewContactTable(Heads + """
            João;(19) 99111-0002;;;;vip
            Maria S.;+55 19 9111-0001;;;;
            De novo;55 19 991110002;;;;
            Sem número;;;;;
            Curto;12345;;;;
            ;19 99111-0003;;;;
            E;19 99111-0004;não é;;;
            T;19 99111-0005;;;;Inexistente
            Lisboa;+351 912 345 678;;;;
            """));
        Assert.Equal([(2, true, false), (3, true, true), (4, false, false), (5, false, false), (6, false, false), (7, false, false), (8, false, false), (9, false, false), (10, true, false)],
            lines.Select(l => (l.Line, l.Problem is null, l.IsTaken)));
        Assert.Contains("Inexistente", lines[7].Problem);
        Assert.Single(await NamesAsync());
    }

    [Theory(DisplayName = "Who is there changes or stays, as the person chose; what the table does not say stays")]
    [InlineData(true, "Maria Silva", 1, 0)]
    [InlineData(false, "Maria", 0, 1)]
    public async Task Imported(bool update, string name, int updated, int skipped)
    {
        var maria = await MakeAsync("Maria", "19 99111-0001", "maria@example.test");
        var (vip, _) = (await TagAsync("VIP"), await TagAsync("Revenda"));
        var done = await desk.SendAs(rita, new ImportContactTable(Heads + "Maria Silva;19 9111-0001;;Padaria;Prefere à tarde;vip|revenda\nJoão;19 99111-0002;;;;VIP\n;1;;;;", update));
        Assert.Equal(new TableImported(1, updated, skipped, 1), done);
        var there = await desk.SendAs(ana, new ReadContact(maria));
        Assert.Equal((name, "maria@example.test", update ? "Padaria" : null, update ? "Prefere à tarde" : null), (there.Name, there.Email, there.Company, there.Notes));
        Assert.Equal(update ? ["João", name] : ["João"], await NamesAsync(new(TagId: vip)));
        Assert.Equal(["João"], await NamesAsync(new("5519991110002")));
        // Once more: nothing is doubled.
        Assert.Equal(0, (await desk.SendAs(rita, new ImportContactTable(Heads + "Maria Silva;19 9111-0001;;;;vip\nJoão;19 99111-0002;;;;VIP", update))).Made);
        Assert.Equal(2, (await NamesAsync()).Count);
    }

    [Fact(DisplayName = "A tag for the whole table comes on whom it tells of, each once, and must be one that the caller may use")]
    public async Task TaggedWhole()
    {
        await MakeAsync("Maria", "19 99111-0001");
        await MakeAsync("B", "19 99111-0009");
        var vip = await TagAsync("VIP");
        await desk.SendAs(rita, new ImportContactTable(Heads + "Maria;19 99111-0001;;;;vip\nJoão;19 99111-0002;;;;", true) { TagId = vip });
        Assert.Equal(["João", "Maria"], await NamesAsync(new(TagId: vip)));
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new ImportContactTable(Heads + "A;19 99111-0003;;;;", true) { TagId = Guid.NewGuid() }))).Kind);
        Assert.Equal(3, (await NamesAsync()).Count);
    }

    [Fact(DisplayName = "What is exported comes back as it was, formulas as plain text")]
    public async Task RoundTrip()
    {
        var vip = await TagAsync("VIP");
        var a = await desk.SendAs(ana, new SaveContact(null, "=1+1", "19 99111-0001", "a@example.test", "Sol", null) { Notes = "duas\nlinhas; e \"aspas\"" });
        await desk.SendAs(ana, new TagContacts([a], vip, true));
        await MakeAsync("Bia", "19 99111-0002");
        await MakeAsync("Carl", "+1 415 555-1234");
        Assert.DoesNotContain("Bia", await desk.SendAs(rita, new ExportContacts(new(TagId: vip))));
        var table = await desk.SendAs(rita, new ExportContacts(new()));
        Assert.Contains("'=1+1", table, StringComparison.Ordinal);
        await using var elsewhere = await Desk.OpenAsync();
        var admin = await elsewhere.PersonAsync("Rita", BuiltInRoles.Administrator);
        await elsewhere.SendAs(admin, new SaveTag(null, "VIP", "#2F6FB0", 0, TagScope.Company, [], null));
        Assert.Equal(new TableImported(3, 0, 0, 0), await elsewhere.SendAs(admin, new ImportContactTable(table, false)));
        var row = (await elsewhere.SendAs(admin, new ListContacts(new()))).Rows[0];
        Assert.Equal("14155551234", (await elsewhere.SendAs(admin, new ListContacts(new("Carl")))).Rows.Single().Phone);
        var back = await elsewhere.SendAs(admin, new ReadContact(row.Id));
        Assert.Equal(("=1+1", "5519991110001", "a@example.test", "Sol", "duas\nlinhas; e \"aspas\"", "VIP"), (row.Name, row.Phone, row.Email, row.Company, back.Notes, row.Tags.Single().Name));
    }

    [Fact(DisplayName = "Who is new has a number, or nobody could ever write to them")]
    public async Task Numberless() => Assert.Contains(nameof(SaveContact.Phone), (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SaveContact(null, "A", " ", null, null, null)))).Fields.Keys);

    private static async Task ForbiddenAsync(Func<Task> act) => Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
}
