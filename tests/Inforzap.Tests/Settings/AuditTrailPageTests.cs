using Bunit;
using Inforzap.Audit;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Settings;

public class AuditTrailPageTests : ComponentTest
{
    private static AuditRow Row(long position, AuditVerb verb, params AuditChange[] changes) => new(position, DateTime.UtcNow, "Rita", "queue", "x", $"Fila {position}", verb, changes);

    [Fact(DisplayName = "While it loads there are skeletons; then what was before stands beside what is")]
    public void Loads()
    {
        var answer = new TaskCompletionSource<AuditPage>();
        Mediator.OnAsync<ReadAudit, AuditPage>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Row(2, AuditVerb.Changed, new AuditChange("Order", "0", "2")), Row(1, AuditVerb.Created, new AuditChange("Color", null, "#fff"))], null));
        page.WaitForAssertion(() => Assert.Equal("0", page.Find("del").TextContent));
        Assert.Equal(["2", "#fff"], page.FindAll("ins").Select(i => i.TextContent));
        Assert.Single(page.FindAll("del"));
    }

    [Fact(DisplayName = "Nothing changed yet is another thing than nothing found")]
    public void Empty()
    {
        Mediator.On<ReadAudit, AuditPage>(_ => new([], null));
        var page = Page();
        var first = page.Find(".state h2").TextContent;
        Services.GetRequiredService<NavigationManager>().NavigateTo("/audit?q=zebra");
        page.WaitForAssertion(() => Assert.NotEqual(first, page.Find(".state h2").TextContent));
    }

    [Fact(DisplayName = "A refusal is shown in its words")]
    public void Fails()
    {
        Mediator.On<ReadAudit, AuditPage>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        Assert.Contains("Você não tem permissão para isso.", Page().Markup);
    }

    [Fact(DisplayName = "More comes after what is there")]
    public void More()
    {
        Mediator.On<ReadAudit, AuditPage>(r => r.Before is null ? new([Row(9, AuditVerb.Deleted)], 9) : new([Row(8, AuditVerb.Deleted)], null));
        var page = Page();
        page.Find(".pager button").Click();
        page.WaitForAssertion(() => Assert.Equal(["Fila 9", "Fila 8"], page.FindAll("tbody b").Select(b => b.TextContent)));
        Assert.Empty(page.FindAll(".pager"));
    }

    private IRenderedComponent<AuditTrailPage> Page()
    {
        RenderProviders();
        SignIn("Eu", "audit.see");
        return Render<AuditTrailPage>();
    }
}
