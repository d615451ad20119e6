using Bunit;
using Inforzap.Channels.Manage;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using MudBlazor;

namespace Inforzap.Tests.Channels;

/// <summary>What an administrator sees of plugins that are not loaded, and what can be done about it.</summary>
public sealed class PluginSectionTests : ComponentTest
{
    private static readonly string Hash = new('a', 64);
    private IRenderedComponent<MudDialogProvider> dialogs = null!;

    private IRenderedComponent<PluginSection> Show(bool mayChange, params PluginInfoRow[] rows)
    {
        SignIn("Ana", "channels.see", "channels.plugins");
        Mediator.On<ListPlugins, IReadOnlyList<PluginInfoRow>>(_ => rows);
        dialogs = Render<MudDialogProvider>();
        Render<MudSnackbarProvider>();
        return Render<PluginSection>(p => p.Add(s => s.MayChange, mayChange));
    }

    private static PluginInfoRow Row(string id, PluginState state, string? reason = null, string? hash = null) => new(id, id, "1.0.0", state, reason, [], hash, false);

    [Fact]
    public void Each_state_is_said_with_its_reason_and_only_what_nobody_approved_can_be_approved()
    {
        var page = Show(true, Row("novo", PluginState.Untrusted, "Ninguém aprovou este plugin ainda.", Hash), Row("velho", PluginState.Incompatible, "Foi feito para o Sdk 7.0."),
            Row("quebrado", PluginState.Faulted, "Falta Missing.Library."), Row("bom", PluginState.Active));
        var rows = page.FindAll("tbody tr");
        Assert.Equal(["Sem aprovação", "Incompatível", "Com falha", "Ativo"], rows.Select(r => r.QuerySelector(".status")!.TextContent));
        Assert.Equal(["Ninguém aprovou este plugin ainda.", "Foi feito para o Sdk 7.0.", "Falta Missing.Library."], page.FindAll(".plugin-reason").Select(r => r.TextContent));
        Assert.Equal(["Aprovar", "", "", "Desligar"], rows.Select(r => r.QuerySelector("button")?.TextContent.Trim() ?? ""));
    }

    [Fact]
    public void Whoever_may_only_look_changes_nothing()
    {
        var page = Show(false, Row("novo", PluginState.Untrusted, "x", Hash), Row("bom", PluginState.Active));
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public void Whose_approval_it_was_stands_there()
    {
        var page = Show(true, Row("novo", PluginState.Active) with { ApprovedBy = "Bruno", ApprovedAt = new DateTime(2026, 5, 4, 15, 0, 0, DateTimeKind.Utc) });
        Assert.Contains("Bruno", page.Find(".plugin-reason").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Approving_asks_first_and_sends_the_hash_that_was_shown()
    {
        ApprovePlugin? sent = null;
        Mediator.On<ApprovePlugin>(r => sent = r);
        var page = Show(true, Row("novo", PluginState.Untrusted, "x", Hash));
        page.Find("tbody button").Click();
        dialogs.WaitForElement(".mud-dialog");
        Assert.Contains(Hash[..16], dialogs.Markup, StringComparison.Ordinal);
        Assert.Null(sent);
        dialogs.FindAll(".mud-dialog-actions button")[^1].Click();
        page.WaitForAssertion(() => Assert.Equal(("novo", Hash), (sent?.Id, sent?.Hash)));
    }
}
