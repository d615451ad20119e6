using Bunit;
using Inforzap.Contracts.Contacts;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Components.Web;

namespace Inforzap.Tests.Tickets;

/// <summary>The contact's tags beside the conversation.</summary>
public sealed class ContactTagsTests : Talks
{
    private static readonly TagChoice Vip = new(Guid.CreateVersion7(), "VIP", "#2F6FB0");
    private static readonly TagChoice Water = new(Guid.CreateVersion7(), "Água mineral", "#0B7A75");
    private static readonly TagChoice Mine = new(Guid.CreateVersion7(), "Envia água", "#0B7A75");

    public ContactTagsTests()
    {
        Mediator.On<OfferTags, IReadOnlyList<TagChoice>>(_ => [Vip, Mine, Water]);
        Mediator.On<TagTicket>();
        Mediator.On<UntagTicket>();
    }

    private IRenderedComponent<ContactTags> Open(string[] permissions, params TicketTag[] tags) =>
        Show<ContactTags>(SignIn("Ana", permissions), p => p.Add(c => c.Ticket, Details(Row(), 0, t => t with { Tags = tags })));

    private IRenderedComponent<ContactTags> Picking(string typed = "", params TicketTag[] tags)
    {
        var picker = Open(["tags.use"], tags);
        picker.Find(".tag-add").Click();
        if (typed.Length > 0) picker.Find(".tag-picker input").Input(typed);
        return picker;
    }

    private static string[] Options(IRenderedComponent<ContactTags> picker) => [.. picker.FindAll("[role=option]").Select(e => e.TextContent.Trim())];

    [Fact]
    public void Who_may_not_use_them_sees_them()
    {
        var shown = Open(["tags.see"], new TicketTag(Vip.Id, "VIP", Vip.Color, false));
        Assert.Equal("VIP", shown.Find(".tag").TextContent.Trim());
        Assert.Empty(shown.FindAll("button"));
    }

    [Fact]
    public void One_is_taken_off_where_one_may()
    {
        var shown = Open(["tags.use"], new TicketTag(Vip.Id, "VIP", Vip.Color, true), new TicketTag(Water.Id, "Água", Water.Color, false));
        shown.Find(".tag-off").Click();
        Assert.Equal(Vip.Id, Assert.Single(Mediator.SentOf<UntagTicket>()).TagId);
        Assert.Single(shown.FindAll(".tag-off"));
    }

    [Fact]
    public void What_is_typed_picks_those_that_begin_so_first_without_accents_and_without_what_is_on_already()
    {
        Assert.Equal(["VIP", "Envia água", "Água mineral"], Options(Picking()));
        Assert.Equal(["Água mineral", "Envia água"], Options(Picking("  AGUA ")));
        Assert.Equal(["Envia água", "Água mineral"], Options(Picking("", new TicketTag(Vip.Id, "VIP", Vip.Color, true))));
    }

    [Fact]
    public void The_arrows_choose_Enter_puts_it_on_and_the_next_can_be_typed()
    {
        var picker = Picking("agua");
        picker.Find("input").KeyDown("ArrowDown");
        Assert.Equal(picker.FindAll("[role=option]")[1].Id, picker.Find("input").GetAttribute("aria-activedescendant"));
        picker.Find("input").KeyDown("Enter");
        Assert.Equal(Mine.Id, Assert.Single(Mediator.SentOf<TagTicket>()).TagId);
        Assert.Equal("", picker.Find("input").GetAttribute("value") ?? "");
        picker.Find("input").KeyDown("Escape");
        Assert.Empty(picker.FindAll(".tag-picker"));
    }

    [Fact]
    public async Task Typed_and_confirmed_before_the_list_is_there_it_is_put_on_all_the_same()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<TagChoice>>();
        Mediator.OnAsync<OfferTags, IReadOnlyList<TagChoice>>(_ => answer.Task);
        var picker = Picking("vip");
        var enter = picker.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
        Assert.Empty(Mediator.SentOf<TagTicket>());
        answer.SetResult([Water, Vip]);
        await enter;
        picker.WaitForAssertion(() => Assert.Equal(Vip.Id, Assert.Single(Mediator.SentOf<TagTicket>()).TagId));
    }

    [Fact]
    public void A_new_one_is_made_there_by_who_may_and_put_on_at_once()
    {
        var made = Guid.NewGuid();
        Mediator.On<MakeTag, Guid>(_ => made);
        Assert.DoesNotContain(Options(Picking("Novo cliente")), o => o.Contains("Novo cliente", StringComparison.Ordinal));
        var picker = Open(["tags.use", "tags.edit"]);
        picker.Find(".tag-add").Click();
        // Of a name that is there is none to be made.
        picker.Find("input").Input("vip");
        Assert.Equal(["VIP"], Options(picker));
        picker.Find("input").Input("Novo cliente");
        Assert.Equal(["Criar “Novo cliente”"], Options(picker));
        picker.Find("input").KeyDown("Enter");
        Assert.Equal("Novo cliente", Assert.Single(Mediator.SentOf<MakeTag>()).Name);
        Assert.Equal(made, Assert.Single(Mediator.SentOf<TagTicket>()).TagId);
    }

    [Fact]
    public void A_refusal_is_told_and_what_was_typed_stays()
    {
        Mediator.On<TagTicket>(_ => throw Refusal.Conflict("A etiqueta VIP está desativada."));
        var picker = Picking("vip");
        picker.Find("input").KeyDown("Enter");
        Assert.Equal("vip", picker.Find("input").GetAttribute("value"));
        Assert.Equal("A etiqueta VIP está desativada.", Assert.Single(Services.GetRequiredService<MudBlazor.ISnackbar>().ShownSnackbars).Message?.ToString());
    }

    [Fact]
    public void Of_many_the_first_are_shown_and_how_many_more_there_are()
    {
        Mediator.On<OfferTags, IReadOnlyList<TagChoice>>(_ => [.. Enumerable.Range(0, 20).Select(i => new TagChoice(Guid.NewGuid(), $"Lote {i:00}", "#2F6FB0"))]);
        var picker = Picking();
        Assert.Equal(8, Options(picker).Length);
        Assert.Contains("12", picker.Find(".tag-picker p").TextContent);
        picker.Find("input").Input("lote 19");
        Assert.Equal(["Lote 19"], Options(picker));
        Assert.Empty(picker.FindAll(".tag-picker p"));
    }

    [Fact]
    public void Nothing_to_choose_is_said()
    {
        Mediator.On<OfferTags, IReadOnlyList<TagChoice>>(_ => []);
        Assert.Contains("Nenhuma etiqueta para usar", Picking().Find("[role=status]").TextContent);
        Assert.Contains("Nenhuma outra etiqueta", Picking("x").Find("[role=status]").TextContent);
    }
}
