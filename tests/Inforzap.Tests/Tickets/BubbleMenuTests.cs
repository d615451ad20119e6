using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tests.Tickets;

/// <summary>What a bubble offers, by channel, age and author.</summary>
public sealed class BubbleMenuTests : Talks
{
    private static readonly ChannelInfo All = Channel with { Can = Can.Media | Can.Quote | Can.React | Can.Edit | Can.Delete };
    private readonly Actor ana;

    public BubbleMenuTests() => ana = SignIn();

    private IRenderedComponent<Bubble> Menu(MessageRow message, ChannelInfo channel, bool mayReply = true, Action<(MessageRow, string?)>? react = null)
    {
        var bubble = Show<Bubble>(ana, p => p.Add(b => b.M, message).Add(b => b.Channel, channel).Add(b => b.MayQuote, mayReply).Add(b => b.OnReact, w => react?.Invoke(w)));
        if (bubble.FindAll("[aria-haspopup=menu]") is [var button]) button.Click();
        return bubble;
    }

    private static IEnumerable<string> Lines(IRenderedComponent<Bubble> bubble) => bubble.FindAll(".menu-line").Select(l => l.TextContent);

    private MessageRow Own(MessageState state = MessageState.Sent, DateTime? at = null) => Message(1, "Olá", fromUs: true, state, at ?? DateTime.UtcNow) with { SenderUserId = ana.Id };

    [Fact]
    public void My_own_message_can_be_edited_and_deleted_and_reacted_to()
    {
        var bubble = Menu(Own(), All);
        Assert.Equal(["Editar", "Apagar para todos"], Lines(bubble));
        Assert.Equal(8, bubble.FindAll(".quick-emoji button").Count);
    }

    [Theory]
    [InlineData(MessageState.Failed)]
    [InlineData(MessageState.Unknown)]
    public void What_the_retention_emptied_is_not_offered_to_be_sent_again(MessageState state)
    {
        static bool Offers(IRenderedComponent<Bubble> bubble) => bubble.FindAll(".send-problem button").Any(b => b.TextContent == "Reenviar");
        Assert.True(Offers(Menu(Own(state), All)));
        Assert.False(Offers(Menu(Own(state) with { IsForgotten = true }, All)));
        Assert.False(Offers(Menu(Own(state) with { Media = new(Guid.NewGuid(), MediaState.Gone, MessageKind.Document, "", null, 8, null, null, MediaReason.Forgotten) }, All)));
    }

    [Theory]
    [InlineData("text", true)]
    [InlineData("a file on its way", false)]
    [InlineData("a note", false)]
    [InlineData("deleted", false)]
    [InlineData("what nobody may read", false)]
    [InlineData("what retention emptied", false)]
    [InlineData("what can't be drawn", false)]
    public void Whoever_answers_may_forward_what_there_is_to_say_also_from_a_closed_ticket(string what, bool may)
    {
        var message = Message(1, "Oi", note: what == "a note") with
        {
            Media = what == "a file on its way" ? new(Guid.NewGuid(), MediaState.Pending, MessageKind.Image, "a.png", null, 8, null, null, null) : null,
            DeletedAt = what == "deleted" ? Noon : null, IsShut = what == "what nobody may read", IsForgotten = what == "what retention emptied",
            Kind = what == "what can't be drawn" ? MessageKind.Unsupported : MessageKind.Text,
        };
        var forwarded = new List<MessageRow>();
        IRenderedComponent<Bubble> Open(params string[] permissions)
        {
            var bubble = Show<Bubble>(SignIn("Ana", permissions), p => p.Add(b => b.M, message).Add(b => b.Channel, All).Add(b => b.OnForward, forwarded.Add));
            if (bubble.FindAll("[aria-haspopup=menu]") is [var button]) button.Click();
            return bubble;
        }
        Assert.DoesNotContain("Encaminhar", Lines(Open("tickets.see")));
        var menu = Open("tickets.see", "tickets.answer");
        Assert.Equal(may, Lines(menu).Contains("Encaminhar"));
        if (!may) return;
        menu.FindAll(".menu-line").Single(l => l.TextContent == "Encaminhar").Click();
        Assert.Equal(message, Assert.Single(forwarded));
    }

    [Fact]
    public void A_customer_s_sticker_is_saved_by_who_looks_after_them()
    {
        var sticker = Message(1, "") with { Kind = MessageKind.Sticker, Media = new(Guid.NewGuid(), MediaState.Ready, MessageKind.Sticker, "oi.webp", "image/webp", 8, 512, 512, null) };
        IEnumerable<string> Offered(MessageRow message, params string[] permissions)
        {
            var bubble = Show<Bubble>(SignIn("Ana", permissions), p => p.Add(b => b.M, message).Add(b => b.Channel, All));
            if (bubble.FindAll("[aria-haspopup=menu]") is [var button]) button.Click();
            return Lines(bubble);
        }
        Assert.Contains("Salvar figurinha", Offered(sticker, "stickers.edit"));
        Assert.DoesNotContain("Salvar figurinha", Offered(sticker, "tickets.answer"));
        Assert.DoesNotContain("Salvar figurinha", Offered(sticker with { FromUs = true }, "stickers.edit"));
        Assert.DoesNotContain("Salvar figurinha", Offered(Message(1, "Oi"), "stickers.edit"));
    }

    [Fact]
    public void A_customer_s_message_can_be_reacted_to_and_nothing_more()
    {
        var wishes = new List<(MessageRow, string?)>();
        var bubble = Menu(Message(1, "Oi"), All, react: wishes.Add);
        Assert.Empty(Lines(bubble));
        bubble.FindAll(".quick-emoji button")[1].Click();
        Assert.Equal("❤️", Assert.Single(wishes).Item2);
        Assert.Empty(bubble.FindAll(".bubble-menu"));
    }

    [Fact]
    public void The_reaction_that_is_there_is_taken_back_by_the_same_button()
    {
        var wishes = new List<(MessageRow, string?)>();
        var bubble = Menu(Message(1, "Oi") with { OurReaction = "👍" }, All, react: wishes.Add);
        Assert.Contains("👍", bubble.Find(".reactions").TextContent, StringComparison.Ordinal);
        bubble.Find(".quick-emoji button.on").Click();
        Assert.Null(Assert.Single(wishes).Item2);
    }

    [Fact]
    public void Where_the_provider_takes_only_some_only_those_are_offered()
    {
        var bubble = Menu(Message(1, "Oi"), All with { Emojis = ["🔥", "💯"] });
        Assert.Equal(["🔥", "💯"], bubble.FindAll(".quick-emoji button").Select(b => b.TextContent));
    }

    [Fact]
    public void What_the_channel_can_t_do_is_not_there()
    {
        Assert.Empty(Menu(Message(1, "Oi"), Channel).FindAll("[aria-haspopup=menu]"));
        Assert.Empty(Menu(Own(), All, mayReply: false).FindAll(".bubble-tool"));
        Assert.Equal(["Editar"], Lines(Menu(Own(at: DateTime.UtcNow.AddHours(-2)), All with { DeleteWindow = TimeSpan.FromHours(1) })));
        Assert.Empty(Menu(Own(MessageState.Unknown), All).FindAll("[aria-haspopup=menu]"));
        Assert.Equal(["Editar", "Apagar para todos"], Lines(Menu(Own(MessageState.Queued), Channel)));
    }

    [Fact]
    public void A_change_that_did_not_arrive_is_said_with_its_reason()
    {
        var bubble = Menu(Own() with { Act = MessageAct.Edit, ActReason = "Passou do prazo." }, All);
        Assert.Contains("O cliente ainda vê o texto anterior: Passou do prazo.", bubble.Find(".send-problem").TextContent, StringComparison.Ordinal);
        Assert.Equal("Tentar de novo", bubble.Find(".send-problem .link").TextContent);
    }

    [Fact]
    public void A_place_leads_to_a_map_and_a_card_says_its_numbers()
    {
        var place = Menu(Message(1, "MASP") with { Kind = MessageKind.Location, Extra = """{"latitude":-23.561,"longitude":-46.656,"name":"MASP","street":"Av. Paulista, 1578"}""" }, All);
        Assert.Equal("https://www.openstreetmap.org/?mlat=-23.561&mlon=-46.656#map=16/-23.561/-46.656", place.Find(".card a").GetAttribute("href"));
        Assert.Equal("Av. Paulista, 1578", place.Find(".card > span").TextContent);
        var card = Menu(Message(2, "Bruno") with { Kind = MessageKind.Contact, Extra = """{"name":"Bruno","phones":["+55 11 4002-8922"]}""" }, All);
        Assert.Equal("+55 11 4002-8922", card.Find(".card > span").TextContent);
    }
}
