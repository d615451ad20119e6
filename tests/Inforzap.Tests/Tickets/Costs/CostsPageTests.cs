using Bunit;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Costs;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Tickets.Costs;

public sealed class CostsPageTests : Talks
{
    private static readonly DateOnly Day = new(2027, 3, 1);
    private static readonly PriceRow Utility = new(Guid.CreateVersion7(), 3, null, null, "utility", "BRL", 0.0625m, Day);
    private static readonly CostFigure Nothing = new(0, 0, 0, 0, []);
    private static readonly CostFigure Some = new(3, 1, 0, 1, [new("BRL", 0.12m)]);
    private static readonly CostPage Empty = new(Day, Day, false, Nothing, [], [], [new(Day, Nothing)], [], [], ["utility", "marketing"]);
    private static readonly CostPage Full = Empty with { Any = true, All = Some, Categories = [new("utility", Some)], ByChannel = [new("Loja", Some)], Days = [new(Day, Some)], Prices = [Utility] };

    private IRenderedComponent<CostsPage> Page(CostPage costs, params string[] permissions)
    {
        Mediator.On<ReadCosts, CostPage>(_ => costs);
        Render<MudSnackbarProvider>();
        Render<MudPopoverProvider>();
        Render<MudDialogProvider>();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["costs.see", "costs.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<CostsPage>()).FindComponent<CostsPage>();
    }

    [Fact]
    public void Before_anything_was_charged_it_says_what_will_come()
    {
        var page = Page(Empty);
        Assert.Contains("Nenhum custo informado ainda", page.Find(".state").TextContent);
        Assert.Single(page.FindAll("#prices"));
        Assert.Empty(page.FindAll(".cost-figures"));
    }

    [Fact]
    public void It_shows_counts_amounts_and_what_has_no_price()
    {
        var page = Page(Full);
        Assert.Contains(CostWords.Amount(0.12m, "BRL"), page.Find(".cost-figures").TextContent);
        Assert.Contains("1 mensagens cobradas não têm preço", page.Find(".cost-notice").TextContent);
        Assert.Equal(["Utilidade", "Loja"], page.FindAll(".cost-table tbody th").Select(h => h.TextContent));
        Assert.Contains(CostWords.Amount(0.0625m, "BRL", "0.0000"), page.Find("#prices").TextContent);
    }

    [Fact]
    public void Who_may_only_look_sets_no_price() => Assert.Empty(Page(Full, "costs.see").FindAll("#prices button"));

    [Fact]
    public void A_price_is_changed_with_a_comma_and_its_version()
    {
        SavePrice? saved = null;
        Mediator.On<SavePrice, Guid>(r =>
        {
            saved = r;
            return Utility.Id;
        });
        var page = Page(Full);
        page.Find("#prices .grid-open").Click();
        Assert.Equal(0.0625m.ToString("0.0000", System.Globalization.CultureInfo.CurrentCulture), page.Find("input[inputmode=decimal]").GetAttribute("value"));
        page.Find("input[inputmode=decimal]").Input("0,07");
        page.Find("#price-form").Submit();
        page.WaitForAssertion(() => Assert.Equal(new SavePrice(Utility.Id, new(null, "utility", "BRL", 0.07m, Day), 3), saved));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#price-form")));
    }

    [Fact]
    public void What_is_refused_is_said_in_the_form()
    {
        Mediator.On<SavePrice, Guid>(r => r.Form.Amount == -1 ? throw Refusal.At("Amount", "Sem valor.") : Utility.Id);
        var page = Page(Full);
        page.Find("#prices .grid-open").Click();
        page.Find("input[inputmode=decimal]").Input("1.000,50");
        page.Find("#price-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Sem valor.", page.Find("#price-form").TextContent));
        Assert.Equal("true", page.Find("input[inputmode=decimal]").GetAttribute("aria-invalid"));
    }
}
