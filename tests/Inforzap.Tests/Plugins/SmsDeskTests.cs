using System.Net;
using System.Text.Json;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins.Sms;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>SMS on a whole desk: calls of Comtele, what is fetched from it, and what agents see of both.</summary>
public sealed class SmsDeskTests
{
    private static string Status(SmsTaken sms, string status, string? details = null) =>
        JsonSerializer.Serialize(new { Status = status, PhoneNumber = sms.Phone[2..], Sender = sms.Tag, StatusDate = "2026-11-24 10:30:00", statusDetails = details });

    [Fact]
    public async Task An_answer_is_sent_and_its_receipts_tick()
    {
        await using var it = await SmsDesk.OpenAsync();
        var ticket = await it.ServedAsync();
        var message = await it.AnswerAsync(ticket, "Chega amanhã às 9h");
        var sms = Assert.Single(it.Comtele.Taken);
        Assert.Equal(("Chega amanha as 9h", MessageState.Sent, sms.Tag), (sms.Text, message.State, message.ProviderId));
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/status", Status(sms, "Processed")));
        Assert.Equal(MessageState.Sent, (await it.MessageAsync(message.Id)).State);
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/status", Status(sms, "Delivered")));
        Assert.Equal(MessageState.Delivered, (await it.MessageAsync(message.Id)).State);

        var lost = await it.AnswerAsync(ticket, "E este?");
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/status", Status(it.Comtele.Taken[1], "Undelivered", "Assinante ausente")));
        Assert.Equal((MessageState.Failed, "O SMS não foi entregue: Assinante ausente"), (await it.MessageAsync(lost.Id)) is var m ? (m.State, m.FailReason) : default);
    }

    [Fact]
    public async Task A_reply_comes_once_however_often_it_is_told_and_in_whatever_form()
    {
        await using var it = await SmsDesk.OpenAsync();
        await it.SaidAsync(SmsDesk.Maria, "Oi");
        const string again = """{"sender":"11988887777","content":"Tudo bem?","messageId":"x1","receivedAt":"2026-11-24T13:00:00Z"}""";
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/reply", again));
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/reply", again));
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/reply", "sender=11988887777&content=Ol%C3%A1+de+novo&messageId=x2", "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/reply?sender=5511988887777&content=Ainda&messageId=x3", null, method: HttpMethod.Get));
        var messages = await it.MessagesAsync();
        Assert.Equal(["Oi", "Tudo bem?", "Olá de novo", "Ainda"], messages.Select(m => m.Body!));
        Assert.Single(messages.Select(m => m.TicketId).Distinct());
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("outro-segredo/reply")]
    [InlineData("segredo-do-retorn/reply")]
    [InlineData("SEGREDO-DO-RETORNO/reply")]
    [InlineData("/reply?secret=segredo-do-retorno")]
    public async Task Whoever_does_not_have_the_secret_is_refused_and_nothing_is_kept(string path)
    {
        await using var it = await SmsDesk.OpenAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await it.CallAsync(path.TrimStart('/'), """{"sender":"11988887777","content":"Oi","messageId":"x1"}"""));
        Assert.Empty(await it.MessagesAsync());
    }

    [Fact]
    public async Task What_makes_no_sense_is_answered_well_and_kept_nowhere()
    {
        await using var it = await SmsDesk.OpenAsync();
        foreach (var body in new[] { "{", "[]", "null", "x", """{"sender":"curto","content":"Oi","messageId":"1"}""", """{"sender":"11988887777","content":"Sem hora e sem id"}""", """{"sender":"11988887777","content":"","messageId":"2"}""" })
            Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/reply", body));
        foreach (var body in new[] { """{"Status":"Delivered","PhoneNumber":"11988887777","Sender":"Loja"}""", """{"Status":"Delivered","Sender":"out:1"}""" })
            Assert.Equal(HttpStatusCode.OK, await it.CallAsync($"{SmsDesk.Secret}/status", body));
        Assert.Equal(HttpStatusCode.NotFound, await it.CallAsync($"{SmsDesk.Secret}/outro", "{}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await it.CallAsync($"{SmsDesk.Secret}/reply", "{}", method: HttpMethod.Put));
        Assert.Empty(await it.MessagesAsync());
    }

    [Fact]
    public async Task The_addresses_to_register_are_on_the_card_for_who_may_edit_channels()
    {
        await using var it = await SmsDesk.OpenAsync();
        Assert.Equal([$"/hooks/sms/{SmsDesk.Secret}/status", $"/hooks/sms/{SmsDesk.Secret}/reply"], it.Adapter.SetUpValues(it.Live.On(new Uri("https://desk.example"))).Select(v => v.Value));
        Assert.Equal((true, "Saldo: R$ 123,45. Rota 17: SMS Premium (R$ 0,09)."), (await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel))) is var r ? (r.Ok, r.Message) : default);
    }

    public static TheoryData<ComteleApi> Panels => [ComteleApi.Novo, ComteleApi.Antigo];

    [Theory, MemberData(nameof(Panels))]
    public async Task Without_any_calls_replies_and_receipts_are_fetched_and_told_once(ComteleApi panel)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-24T13:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var it = await SmsDesk.OpenAsync(panel, clock, keepsSessions: true);
        void Pass() => clock.Advance(TimeSpan.FromSeconds(10));
        async Task UntilAsync(Func<Task<bool>> isSo, string what) => await SmsDesk.UntilAsync(async () =>
        {
            await it.Desk.SettleAsync();
            return await isSo();
        }, what, Pass);
        await UntilAsync(() => Task.FromResult(it.Live.Info.State == ChannelState.Connected), "it never worked");
        it.Comtele.Says(SmsDesk.Maria, "Oi");
        it.Comtele.Says("5521977776666", "Tem alguém?");
        await UntilAsync(async () => (await it.MessagesAsync()).Count == 2, "the replies never came");
        var ticket = await it.TicketOfAsync(SmsDesk.Maria);
        await it.Desk.SendAs(it.Ana, new AcceptTicket(ticket));
        var message = await it.AnswerAsync(ticket, "Sim");
        FakeComtele.Becomes(await it.Comtele.TakenAsync(), "Delivered");
        await UntilAsync(async () => (await it.MessageAsync(message.Id)).State == MessageState.Delivered, "the receipt never came");
        // Reports tell the same again: nothing comes of it, here or by a call.
        var asked = it.Comtele.Calls(panel == ComteleApi.Novo ? "/received" : "/replyreporting");
        await UntilAsync(() => Task.FromResult(it.Comtele.Calls(panel == ComteleApi.Novo ? "/received" : "/replyreporting") >= asked + 2), "it stopped asking");
        Assert.Equal(["Oi", "Sim", "Tem alguém?"], (await it.MessagesAsync()).Select(m => m.Body!).Order());
    }

    [Fact]
    public void A_call_and_the_report_of_the_old_panel_tell_one_reply()
    {
        var at = DateTime.Parse("2026-11-24T13:35:00Z", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);
        var reported = Events.Reply(Guid.Empty, new Row(SmsDesk.Maria, "Sim") { At = at });
        var request = new WebhookRequest("POST", "s/reply", new Dictionary<string, string>(), new Dictionary<string, string>(), """{"Sender":"11988887777","SentContent":"Vem?","ReceivedContent":"Sim ","ReceiveDate":"2026-11-24 10:35:00"}"""u8.ToArray());
        var called = Events.Reply(Guid.Empty, Assert.Single(Events.Read(request, isReply: true, TimeSpan.FromHours(-3))));
        Assert.Equal(reported!.EventId, called!.EventId);
        Assert.Equal(at, called.At);
    }

    [Fact]
    public async Task A_send_of_which_the_answer_was_lost_is_settled_by_the_report()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var it = await SmsDesk.OpenAsync(clock: clock, keepsSessions: true);
        var ticket = await it.ServedAsync();
        it.Comtele.TakeAndDrop("send");
        var message = await it.AnswerAsync(ticket, "Chegou?");
        Assert.Equal(MessageState.Unknown, message.State);
        Assert.Single(it.Comtele.Taken);
        await SmsDesk.UntilAsync(async () =>
        {
            await it.Desk.SettleAsync();
            return (await it.MessageAsync(message.Id)).State == MessageState.Sent;
        }, "it was never settled", () => clock.Advance(TimeSpan.FromSeconds(10)));
        Assert.Single(it.Comtele.Taken);
    }

    [Fact]
    public async Task Low_and_lacking_credits_are_told_and_a_refused_key_stops_the_channel()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var it = await SmsDesk.OpenAsync(clock: clock, keepsSessions: true, before: c => c.Balance = 12.30m);
        void Pass() => clock.Advance(TimeSpan.FromSeconds(30));
        await SmsDesk.UntilAsync(() => Task.FromResult(it.Live.Info.State == ChannelState.Connected), "it never worked", Pass);
        var diary = it.Desk.Services.GetRequiredService<ChannelLog>();
        await SmsDesk.UntilAsync(() => Task.FromResult(diary.Take().SelectMany(d => d.Entries).Any(e => e.Detail == "O saldo na Comtele está baixo: R$ 12,30.")), "the diary does not tell of the low balance", Pass);
        it.Comtele.Balance = 0;
        await SmsDesk.UntilAsync(() => Task.FromResult(it.Live.Info.State == ChannelState.Retrying && it.Live.Reason == Failures.NoCredits), "nobody is told that nothing is left", Pass);
        it.Comtele.Refuse("/balance", Enumerable.Range(0, 20).Select(_ => new FakeAnswer(401, "")));
        await SmsDesk.UntilAsync(() => Task.FromResult(it.Live.Info.State == ChannelState.Stopped && it.Live.Reason == Failures.KeyRefused), "the refused key does not stop it", Pass);
    }
}
