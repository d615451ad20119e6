using Inforzap.Contracts.Tickets;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>A visitor's page reads all tickets of its conversation under one cursor.</summary>
public sealed class ConversationTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task What_is_said_in_an_older_ticket_that_was_reopened_reaches_the_visitor()
    {
        const string who = "5511933330001";
        var (ana, first, second) = await TwoClosedAsync(who);
        var cursor = await CursorAsync(who);
        await counter.Send(ana, new ReopenTicket(first));
        var id = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(first, id, "Voltando ao primeiro assunto"));
        Assert.Equal([id], (await SinceAsync(who, cursor)).Select(m => m.Id));
        Assert.True((await counter.TicketAsync(first)).LastChange > (await counter.TicketAsync(second)).LastChange);
    }

    [Fact]
    public async Task A_customer_s_message_after_that_is_still_newer_than_all()
    {
        const string who = "5511933330002";
        var (ana, first, _) = await TwoClosedAsync(who);
        await counter.Send(ana, new ReopenTicket(first));
        var cursor = await CursorAsync(who);
        await counter.HappenAsync(counter.Says(who, "Estou aqui", "after-reopen"));
        Assert.Equal(["after-reopen"], (await SinceAsync(who, cursor)).Select(m => m.ProviderId));
        Assert.Equal(2, (await counter.MessagesOfAsync(first)).Count(m => !m.FromUs));
    }

    [Fact]
    public async Task A_receipt_and_an_edit_of_an_older_ticket_reach_the_visitor_and_the_active_ticket_goes_on_behind_them()
    {
        const string who = "5511933330003";
        var ana = counter.Agent("Ana");
        var first = await counter.ServedAsync(ana, who);
        var (answer, claim, position) = await counter.AnswerAsync(ana, first, "Já verifico");
        await counter.SendAsSystem(new RecordSend(answer, claim.Message!.AttemptId, position, SendResult.Sent("sent-old")));
        var asked = (await counter.MessagesOfAsync(first))[0].ProviderId!;
        await counter.Send(ana, new CloseTicket(first));
        await counter.HappenAsync(counter.Says(who, "Outro assunto"));
        for (var n = 0; n < 20; n++) await counter.HappenAsync(counter.Says(who, $"linha {n}"));
        var cursor = await CursorAsync(who);
        await counter.HappenAsync(counter.Receipt(who, "sent-old", ReceiptState.Read), new InboundEdit(counter.Channel, "late-edit", new Address(who), asked, "Olá!"));
        var news = await SinceAsync(who, cursor);
        Assert.Equal(["sent-old", asked], news.Select(m => m.ProviderId));
        await counter.HappenAsync(counter.Says(who, "e mais uma", "one-more"));
        Assert.Equal(["one-more"], (await SinceAsync(who, news[^1].Change)).Select(m => m.ProviderId));
    }

    [Fact]
    public async Task A_closed_ticket_that_changes_beside_a_newer_closed_one_is_seen_and_the_next_ticket_goes_on_behind_it()
    {
        const string who = "5511933330004";
        var (_, first, _) = await TwoClosedAsync(who);
        var asked = (await counter.MessagesOfAsync(first))[0].ProviderId!;
        var cursor = await CursorAsync(who);
        // Both in one set: the edit of the old one first, then a message that opens a third ticket.
        await counter.HappenAsync(new InboundEdit(counter.Channel, "edit-4", new Address(who), asked, "Olá!!"), counter.Says(who, "Terceiro assunto", "third"));
        Assert.Equal([asked, "third"], (await SinceAsync(who, cursor)).Select(m => m.ProviderId));
        cursor = await CursorAsync(who);
        await counter.HappenAsync(counter.Says(who, "Continuando", "third-2"));
        Assert.Equal(["third-2"], (await SinceAsync(who, cursor)).Select(m => m.ProviderId));
    }

    [Fact]
    public async Task A_page_that_follows_by_its_cursor_misses_nothing_while_two_tickets_change_at_once()
    {
        const string who = "5511933330005";
        var (ana, first, _) = await TwoClosedAsync(who);
        var asked = (await counter.MessagesOfAsync(first))[0].ProviderId!;
        using var over = new CancellationTokenSource();
        var follower = FollowAsync(who, over.Token);
        var writers = Enumerable.Range(0, 12).SelectMany(n => (Task[])
        [
            counter.WriteAsync(db =>
            {
                var edit = new InboundEdit(counter.Channel, $"both-e{n}", new Address(who), asked, $"Olá {n}");
                db.Enqueue($"in/{counter.Channel:N}/edits{n}", "event", Json(edit), DateTime.UtcNow);
                return Task.CompletedTask;
            }),
            counter.WriteAsync(db =>
            {
                var said = counter.Says(who, $"novo {n}", $"both-m{n}");
                db.Enqueue($"in/{counter.Channel:N}/messages{n % 3}", "event", Json(said), DateTime.UtcNow);
                return Task.CompletedTask;
            }),
            Task.Run(() => counter.Send(ana, new SendMessage(first, Guid.CreateVersion7(), $"nota {n}", IsNote: true))),
        ]).ToArray();
        await Task.WhenAll(writers);
        await counter.SettleAsync();
        await over.CancelAsync();
        var seen = await follower;
        var all = await SinceAsync(who, 0);
        Assert.Equal(all.Select(m => (m.Id, m.Change)).ToHashSet(), seen.Select(s => (s.Key, s.Value)).ToHashSet());
        Assert.Equal(all.Count, all.Select(m => m.Change).Distinct().Count());
    }

    private static string Json(InboundEvent e) => System.Text.Json.JsonSerializer.Serialize(e, System.Text.Json.JsonSerializerOptions.Web);

    /// <summary>What a page has seen when it only ever reads what is behind its cursor; once more after the end.</summary>
    private async Task<Dictionary<Guid, long>> FollowAsync(string who, CancellationToken over)
    {
        Dictionary<Guid, long> seen = [];
        var cursor = 0L;
        for (var last = false; !last;)
        {
            last = over.IsCancellationRequested;
            foreach (var message in await SinceAsync(who, cursor)) (seen[message.Id], cursor) = (message.Change, message.Change);
            await Task.Yield();
        }
        return seen;
    }

    private async Task<(Inforzap.Requests.Actor Agent, Guid First, Guid Second)> TwoClosedAsync(string who)
    {
        var ana = counter.Agent("Ana");
        var first = await counter.ServedAsync(ana, who);
        await counter.Send(ana, new CloseTicket(first));
        await counter.HappenAsync(counter.Says(who, "De novo"), counter.Says(who, "Alguém aí?"), counter.Says(who, "Oi"));
        var second = await counter.TicketOfAsync(who);
        await counter.Send(ana, new AcceptTicket(second));
        await counter.Send(ana, new CloseTicket(second));
        return (ana, first, second);
    }

    private Task<IReadOnlyList<ViewedMessage>> SinceAsync(string who, long change) =>
        counter.SendAsSystem(new ReadConversation(counter.Channel, new Address(who), change));

    private async Task<long> CursorAsync(string who) => (await SinceAsync(who, 0))[^1].Change;
}
