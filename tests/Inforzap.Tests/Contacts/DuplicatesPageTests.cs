using Bunit;
using Inforzap.Contacts.Merging;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Contacts;

public sealed class DuplicatesPageTests : ComponentTest
{
    private static readonly DuplicateRow Old = new(Guid.CreateVersion7(), "Maria", ["5519991110001"], [], "maria@example.test", null, "52998224725", new(1990, 12, 31), DateTime.UtcNow.AddDays(-9), false, 3);
    private static readonly DuplicateRow New = new(Guid.CreateVersion7(), "Maria S.", [], ["telegram"], null, "Sol", "52998224725", null, DateTime.UtcNow, false, 0);

    private DuplicateList list = new([new("52998224725", 2, [Old, New])], 1);

    public DuplicatesPageTests()
    {
        Mediator.On<ListDuplicates, DuplicateList>(_ => list);
        Mediator.On<CompareContacts, DuplicateGroup>(_ => list.Groups[0]);
        Mediator.On<ListMerges, MergeList>(_ => new([new(Guid.CreateVersion7(), "Maria S.", Old.Id, "Maria", DateTime.UtcNow, "Lia", null), new(Guid.CreateVersion7(), "Zé", Old.Id, "Maria", DateTime.UtcNow, "Lia", DateTime.UtcNow)], 2));
        Mediator.On<MergeContacts, int>(r => r.FromIds.Count);
    }

    private IRenderedComponent<DuplicatesPage> Page(string query = "")
    {
        RenderProviders();
        IActor me = SignIn("Eu", "contacts.see", "contacts.merge");
        Services.GetRequiredService<NavigationManager>().NavigateTo("/contacts/duplicates" + query);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<DuplicatesPage>()).FindComponent<DuplicatesPage>();
    }

    [Fact]
    public void The_oldest_stays_unless_somebody_says_otherwise()
    {
        var page = Page();
        page.WaitForAssertion(() => Assert.Equal(["Maria", "Maria S."], page.FindAll(".merge-card .grid-name").Select(e => e.TextContent)));
        Assert.Contains("529.982.247-25", page.Find(".merge h2").TextContent);
        Assert.True(page.FindAll("input[type=radio]")[0].HasAttribute("checked"));
        page.FindAll("input[type=radio]")[1].Change("on");
        Assert.Contains("is-chosen", page.FindAll(".merge-card")[1].ClassName);
        Assert.Single(page.FindAll(".merge-card input[type=checkbox]"));
        page.Find(".merge-card input[type=checkbox]").Change(false);
        Assert.True(page.Find(".merge-foot button").HasAttribute("disabled"));
    }

    [Fact]
    public void Where_one_is_blocked_somebody_says_how_it_shall_be()
    {
        list = new([new("52998224725", 2, [Old, New with { Blocked = true }])], 1);
        var page = Page();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".merge-blocked")));
        Assert.True(page.Find(".merge-foot button").HasAttribute("disabled"));
        page.FindAll(".merge-blocked input")[0].Change("on");
        Assert.False(page.Find(".merge-foot button").HasAttribute("disabled"));
    }

    [Fact]
    public void Those_who_were_chosen_are_compared()
    {
        var chosen = Page($"?ids={Old.Id},{New.Id}");
        chosen.WaitForAssertion(() => Assert.Equal([Old.Id, New.Id], Mediator.SentOf<CompareContacts>().Single().Ids));
    }

    [Fact]
    public void Who_was_joined_is_brought_back_once()
    {
        var page = Page("?by=done");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".grid tbody tr").Count));
        Assert.Single(page.FindAll(".grid tbody button"));
    }

    [Fact]
    public void Where_nobody_is_twice_that_is_said()
    {
        list = new([], 0);
        var page = Page("?by=email");
        page.WaitForAssertion(() => Assert.Contains("Nenhum duplicado", page.Find(".state").TextContent));
        Assert.Equal(DuplicateReason.Email, Mediator.SentOf<ListDuplicates>()[^1].Reason);
    }
}
