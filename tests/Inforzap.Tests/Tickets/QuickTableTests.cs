using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.QuickMessages;

namespace Inforzap.Tests.Tickets;

/// <summary>Quick messages out to a table and back.</summary>
public sealed class QuickTableTests : IAsyncLifetime
{
    private const string Heads = "atalho;titulo;texto;escopo;filas;categoria;ordem;ativo\n";

    private readonly Counter counter = new();
    private Actor admin = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        await counter.QueueAsync("Pós-venda");
        admin = await counter.ActorOf(await counter.PersonAsync("Rita", BuiltInRoles.Administrator));
        ana = await counter.ActorOf(await counter.PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<IReadOnlyList<QuickRow>> RowsAsync(Actor actor) => (await counter.Send(actor, new ListQuickMessages(Sort: QuickSort.Shortcut))).Rows;

    private static string Told(QuickRow q) => $"{q.Shortcut}|{q.Title}|{q.Body}|{q.Scope}|{q.Queues.Count}|{q.Category}|{q.Order}|{q.IsActive}";

    [Fact]
    public async Task What_goes_out_comes_back_as_it_was()
    {
        string[] bodies = ["=HYPERLINK(\"https://mau.example\";\"clique\")", "+55 11 4002-8922", "-10%", "@todos", "duas\nlinhas; e \"aspas\", e 'isso'", "'=já guardado", "Olá {{primeiroNome|cliente}} 👍"];
        for (var i = 0; i < bodies.Length; i++)
            await counter.Send(admin, new SaveQuickMessage(null, i == 1 ? QuickScope.Queues : i == 2 ? QuickScope.User : QuickScope.Company, $"m{i}", $"=Título {i}", bodies[i], i == 3 ? "@cat" : null, i,
                i != 4, i == 1 ? [counter.Queue, await counter.QueueAsync("Pós-venda")] : [], [], null));
        var before = (await RowsAsync(admin)).Select(Told).ToList();
        var table = await counter.Send(admin, new ExportQuickMessages());
        Assert.All(Csv.Read(table.Replace("'", "´")).SelectMany(l => l.Fields), f => Assert.DoesNotContain(f[..Math.Min(1, f.Length)], new[] { "=", "+", "-", "@" }));
        foreach (var row in await RowsAsync(admin)) await counter.Send(admin, new DeleteQuickMessage(row.Id));
        Assert.Equal(new TableImported(7, 0, 0, 0), await counter.Send(admin, new ImportQuickTable(table, false)));
        Assert.Equal(before, (await RowsAsync(admin)).Select(Told));
    }

    [Fact]
    public async Task Each_line_says_what_would_become_of_it_and_nothing_changes_yet()
    {
        await counter.Send(admin, new SaveQuickMessage(null, QuickScope.Company, "pix", "Pix", "chave", null, 0, true, [], [], null));
        var lines = await counter.Send(admin, new PreviewQuickTable(Heads + """
            nova;Nova;oi;empresa;;;;
            /PIX;Pix;outra chave;empresa;;;;
            com espaço;X;oi;empresa;;;;
            a;;oi;empresa;;;;
            b;B;;empresa;;;;
            c;C;{{nmoe}};empresa;;;;
            d;D;oi;todos;;;;
            e;E;oi;filas;Inexistente;;;
            f;F;oi;empresa;;;dez;
            g;G;oi;empresa;;;;talvez
            nova;De novo;oi;empresa;;;;
            nova;Minha;oi;pessoal;;;;
            h;H;"duas
            linhas";filas;VENDAS | pos-venda;;7;não
            i;I;oi
            """));
        Assert.Equal(
        [
            (2, true, false), (3, true, true), (4, false, false), (5, false, false), (6, false, false), (7, false, false), (8, false, false), (9, false, false), (10, false, false), (11, false, false),
            (12, false, false), (13, true, false), (14, true, false), (16, true, false),
        ], lines.Select(l => (l.Line, l.Problem is null, l.IsTaken)));
        Assert.Contains("Inexistente", lines[7].Problem);
        Assert.Contains("{{nmoe}}", lines[5].Problem);
        Assert.Equal(["pix"], (await RowsAsync(admin)).Select(r => r.Shortcut));
    }

    [Theory]
    [InlineData(true, "outra chave", 1, 0)]
    [InlineData(false, "chave", 0, 1)]
    public async Task What_is_taken_changes_or_stays_as_the_person_chose(bool update, string body, int updated, int skipped)
    {
        var file = await counter.Send(admin, new KeepQuickFile("x.pdf", "%PDF-1.4"u8.ToArray()));
        await counter.Send(admin, new SaveQuickMessage(null, QuickScope.Company, "pix", "Pix", "chave", null, 0, true, [], [file.Id], null));
        var done = await counter.Send(admin, new ImportQuickTable(Heads + "pix;Pix;outra chave;empresa\nnova;Nova;oi;empresa\nruim;;oi;empresa", update));
        Assert.Equal(new TableImported(1, updated, skipped, 1), done);
        var row = (await RowsAsync(admin)).Single(r => r.Shortcut == "pix");
        Assert.Equal((body, 1), (row.Body, row.Files.Count));
    }

    [Fact]
    public async Task An_agent_brings_only_their_own_and_takes_only_what_they_see()
    {
        await counter.Send(admin, new SaveQuickMessage(null, QuickScope.Company, "pix", "Pix", "chave", null, 0, true, [], [], null));
        await counter.Send(admin, new SaveQuickMessage(null, QuickScope.User, "segredo", "Só da Rita", "x", null, 0, true, [], [], null));
        var done = await counter.Send(ana, new ImportQuickTable(Heads + "pix;Pix;minha;pessoal\npix;Pix;mudada;empresa\nx;X;oi;filas;Vendas\ny;Y;sem dizer de quem", true));
        Assert.Equal(new TableImported(2, 0, 0, 2), done);
        Assert.Equal("chave", (await RowsAsync(admin)).Single(r => r.Shortcut == "pix").Body);
        var table = await counter.Send(ana, new ExportQuickMessages());
        Assert.Contains("minha", table);
        Assert.DoesNotContain("segredo", table);
    }

    [Theory]
    [InlineData("")]
    [InlineData("qualquer coisa")]
    [InlineData("atalho;titulo\na;b")]
    [InlineData("\0")]
    public async Task What_is_no_such_table_is_refused_in_words(string csv) =>
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new PreviewQuickTable(csv)));

    [Fact]
    public async Task Heads_may_stand_in_any_order_and_with_accents()
    {
        Assert.Equal(new TableImported(1, 0, 0, 0), await counter.Send(ana, new ImportQuickTable("Texto,Título,extra,ATALHO\noi,Olá,x,a", false)));
        Assert.Equal(["a|Olá|oi|User|0||0|True"], (await RowsAsync(ana)).Select(Told));
    }

    [Fact]
    public async Task Columns_that_a_table_does_not_have_change_nothing()
    {
        await counter.Send(admin, new SaveQuickMessage(null, QuickScope.User, "pix", "Pix", "chave", "Loja", 7, false, [], [], null));
        await counter.Send(admin, new ImportQuickTable("atalho;titulo;texto\npix;Pix novo;outra chave\n", true));
        Assert.Equal("pix|Pix novo|outra chave|User|0|Loja|7|False", Told(Assert.Single(await RowsAsync(admin))));
        await counter.Send(admin, new ImportQuickTable("atalho;titulo;texto;categoria;ordem;ativo\npix;Pix novo;outra chave;;;sim\n", true));
        Assert.Equal("pix|Pix novo|outra chave|User|0||0|True", Told(Assert.Single(await RowsAsync(admin))));
    }

    [Fact]
    public async Task A_name_means_the_queue_that_is_there_now()
    {
        var chief = await counter.PersonAsync("Rute", BuiltInRoles.Administrator);
        var old = await counter.QueueAsync("Vitrine");
        await counter.SendAs(chief, new Inforzap.Tickets.Queues.DeleteQueue(old, null));
        var now = await counter.QueueAsync("Vitrine");
        Assert.NotEqual(old, now);
        await counter.Send(admin, new ImportQuickTable(Heads + "oi;Oi;olá;filas;Vitrine;;;\n", false));
        Assert.Equal([now], Assert.Single(await RowsAsync(admin)).Queues);
    }

    [Fact]
    public async Task Too_many_lines_are_refused()
    {
        var table = Heads + string.Concat(Enumerable.Range(0, QuickTable.MaxLines + 1).Select(i => $"a{i};A;oi\n"));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ImportQuickTable(table, false)));
        Assert.Empty(await RowsAsync(ana));
    }
}
