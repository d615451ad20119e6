using Bunit;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Privacy;
using Inforzap.Contracts.Contacts;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using MudBlazor;

namespace Inforzap.Tests.Contacts;

public sealed class PrivacyViewTests : ComponentTest
{
    private readonly Guid contact = Guid.CreateVersion7();
    private PrivacyState state = new(null, null, null);
    private ErasureWeight weight = new("Maria", new(12, 1, 3456, 78, 2));

    public PrivacyViewTests()
    {
        Mediator.On<ReadPrivacy, PrivacyState>(_ => state);
        Mediator.On<WeighErasure, ErasureWeight>(_ => weight);
        Mediator.On<EraseContact, Guid>(_ => Guid.NewGuid());
        Mediator.On<SetLegalHold>();
        Mediator.On<ExportPerson, Guid>(_ => Guid.NewGuid());
        Mediator.On<ReadConsents, ConsentList>(_ => new([new(2, ConsentPurpose.Marketing, null, false, ConsentSource.Inbound, DateTime.UtcNow, null, null, true), new(1, ConsentPurpose.Marketing, "Loja", true, ConsentSource.Manual, DateTime.UtcNow, "Ana", "termos 3", false)], [new(Guid.NewGuid(), "Loja")]));
        Mediator.On<SetConsent>();
    }

    private IRenderedComponent<PrivacySection> Section()
    {
        SignIn("Eu", "contacts.see", "contacts.lgpd");
        return Render<PrivacySection>(p => p.Add(s => s.ContactId, contact));
    }

    private static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> on, string text) where T : Microsoft.AspNetCore.Components.IComponent => on.FindAll("button").Single(b => b.TextContent.Contains(text, StringComparison.Ordinal));

    private (IRenderedComponent<MudDialogProvider> Dialogs, Task<IDialogReference> Shown) Dialog()
    {
        var dialogs = Render<MudDialogProvider>();
        Render<MudPopoverProvider>();
        SignIn("Eu", "contacts.lgpd");
        var shown = dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<EraseDialog>("", new DialogParameters<EraseDialog> { { d => d.ContactId, contact } }));
        return (dialogs, shown);
    }

    [Fact]
    public void What_goes_is_said_in_figures_and_yes_is_typed()
    {
        var (dialogs, _) = Dialog();
        dialogs.WaitForAssertion(() => Assert.Contains(3456.ToString("N0", System.Globalization.CultureInfo.CurrentCulture), dialogs.Find(".weight").TextContent));
        Assert.Contains("1 em aberto", dialogs.Find(".weight").TextContent);
        Assert.True(Button(dialogs, "Apagar para sempre").HasAttribute("disabled"));
        dialogs.FindAll("input")[0].Input("2027-0042");
        Assert.True(Button(dialogs, "Apagar para sempre").HasAttribute("disabled"));
        dialogs.FindAll("input")[1].Input("maria");
        Assert.False(Button(dialogs, "Apagar para sempre").HasAttribute("disabled"));
        dialogs.Find("form").Submit();
        var sent = Assert.Single(Mediator.SentOf<EraseContact>());
        Assert.Equal((contact, "maria", "2027-0042"), (sent.ContactId, sent.Typed, sent.Protocol));
    }

    [Fact]
    public void A_refusal_stays_in_the_dialog()
    {
        Mediator.On<EraseContact, Guid>(_ => throw new Refusal("Isto não é o nome."));
        var (dialogs, _) = Dialog();
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.FindAll("input")));
        dialogs.FindAll("input")[0].Input("1");
        dialogs.FindAll("input")[1].Input("x");
        dialogs.Find("form").Submit();
        Assert.Contains("Isto não é o nome.", dialogs.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void A_hold_needs_a_reason_and_forbids_to_erase_where_everybody_sees_it()
    {
        var section = Section();
        section.WaitForAssertion(() => Assert.False(Button(section, "Apagar dados").HasAttribute("disabled")));
        Button(section, "Guarda legal").Click();
        Assert.True(Button(section, "Guardar").HasAttribute("disabled"));
        section.Find("input").Input("Processo 1");
        state = new(DateTime.UtcNow, "Processo 1", null);
        Button(section, "Guardar").Click();
        section.WaitForAssertion(() => Assert.Equal("Processo 1", Mediator.SentOf<SetLegalHold>().Single().Reason));
        section.WaitForAssertion(() => Assert.Contains("Processo 1", section.Find(".privacy-hold").TextContent));
        Assert.True(Button(section, "Apagar dados").HasAttribute("disabled"));
    }

    [Fact]
    public void An_export_tells_how_far_it_is_and_where_it_is_fetched()
    {
        var export = new ExportRow(Guid.NewGuid(), "Maria", "Eu", DateTime.UtcNow, PersonExportState.Running, 50, 200, 0, null);
        state = new(null, null, export);
        var section = Section();
        section.WaitForAssertion(() => Assert.Contains("25%", section.Find(".export-line").TextContent));
        Assert.True(Button(section, "Exportar dados").HasAttribute("disabled"));
        state = new(null, null, export with { State = PersonExportState.Ready, Size = 3_145_728, Until = DateTime.UtcNow.AddDays(7) });
        Live.Raise([PrivacyTopics.All]);
        section.WaitForAssertion(() => Assert.Equal($"/contacts/privacy/{export.Id}", section.Find(".export-line a").GetAttribute("href")));
        section.WaitForAssertion(() => Assert.False(Button(section, "Exportar dados").HasAttribute("disabled")));
        Button(section, "Exportar dados").Click();
        section.WaitForAssertion(() => Assert.Equal(contact, Mediator.SentOf<ExportPerson>().Single().ContactId));
    }

    [Fact]
    public void Consent_shows_what_holds_and_its_history_and_who_may_edit_adds_to_it()
    {
        IActor me = SignIn("Eu", "contacts.see", "contacts.edit");
        var view = Render<Microsoft.AspNetCore.Components.CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<ConsentSection>(s => s.Add(x => x.ContactId, contact)));
        view.WaitForAssertion(() => Assert.Single(view.FindAll(".consent-now .chip")));
        Assert.Contains("Revogou · todos os canais", view.Find(".consent-now .chip-warn").TextContent);
        Assert.Equal(2, view.FindAll(".consent-past li").Count);
        Button(view, "Registrar consentimento").Click();
        Button(view, "Registrar que consentiu").Click();
        var sent = Assert.Single(Mediator.SentOf<SetConsent>());
        Assert.Equal((contact, ConsentPurpose.Marketing, (Guid?)null, true), (sent.ContactId, sent.Purpose, sent.ChannelId, sent.IsGranted));
    }

    [Fact]
    public void Who_only_reads_contacts_sees_consent_and_changes_none()
    {
        IActor me = SignIn("Eu", "contacts.see");
        var view = Render<Microsoft.AspNetCore.Components.CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<ConsentSection>(s => s.Add(x => x.ContactId, contact)));
        view.WaitForAssertion(() => Assert.NotEmpty(view.FindAll(".consent-now .chip")));
        Assert.Empty(view.FindAll("button"));
    }

    [Fact]
    public void The_page_lists_exports_and_erasures_which_name_nobody()
    {
        Mediator.On<ListPrivacy, PrivacyList>(_ => new([], [new(Guid.NewGuid(), "2027-0042", "Rute", DateTime.UtcNow, null, 3, 1200, 4, 0)], 1));
        RenderProviders();
        IActor me = SignIn("Eu", "contacts.see", "contacts.lgpd");
        var page = Render<Microsoft.AspNetCore.Components.CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<PrivacyPage>());
        page.WaitForAssertion(() => Assert.Contains("2027-0042", page.Find(".grid tbody tr").TextContent));
        Assert.Contains($"Mensagens: {1200.ToString("N0", System.Globalization.CultureInfo.CurrentCulture)}", page.Find(".grid tbody tr").TextContent);
        Assert.Contains("Apagando", page.Find(".chip-warn").TextContent);
    }
}
