using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Plugins;

/// <summary>From an update that Telegram brings to a bubble, and from an answer to a call of the Bot API.</summary>
public sealed class TelegramWebhookTests : IAsyncLifetime
{
    private TelegramDesk it = null!;

    public async ValueTask InitializeAsync() => it = await TelegramDesk.OpenAsync();

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Segredo-do-webhook")]
    [InlineData("segredo-do-webhook ")]
    [InlineData("segredo-do-webhook,segredo-do-webhook")]
    public async Task Without_the_secret_nothing_is_read(string? secret)
    {
        Assert.Equal(WebhookReply.Forbidden, await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "oi"), secret));
        await it.Desk.SettleAsync();
        Assert.Empty(await it.MessagesAsync());
    }

    [Fact]
    public async Task Where_nobody_registered_a_webhook_there_is_none()
    {
        await using var polling = await TelegramDesk.OpenAsync(TelegramMode.Polling);
        Assert.Equal(WebhookReply.NotFound, await polling.BringAsync(polling.Telegram.Says(TelegramDesk.Maria, "oi")));
        await polling.Desk.SettleAsync();
        Assert.Empty(await polling.MessagesAsync());
    }

    [Fact]
    public async Task A_conversation_goes_the_whole_way_in_and_out()
    {
        Assert.Equal(WebhookReply.Ok, await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "Vocês entregam?", id: 55)));
        var ticket = await it.ServedAsync();
        var asked = Assert.Single(await it.MessagesAsync());
        Assert.Equal(("Vocês entregam?", MessageState.Received, "123456789/777001/55"), (asked.Body, asked.State, asked.ProviderId));
        var answered = await it.MessageAsync(await it.AnswerAsync(ticket, "Sim, *hoje*", asked.Id));
        Assert.Equal((MessageState.Sent, "123456789/777001/5001"), (answered.State, answered.ProviderId));
        var call = Assert.Single(it.Telegram.Of("sendMessage"));
        Assert.Equal((TelegramDesk.Maria, "Ana:\nSim, hoje", 55), ((long)call.Body["chat_id"]!, (string?)call.Body["text"], (int)call.Body["reply_parameters"]!["message_id"]!));
        // She reacts to it, edits her question, and presses a button that we showed.
        await it.BringAsync(it.Telegram.Happens("message_reaction", """{"chat":{"id":777001,"type":"private"},"message_id":5001,"user":{"id":777001,"is_bot":false,"first_name":"Maria"},"date":1770000300,"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"}]}"""));
        await it.BringAsync(it.Telegram.Happens("edited_message", FakeTelegram.Message(TelegramDesk.Maria, 55, new JsonObject { ["text"] = "Vocês entregam hoje?", ["edit_date"] = 1770000200 }).ToJsonString()));
        await it.Desk.SettleAsync();
        Assert.Equal("👍", (await it.MessageAsync(answered.Id)).Reaction);
        Assert.Equal(("Vocês entregam hoje?", "Vocês entregam?"), ((await it.MessageAsync(asked.Id)).Body, (await it.MessageAsync(asked.Id)).PreviousBody));
        Assert.DoesNotContain(it.Desk.Log, l => l.Contains(FakeTelegram.Token.Split(':')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Updates_that_come_twice_and_out_of_order_make_each_message_once()
    {
        var said = it.Telegram.Says(TelegramDesk.Maria, "um", id: 55);
        var edited = it.Telegram.Happens("edited_message", FakeTelegram.Message(TelegramDesk.Maria, 55, new JsonObject { ["text"] = "um, corrigido", ["edit_date"] = 1770000200 }).ToJsonString());
        var second = it.Telegram.Says(TelegramDesk.Maria, "dois", id: 56);
        foreach (var update in new[] { edited, second, edited, said, said, second }) Assert.Equal(200, (await it.BringAsync(update)).Status);
        await it.Desk.SettleAsync();
        Assert.Equal(["dois", "um, corrigido"], (await it.MessagesAsync()).Select(m => m.Body));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => it.BringAsync(said)));
        await it.Desk.SettleAsync();
        Assert.Equal(2, (await it.MessagesAsync()).Count);
    }

    [Fact]
    public async Task A_pressed_button_is_answered_in_the_reply_itself()
    {
        var reply = await it.BringAsync(it.Telegram.Happens("callback_query", """{"id":"4382","from":{"id":777001,"is_bot":false,"first_name":"Maria"},"message":{"message_id":58,"chat":{"id":777001,"type":"private"},"date":1770000100},"chat_instance":"-99","data":"opt:1"}"""));
        var json = JsonDocument.Parse(reply.Body!).RootElement;
        Assert.Equal(("answerCallbackQuery", "4382", "application/json"), (json.GetProperty("method").GetString(), json.GetProperty("callback_query_id").GetString(), reply.ContentType));
        await it.Desk.SettleAsync();
        Assert.Equal((MessageKind.Choice, "opt:1"), (Assert.Single(await it.MessagesAsync()).Kind, (await it.MessagesAsync())[0].Body));
    }

    [Fact]
    public async Task What_can_not_be_read_is_taken_all_the_same_so_that_it_holds_nobody_up()
    {
        Assert.Equal(200, (await it.BringAsync("{\"update_id\":")).Status);
        Assert.Equal(200, (await it.BringAsync("""{"update_id":7,"time_travel":{}}""")).Status);
        Assert.Contains(it.Desk.Log, l => l.Contains("could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_is_fetched_and_one_that_is_too_large_says_so_in_its_bubble()
    {
        byte[] png = [.. Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")];
        it.Telegram.Keeps("AgAC-x", png);
        await it.BringAsync(Picture(55, "AgAC-x"));
        it.Telegram.Answer("getFile", FakeTelegram.Result(new JsonObject { ["file_id"] = "AgAC-x", ["file_unique_id"] = "y", ["file_size"] = png.Length, ["file_path"] = "files/AgAC-x" }), FakeTelegram.Error(400, "Bad Request: file is too big"));
        await it.Desk.SettleAsync();
        await it.BringAsync(Picture(56, "huge"));
        await it.Desk.SettleAsync();
        var media = await it.Desk.ReadAsync(db => db.Set<Media>().AsNoTracking().OrderBy(m => m.CreatedAt).ThenBy(m => m.FileName).ToListAsync());
        Assert.Equal([MediaState.Ready, MediaState.Failed], media.Select(m => m.State));
        Assert.Equal(("image/png", 1, "too-large:20971520"), (media[0].MimeType, media[0].Width, media[1].Reason));

        string Picture(int id, string file) => it.Telegram.Happens("message", FakeTelegram.Message(TelegramDesk.Maria, id, new JsonObject
        {
            ["photo"] = new JsonArray(new JsonObject { ["file_id"] = file, ["file_unique_id"] = "u", ["width"] = 1, ["height"] = 1 }),
        }).ToJsonString());
    }

    [Fact]
    public async Task Who_blocked_the_bot_is_named_as_the_reason()
    {
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "oi"));
        var ticket = await it.ServedAsync();
        it.Telegram.Answer("sendMessage", FakeTelegram.Error(403, "Forbidden: bot was blocked by the user"));
        var message = await it.MessageAsync(await it.AnswerAsync(ticket, "olá"));
        Assert.Equal((MessageState.Failed, "403"), (message.State, message.FailCode));
        Assert.Contains("bloqueou o bot", message.FailReason, StringComparison.Ordinal);
        // Everybody who looks at the ticket is told, until she writes again.
        Assert.Equal(message.FailReason, (await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).Unreachable);
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "voltei"));
        await it.Desk.SettleAsync();
        Assert.Null((await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).Unreachable);
    }

    [Fact]
    public async Task Who_blocks_the_bot_and_comes_back_is_out_of_reach_meanwhile()
    {
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "oi"));
        var ticket = await it.ServedAsync();
        var blocked = Membership("kicked");
        await it.BringAsync(blocked);
        await it.Desk.SettleAsync();
        Assert.Contains("bloqueou o bot", (await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).Unreachable, StringComparison.Ordinal);
        await it.BringAsync(Membership("member"));
        await it.BringAsync(blocked);
        await it.Desk.SettleAsync();
        Assert.Null((await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).Unreachable);

        string Membership(string status) => it.Telegram.Happens("my_chat_member", $$$"""
            {"chat":{"id":777001,"type":"private","first_name":"Maria"},"from":{"id":777001,"is_bot":false,"first_name":"Maria"},"date":1770000400,
             "old_chat_member":{"user":{"id":123456789,"is_bot":true,"first_name":"Loja"},"status":"member"},
             "new_chat_member":{"user":{"id":123456789,"is_bot":true,"first_name":"Loja"},"status":"{{{status}}}","until_date":0}}
            """);
    }

    [Fact]
    public async Task While_the_agent_types_the_customer_sees_it_again_and_again()
    {
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "oi"));
        var ticket = await it.ServedAsync();
        await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, true));
        await it.Telegram.CallAsync("sendChatAction", 2);
        await it.Desk.SendAs(it.Ana, new ShowTyping(ticket, false));
        var shown = it.Telegram.Of("sendChatAction").Count;
        await Task.Delay(5_000);
        Assert.Equal(shown, it.Telegram.Of("sendChatAction").Count);
        var bia = await it.Desk.PersonAsync("Bia", BuiltInRoles.Administrator);
        await Assert.ThrowsAsync<Refusal>(() => it.Desk.SendAs(bia, new ShowTyping(ticket, true)));
    }

    [Fact]
    public async Task The_link_that_brought_a_customer_is_kept_and_the_first_one_stays()
    {
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "/start promo_maio"));
        var ticket = await it.ServedAsync();
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "/start outra"));
        await it.Desk.SettleAsync();
        Assert.Equal("promo_maio", (await it.Desk.SendAs(it.Ana, new ReadTicket(ticket))).CameFrom);
        Assert.Equal(["/start promo_maio", "/start outra"], (await it.MessagesAsync()).Select(m => m.Body));
    }

    [Fact]
    public async Task A_number_that_somebody_shares_of_themselves_belongs_to_them()
    {
        await it.BringAsync(it.Telegram.Happens("message", FakeTelegram.Message(TelegramDesk.Maria, 55, new JsonObject
        {
            ["contact"] = new JsonObject { ["phone_number"] = "5511988887777", ["first_name"] = "Maria", ["user_id"] = TelegramDesk.Maria },
        }).ToJsonString()));
        await it.ServedAsync();
        var addresses = await it.Desk.ReadAsync(db => db.Set<Inforzap.Contracts.Contacts.ContactAddressView>().OrderBy(a => a.Kind).Select(a => a.Value).ToListAsync());
        Assert.Equal(["5511988887777", "777001"], addresses);
    }

    [Fact]
    public async Task A_message_that_may_have_left_is_not_sent_twice()
    {
        await it.BringAsync(it.Telegram.Says(TelegramDesk.Maria, "oi"));
        var ticket = await it.ServedAsync();
        it.Telegram.Answer("sendMessage", FakeTelegram.Error(500, "Internal Server Error"));
        Assert.Equal(MessageState.Unknown, (await it.MessageAsync(await it.AnswerAsync(ticket, "olá"))).State);
        Assert.Single(it.Telegram.Of("sendMessage"));
    }
}
