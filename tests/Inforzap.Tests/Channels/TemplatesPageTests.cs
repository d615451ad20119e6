using Bunit;
using Inforzap.Channels.Templates;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Channels;

public sealed class TemplatesPageTests : ComponentTest
{
    private static readonly TemplateChannel Shop = new(Guid.CreateVersion7(), "Loja");
    private static readonly TemplateRow Order = new(Guid.CreateVersion7(), new("pedido", "pt_BR", TemplateCategory.Utility, TemplateState.Approved, "Olá {{1}}, o pedido saiu.")
    {
        Footer = "Loja", Buttons = [new(TemplateButtonKind.Reply, "Ok")], Examples = new Dictionary<string, string> { ["1"] = "Maria" },
    });
    private static readonly TemplateRow Refused = new(Guid.CreateVersion7(), new("promo", "pt_BR", TemplateCategory.Marketing, TemplateState.Rejected, "Compre.") { Reason = "A Meta viu conteúdo abusivo.", IsForeign = true });

    private TemplateList list = new([Order, Refused], 2, 2, [Shop], Shop.Id);

    public TemplatesPageTests()
    {
        Mediator.On<ListTemplates, TemplateList>(_ => list);
        Mediator.On<SyncTemplates, int>(_ => 2);
        Mediator.On<CreateTemplate, Unit>(_ => Unit.Value);
        Mediator.On<DeleteTemplate, Unit>(_ => Unit.Value);
    }

    private IRenderedComponent<TemplatesPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<TemplatesPage>()).FindComponent<TemplatesPage>();
    }

    [Fact]
    public void The_cards_of_a_carousel_are_looked_at_and_it_says_that_they_are_not_sent_from_here()
    {
        list = list with { Rows = [Order with { Template = Order.Template with { IsForeign = true, Cards = [new(new(TemplateHeaderKind.Image), "Vaso", [new(TemplateButtonKind.Reply, "Quero")]), new(new(TemplateHeaderKind.Video), null, [])] } }] };
        var page = Page("templates.see");
        page.Find(".grid-name").Click();
        Assert.Equal(["Vaso", ""], page.FindAll(".template-cards li").Select(c => c.QuerySelector("span[dir]:not(.template-button)")?.TextContent ?? ""));
        Assert.Equal("Quero", page.Find(".template-cards .template-button").TextContent);
        Assert.Contains("só para ver", page.Find(".drawer .field-help").TextContent);
    }

    [Fact]
    public void The_way_to_costs_is_there_for_who_may_see_them() => Assert.Equal($"/costs?channel={Shop.Id}", Page("templates.see", "costs.see").Find(".page-action a").GetAttribute("href"));

    [Fact]
    public void Nobody_else_is_sent_to_costs() => Assert.Empty(Page("templates.see").FindAll(".page-action a"));

    [Fact]
    public void They_are_listed_with_what_meta_says_of_them_and_who_only_sees_them_changes_nothing()
    {
        var page = Page("templates.see");
        Assert.Equal(["pedido", "promo"], page.FindAll(".grid-name").Select(e => e.TextContent));
        Assert.Contains("Aprovado", page.FindAll("tbody tr")[0].TextContent);
        Assert.Contains("conteúdo abusivo", page.FindAll("tbody tr")[1].TextContent);
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Novo modelo", StringComparison.Ordinal));
        page.FindAll(".grid-name")[0].Click();
        Assert.Contains("Olá {{1}}, o pedido saiu.", page.Find(".drawer .template-preview").TextContent);
    }

    [Fact]
    public void No_channel_no_template_and_none_found_are_three_things_and_a_refusal_is_told()
    {
        list = new([], 0, 0, [], null);
        var page = Page("templates.see", "templates.edit", "channels.see");
        Assert.Contains("Nenhum canal com modelos", page.Find(".state").TextContent);
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Sincronizar", StringComparison.Ordinal));
        list = new([], 0, 0, [Shop], Shop.Id);
        Live.Raise([Topics.Templates]);
        page.WaitForAssertion(() => Assert.Contains("Nenhum modelo ainda", page.Find(".state").TextContent));
        list = new([], 0, 7, [Shop], Shop.Id);
        Live.Raise([Topics.Templates]);
        page.WaitForAssertion(() => Assert.Contains("Nada encontrado", page.Find(".state").TextContent));
        Mediator.On<ListTemplates, TemplateList>(_ => throw Refusal.Forbidden("Não pode."));
        Live.Raise([Topics.Templates]);
        page.WaitForAssertion(() => Assert.Contains("Não pode.", page.Find(".state").TextContent));
    }

    [Fact]
    public void They_are_synced_and_what_meta_refuses_is_told()
    {
        var page = Page("templates.see");
        page.FindAll("button").Single(b => b.TextContent.Contains("Sincronizar", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Equal(Shop.Id, Mediator.SentOf<SyncTemplates>().Single().ChannelId));
        page.WaitForAssertion(() => Assert.Equal(2, Mediator.SentOf<ListTemplates>().Count));
    }

    [Fact]
    public void A_new_one_asks_for_an_example_of_each_variable_and_shows_how_it_will_read()
    {
        var page = Page("templates.see", "templates.edit");
        page.FindAll("button").Single(b => b.TextContent.Contains("Novo modelo", StringComparison.Ordinal)).Click();
        page.Find("#template-form input").Input("aviso");
        page.Find("#template-form textarea").Input("Oi {{1}}, chegou {{2}} hoje.");
        Assert.Equal(2, page.FindAll("#template-form .field-label").Count(l => l.TextContent.StartsWith("Exemplo para", StringComparison.Ordinal)));
        page.FindAll("#template-form input[required]")[1].Input("Maria");
        page.FindAll("#template-form input[required]")[2].Input("a cadeira");
        Assert.Contains("Oi Maria, chegou a cadeira hoje.", page.Find(".template-preview").TextContent);
        page.Find("#template-form").Submit();
        page.WaitForAssertion(() =>
        {
            var made = Mediator.SentOf<CreateTemplate>().Single();
            Assert.Equal((Shop.Id, "aviso", "a cadeira"), (made.ChannelId, made.Template.Name, made.Template.Examples["2"]));
        });
        Assert.Empty(page.FindAll(".drawer"));
    }

    [Fact]
    public void What_is_wrong_with_a_new_one_stays_in_the_form()
    {
        Mediator.On<CreateTemplate, Unit>(_ => throw Refusal.At("Name", "Já existe."));
        var page = Page("templates.see", "templates.edit");
        page.FindAll("button").Single(b => b.TextContent.Contains("Novo modelo", StringComparison.Ordinal)).Click();
        page.Find("#template-form textarea").Input("Oi.");
        page.Find("#template-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Já existe.", page.Find("#template-form [role=alert]").TextContent));
        Assert.Equal("true", page.Find("#template-form input").GetAttribute("aria-invalid"));
    }
}
