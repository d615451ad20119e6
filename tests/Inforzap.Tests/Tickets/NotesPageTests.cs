using Bunit;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Protocols;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

public sealed class NotesPageTests : ComponentTest
{
    private static readonly NoteRow Note = new(Guid.CreateVersion7(), Guid.CreateVersion7(), 12, 7, "Maria", "Ana", "Paga no *Pix*", null, true, null, DateTime.UtcNow);
    private static readonly PersonChoice Ana = new(Guid.CreateVersion7(), "Ana");

    public NotesPageTests() => Answer(Note);

    private void Answer(params NoteRow[] rows) => Mediator.On<ListNotes, NotePage>(_ => new(rows, rows.Length, true, [Ana]));

    private IRenderedComponent<NotesPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["notes.see", "notes.export"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<NotesPage>()).FindComponent<NotesPage>();
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_notes_that_lead_into_their_conversation()
    {
        var answer = new TaskCompletionSource<NotePage>();
        Mediator.OnAsync<ListNotes, NotePage>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Note], 1, true, []));
        page.WaitForAssertion(() => Assert.Contains("Paga no Pix", page.Find("tbody").TextContent));
        Assert.Equal($"/desk/{Note.TicketId}?m=7", page.Find("tbody a").GetAttribute("href"));
        Assert.Contains("Nota fixada", page.Find("tbody").InnerHtml);
    }

    [Fact]
    public void A_refusal_is_shown_in_its_words_and_retry_loads_anew()
    {
        Mediator.On<ListNotes, NotePage>(_ => throw Refusal.NotFound("Este usuário não existe."));
        var page = Page();
        Assert.Contains("Este usuário não existe", page.Find("[role=alert]").TextContent);
        Answer(Note);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("Paga no Pix", page.Markup));
    }

    [Theory]
    [InlineData(false, "Nenhuma nota ainda")]
    [InlineData(true, "Nada encontrado")]
    public void None_at_all_is_another_thing_than_none_found(bool any, string words)
    {
        Mediator.On<ListNotes, NotePage>(_ => new([], 0, any, []));
        Assert.Contains(words, Page().Find(".state").TextContent);
    }

    [Fact]
    public void The_address_says_what_is_listed()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/notes?q=pix&who={Ana.Id}&from=2026-11-01&to=2026-11-30&pinned=1&page=2");
        Page();
        Assert.Equal(new ListNotes("pix", new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30), Ana.Id, true, 50, 50), Mediator.SentOf<ListNotes>()[^1]);
    }

    [Fact]
    public void Who_may_export_is_offered_the_table() => Assert.Contains("Exportar tabela", Page().Markup);

    [Fact]
    public void Who_may_not_is_not() => Assert.DoesNotContain("Exportar tabela", Page("notes.see").Markup);
}

public sealed class ProtocolsPageTests : ComponentTest
{
    private static readonly ProtocolRow Row = new(Guid.CreateVersion7(), "AC202611300000015", Guid.CreateVersion7(), 12, "Maria", null, "Troca", null, null, true, DateTime.UtcNow, 3);

    public ProtocolsPageTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => [new("protocolo", "Protocolo")]);
        Mediator.On<PreviewText, RenderedText>(r => new(r.Text.Replace("{{protocolo}}", "2026"), []));
        Answer(Row);
    }

    private void Answer(params ProtocolRow[] rows) => Mediator.On<ListProtocols, ProtocolPage>(_ => new(rows, rows.Length, true, []));

    private IRenderedComponent<ProtocolsPage> Page(params string[] permissions)
    {
        RenderProviders();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["protocols.see", "protocols.edit", "protocols.export", "settings.edit"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<ProtocolsPage>()).FindComponent<ProtocolsPage>();
    }

    [Fact]
    public void While_it_loads_there_are_skeletons_then_rows()
    {
        var answer = new TaskCompletionSource<ProtocolPage>();
        Mediator.OnAsync<ListProtocols, ProtocolPage>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Row], 1, true, []));
        page.WaitForAssertion(() => Assert.Contains(Row.Number, page.Find("tbody").TextContent));
        Assert.Contains("Automático", page.Find("tbody").TextContent);
        Assert.Contains("não enviado", page.Find("tbody").TextContent);
        Assert.Equal($"/desk/{Row.TicketId}", page.Find("tbody a").GetAttribute("href"));
    }

    [Theory]
    [InlineData(false, "Nenhum protocolo ainda")]
    [InlineData(true, "Nada encontrado")]
    public void None_at_all_is_another_thing_than_none_found(bool any, string words)
    {
        Mediator.On<ListProtocols, ProtocolPage>(_ => new([], 0, any, []));
        Assert.Contains(words, Page().Find(".state").TextContent);
    }

    [Fact]
    public void The_address_says_what_is_listed()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/protocols?q=0015&who=auto&state=closed&from=2026-11-01");
        Page();
        Assert.Equal(new ListProtocols("0015", new DateOnly(2026, 11, 1), null, null, true, false, 0, 50), Mediator.SentOf<ListProtocols>()[^1]);
    }

    [Fact]
    public void A_lead_changes_the_subject_and_a_refusal_is_said()
    {
        var page = Page();
        page.Find(".grid-open").Click();
        Mediator.On<ChangeProtocol>(_ => throw Refusal.Conflict("Outra pessoa mudou o protocolo."));
        page.Find(".drawer input").Input("Devolução");
        page.Find("#protocol-form").Submit();
        Assert.Contains("Outra pessoa mudou", page.Find(".drawer [role=alert]").TextContent);
        Mediator.On<ChangeProtocol>();
        page.Find("#protocol-form").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".drawer")));
        Assert.Equal(new ChangeProtocol(Row.Id, "Devolução", "", 3), Mediator.SentOf<ChangeProtocol>()[^1]);
    }

    [Fact]
    public void The_settings_are_saved_with_what_was_typed()
    {
        var page = Page();
        page.FindAll(".page-action button").First(b => b.TextContent.Contains("Configurar")).Click();
        Mediator.On<SaveProtocolSettings>();
        page.Find("#protocol-text").Input("Anote {{protocolo}}");
        page.Find(".drawer input:not([type=checkbox])").Input("ac");
        page.Find(".drawer input[type=checkbox]").Change(true);
        page.Find("#protocol-settings").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".drawer")));
        Assert.Equal(new SaveProtocolSettings("Anote {{protocolo}}", "ac", true), Mediator.SentOf<SaveProtocolSettings>().Single());
    }

    [Fact]
    public void Who_may_only_see_changes_nothing()
    {
        var page = Page("protocols.see");
        Assert.Empty(page.FindAll(".grid-open"));
        Assert.Empty(page.FindAll(".page-action button"));
    }
}

/// <summary>What notes and protocols put into the workspace.</summary>
public sealed class NotesInTheDeskTests : Talks
{
    private static readonly PersonChoice Bia = new(Guid.CreateVersion7(), "Bia Nunes"), Caio = new(Guid.CreateVersion7(), "Caio Abreu"), Bruno = new(Guid.CreateVersion7(), "Bruno");

    private IRenderedComponent<Composer> Noting(TicketDetails? ticket = null)
    {
        Mediator.On<OfferMentions, IReadOnlyList<PersonChoice>>(_ => [Bia, Bruno, Caio]);
        var composer = Show<Composer>(SignIn("Ana", "tickets.see", "tickets.answer"), p => p.Add(c => c.Ticket, ticket ?? Details(Row())).Add(c => c.OnSend, _ => Task.FromResult<string?>(null)));
        composer.Find("[data-note]").Click();
        return composer;
    }

    private static string[] Offered(IRenderedComponent<Composer> composer) => [.. composer.FindAll("[role=option] b").Select(b => b.TextContent)];

    [Fact]
    public async Task An_at_sign_in_a_note_offers_colleagues_by_any_of_their_names()
    {
        var composer = Noting();
        Assert.Equal(2, await composer.InvokeAsync(() => composer.Instance.Mention("b")));
        Assert.Equal(["Bia Nunes", "Bruno"], Offered(composer));
        Assert.Equal(1, await composer.InvokeAsync(() => composer.Instance.Mention("ábr")));
        Assert.Equal(["Caio Abreu"], Offered(composer));
        Assert.Equal("@Caio Abreu ", await composer.InvokeAsync(() => composer.Instance.QuickChoose("ábr")));
        Assert.Equal(0, await composer.InvokeAsync(() => composer.Instance.Mention("zz")));
        Assert.Empty(composer.FindAll("[data-quick]"));
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.QuickChoose("zz")));
    }

    [Fact]
    public async Task The_arrows_choose_and_leaving_closes()
    {
        var composer = Noting();
        await composer.InvokeAsync(() => composer.Instance.Mention(""));
        await composer.InvokeAsync(() => composer.Instance.QuickMove(-1));
        Assert.Equal(composer.Find("[aria-selected=true]").Id, composer.Find("textarea").GetAttribute("aria-activedescendant"));
        Assert.Contains("Caio", composer.Find("[aria-selected=true]").TextContent);
        await composer.InvokeAsync(composer.Instance.QuickClose);
        Assert.Empty(composer.FindAll("[role=listbox]"));
    }

    [Fact]
    public async Task An_answer_offers_nobody()
    {
        var composer = Noting();
        composer.Find("[data-note]").Click();
        Assert.Equal(0, await composer.InvokeAsync(() => composer.Instance.Mention("")));
    }

    private IRenderedComponent<Bubble> Menu(MessageRow note, bool mayReply, params string[] permissions)
    {
        var bubble = Show<Bubble>(SignIn("Ana", permissions), p => p.Add(b => b.M, note).Add(b => b.Channel, Channel).Add(b => b.MayQuote, mayReply));
        if (bubble.FindAll("[aria-haspopup=menu]") is [var button]) button.Click();
        return bubble;
    }

    [Theory]
    [InlineData(false, "", "tickets.see")]
    [InlineData(false, "Fixar nota", "tickets.answer")]
    [InlineData(true, "Fixar nota", "tickets.answer")]
    [InlineData(false, "Fixar nota,Editar,Apagar para todos", "tickets.answer", "notes.edit-all")]
    public void A_note_offers_what_its_reader_may(bool mayReply, string lines, params string[] permissions) =>
        Assert.Equal(lines.Split(',', StringSplitOptions.RemoveEmptyEntries), Menu(Message(1, "cuidado", fromUs: true, MessageState.Sent, note: true), mayReply, permissions).FindAll(".menu-line").Select(l => l.TextContent));

    [Fact]
    public void A_pinned_note_says_so_and_can_be_let_go()
    {
        var bubble = Menu(Message(1, "cuidado", fromUs: true, MessageState.Sent, note: true) with { IsPinned = true }, false, "tickets.answer");
        Assert.Contains("Nota fixada", bubble.Find(".note-head").InnerHtml);
        Assert.Contains("Desafixar nota", bubble.Markup);
    }

    private IRenderedComponent<SidePanel> Panel(TicketDetails ticket, params string[] permissions)
    {
        Mediator.On<ReadTimeline, IReadOnlyList<TimelineRow>>(_ => []);
        return Show<SidePanel>(SignIn("Ana", permissions.Length == 0 ? ["tickets.see", "tickets.answer", "protocols.see", "protocols.make"] : permissions), p => p.Add(s => s.Ticket, ticket).Add(s => s.Href, id => $"/desk/{id}?tab=closed"));
    }

    private static NoteRow Note(string body, TicketRow row, bool pinned = false) => new(Guid.CreateVersion7(), row.Id, row.Number, 4, "Maria", "Bia", body, null, pinned, null, DateTime.UtcNow);

    [Fact]
    public void The_contact_s_notes_stand_beside_the_conversation_the_first_five_at_first()
    {
        var row = Row();
        var pinned = new List<PinNote>();
        Mediator.On<NotesOfContact, IReadOnlyList<NoteRow>>(_ => [Note("a fixada", row, true), .. Enumerable.Range(1, 6).Select(i => Note($"nota {i}", row))]);
        Mediator.On<PinNote>(pinned.Add);
        var panel = Panel(Details(row));
        Assert.Equal(5, panel.FindAll(".side-notes li").Count);
        Assert.Equal($"/desk/{row.Id}?tab=closed&m=4", panel.Find(".side-notes a").GetAttribute("href"));
        panel.FindAll(".side-notes button").Single(b => b.TextContent.Contains("Ver todas (7)")).Click();
        Assert.Equal(7, panel.FindAll(".side-notes li").Count);
        panel.Find(".side-notes [aria-pressed=true]").Click();
        Assert.False(Assert.Single(pinned).IsPinned);
    }

    [Fact]
    public void Groups_have_no_protocols_and_closed_tickets_get_no_new_one()
    {
        Assert.Contains("Gerar protocolo", Panel(Details(Row())).Markup);
        Assert.DoesNotContain("Protocolo", Panel(Details(Row(), 0, t => t with { IsGroup = true })).Markup);
        Assert.DoesNotContain("Gerar protocolo", Panel(Details(Row(status: TicketStatus.Closed))).Markup);
        Assert.DoesNotContain("Protocolo", Panel(Details(Row()), "tickets.see").Markup);
    }

    [Fact]
    public void Where_it_can_t_be_sent_the_dialog_says_why_and_makes_it_all_the_same()
    {
        Mediator.On<MakeProtocol, string>(_ => "202611300000015");
        var dialogs = Render<MudDialogProvider>();
        var panel = Panel(Details(Row(), 0, t => t with { MayReply = false, Mine = false, Row = t.Row with { UserName = "Bruno" } }));
        panel.FindAll("button").Single(b => b.TextContent.Contains("Gerar protocolo")).Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Este atendimento está com Bruno.", dialogs.Markup));
        Assert.True(dialogs.Find("input[type=checkbox]").HasAttribute("disabled"));
        dialogs.Find("#make-protocol").Submit();
        dialogs.WaitForAssertion(() => Assert.False(Mediator.SentOf<MakeProtocol>().Single().Send));
        Assert.Empty(Mediator.SentOf<PreviewProtocol>());
    }

    [Fact]
    public void Who_is_named_hears_of_it_once()
    {
        var me = SignIn("Ana", "tickets.see");
        Mediator.On<ReadNews, News>(_ => new(0, 0, default, default, default));
        IReadOnlyList<MentionRow> mentions = [new(Guid.CreateVersion7(), Guid.CreateVersion7(), 9, 4, "Bia", "de ontem", DateTime.UtcNow.AddDays(-1))];
        Mediator.On<ReadMentions, IReadOnlyList<MentionRow>>(_ => mentions);
        var badge = Show<DeskBadge>(me, p => p.Add(b => b.Speaks, true));
        var snackbars = Services.GetRequiredService<ISnackbar>();
        Live.Raise([Topics.Mentions(me.Id)]);
        badge.WaitForAssertion(() => Assert.Single(Mediator.SentOf<ReadMentions>()));
        Assert.Empty(snackbars.ShownSnackbars);
        mentions = [new(Guid.CreateVersion7(), Guid.CreateVersion7(), 12, 4, "Caio", "veja isto", DateTime.UtcNow.AddSeconds(1)), .. mentions];
        Live.Raise([Topics.Mentions(me.Id)]);
        badge.WaitForAssertion(() => Assert.Equal("Caio mencionou você no atendimento #12", snackbars.ShownSnackbars.Single().Message));
        Live.Raise([Topics.Mentions(me.Id)]);
        badge.WaitForAssertion(() => Assert.Equal(3, Mediator.SentOf<ReadMentions>().Count));
        Assert.Single(snackbars.ShownSnackbars);
    }
}
