using Bunit;
using Inforzap.Contacts;
using Inforzap.Contacts.Tags;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Contacts;

public sealed class TagsPageTests : ComponentTest
{
    private static readonly TagQueueRow Sales = new(Guid.CreateVersion7(), "Vendas", "#0B7A75", true);
    private static readonly TagQueueRow Gone = new(Guid.CreateVersion7(), "Antiga", "#0B7A75", false);
    private static readonly TagRow Vip = new(Guid.CreateVersion7(), "VIP", "#2F6FB0", 0, true, TagScope.Company, [], 1234, 3);
    private static readonly TagRow Debt = new(Guid.CreateVersion7(), "Débito", "#C43D3D", 2, false, TagScope.Queues, [Sales.Id, Gone.Id], 0, 1);

    private TagList list = new([Vip, Debt], 2, 2, [Sales, Gone]);

    public TagsPageTests()
    {
        Mediator.On<ListTags, TagList>(_ => list);
        Mediator.On<SaveTag, Guid>(r => r.Id ?? Guid.NewGuid());
        Mediator.On<DeleteTag>();
    }

    private IRenderedComponent<TagsPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["tags.see", "tags.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<TagsPage>()).FindComponent<TagsPage>();
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_tags_with_their_colour_and_who_has_them()
    {
        var answer = new TaskCompletionSource<TagList>();
        Mediator.OnAsync<ListTags, TagList>(_ => answer.Task);
        var page = Page("tags.see");
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(list);
        page.WaitForAssertion(() => Assert.Equal(["VIP", "Débito"], page.FindAll(".grid .tag").Select(e => e.TextContent)));
        Assert.Equal("--tag: #2F6FB0", page.Find(".grid .tag").GetAttribute("style"));
        Assert.Contains(1234.ToString("N0", System.Globalization.CultureInfo.CurrentCulture), page.Find(".grid tbody tr").TextContent);
        // Who only sees them changes nothing.
        Assert.Empty(page.FindAll(".grid-open, .page-action button, .grid-menu button"));
    }

    [Fact]
    public void No_tag_yet_is_another_thing_than_none_found_and_a_refusal_is_told()
    {
        list = new([], 0, 0, []);
        var page = Page();
        Assert.Contains("Nenhuma etiqueta ainda", page.Find(".state").TextContent);
        Assert.NotEmpty(page.FindAll(".state button"));
        list = new([], 0, 4, []);
        Live.Raise([Topics.Tags]);
        page.WaitForAssertion(() => Assert.Contains("Nada encontrado", page.Find(".state").TextContent));
        Mediator.On<ListTags, TagList>(_ => throw Refusal.NotFound("Uma das filas não existe mais."));
        Live.Raise([Topics.Tags]);
        page.WaitForAssertion(() => Assert.Contains("Uma das filas não existe mais.", page.Find(".state").TextContent));
    }

    [Fact]
    public void What_the_address_says_is_what_is_asked_for()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/tags?q=vip&scope=Queues&queue={Sales.Id}&state=off&sort=-contacts&page=3");
        Page();
        Assert.Equal(new ListTags("vip", TagScope.Queues, Sales.Id, false, "-contacts", 3), Assert.Single(Mediator.SentOf<ListTags>()));
    }

    [Fact]
    public void A_tag_is_changed_in_the_drawer_with_its_queues_and_its_version()
    {
        var page = Page();
        page.FindAll(".grid-open")[1].Click();
        // A queue that is out of use stays to be taken away; for others it is none to choose.
        Assert.Equal(["Vendas", "Antiga"], page.FindAll(".drawer .check .chip").Select(e => e.TextContent));
        page.FindAll(".drawer .check input")[1].Change(false);
        page.Find(".drawer input.input").Input("Débitos");
        page.Find("#tag-form").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".drawer")));
        var saved = Assert.Single(Mediator.SentOf<SaveTag>());
        Assert.Equal((Debt.Id, "Débitos", "#C43D3D", 2, TagScope.Queues, 1), (saved.Id, saved.Name, saved.Color, saved.Order, saved.Scope, saved.Version));
        Assert.Equal([Sales.Id], saved.Queues);
    }

    [Fact]
    public void For_the_whole_company_no_queue_is_sent_along()
    {
        var page = Page();
        page.FindAll(".grid-open")[1].Click();
        page.Find(".drawer select").Change("Company");
        Assert.Empty(page.FindAll(".drawer .check"));
        page.Find("#tag-form").Submit();
        page.WaitForAssertion(() => Assert.Empty(Assert.Single(Mediator.SentOf<SaveTag>()).Queues));
    }

    [Fact]
    public void A_refusal_stays_in_the_drawer_at_its_field()
    {
        Mediator.On<SaveTag, Guid>(_ => throw new Refusal("Já existe a etiqueta “VIP”.") { Fields = new Dictionary<string, string> { ["Name"] = "Já existe" } });
        var page = Page();
        page.Find(".page-action .mud-button-filled").Click();
        page.Find(".drawer input.input").Input("vip");
        page.Find("#tag-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Já existe a etiqueta", page.Find(".drawer [role=alert]").TextContent));
        Assert.Equal("true", page.Find(".drawer input.input").GetAttribute("aria-invalid"));
        Assert.Null(Mediator.SentOf<SaveTag>()[0].Id);
    }
}
