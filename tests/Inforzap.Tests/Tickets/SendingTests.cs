using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

public sealed class SendingTests(Counter counter) : IClassFixture<Counter>
{
    [Fact]
    public async Task A_message_is_queued_with_its_lane_item_and_sent_once()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110001");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "Bom dia");
        Assert.Equal(("Bom dia", "5521911110001"), (((TextContent)claim.Message!.Content).Body, claim.Message.To.Value));
        Assert.Equal(MessageState.Sending, (await counter.MessageAsync(id)).State);
        Assert.NotNull((await counter.SendAsSystem(new ClaimSend(id, position, TimeSpan.FromSeconds(60))))!.BusyUntil);
        Assert.True(await counter.SendAsSystem(new RecordSend(id, claim.Message.AttemptId, position, SendResult.Sent("wamid.1"))));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageState.Sent, "wamid.1"), (message.State, message.ProviderId));
        Assert.Null(await counter.SendAsSystem(new ClaimSend(id, position, TimeSpan.FromSeconds(60))));
        Assert.Equal(LaneItemState.Done, (await counter.ItemAsync("out")).State);
    }

    [Fact]
    public async Task The_same_id_twice_is_one_message()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110002");
        var id = Guid.CreateVersion7();
        var first = await counter.Send(ana, new SendMessage(ticket, id, "uma"));
        var second = await counter.Send(ana, new SendMessage(ticket, id, "uma"));
        Assert.Equal((false, true, first.Seq), (first.Duplicate, second.Duplicate, second.Seq));
        Assert.Equal(2, (await counter.MessagesOfAsync(ticket)).Count);
        var bia = counter.Agent("Bia");
        var other = await counter.ServedAsync(bia, "5521911110003");
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(bia, new SendMessage(other, id, "roubada")));
    }

    [Fact]
    public async Task A_proof_that_nothing_left_tries_again_and_everything_else_does_not()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110004");
        var (later, claim, position) = await counter.AnswerAsync(ana, ticket, "depois");
        await counter.SendAsSystem(new RecordSend(later, claim.Message!.AttemptId, position, SendResult.Later(TimeSpan.FromHours(1))));
        Assert.Equal(MessageState.Queued, (await counter.MessageAsync(later)).State);
        Assert.Equal(LaneItemState.Pending, (await counter.ReadAsync(db => db.Set<LaneItem>().SingleAsync(i => i.Position == position))).State);

        var (unknown, claim2, position2) = await counter.AnswerAsync(ana, ticket, "quem sabe");
        await counter.SendAsSystem(new RecordSend(unknown, claim2.Message!.AttemptId, position2, SendResult.Unknown("tempo esgotado")));
        Assert.Equal((MessageState.Unknown, "tempo esgotado"), ((await counter.MessageAsync(unknown)).State, (await counter.MessageAsync(unknown)).FailReason));
        Assert.Null(await counter.SendAsSystem(new ClaimSend(unknown, position2, TimeSpan.FromSeconds(60))));

        var (refused, claim3, position3) = await counter.AnswerAsync(ana, ticket, "não");
        await counter.SendAsSystem(new RecordSend(refused, claim3.Message!.AttemptId, position3, SendResult.Refused("número inválido", "131026")));
        var message = await counter.MessageAsync(refused);
        Assert.Equal((MessageState.Failed, "número inválido", "131026"), (message.State, message.FailReason, message.FailCode));
    }

    [Fact]
    public async Task An_unknown_send_is_settled_by_a_receipt_that_carries_our_attempt()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110005");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "chegou?");
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Unknown("caiu")));
        await counter.HappenAsync(counter.Receipt("5521911110005", "wamid.9", ReceiptState.Delivered, claim.Message.AttemptId));
        var message = await counter.MessageAsync(id);
        Assert.Equal((MessageState.Delivered, "wamid.9", null), (message.State, message.ProviderId, message.FailReason));
    }

    [Fact]
    public async Task A_receipt_that_overtakes_the_answer_of_the_send_is_not_lost()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110006");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "rápido");
        await counter.HappenAsync(counter.Receipt("5521911110006", "wamid.fast", ReceiptState.Read));
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Sent("wamid.fast")));
        Assert.Equal(MessageState.Read, (await counter.MessageAsync(id)).State);
    }

    [Fact]
    public async Task A_resend_is_a_new_attempt_and_a_persons_decision()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110007");
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "de novo");
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Unknown("caiu")));
        await counter.Send(ana, new ResendMessage(id));
        var item = await counter.ReadAsync(db => db.Set<LaneItem>().OrderByDescending(i => i.Position).FirstAsync(i => i.Payload.Contains(id.ToString())));
        Assert.NotEqual(position, item.Position);
        var again = await counter.SendAsSystem(new ClaimSend(id, item.Position, TimeSpan.FromSeconds(60)));
        Assert.NotEqual(claim.Message.AttemptId, again!.Message!.AttemptId);
        Assert.False(await counter.SendAsSystem(new RecordSend(id, claim.Message.AttemptId, position, SendResult.Sent("late"))));
        await counter.SendAsSystem(new RecordSend(id, again.Message.AttemptId, item.Position, SendResult.Sent("wamid.2")));
        Assert.Equal("wamid.2", (await counter.MessageAsync(id)).ProviderId);
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ResendMessage(id)));
    }

    /// <summary>Sending again and saying that it arrived are the same kind of decision: for who serves the ticket, and for who looks after lanes.</summary>
    [Theory]
    [InlineData("owner", BuiltInRoles.Agent, true)]
    [InlineData("administrator", BuiltInRoles.Administrator, true)]
    [InlineData("supervisor who sees the ticket", BuiltInRoles.Supervisor, false)]
    public async Task Who_only_looks_on_decides_nothing_about_an_unsure_message(string who, BuiltInRoles role, bool may)
    {
        var ana = counter.Agent("Ana");
        var caller = who == "owner" ? ana : counter.Agent("Rui", role);
        foreach (Func<Guid, IRequest<MediatR.Unit>> decide in new Func<Guid, IRequest<MediatR.Unit>>[] { id => new ResendMessage(id), id => new SettleUnknown(id) })
        {
            var ticket = await counter.ServedAsync(ana, $"5521{Random.Shared.Next(20000000, 59999999)}");
            Assert.Equal(ticket, (await counter.Send(caller, new ReadTicket(ticket))).Row.Id);
            var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "chegou?");
            await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Unknown("caiu")));
            var refusal = await Record.ExceptionAsync(() => counter.Send(caller, decide(id)));
            if (may) Assert.Null(refusal);
            else Assert.Equal(RefusalKind.Conflict, Assert.IsType<Refusal>(refusal).Kind);
            Assert.Equal(may, (await counter.MessageAsync(id)).State != MessageState.Unknown);
        }
    }

    [Fact]
    public async Task Notes_never_leave_the_house()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, "5521911110008");
        var id = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, id, "cliente difícil", IsNote: true));
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Payload.Contains(id.ToString()))));
        var seen = await counter.SendAsSystem(new ReadConversation(counter.Channel, new Address("5521911110008"), 0));
        Assert.DoesNotContain(seen, m => m.Id == id);
        Assert.Equal("Olá", ((TextContent)Assert.Single(seen).Content).Body);
    }

    [Fact]
    public async Task Only_who_serves_a_ticket_answers_in_it()
    {
        var (ana, bia) = (counter.Agent("Ana"), counter.Agent("Bia"));
        var ticket = await counter.ServedAsync(ana, "5521911110009");
        var refusal = await Assert.ThrowsAsync<Refusal>(() => counter.Send(bia, new SendMessage(ticket, Guid.CreateVersion7(), "eu também")));
        Assert.Equal(RefusalKind.NotFound, refusal.Kind);
        await counter.Send(ana, new CloseTicket(ticket));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "tarde")))).Kind);
    }

    [Fact]
    public async Task An_upload_is_used_once_by_its_owner_in_its_ticket()
    {
        var (ana, bia) = (counter.Agent("Ana"), counter.Agent("Bia"));
        var ticket = await counter.ServedAsync(ana, "5521911110010");
        var other = await counter.ServedAsync(bia, "5521911110011");
        var file = await counter.Services.GetRequiredService<Files.FileStore>().WriteAsync(new MemoryStream("%PDF-1.7 x"u8.ToArray()), "../../nota.pdf");
        var upload = await counter.Send(ana, new KeepUpload(ticket, file, null));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(bia, new SendMessage(other, Guid.CreateVersion7(), null, upload.Id)));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "segue", upload.Id));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "outra vez", upload.Id)));
        Assert.Equal(("nota.pdf", "application/pdf"), (upload.FileName, upload.MimeType));
        Assert.Null(await counter.Send(bia, new FindMedia(upload.Id)));
        Assert.NotNull(await counter.Send(ana, new FindMedia(upload.Id)));
    }

    [Fact]
    public async Task Two_who_accept_at_once_one_wins_and_the_other_is_told()
    {
        await counter.HappenAsync(counter.Says("5521911110012", "quem?"));
        var ticket = await counter.TicketOfAsync("5521911110012");
        var agents = new Person[20];
        for (var i = 0; i < agents.Length; i++) agents[i] = await counter.PersonAsync($"Agente {i}", BuiltInRoles.Agent, counter.Queue);
        var actors = await Task.WhenAll(agents.Select(counter.ActorOf));
        var refusals = await Task.WhenAll(actors.Select(a => Task.Run(async () => await Record.ExceptionAsync(() => counter.Send(a, new AcceptTicket(ticket))))));
        var winner = Assert.Single(agents.Where((_, i) => refusals[i] is null));
        Assert.Equal(winner.Id, (await counter.TicketAsync(ticket)).UserId);
        Assert.All(refusals.Where(r => r is not null), r => Assert.Equal((RefusalKind.Conflict, $"{winner.Name} atendeu primeiro."), (Assert.IsType<Refusal>(r).Kind, r!.Message)));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<TimelineEntry>().CountAsync(e => e.TicketId == ticket && e.Type == "opened")));
    }
}
