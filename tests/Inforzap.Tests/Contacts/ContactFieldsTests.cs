using System.Data.Common;
using Inforzap.Contacts;
using Inforzap.Contacts.Book;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Settings;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Variables;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Inforzap.Tests.Contacts;

/// <summary>What a house knows of its contacts beside name and number: how it is kept, comes in tables, and stands in texts.</summary>
public sealed class ContactFieldsTests : IAsyncLifetime
{
    private Desk desk = null!;
    private Person rita = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync();
        (rita, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private Task<Guid> SaveAsync(Guid? id, ContactExtras? extras, int? version = null, string phone = "19 99111-0001") =>
        desk.SendAs(ana, new SaveContact(id, "Maria", phone, null, null, version) { Extras = extras });

    private Task<Guid> MakeAsync(params (string Label, string Value)[] fields) => SaveAsync(null, Of(fields));

    private static ContactExtras Of(params (string Label, string Value)[] fields) => new(null, null, [.. fields.Select(f => new ContactFieldValue(f.Label, f.Value))]);

    private async Task<Dictionary<string, string>> FieldsAsync(Guid id) => (await desk.SendAs(ana, new ReadContact(id))).Fields.ToDictionary(f => f.Label, f => f.Value);

    private async Task<RenderedText> RenderAsync(string text, Guid? contact)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TextRenderer>().RenderAsync(text, new() { ContactId = contact }, default);
    }

    [Fact]
    public async Task Fields_keep_their_order_and_go_when_a_form_no_longer_tells_of_them()
    {
        var a = await MakeAsync(("Plano", " Ouro "), ("Código do cliente", "0042"), ("Vazio", " "));
        Assert.Equal([new("Plano", "Ouro"), new ContactFieldValue("Código do cliente", "0042")], (await desk.SendAs(ana, new ReadContact(a))).Fields);
        await SaveAsync(a, Of(("codigo do cliente", "43"), ("Plano", "Prata")));
        Assert.Equal([new("codigo do cliente", "43"), new ContactFieldValue("Plano", "Prata")], (await desk.SendAs(ana, new ReadContact(a))).Fields);
        await SaveAsync(a, null);
        Assert.Equal(2, (await FieldsAsync(a)).Count);
        await SaveAsync(a, Of());
        Assert.Empty(await FieldsAsync(a));
    }

    [Fact]
    public async Task Who_changes_only_a_field_still_collides_with_a_colleague()
    {
        var a = await MakeAsync(("Plano", "Ouro"));
        var seen = (await desk.SendAs(ana, new ReadContact(a))).Version;
        await SaveAsync(a, Of(("Plano", "Prata")), seen);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => SaveAsync(a, Of(("Plano", "Bronze")), seen))).Kind);
        Assert.Equal("Prata", (await FieldsAsync(a))["Plano"]);
    }

    [Theory]
    [InlineData("Nome", "x", "Nome")]
    [InlineData("E-mail", "x", null)]
    [InlineData("nascimento", "x", "nascimento")]
    [InlineData("???", "x", "???")]
    [InlineData("", "perdido", "perdido")]
    public async Task A_field_has_a_name_that_nothing_else_has(string label, string value, string? told)
    {
        if (told is null)
        {
            Assert.Equal(value, (await FieldsAsync(await MakeAsync((label, value))))[label]);
            return;
        }
        var refusal = await Assert.ThrowsAsync<Refusal>(() => MakeAsync((label, value)));
        Assert.Contains(told, refusal.Fields[nameof(ContactExtras.Fields)]);
    }

    [Fact]
    public async Task There_are_so_many_fields_of_such_a_length_and_each_once()
    {
        await Assert.ThrowsAsync<Refusal>(() => MakeAsync(("Plano", "a"), ("PLANO", "b")));
        await Assert.ThrowsAsync<Refusal>(() => MakeAsync(("Plano", new string('x', FieldRules.MaxValue + 1))));
        await Assert.ThrowsAsync<Refusal>(() => MakeAsync([.. Enumerable.Range(0, FieldRules.Most + 1).Select(n => ($"c{n}", "x"))]));
        Assert.Equal(FieldRules.Most, (await FieldsAsync(await MakeAsync([.. Enumerable.Range(0, FieldRules.Most).Select(n => ($"c{n}", "x"))]))).Count);
    }

    [Fact]
    public async Task Documents_are_checked_kept_without_points_and_found()
    {
        var a = await SaveAsync(null, new("529.982.247-25", new(1990, 12, 31), []));
        var there = await desk.SendAs(ana, new ReadContact(a));
        Assert.Equal(("52998224725", new DateOnly(1990, 12, 31)), (there.Document, there.BirthDate));
        Assert.Equal(a, (await desk.SendAs(ana, new ListContacts(new("529.982.247-25")))).Rows.Single().Id);
        Assert.Contains(nameof(ContactExtras.Document), (await Assert.ThrowsAsync<Refusal>(() => SaveAsync(a, new("529.982.247-26", null, [])))).Fields.Keys);
        Assert.Contains(nameof(ContactExtras.BirthDate), (await Assert.ThrowsAsync<Refusal>(() => SaveAsync(a, new(null, new(2990, 1, 1), [])))).Fields.Keys);
        await SaveAsync(a, new(" ", null, []));
        Assert.Null((await desk.SendAs(ana, new ReadContact(a))).Document);
    }

    [Fact]
    public async Task Every_further_column_of_a_table_is_a_field_and_comes_back()
    {
        var a = await MakeAsync(("Plano", "Ouro"), ("Vencimento", "dia 10"));
        const string table = "numero;nome;documento;nascimento;Plano;Código do cliente\n19 99111-0001;Maria;52998224725;31/12/1990;Prata;\n19 99111-0002;João;;1985-01-02;;'=7+1\n19 99111-0003;Errado;123;;;\n19 99111-0004;Tarde;;31/02/1990;;";
        var lines = await desk.SendAs(rita, new PreviewContactTable(table));
        Assert.Equal([true, true, false, false], lines.Select(l => l.Problem is null));
        Assert.Equal(new TableImported(1, 1, 0, 2), await desk.SendAs(rita, new ImportContactTable(table, true)));
        Assert.Equal(new() { ["Plano"] = "Prata", ["Vencimento"] = "dia 10" }, await FieldsAsync(a));
        var joao = (await desk.SendAs(ana, new ListContacts(new("João")))).Rows.Single().Id;
        Assert.Equal(new() { ["Código do cliente"] = "=7+1" }, await FieldsAsync(joao));
        var exported = await desk.SendAs(rita, new ExportContacts(new()));
        Assert.StartsWith("nome;numero;email;empresa;documento;nascimento;observacoes;etiquetas;carteira;Código do cliente;Plano;Vencimento", exported, StringComparison.Ordinal);
        Assert.Contains("529.982.247-25;31/12/1990;;;;;Prata;dia 10", exported, StringComparison.Ordinal);
        await using var elsewhere = await Desk.OpenAsync();
        var admin = await elsewhere.PersonAsync("Rita", BuiltInRoles.Administrator);
        Assert.Equal(new TableImported(2, 0, 0, 0), await elsewhere.SendAs(admin, new ImportContactTable(exported, false)));
        Assert.Equal(exported, await elsewhere.SendAs(admin, new ExportContacts(new())));
    }

    [Theory]
    [InlineData("nome;numero;Plano;PLANO\nA;19 99111-0001;x;y")]
    [InlineData("nome;numero;***\nA;19 99111-0001;x")]
    public async Task A_table_with_a_column_that_no_field_can_have_is_refused_whole(string table) =>
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new PreviewContactTable(table)));

    [Fact]
    public async Task A_table_never_brings_more_fields_than_a_contact_takes()
    {
        var a = await MakeAsync([.. Enumerable.Range(0, FieldRules.Most).Select(n => ($"c{n}", "x"))]);
        var done = await desk.SendAs(rita, new ImportContactTable("nome;numero;c1;outro\nMaria;19 99111-0001;y;\nMaria;19 99111-0002;;z", true));
        Assert.Equal(new TableImported(1, 1, 0, 0), done);
        Assert.Equal("y", (await FieldsAsync(a))["c1"]);
        Assert.Equal(1, (await desk.SendAs(rita, new ImportContactTable("nome;numero;outro\nMaria;19 99111-0001;y", true))).Wrong);
    }

    [Fact]
    public async Task A_text_names_a_field_by_its_key_after_the_product_s_and_the_company_s()
    {
        var (a, b) = (await MakeAsync(("Código do cliente", "0042 {{nome}}"), ("Fila", "dela"), ("Link", "dela")), await SaveAsync(null, null, phone: "19 99111-0002"));
        await desk.SendAsSystem(new SaveVariable(null, "link", "https://x.example", null, VariableType.Url, null));
        Assert.Equal("[0042 {{nome}}] [] [https://x.example]", (await RenderAsync("[{{Codigo_do_cliente}}] [{{fila}}] [{{link}}]", a)).Text);
        var other = await RenderAsync("{{codigo_do_cliente|sem código}}{{codigo_do_cliente}}", b);
        Assert.Equal(("sem código", 0), (other.Text, other.Unknown.Count));
        Assert.Equal("sem", (await RenderAsync("{{codigo_do_cliente|sem}}", null)).Text);
        Assert.Equal(["nunca_houve"], (await RenderAsync("{{nunca_houve}}", a)).Unknown);
    }

    [Fact]
    public async Task A_field_that_nobody_has_any_more_is_not_offered_but_texts_that_name_it_are_still_sent()
    {
        var a = await MakeAsync(("Plano", "Ouro"), ("Fila", "dela"));
        async Task<bool> OfferedAsync(string name) => (await desk.SendAs(ana, new OfferVariables())).Any(v => v.Name == name);
        Assert.True(await OfferedAsync("plano"));
        Assert.Single(await desk.SendAs(ana, new OfferVariables()), v => v.Name == "fila");
        Assert.Equal(["Fila", "Plano"], await desk.SendAs(ana, new OfferFieldNames()));
        Assert.Equal("Plano", (await desk.SendAs(ana, new PreviewText("{{plano}}"))).Text);
        await SaveAsync(a, Of());
        Assert.False(await OfferedAsync("plano"));
        Assert.Empty(await desk.SendAs(ana, new OfferFieldNames()));
        Assert.Equal("nenhum", (await RenderAsync("{{plano|nenhum}}", a)).Text);
    }

    [Fact]
    public async Task A_text_that_names_no_field_asks_for_none()
    {
        var asked = new Questions();
        await using var watched = await Desk.OpenAsync(s => s.ConfigureDbContext<SqliteDb>(o => o.AddInterceptors(asked)).ConfigureDbContext<PostgreSqlDb>(o => o.AddInterceptors(asked)));
        await using var scope = watched.Services.CreateAsyncScope();
        var renderer = scope.ServiceProvider.GetRequiredService<TextRenderer>();
        await renderer.RenderAsync("{{nome}} {{fila}}", new() { ContactId = Guid.NewGuid() }, default);
        Assert.DoesNotContain(asked.Texts, q => q.Contains("Field", StringComparison.Ordinal));
        await renderer.RenderAsync("{{plano}}", new() { ContactId = Guid.NewGuid() }, default);
        Assert.Single(asked.Texts, q => q.Contains("Field", StringComparison.Ordinal));
    }

    private sealed class Questions : DbCommandInterceptor
    {
        public List<string> Texts { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Texts.Add(command.CommandText);
            return new(result);
        }
    }
}
