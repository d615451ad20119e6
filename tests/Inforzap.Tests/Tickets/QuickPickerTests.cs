using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.QuickMessages;

namespace Inforzap.Tests.Tickets;

/// <summary>The list that a slash opens in the composer.</summary>
public sealed class QuickPickerTests : Talks
{
    private static readonly QuickChoice Pix = new(Guid.CreateVersion7(), "pix", "Chave Pix", "A chave é o CNPJ.", 0, QuickScope.Company);
    private static readonly QuickChoice Address = new(Guid.CreateVersion7(), "endereco", "Onde ficamos", "Rua das Flores, 10", 2, QuickScope.Company);
    private static readonly QuickChoice Invoice = new(Guid.CreateVersion7(), "nota-fiscal", "Nota e pix", "Segue a nota.", 0, QuickScope.User);

    private readonly List<Composer.Outgoing> sent = [];
    private UsedQuickMessage used = new("A chave é 123.", [], []);

    public QuickPickerTests()
    {
        Offer(Pix, Address, Invoice);
        Mediator.On<UseQuickMessage, UsedQuickMessage>(_ => used);
    }

    private void Offer(params QuickChoice[] choices) => Mediator.On<OfferQuickMessages, IReadOnlyList<QuickChoice>>(_ => choices);

    private IRenderedComponent<Composer> Open(TicketDetails? ticket = null, params string[] permissions) =>
        Show<Composer>(SignIn("Ana", permissions.Length == 0 ? ["tickets.see", "tickets.answer", "quick.see"] : permissions), p => p
            .Add(c => c.Ticket, ticket ?? Details(Row()))
            .Add(c => c.OnSend, message =>
            {
                sent.Add(message);
                return Task.FromResult<string?>(null);
            }));

    private static Task<int> TypeAsync(IRenderedComponent<Composer> composer, string word) => composer.InvokeAsync(() => composer.Instance.Quick(word));

    private static Task<string?> EnterAsync(IRenderedComponent<Composer> composer, string word = "") => composer.InvokeAsync(() => composer.Instance.QuickChoose(word));

    private static string[] Shown(IRenderedComponent<Composer> composer) => [.. composer.FindAll("[role=option] code").Select(c => c.TextContent)];

    [Fact]
    public async Task A_slash_shows_them_all_and_what_is_typed_picks_the_nearest_first()
    {
        var composer = Open();
        Assert.Empty(composer.FindAll("[role=listbox]"));
        Assert.Equal(3, await TypeAsync(composer, ""));
        Assert.Equal(["/pix", "/endereco", "/nota-fiscal"], Shown(composer));
        Assert.Equal(2, await TypeAsync(composer, "pi"));
        Assert.Equal(["/pix", "/nota-fiscal"], Shown(composer));
        await TypeAsync(composer, "ENDEREÇO");
        Assert.Equal(["/endereco"], Shown(composer));
        Assert.Equal(0, await TypeAsync(composer, "usr"));
        Assert.Empty(composer.FindAll("[data-quick]"));
        Assert.Null(await EnterAsync(composer, "usr"));
        Assert.Single(Mediator.SentOf<OfferQuickMessages>());
    }

    [Fact]
    public async Task Keys_move_the_mark_round_the_ends_and_a_screen_reader_follows()
    {
        var composer = Open();
        await TypeAsync(composer, "");
        Marks("/pix");
        await MoveAsync(1);
        Marks("/endereco");
        await MoveAsync(-1);
        await MoveAsync(-1);
        Marks("/nota-fiscal");
        await MoveAsync(1);
        Marks("/pix");
        var text = composer.Find("textarea");
        Assert.Equal(("list", composer.Find("[role=listbox]").Id), (text.GetAttribute("aria-autocomplete"), text.GetAttribute("aria-controls")));
        Assert.Contains("Mensagens rápidas: 3", composer.Find("[role=status]").TextContent);
        await composer.InvokeAsync(composer.Instance.QuickClose);
        Assert.Empty(composer.FindAll("[role=listbox]"));
        Assert.False(composer.Find("textarea").HasAttribute("aria-activedescendant"));
        Assert.Equal("", composer.Find("[role=status]").TextContent);

        Task MoveAsync(int by) => composer.InvokeAsync(() => composer.Instance.QuickMove(by));

        void Marks(string shortcut)
        {
            var marked = Assert.Single(composer.FindAll("[role=option][aria-selected=true]"));
            Assert.Equal(shortcut, marked.QuerySelector("code")!.TextContent);
            Assert.Equal(marked.Id, composer.Find("textarea").GetAttribute("aria-activedescendant"));
        }
    }

    [Fact]
    public async Task Enter_gives_the_text_of_the_marked_one_for_this_ticket_and_closes()
    {
        var ticket = Details(Row());
        var composer = Open(ticket);
        await TypeAsync(composer, "pi");
        Assert.Equal("A chave é 123.", await EnterAsync(composer, "pi"));
        Assert.Equal(new UseQuickMessage(ticket.Row.Id, Pix.Id, true), Assert.Single(Mediator.SentOf<UseQuickMessage>()));
        Assert.Empty(composer.FindAll("[data-quick]"));
        Assert.Empty(sent);
    }

    [Fact]
    public async Task Enter_waits_for_a_list_that_is_still_on_its_way()
    {
        var list = new TaskCompletionSource<IReadOnlyList<QuickChoice>>();
        Mediator.OnAsync<OfferQuickMessages, IReadOnlyList<QuickChoice>>(_ => list.Task);
        var composer = Open();
        var typed = TypeAsync(composer, "end");
        var entered = EnterAsync(composer, "end");
        Assert.False(entered.IsCompleted);
        list.SetResult([Pix, Address]);
        await typed;
        Assert.NotNull(await entered);
        Assert.Equal(Address.Id, Assert.Single(Mediator.SentOf<UseQuickMessage>()).Id);
    }

    [Fact]
    public async Task A_click_takes_one_too()
    {
        var composer = Open();
        await TypeAsync(composer, "");
        await composer.FindAll("[role=option]")[1].ClickAsync(new());
        Assert.Equal(Address.Id, Assert.Single(Mediator.SentOf<UseQuickMessage>()).Id);
    }

    [Fact]
    public async Task Its_files_lie_beside_the_text_and_go_with_it()
    {
        var (small, large) = (Guid.NewGuid(), Guid.NewGuid());
        used = new("Rua das Flores, 10", [], [Media(small, "mapa.png", 10), Media(large, "filme.mp4", 2_000_000)]);
        var composer = Open();
        await TypeAsync(composer, "end");
        await EnterAsync(composer);
        Assert.Equal(["mapa.png", "filme.mp4"], composer.FindAll(".uploads b").Select(b => b.TextContent));
        // The channel takes one megabyte: said at once, and not when it is too late.
        Assert.Single(composer.FindAll(".uploads li.failed"));
        var id = Guid.CreateVersion7();
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.Send(id, "Rua das Flores, 10")));
        Assert.Equal((id, "Rua das Flores, 10", (Guid?)small), sent.Select(s => (s.Id, s.Text, s.MediaId)).Single());

        static MediaRow Media(Guid id, string name, long size) => new(id, MediaState.Ready, MessageKind.Image, name, "image/png", size, 1, 1, null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_no_files_can_go_the_text_goes_alone_and_that_is_said(bool isNote)
    {
        var composer = Open(isNote ? null : Details(Row(), 0, t => t with { Channel = Channel with { Can = Can.Text } }));
        if (isNote) composer.Find("[data-note]").Click();
        await TypeAsync(composer, "end");
        Assert.NotNull(await EnterAsync(composer));
        Assert.False(Assert.Single(Mediator.SentOf<UseQuickMessage>()).WithFiles);
        Assert.Contains("arquivos", composer.Find(".composer-problem").TextContent);
    }

    [Fact]
    public async Task A_variable_that_does_not_exist_is_said_and_is_not_sent_until_it_is_gone()
    {
        used = new("Pague em {{link}}", ["link"], []);
        var composer = Open();
        await TypeAsync(composer, "pix");
        Assert.Equal("Pague em {{link}}", await EnterAsync(composer));
        Assert.Contains("{{link}}", composer.Find(".composer-problem").TextContent);
        Assert.Contains("{{Link}}", await composer.InvokeAsync(() => composer.Instance.Send(Guid.NewGuid(), "Olá. Pague em {{ Link }}")));
        Assert.Empty(sent);
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.Send(Guid.NewGuid(), "Pague em https://x.example {{outra coisa}}")));
        Assert.Single(sent);
    }

    [Fact]
    public async Task What_was_refused_leaves_the_word_as_it_was_and_says_why()
    {
        Mediator.On<UseQuickMessage, UsedQuickMessage>(_ => throw Refusal.NotFound("Esta mensagem rápida não existe mais."));
        var composer = Open();
        await TypeAsync(composer, "pi");
        Assert.Equal("/pi", await EnterAsync(composer, "pi"));
        Assert.Equal("Esta mensagem rápida não existe mais.", composer.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task Where_there_are_none_it_says_how_to_make_one()
    {
        Offer();
        var composer = Open();
        Assert.Equal(0, await TypeAsync(composer, ""));
        Assert.Equal("/quick-messages", composer.Find("[data-quick] a").GetAttribute("href"));
        await TypeAsync(composer, "x");
        Assert.Empty(composer.FindAll("[data-quick]"));
    }

    [Fact]
    public async Task It_reads_anew_each_time_it_opens()
    {
        var composer = Open();
        await TypeAsync(composer, "");
        await composer.InvokeAsync(composer.Instance.QuickClose);
        Offer(Invoice);
        await TypeAsync(composer, "");
        Assert.Equal(["/nota-fiscal"], Shown(composer));
    }

    [Fact]
    public async Task Whoever_may_not_see_them_has_no_button_and_a_slash_is_a_slash()
    {
        var composer = Open(null, "tickets.see", "tickets.answer");
        Assert.Empty(composer.FindAll("[data-quick-open]"));
        Assert.Equal(0, await TypeAsync(composer, ""));
        Assert.NotEmpty(Open().FindAll("[data-quick-open]"));
    }
}
