using Bunit;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.QuickMessages;
using Inforzap.Ui;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

public sealed class QuickMessagesPageTests : ComponentTest
{
    private static readonly QuickQueueRow Sales = new(Guid.CreateVersion7(), "Vendas", "#0B7A75", true);
    private static readonly QuickRow Pix = new(Guid.CreateVersion7(), "pix", "Chave Pix", "A chave é o CNPJ.", QuickScope.Company, "Pagar", 1, 42, true, true, 3, [], []);
    private static readonly QuickRow Theirs = Pix with { Id = Guid.CreateVersion7(), Shortcut = "ola", Title = "Saudação", MayEdit = false };

    private IRenderedComponent<MudPopoverProvider> menus = null!;
    private IRenderedComponent<MudDialogProvider> dialogs = null!;

    public QuickMessagesPageTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => [new("primeiroNome", "Primeiro nome do contato")]);
        Mediator.On<PreviewText, RenderedText>(r => new(r.Text.Replace("{{primeiroNome}}", "Maria"), VariableText.UnknownIn(r.Text, new HashSet<string> { "primeiroNome" })));
        Answer(Pix);
    }

    private void Answer(params QuickRow[] rows) => Mediator.On<ListQuickMessages, QuickPage>(_ => new(rows, rows.Length, rows.Length, ["Pagar"], [Sales]));

    private IRenderedComponent<QuickMessagesPage> Page(params string[] permissions)
    {
        Render<MudSnackbarProvider>();
        menus = Render<MudPopoverProvider>();
        dialogs = Render<MudDialogProvider>();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["quick.see", "quick.own", "quick.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<QuickMessagesPage>()).FindComponent<QuickMessagesPage>();
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_rows()
    {
        var answer = new TaskCompletionSource<QuickPage>();
        Mediator.OnAsync<ListQuickMessages, QuickPage>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Pix], 1, 1, [], []));
        page.WaitForAssertion(() => Assert.Contains("/pix", page.Find("tbody").TextContent));
        Assert.Empty(page.FindAll(".skeletons"));
        Assert.Contains("42", page.Find("tbody").TextContent);
    }

    [Fact]
    public void A_refusal_is_shown_in_its_words_and_retry_loads_anew()
    {
        Mediator.On<ListQuickMessages, QuickPage>(_ => throw Refusal.NotFound("Esta fila não existe ou não está ativa."));
        var page = Page();
        Assert.Contains("Esta fila não existe", page.Find("[role=alert]").TextContent);
        Answer(Pix);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("/pix", page.Markup));
    }

    [Theory]
    [InlineData(0, "Nenhuma mensagem rápida ainda")]
    [InlineData(5, "Nada encontrado")]
    public void None_at_all_is_another_thing_than_none_found(int total, string words)
    {
        Mediator.On<ListQuickMessages, QuickPage>(_ => new([], 0, total, [], []));
        Assert.Contains(words, Page().Find(".state").TextContent);
    }

    [Fact]
    public void A_hint_loads_the_list_anew()
    {
        var page = Page();
        Answer(Pix, Theirs);
        Live.Raise([Topics.QuickMessages]);
        page.WaitForAssertion(() => Assert.Contains("/ola", page.Markup));
    }

    [Fact]
    public void What_one_may_not_change_can_be_copied_and_no_more()
    {
        Mediator.On<DuplicateQuickMessage, Guid>(_ => Guid.NewGuid());
        Answer(Theirs);
        var page = Page("quick.see", "quick.own");
        Assert.Empty(page.FindAll(".grid-open"));
        page.Find(".grid-menu button").Click();
        menus.WaitForAssertion(() => Assert.Equal("Copiar para as minhas", Assert.Single(menus.FindAll(".mud-menu-item")).TextContent.Trim()));
        menus.Find(".mud-menu-item").Click();
        page.WaitForAssertion(() => Assert.Equal(Theirs.Id, Assert.Single(Mediator.SentOf<DuplicateQuickMessage>()).Id));
    }

    [Fact]
    public void Whoever_only_looks_gets_no_buttons()
    {
        Answer(Theirs);
        var page = Page("quick.see");
        Assert.Empty(page.FindAll(".page-action button"));
        Assert.Empty(page.FindAll(".grid-menu button"));
    }

    [Fact]
    public void An_agent_s_new_one_is_their_own_and_a_lead_s_the_company_s()
    {
        Mediator.On<SaveQuickMessage, Guid>(_ => Guid.NewGuid());
        var page = Page("quick.see", "quick.own");
        Fill(page, "oi", "Oi", "Olá {{primeiroNome}}");
        Assert.Empty(page.FindAll("#quick-form select"));
        page.WaitForAssertion(() => Assert.Contains("Olá Maria", page.Find(".preview-bubble").TextContent));
        page.Find("#quick-form").Submit();
        page.WaitForAssertion(() => Assert.Equal((QuickScope.User, "oi", "Oi", (int?)null), Mediator.SentOf<SaveQuickMessage>().Select(s => (s.Scope, s.Shortcut, s.Title, s.Version)).Single()));
        Assert.Empty(page.FindAll(".drawer"));
    }

    [Fact]
    public void An_unknown_variable_is_said_while_one_writes_and_a_refusal_keeps_the_form()
    {
        Mediator.On<SaveQuickMessage, Guid>(_ => throw new Refusal("Já existe.") { Fields = new Dictionary<string, string> { ["Shortcut"] = "Já existe." } });
        var page = Page();
        Fill(page, "pix", "Pix", "{{nmoe}}");
        page.WaitForAssertion(() => Assert.Contains("{{nmoe}}", page.Find(".variables [role=alert]").TextContent));
        page.Find("#quick-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Já existe.", page.Find(".notice-bad").TextContent));
        Assert.Equal(("true", "pix"), (page.Find("#quick-form input").GetAttribute("aria-invalid"), page.Find("#quick-form input").GetAttribute("value")));
    }

    [Fact]
    public void Files_are_brought_named_taken_away_and_saved_in_order()
    {
        var kept = new List<Guid>();
        Mediator.On<KeepQuickFile, KeptFileRow>(k =>
        {
            kept.Add(Guid.NewGuid());
            return new(kept[^1], k.Name, "image/png", k.Bytes.Length, MessageKind.Image);
        });
        Mediator.On<SaveQuickMessage, Guid>(_ => Guid.NewGuid());
        var page = Page();
        page.Find(".grid-open").Click();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("a", "a.png"), InputFileContent.CreateFromText("b", "b.png"), InputFileContent.CreateFromText("c", "c.png"));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".files li").Count));
        page.FindAll(".files li button")[1].Click();
        page.Find("#quick-form").Submit();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SaveQuickMessage>()));
        var saved = Mediator.SentOf<SaveQuickMessage>()[0];
        Assert.Equal([kept[0], kept[2]], saved.Files);
        Assert.Equal((Pix.Id, 3), (saved.Id, saved.Version));
    }

    [Fact]
    public async Task A_table_is_looked_at_before_it_is_taken()
    {
        Mediator.On<PreviewQuickTable, IReadOnlyList<TableLine>>(_ => [new(2, "Nova") { Key = "/nova" }, new(3, "Pix", IsTaken: true), new(4, "", "Preencha o campo “Título”.")]);
        Mediator.On<ImportQuickTable, TableImported>(_ => new(1, 1, 0, 1));
        var page = Page();
        await page.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TableImport>("", new DialogParameters<TableImport>
        {
            { d => d.Explanation, "x" }, { d => d.MaxLength, QuickTable.MaxLength }, { d => d.UpdateHelp, "x" },
            { d => d.Preview, csv => Mediator.Send(new PreviewQuickTable(csv)) }, { d => d.Import, (csv, update, _) => Mediator.Send(new ImportQuickTable(csv, update)) },
        }));
        dialogs.WaitForElement(".import-pick");
        Assert.True(Import().HasAttribute("disabled"));
        dialogs.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("atalho;titulo;texto", "t.csv"));
        dialogs.WaitForAssertion(() => Assert.Equal("Linhas novas: 1. Já existem: 1. Com erro: 1.", dialogs.Find(".import-sum").TextContent));
        // What is wrong stands first, with its line.
        Assert.Contains("linha 4", dialogs.Find(".import-lines li").TextContent);
        Assert.Contains("Título", dialogs.Find(".import-lines .field-error").TextContent);
        Assert.Equal("Importar (1)", Import().TextContent.Trim());
        dialogs.FindAll("input[type=radio]")[1].Change(true);
        dialogs.WaitForAssertion(() => Assert.Equal("Importar (2)", Import().TextContent.Trim()));
        Import().Click();
        dialogs.WaitForAssertion(() => Assert.Equal(("atalho;titulo;texto", true), Mediator.SentOf<ImportQuickTable>().Select(i => (i.Csv, i.UpdateTaken)).Single()));

        AngleSharp.Dom.IElement Import() => dialogs.FindAll(".mud-dialog-actions button")[1];
    }

    private static void Fill(IRenderedComponent<QuickMessagesPage> page, string shortcut, string title, string body)
    {
        page.FindAll(".page-action button")[^1].Click();
        page.FindAll("#quick-form input")[0].Input(shortcut);
        page.FindAll("#quick-form input")[1].Input(title);
        page.Find("#quick-body").Input(body);
    }
}
