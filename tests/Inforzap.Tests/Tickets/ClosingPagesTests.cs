using Bunit;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Ui;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

public sealed class ClosingPagesTests : ComponentTest
{
    private static readonly PlaceRow Sales = new(Guid.CreateVersion7(), "Vendas", "#0B7A75", true);
    private static readonly ReasonRow Own = new(ClosingReason.Inactivity, "Inatividade", "#64748b", 9999, false, true, true, 2, [], 0);
    private static readonly ReasonRow Sold = new(Guid.CreateVersion7(), "Venda", "#0b7a75", 0, true, true, false, 41, [Sales.Id], 3);
    private static readonly FarewellRow Thanks = new(Guid.CreateVersion7(), "Obrigado", "Até logo.", true, 0, true, [], [], 1);
    private static readonly QuietRuleForm Form = new("Sumiu", QuietScope.Company, null, TicketStatus.Open, QuietSide.Contact, 90, 10, "Oi?", "Tchau.", QuietAction.Close, null, null);

    private IRenderedComponent<MudPopoverProvider> menus = null!;
    private IRenderedComponent<MudDialogProvider> dialogs = null!;

    public ClosingPagesTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => []);
        Mediator.On<PreviewText, RenderedText>(r => new(r.Text, []));
        Mediator.On<ListReasons, ReasonList>(_ => new([Sold, Own], 2, [Sales]));
        Mediator.On<ListFarewells, FarewellList>(_ => new([Thanks], 1, [Sales], []));
        Rules(new QuietRuleRow(Guid.CreateVersion7(), Form, true, null, 0));
    }

    private void Rules(params QuietRuleRow[] rules) => Mediator.On<ListQuietRules, QuietRuleList>(_ => new(rules, [Sales], [], [], []));

    private IRenderedComponent<T> Page<T>(params string[] permissions) where T : ListPage
    {
        Render<MudSnackbarProvider>();
        menus = Render<MudPopoverProvider>();
        dialogs = Render<MudDialogProvider>();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["closings.see", "closings.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<T>()).FindComponent<T>();
    }

    [Fact]
    public void While_reasons_load_there_are_skeletons_and_what_is_refused_can_be_tried_again()
    {
        var answer = new TaskCompletionSource<ReasonList>();
        Mediator.OnAsync<ListReasons, ReasonList>(_ => answer.Task);
        var page = Page<ReasonsPage>();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetException(Refusal.NotFound("Esta fila não existe mais."));
        page.WaitForAssertion(() => Assert.Contains("Esta fila não existe mais", page.Find("[role=alert]").TextContent));
        Mediator.On<ListReasons, ReasonList>(_ => new([Sold, Own], 2, [Sales]));
        page.Find("[role=alert] button").Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
    }

    [Fact]
    public void A_reason_shows_where_it_is_for_and_how_often_it_was_given()
    {
        var row = Page<ReasonsPage>().FindAll("tbody tr")[0];
        Assert.Contains("Venda", row.TextContent);
        Assert.Contains("Vendas", row.TextContent);
        Assert.Contains("41", row.TextContent);
    }

    [Fact]
    public void The_products_own_reason_has_nothing_to_press() => Assert.Single(Page<ReasonsPage>().FindAll(".grid-open"));

    [Fact]
    public void Who_may_only_look_has_nothing_to_press() => Assert.Empty(Page<ReasonsPage>("closings.see").FindAll(".grid-open, .grid-menu button, .page-action button"));

    [Fact]
    public void The_drawer_sends_what_was_typed_with_the_version_that_was_seen()
    {
        Mediator.On<SaveReason, Guid>(_ => Sold.Id);
        var page = Page<ReasonsPage>();
        page.Find(".grid-open").Click();
        page.Find("#reason-form input").Input("Venda fechada");
        page.Find("#reason-form").Submit();
        var sent = Mediator.SentOf<SaveReason>().Single();
        Assert.Equal((Sold.Id, "Venda fechada", true, 3), (sent.Id, sent.Name, sent.RequiresNote, sent.Version));
        Assert.Equal([Sales.Id], sent.Queues);
    }

    [Fact]
    public void What_a_farewell_lacks_is_said_at_its_field()
    {
        Mediator.On<SaveFarewell, Guid>(_ => throw Refusal.At(nameof(SaveFarewell.Text), "Esta variável não existe: {{x}}."));
        var page = Page<FarewellsPage>();
        page.Find(".grid-open").Click();
        page.Find("#farewell-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("true", page.Find("#farewell-text").GetAttribute("aria-invalid")));
        Assert.Contains("Esta variável não existe", page.Find(".drawer [role=alert]").TextContent);
    }

    [Fact]
    public void A_rule_is_told_as_a_sentence_and_its_trouble_beside_it()
    {
        Rules(new QuietRuleRow(Guid.CreateVersion7(), Form, true, null, 0), new QuietRuleRow(Guid.CreateVersion7(), Form with { Name = "Perdida", Action = QuietAction.ToUser, TargetId = Guid.NewGuid() }, true, "A pessoa não está ativa.", 0));
        var rows = Page<QuietRulesPage>().FindAll("tbody tr");
        Assert.Contains("90 minutos: avisa 10 minutos antes, fecha.", rows[0].TextContent);
        Assert.Contains("Não faz nada agora. A pessoa não está ativa.", rows[1].TextContent);
    }

    [Fact]
    public void Without_rules_the_page_says_what_one_is_for()
    {
        Rules();
        Assert.Contains("Nada se fecha sozinho", Page<QuietRulesPage>().Find(".state").TextContent);
    }

    [Fact]
    public void A_time_is_shown_in_the_unit_in_which_it_was_meant_and_sent_in_minutes()
    {
        Rules(new QuietRuleRow(Guid.CreateVersion7(), Form with { AfterMinutes = 2880, WarnMinutes = null }, true, null, 5));
        Mediator.On<SaveQuietRule, Guid>(_ => Guid.Empty);
        var page = Page<QuietRulesPage>();
        page.Find(".grid-open").Click();
        Assert.Equal(("2", "Days"), (page.Find(".duration input").GetAttribute("value"), page.Find(".duration select").GetAttribute("value")));
        page.Find(".duration input").Input("3");
        page.Find("#quiet-form").Submit();
        var sent = Mediator.SentOf<SaveQuietRule>().Single();
        Assert.Equal((4320, null, 5), (sent.Form.AfterMinutes, sent.Form.WarnMinutes, sent.Version));
    }

    [Fact]
    public async Task Switching_a_rule_on_asks_first_and_off_does_not()
    {
        Rules(new QuietRuleRow(Guid.CreateVersion7(), Form, false, null, 0));
        Mediator.On<SwitchQuietRule>();
        var page = Page<QuietRulesPage>();
        page.Find(".grid-menu button").Click();
        menus.WaitForElements(".mud-menu-item").Single(i => i.TextContent.Contains("Ativar", StringComparison.Ordinal)).Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Ativar a regra Sumiu?", dialogs.Markup));
        Assert.Empty(Mediator.SentOf<SwitchQuietRule>());
        await dialogs.FindAll(".mud-dialog-actions button")[^1].ClickAsync();
        page.WaitForAssertion(() => Assert.True(Mediator.SentOf<SwitchQuietRule>().Single().IsActive));
    }
}

/// <summary>The dialog in which a ticket is resolved.</summary>
public sealed class CloseDialogTests : Talks
{
    private static readonly OfferedReason Sold = new(Guid.CreateVersion7(), "Venda", "#0b7a75", false);
    private static readonly OfferedReason Other = new(Guid.CreateVersion7(), "Outro", "#b45309", true);
    private static readonly OfferedFarewell Thanks = new(Guid.CreateVersion7(), "Obrigado", "Até logo, Maria.", true);

    private IRenderedComponent<MudDialogProvider> dialogs = null!;

    public CloseDialogTests() => Mediator.On<CloseTicket>();

    private async Task OpenAsync(ClosingOffer offer)
    {
        Mediator.On<OfferClosing, ClosingOffer>(_ => offer);
        Render<MudPopoverProvider>();
        dialogs = Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<CloseDialog>("", new DialogParameters<CloseDialog> { { d => d.TicketId, Guid.CreateVersion7() } }));
        dialogs.WaitForElement("#close-form textarea");
    }

    private CloseTicket Submit()
    {
        dialogs.Find("#close-form").Submit();
        return Mediator.SentOf<CloseTicket>().Single();
    }

    [Fact]
    public async Task The_default_farewell_is_chosen_and_shown_as_the_customer_reads_it()
    {
        await OpenAsync(new([Sold, Other], [Thanks], false, false, null));
        Assert.Contains("Até logo, Maria.", dialogs.Find(".preview-bubble").TextContent);
        dialogs.FindAll(".reason-chip input")[0].Change(true);
        var sent = Submit();
        Assert.Equal((Sold.Id, Thanks.Id), (sent.ReasonId, sent.FarewellId));
    }

    [Fact]
    public async Task Taken_away_the_ticket_is_resolved_in_silence()
    {
        await OpenAsync(new([], [Thanks], false, false, null));
        dialogs.Find("select").Change("");
        Assert.Null(Submit().FarewellId);
    }

    [Fact]
    public async Task A_reason_that_asks_for_words_makes_the_note_needed()
    {
        await OpenAsync(new([Sold, Other], [], false, false, null));
        Assert.False(dialogs.Find("textarea").HasAttribute("required"));
        dialogs.FindAll(".reason-chip input")[1].Change(true);
        Assert.True(dialogs.Find("textarea").HasAttribute("required"));
    }

    [Fact]
    public async Task Where_nothing_reaches_the_customer_it_says_why_and_sends_none()
    {
        await OpenAsync(new([], [Thanks], false, false, "A janela de 24 horas fechou."));
        Assert.Contains("A janela de 24 horas fechou.", dialogs.Markup);
        Assert.Empty(dialogs.FindAll("select"));
        Assert.Null(Submit().FarewellId);
    }

    [Fact]
    public async Task A_refusal_stays_in_the_dialog()
    {
        Mediator.On<CloseTicket, Unit>(_ => throw Refusal.At("ReasonId", "Escolha o motivo."));
        await OpenAsync(new([Sold], [], true, false, null));
        Submit();
        dialogs.WaitForAssertion(() => Assert.Contains("Escolha o motivo.", dialogs.Find("[role=alert]").TextContent));
    }
}
