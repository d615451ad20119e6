using System.Text.Json.Nodes;
using Inforzap.Contracts.Contacts;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Plugins;

/// <summary>Groups: one conversation of many writers, which may get another number.</summary>
public sealed class TelegramGroupTests : IAsyncLifetime
{
    private const long Before = -4321;
    private const long After = -1001234567890;
    private TelegramDesk it = null!;

    public async ValueTask InitializeAsync() => it = await TelegramDesk.OpenAsync(groups: true);

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    [Fact]
    public async Task A_group_is_one_conversation_that_says_who_wrote_what()
    {
        await it.BringAsync(Says(Before, 5, 1, "Ana Lima", "Chegou?"));
        await it.BringAsync(Says(Before, 6, 2, "Beto", "Ainda não"));
        var ticket = await it.ServedAsync();
        var details = await it.Desk.SendAs(it.Ana, new ReadTicket(ticket));
        Assert.Equal("Obra da Rua A", details.Row.ContactName);
        Assert.Equal([("Ana Lima", "Chegou?"), ("Beto", "Ainda não")], (await it.Desk.SendAs(it.Ana, new ReadMessages(ticket, 1, 10))).Select(m => (m.Author!, m.Body!)));
        Assert.True(await it.Desk.ReadAsync(db => db.Set<Ticket>().Select(t => t.IsGroup).SingleAsync()));
        await it.AnswerAsync(ticket, "Amanhã cedo");
        Assert.Equal(Before, (long)Assert.Single(it.Telegram.Of("sendMessage")).Body["chat_id"]!);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    [InlineData("both")]
    public async Task A_group_that_moves_goes_on_where_it_was(string told)
    {
        await it.BringAsync(Says(Before, 5, 1, "Ana Lima", "Chegou?"));
        var ticket = await it.ServedAsync();
        if (told != "new") await it.BringAsync(Message(Before, "group", 90, new JsonObject { ["migrate_to_chat_id"] = After }));
        if (told != "old") await it.BringAsync(Message(After, "supergroup", 1, new JsonObject { ["migrate_from_chat_id"] = Before }));
        await it.BringAsync(Says(After, 2, 1, "Ana Lima", "Agora aqui"));
        await it.Desk.SettleAsync();
        Assert.All(await it.MessagesAsync(), m => Assert.Equal(ticket, m.TicketId));
        Assert.Equal(["Chegou?", "Agora aqui"], (await it.MessagesAsync()).Select(m => m.Body));
        await it.AnswerAsync(ticket, "Certo");
        Assert.Equal(After, (long)Assert.Single(it.Telegram.Of("sendMessage")).Body["chat_id"]!);
        Assert.Equal([$"{After}"], await it.Desk.ReadAsync(db => db.Set<ContactAddressView>().Select(a => a.Value).ToListAsync()));
    }

    [Fact]
    public async Task A_send_that_learns_of_the_move_tells_the_conversation()
    {
        await it.BringAsync(Says(Before, 5, 1, "Ana Lima", "Chegou?"));
        var ticket = await it.ServedAsync();
        it.Telegram.Answer("sendMessage", FakeTelegram.Error(400, "Bad Request: group chat was upgraded to a supergroup chat", new { migrate_to_chat_id = After }));
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(await it.AnswerAsync(ticket, "um"))).State);
        await it.AnswerAsync(ticket, "dois");
        Assert.Equal([Before, After, After], it.Telegram.Of("sendMessage").Select(c => (long)c.Body["chat_id"]!));
        await it.BringAsync(Says(After, 2, 1, "Ana Lima", "ok"));
        await it.Desk.SettleAsync();
        Assert.Single((await it.MessagesAsync()).Select(m => m.TicketId).Distinct());
    }

    private string Says(long group, int id, long person, string name, string text) => it.Telegram.Happens("message",
        new JsonObject
        {
            ["message_id"] = id, ["date"] = 1770000000, ["text"] = text,
            ["chat"] = new JsonObject { ["id"] = group, ["type"] = group == Before ? "group" : "supergroup", ["title"] = "Obra da Rua A" },
            ["from"] = new JsonObject { ["id"] = person, ["is_bot"] = false, ["first_name"] = name },
        }.ToJsonString());

    private string Message(long group, string type, int id, JsonObject content)
    {
        content["message_id"] = id;
        content["date"] = 1770000000;
        content["chat"] = new JsonObject { ["id"] = group, ["type"] = type, ["title"] = "Obra da Rua A" };
        content["from"] = new JsonObject { ["id"] = 1, ["is_bot"] = false, ["first_name"] = "Ana Lima" };
        return it.Telegram.Happens("message", content.ToJsonString());
    }
}
