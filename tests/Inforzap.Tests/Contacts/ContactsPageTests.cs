using Bunit;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Consents;
using Inforzap.Contracts.Contacts;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Contacts;

public sealed class ContactsPageTests : ComponentTest
{
    private static readonly string[] All = ["contacts.see", "contacts.edit", "contacts.block", "contacts.import", "contacts.export", "tags.see", "tags.use", "tickets.start"];
    private static readonly ContactTagRow Vip = new(Guid.CreateVersion7(), "VIP", "#2F6FB0");
    private static readonly ContactRow Maria = new(Guid.CreateVersion7(), "Maria", "5519991110001", "maria@example.test", "Sol", false, DateTime.UtcNow, [AddressKind.Phone], [Vip]);
    private static readonly ContactRow Visitor = new(Guid.CreateVersion7(), "", null, null, null, true, DateTime.UtcNow, [AddressKind.Visitor], []);

    private ContactList list = new([Maria, Visitor], 2, 1234, [Vip]);

    private static readonly OwnerChoice Ana = new(Guid.CreateVersion7(), "Ana", true, null), Bia = new(Guid.CreateVersion7(), "Bia", false, null);

    public ContactsPageTests()
    {
        Mediator.On<OfferOwners, IReadOnlyList<OwnerChoice>>(_ => [Ana, Bia]);
        Mediator.On<SetOwners, int>(r => r.ContactIds.Count);
        Mediator.On<ListContacts, ContactList>(_ => list);
        Mediator.On<OfferTags, IReadOnlyList<TagChoice>>(_ => [new(Vip.Id, Vip.Name, Vip.Color)]);
        Mediator.On<TagContacts, int>(r => r.Ids.Count);
        Mediator.On<BlockContacts, int>(r => r.Ids.Count);
        Mediator.On<ReadContact, ContactDetails>(r => new(r.Id, "Maria", null, "Sol", "Prefere à tarde.", false, DateTime.UtcNow, [new("5519991110001")], 7) { Document = "52998224725", BirthDate = new(1990, 12, 31), Fields = [new("Plano", "Ouro")], Owners = [Ana.Id] });
        Mediator.On<ReadConsents, ConsentList>(_ => new([], []));
        Mediator.On<OfferFieldNames, IReadOnlyList<string>>(_ => ["Plano"]);
        Mediator.On<SaveContact, Guid>(r => r.Id ?? Guid.NewGuid());
    }

    private IRenderedComponent<ContactsPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions.Length == 0 ? All : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<ContactsPage>()).FindComponent<ContactsPage>();
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_people_with_number_and_tags()
    {
        var answer = new TaskCompletionSource<ContactList>();
        Mediator.OnAsync<ListContacts, ContactList>(_ => answer.Task);
        var page = Page("contacts.see", "tags.see");
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(list);
        page.WaitForAssertion(() => Assert.Equal(["Maria", "Sem nome"], page.FindAll(".grid-name").Select(e => e.TextContent)));
        Assert.Contains("+55 19 99111-0001", page.Find(".grid tbody tr").TextContent);
        Assert.Contains("Chat do site", page.FindAll(".grid tbody tr")[1].TextContent);
        // Who only sees them marks and changes nothing.
        Assert.Empty(page.FindAll(".grid-open, .mark-col, .page-action button"));
    }

    [Fact]
    public void Nobody_yet_is_another_thing_than_nobody_found_and_a_refusal_is_told()
    {
        list = new([], 0, 0, []);
        var page = Page();
        Assert.Contains("Nenhum contato ainda", page.Find(".state").TextContent);
        list = new([], 0, 9, []);
        Live.Raise([Topics.Contacts]);
        page.WaitForAssertion(() => Assert.Contains("Nada encontrado", page.Find(".state").TextContent));
        Mediator.On<ListContacts, ContactList>(_ => throw Refusal.Forbidden("Não pode."));
        Live.Raise([Topics.Contacts]);
        page.WaitForAssertion(() => Assert.Contains("Não pode.", page.Find(".state").TextContent));
    }

    [Fact]
    public void Those_that_are_marked_get_a_tag_together_and_nobody_is_marked_afterwards()
    {
        var page = Page();
        Assert.Empty(page.FindAll(".bulk"));
        page.Find("thead .mark-col input").Change(true);
        Assert.Contains("Selecionados: 2", page.Find(".bulk").TextContent);
        page.FindAll("tbody .mark-col input")[1].Change(false);
        page.FindAll(".bulk select")[0].Change(Vip.Id.ToString());
        page.WaitForAssertion(() => Assert.Equal((Maria.Id, Vip.Id, true), Mediator.SentOf<TagContacts>().Select(s => (s.Ids.Single(), s.TagId, s.IsOn)).Single()));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".bulk")));
    }

    [Fact]
    public void Fields_of_the_house_come_and_go_line_by_line()
    {
        var page = Page();
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Equal(["Plano", "Ouro"], page.FindAll(".fields-line input").Select(i => i.GetAttribute("value"))));
        Assert.Equal("529.982.247-25", page.Find("#contact-form .field-row input").GetAttribute("value"));
        page.Find("#contact-form .chip-button").Click();
        page.FindAll(".fields-line input")[2].Input("Vencimento");
        page.FindAll(".fields-line input")[3].Input("dia 10");
        page.Find(".fields-line button").Click();
        page.Find("#contact-form").Submit();
        page.WaitForAssertion(() => Assert.Equal([new ContactFieldValue("Vencimento", "dia 10")], Mediator.SentOf<SaveContact>().Single().Extras!.Fields));
        Assert.Equal(new DateOnly(1990, 12, 31), Mediator.SentOf<SaveContact>().Single().Extras!.BirthDate);
    }

    [Fact]
    public void Who_looks_after_them_is_said_of_many_in_a_dialog_and_of_one_in_the_form()
    {
        list = new([Maria with { Owners = ["Ana", "Bia"] }, Visitor], 2, 2, []);
        var dialogs = Render<MudDialogProvider>();
        IActor me = SignIn("Eu", [.. All, "owners.edit"]);
        var page = Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<ContactsPage>()).FindComponent<ContactsPage>();
        Assert.Contains("Ana +1", page.Find(".contact-owner").TextContent);
        page.Find("thead .mark-col input").Change(true);
        page.FindAll(".bulk button").Single(b => b.TextContent.Contains("Carteira", StringComparison.Ordinal)).Click();
        dialogs.WaitForElement(".mud-dialog select");
        dialogs.Find(".mud-dialog select").Change(Bia.Id.ToString());
        dialogs.FindAll(".mud-dialog-actions button")[^1].Click();
        page.WaitForAssertion(() => Assert.Equal([Bia.Id], Mediator.SentOf<SetOwners>().Single().UserIds));
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Equal("Ana", page.Find("#contact-form .owner-name").TextContent));
        page.Find("#contact-form .choices select").Change(Bia.Id.ToString());
        page.FindAll("#contact-form .owners button")[1].Click();
        page.Find("#contact-form").Submit();
        page.WaitForAssertion(() => Assert.Equal([Bia.Id, Ana.Id], Mediator.SentOf<SaveContact>().Single().Owners));
    }

    [Fact]
    public void A_contact_is_changed_with_the_version_that_was_read()
    {
        var page = Page();
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Equal("+55 19 99111-0001", page.Find("#contact-form input[type=tel]").GetAttribute("value")));
        page.Find("#contact-form textarea").Input("Prefere de manhã.");
        page.Find("#contact-form").Submit();
        page.WaitForAssertion(() => Assert.Equal((Maria.Id, 7, "Prefere de manhã."), Mediator.SentOf<SaveContact>().Select(s => (s.Id, s.Version, s.Notes)).Single()));
        Assert.Empty(page.FindAll(".drawer"));
    }
}
