using Bunit;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>What was sent to and fro with a contact, gathered, for who may see it.</summary>
public sealed class GalleryTests(Counter counter) : IClassFixture<Counter>
{
    private static int people;

    private readonly Actor ana = counter.Agent("Ana");

    private static string Number() => $"55219666600{Interlocked.Increment(ref people):00}";

    private async Task SayAsync(Guid ticket, string? text, byte[]? bytes = null, string name = "", MediaKind kind = MediaKind.Document, bool note = false)
    {
        Guid? media = bytes is null ? null
            : (await counter.Send(ana, new KeepUpload(ticket, await counter.Services.GetRequiredService<FileStore>().WriteAsync(new MemoryStream(bytes), name, kind), kind))).Id;
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), text, media, IsNote: note));
    }

    private async Task<IReadOnlyList<GalleryRow>> RowsAsync(Guid ticket, GalleryKind of, Actor? by = null) => (await counter.Send(by ?? ana, new ListGallery(ticket, of))).Rows;

    [Fact]
    public async Task Each_kind_shows_its_own_over_all_tickets_of_the_contact_and_notes_are_none_of_it()
    {
        var number = Number();
        var first = await counter.ServedAsync(ana, number);
        await SayAsync(first, "o orçamento", "%PDF-1.4 x"u8.ToArray(), "orçamento.pdf");
        await SayAsync(first, "", StickersTests.Picture(20, 20), "foto.png", MediaKind.Image);
        await SayAsync(first, "Veja https://a.example/x, e http://b.example.");
        await SayAsync(first, "https://segredo.example", note: true);
        await counter.Send(ana, new CloseTicket(first, null));
        var second = await counter.ServedAsync(ana, number);
        await SayAsync(second, "", "%PDF-1.4 y"u8.ToArray(), "nota.pdf");
        await SayAsync(second, "sem http nenhum");
        Assert.Equal(["nota.pdf", "orçamento.pdf"], (await RowsAsync(second, GalleryKind.Files)).Select(r => r.Media!.FileName));
        Assert.Equal(["foto.png"], (await RowsAsync(first, GalleryKind.Pictures)).Select(r => r.Media!.FileName));
        var links = Assert.Single(await RowsAsync(second, GalleryKind.Links));
        Assert.Equal((first, "https://a.example/x http://b.example/"), (links.TicketId, string.Join(' ', links.Links)));
    }

    [Fact]
    public async Task It_goes_on_where_the_page_ended_also_where_many_came_at_once()
    {
        var ticket = await counter.ServedAsync(ana, Number());
        for (var i = 0; i < 65; i++) await SayAsync(ticket, $"https://a.example/{i}");
        // All of one moment.
        var moment = DateTime.UtcNow.AddDays(-1);
        await counter.WriteAsync(db => db.Claim<Message>(m => m.TicketId == ticket, s => s.SetProperty(m => m.CreatedAt, moment)));
        var seen = new List<string>();
        GalleryCursor? after = null;
        do
        {
            var page = await counter.Send(ana, new ListGallery(ticket, GalleryKind.Links, after));
            seen.AddRange(page.Rows.Select(r => r.Links.Single().AbsolutePath));
            after = page.Next;
        }
        while (after is not null && seen.Count < 200);
        Assert.Equal(Enumerable.Range(0, 65).Reverse().Select(i => $"/{i}"), seen);
    }

    [Fact]
    public async Task Nobody_finds_in_it_what_they_do_not_see()
    {
        var ticket = await counter.ServedAsync(ana, Number());
        await SayAsync(ticket, "https://a.example/x");
        var colleague = counter.Agent("Bia");
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => RowsAsync(ticket, GalleryKind.Links, colleague))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAsStranger(new ListGallery(ticket, GalleryKind.Links)))).Kind);
        var said = (await counter.MessagesOfAsync(ticket))[^1].Id;
        await counter.Send(ana, new DeleteMessage(said));
        Assert.Empty(await RowsAsync(ticket, GalleryKind.Links));
    }
}

/// <summary>The gallery beside a conversation, and the search inside of it.</summary>
public sealed class FindingInsideTests : Talks
{
    private static readonly Guid Ticket = Guid.CreateVersion7();

    private readonly List<long> gone = [];
    private bool closed;

    private IRenderedComponent<FindBar> Bar() => Show<FindBar>(SignIn("Ana", "tickets.see"), p => p.Add(b => b.TicketId, Ticket).Add(b => b.OnGo, gone.Add).Add(b => b.OnClose, () => closed = true));

    [Fact]
    public async Task It_goes_to_the_newest_place_first_and_on_to_older_ones()
    {
        Mediator.On<FindInTicket, IReadOnlyList<long>>(r => r.Text == "bolo" ? [40, 12, 3] : []);
        var bar = Bar();
        bar.Find("input").Input("bolo");
        bar.WaitForAssertion(() => Assert.Equal("1 de 3", bar.Find(".find-count").TextContent));
        await bar.Find(".find-bar").KeyDownAsync("Enter");
        await bar.Find(".find-bar").KeyDownAsync("Enter");
        await bar.Find(".find-bar").KeyDownAsync("Enter");
        await bar.Find("[aria-label^='Resultado mais recente']").ClickAsync();
        Assert.Equal([40, 12, 3, 12], gone);
        Assert.Equal("2 de 3", bar.Find(".find-count").TextContent);
        await bar.Find("input").InputAsync("torta");
        bar.WaitForAssertion(() => Assert.Equal("Nada encontrado", bar.Find(".find-count").TextContent));
        await bar.Find(".find-bar").KeyDownAsync("Escape");
        Assert.True(closed);
    }

    [Fact]
    public void A_refusal_is_said_where_the_count_would_stand()
    {
        Mediator.On<FindInTicket, IReadOnlyList<long>>(_ => throw Refusal.NotFound("Este atendimento não existe mais."));
        var bar = Bar();
        bar.Find("input").Input("bolo");
        bar.WaitForAssertion(() => Assert.Equal("Este atendimento não existe mais.", bar.Find(".find-count").TextContent));
    }

    [Fact]
    public void The_gallery_is_read_when_it_is_opened_and_goes_on_by_a_button()
    {
        var pages = 0;
        Mediator.On<ListGallery, GalleryPage>(r => r.Of != GalleryKind.Files ? new([], null)
            : new([new(Guid.NewGuid(), Ticket, 7, ++pages, Noon, false, new(Guid.NewGuid(), MediaState.Ready, MessageKind.Document, $"a{pages}.pdf", "application/pdf", 10, null, null, null), [])], pages == 1 ? new(Noon, 7, 1) : null));
        var part = Show<GalleryPart>(SignIn("Ana", "tickets.see"), p => p.Add(g => g.Ticket, Details(Row())).Add(g => g.Href, id => $"/desk/{id}?tab=closed"));
        Assert.Empty(Mediator.SentOf<ListGallery>());
        part.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        Assert.Contains("Nenhuma imagem ou vídeo", part.Markup, StringComparison.Ordinal);
        part.FindAll("[role=tab]")[1].Click();
        part.Find(".link").Click();
        Assert.Equal(["a1.pdf", "a2.pdf"], part.FindAll(".gallery-lines li > a").Select(a => a.TextContent));
        Assert.Empty(part.FindAll(".gallery-lines + .link"));
        Assert.EndsWith("?tab=closed&m=2", part.FindAll(".gallery-lines small a")[1].GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarding_goes_to_each_for_itself_and_says_who_did_not_get_it()
    {
        var (maria, jose) = (Row("Maria"), Row("José"));
        Mediator.On<ForwardTickets, IReadOnlyList<TicketRow>>(_ => [maria, jose]);
        Mediator.On<ForwardMessage, Guid>(r => r.TicketId == jose.Id ? throw new Refusal("O canal Site não envia arquivos.") : r.TicketId!.Value);
        var me = SignIn("Ana", "tickets.answer");
        Render<MudBlazor.MudPopoverProvider>();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var message = Message(1, "Oi");
        await dialogs.InvokeAsync(() => Services.GetRequiredService<MudBlazor.IDialogService>().ShowAsync<ForwardDialog>("", new MudBlazor.DialogParameters<ForwardDialog> { { d => d.Message, message }, { d => d.Me, me }, { d => d.TicketId, Guid.NewGuid() } }));
        // Who may start no conversation is offered no contacts.
        Assert.Equal(2, dialogs.FindAll("[role=option]").Count);
        dialogs.FindAll("[role=option]")[0].Click();
        dialogs.FindAll("[role=option]")[1].Click();
        dialogs.FindAll(".mud-dialog-actions button")[1].Click();
        dialogs.WaitForAssertion(() => Assert.Contains("O canal Site não envia arquivos.", dialogs.Find(".forward-results .failed").TextContent, StringComparison.Ordinal));
        Assert.Equal([maria.Id, jose.Id], Mediator.SentOf<ForwardMessage>().Select(f => f.TicketId!.Value));
        // Tried again, it goes to whom it did not reach, with the same id.
        dialogs.FindAll(".mud-dialog-actions button")[0].Click();
        dialogs.FindAll(".mud-dialog-actions button")[1].Click();
        dialogs.WaitForAssertion(() => Assert.Equal(3, Mediator.SentOf<ForwardMessage>().Count));
        Assert.Equal(Mediator.SentOf<ForwardMessage>()[1].CopyId, Mediator.SentOf<ForwardMessage>()[2].CopyId);
    }
}
