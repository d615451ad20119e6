using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Bunit;

namespace Inforzap.Tests.Tickets;

public sealed class ConversationViewTests : Talks
{
    private readonly List<MessageRow> messages = [];
    private TicketDetails ticket = Details(Row());

    [Fact]
    public void Days_are_set_apart_and_new_messages_marked()
    {
        messages.AddRange([Message(1, "ontem", at: Noon.AddDays(-1)), Message(2, "hoje"), Message(3, "agora")]);
        ticket = Details(Row(unread: 1), 3);
        var view = Open();
        Assert.Equal(2, view.FindAll(".day").Count);
        Assert.Equal("1 nova mensagem", view.Find("#new-mark").TextContent);
        Assert.Equal("m3", view.Find("#new-mark").NextElementSibling!.Id);
        Assert.Single(Mediator.SentOf<SeeTicket>());
    }

    [Fact]
    public void The_tick_says_what_the_provider_charges_where_that_is_told()
    {
        messages.AddRange([Message(1, "Pix", fromUs: true, state: MessageState.Read) with { Charge = new("utility", true) }, Message(2, "Oi", fromUs: true, state: MessageState.Read)]);
        ticket = Details(Row(), 2);
        var view = Open();
        Assert.EndsWith("Utilidade, cobrada", view.Find("#m1 .tick").GetAttribute("title"));
        Assert.DoesNotContain("·", view.Find("#m2 .tick").GetAttribute("title"));
    }

    [Fact]
    public void What_failed_says_why_and_is_sent_again_in_place()
    {
        messages.Add(Message(1, "Orçamento", fromUs: true, state: MessageState.Failed, reason: "Número não existe."));
        ticket = Details(Row(), 1);
        Mediator.On<ResendMessage>();
        var view = Open();
        Assert.Contains("Número não existe.", view.Find("#m1").TextContent);
        view.FindAll("#m1 button").Single(b => b.TextContent.Contains("Reenviar")).Click();
        Assert.Equal(messages[0].Id, Assert.Single(Mediator.SentOf<ResendMessage>()).MessageId);
    }

    [Fact]
    public void What_was_said_elsewhere_is_one_line_and_what_may_not_be_read_any_more_says_so()
    {
        messages.AddRange(
        [
            Message(1, null!) with { IsElsewhere = true, Kind = MessageKind.System }, Message(2, null!) with { IsElsewhere = true, Kind = MessageKind.System },
            Message(3, null!) with { DeletedAt = Noon, IsShut = true }, Message(4, null!) with { IsForgotten = true },
            Message(5, "cito") with { Quoted = new(Guid.NewGuid(), 3, false, MessageKind.Text, null) { IsShut = true } },
            Message(6, "") with { Media = new MediaRow(Guid.CreateVersion7(), MediaState.Gone, MessageKind.Image, "", null, null, null, null, "forgotten") },
        ]);
        ticket = Details(Row(), 6);
        var view = Open();
        Assert.Equal("Mensagens trocadas em outra fila não aparecem para você.", Assert.Single(view.FindAll(".told")).TextContent);
        Assert.Contains("Mensagem apagada", view.Find("#m3").TextContent, StringComparison.Ordinal);
        Assert.Contains("Conteúdo removido", view.Find("#m4").TextContent, StringComparison.Ordinal);
        Assert.Contains("Mensagem que você não vê", view.Find("#m5 .quote").TextContent, StringComparison.Ordinal);
        Assert.Contains("Conteúdo removido", view.Find("#m6").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unsure_is_a_person_s_to_decide()
    {
        messages.Add(Message(1, "Pix", fromUs: true, state: MessageState.Unknown));
        ticket = Details(Row(), 1);
        Mediator.On<SettleUnknown>();
        var view = Open();
        view.FindAll("#m1 button").Single(b => b.TextContent.Contains("Chegou")).Click();
        Assert.Equal(messages[0].Id, Assert.Single(Mediator.SentOf<SettleUnknown>()).MessageId);
        Assert.Empty(Mediator.SentOf<ResendMessage>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_failed_is_fetched_again_by_who_decides_and_a_refusal_is_said(bool mayDecide)
    {
        var media = new MediaRow(Guid.CreateVersion7(), MediaState.Failed, MessageKind.Image, "foto.png", null, null, null, null, "unreachable");
        messages.Add(Message(1, "") with { Media = media });
        ticket = Details(Row(), 1, t => t with { MayDecide = mayDecide });
        Mediator.On<FetchMediaAgain>(_ => throw Refusal.Conflict("O arquivo está a caminho."));
        var view = Open();
        Assert.Equal(mayDecide ? 1 : 0, view.FindAll("#m1 .file.failed button").Count);
        if (!mayDecide) return;
        view.Find("#m1 .file.failed button").Click();
        Assert.Equal(media.Id, Assert.Single(Mediator.SentOf<FetchMediaAgain>()).MediaId);
        Assert.Contains("O arquivo está a caminho.", Services.GetRequiredService<MudBlazor.ISnackbar>().ShownSnackbars.Select(s => s.Message));
    }

    [Fact]
    public async Task What_is_sent_once_more_because_its_answer_was_lost_stands_there_once()
    {
        messages.AddRange([Message(1, "Olá"), Message(2, "Oi", fromUs: true, state: MessageState.Sent)]);
        ticket = Details(Row(), 2);
        Mediator.On<SendMessage, SentMessage>(_ => new(2, Duplicate: true));
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(_ => []);
        var view = Open();
        var problem = await view.InvokeAsync(() => view.FindComponent<Composer>().Instance.OnSend(new(messages[1].Id, "Oi", null, IsNote: false, Sign: false)));
        Assert.Null(problem);
        Assert.Equal(2, view.FindAll(".bubble-row").Count);
        Assert.Empty(view.FindAll(".tick-queued"));
    }

    [Fact]
    public void A_hint_brings_what_is_new_and_what_changed_by_cursor()
    {
        messages.AddRange([Message(1, "Olá"), Message(2, "Oi", fromUs: true, state: MessageState.Sent)]);
        ticket = Details(Row(), 2);
        var view = Open();
        var changed = messages[1] with { Change = 3, State = MessageState.Read };
        var arrived = Message(3, "Tudo bem?") with { Change = 4 };
        var since = new List<long>();
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(r =>
        {
            since.Add(r.Since);
            return r.Since < 4 ? [changed, arrived] : [];
        });
        Live.Raise([Topics.Ticket(ticket.Row.Id)]);
        view.WaitForAssertion(() => Assert.Contains("Tudo bem?", view.Find("#m3").TextContent));
        Assert.NotEmpty(view.FindAll("#m2 .tick-read"));
        Assert.Equal(3, view.FindAll(".bubble-row").Count);
        Assert.Equal(2, since[0]);
    }

    [Fact]
    public void What_somebody_else_read_first_stands_where_it_was_written()
    {
        messages.Add(Message(1, "um"));
        ticket = Details(Row(), 1);
        var view = Open();
        // The second was marked as read before this view heard of it, the third was not.
        MessageRow[] news = [Message(3, "três") with { Change = 3 }, Message(2, "dois") with { Change = 4 }, Message(4, "quatro") with { Change = 5 }];
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(r => [.. news.Where(m => m.Change > r.Since)]);
        Live.Raise([Topics.Ticket(ticket.Row.Id)]);
        view.WaitForAssertion(() => Assert.Equal(["m1", "m2", "m3", "m4"], view.FindAll(".bubble-row").Select(b => b.Id)));
    }

    [Fact]
    public void Where_nobody_may_look_before_taking_nothing_is_read_until_it_is_taken()
    {
        messages.Add(Message(1, "assunto particular"));
        ticket = Details(Row(status: TicketStatus.Pending), 1, t => t with { Mine = false, MayLook = false, MayReply = false, MayAccept = true });
        var view = Open();
        Assert.Empty(Mediator.SentOf<ReadStretch>());
        Assert.Contains("Atenda para ver as mensagens", view.Markup);
        ticket = Details(ticket.Row with { Status = TicketStatus.Open }, 1);
        Live.Raise([Topics.Ticket(ticket.Row.Id)]);
        view.WaitForAssertion(() => Assert.Contains("assunto particular", view.Markup));
    }

    [Fact]
    public void A_ticket_that_is_gone_says_so()
    {
        Mediator.On<ReadTicket, TicketDetails>(_ => throw Refusal.NotFound("Este atendimento não existe."));
        Assert.Contains("Este atendimento não existe.", Show<Conversation>(SignIn(), p => p.Add(c => c.TicketId, Guid.NewGuid())).Markup);
    }

    [Fact]
    public void An_agent_who_was_faster_is_named()
    {
        ticket = Details(Row(status: TicketStatus.Pending), 0, t => t with { Mine = false, MayReply = false, MayAccept = true });
        Mediator.On<AcceptTicket>(_ => throw Refusal.Conflict("Bruno atendeu primeiro."));
        var view = Open();
        view.FindAll("header button").Single(b => b.TextContent.Contains("Atender")).Click();
        Assert.Contains("Bruno atendeu primeiro.", Services.GetRequiredService<MudBlazor.ISnackbar>().ShownSnackbars.Select(s => s.Message));
    }

    [Fact]
    public void What_goes_out_of_sight_takes_what_stands_beside_it_along()
    {
        ticket = Details(Row(), 0);
        var seen = new List<TicketDetails?>();
        var view = Open();
        view.Render(p => p.Add(c => c.OnTicket, Microsoft.AspNetCore.Components.EventCallback.Factory.Create<TicketDetails?>(this, seen.Add)));
        Mediator.On<ReadTicket, TicketDetails>(_ => throw Refusal.NotFound("Este atendimento não existe."));
        Live.Raise([Topics.Ticket(ticket.Row.Id)]);
        view.WaitForAssertion(() => Assert.Contains("Este atendimento não existe.", view.Markup));
        view.WaitForAssertion(() => Assert.Equal([null], seen));
    }

    private IRenderedComponent<Conversation> Open()
    {
        Mediator.On<ReadTicket, TicketDetails>(_ => ticket);
        Mediator.On<ReadStretch, Stretch>(r =>
        {
            List<MessageRow> fit = [.. messages.Where(m => m.Place < (r.Before ?? long.MaxValue) && m.Place > (r.After ?? long.MinValue)).OrderBy(m => m.Place)];
            return new(r.After is null ? [.. fit.TakeLast(r.Take)] : [.. fit.Take(r.Take)], r.After is null && fit.Count > r.Take, r.After is not null && fit.Count > r.Take);
        });
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(_ => []);
        return Show<Conversation>(SignIn("Ana", "tickets.answer", "tickets.see"), p => p.Add(c => c.TicketId, ticket.Row.Id));
    }

    [Fact]
    public async Task History_that_comes_in_stands_above_what_was_said_here_and_is_no_news()
    {
        messages.AddRange([Message(1, "um"), Message(2, "dois")]);
        ticket = Details(Row(), 2, t => t with { History = new(Inforzap.Tickets.Past.HistoryState.Running, 100, 50, 2, null, null), MaySyncHistory = true });
        var view = Open();
        Assert.Contains("50 de até 100", view.Find(".history-line").TextContent, StringComparison.Ordinal);
        MessageRow[] brought = [Message(-1, "no meio") with { Change = 3, Place = Inforzap.Tickets.Message.PlaceOf(1) + 5, Origin = MessageOrigin.Sync }, Message(-2, "antes") with { Change = 4, Origin = MessageOrigin.Sync }];
        Mediator.On<ReadChanges, IReadOnlyList<MessageRow>>(r => [.. brought.Where(m => m.Change > r.Since)]);
        Live.Raise([Topics.Ticket(ticket.Row.Id)]);
        view.WaitForAssertion(() => Assert.Equal(["m-2", "m1", "m-1", "m2"], view.FindAll(".bubble-row").Select(b => b.Id!)));
        Assert.Equal("Trazida do histórico", view.Find("#m-2 .foot .tick").GetAttribute("title"));
        Assert.Equal("", view.Find("[aria-live=polite].visually-hidden").TextContent);
        Mediator.On<Inforzap.Tickets.Past.StopHistory>();
        await view.InvokeAsync(() => view.Find(".history-line button").Click());
        Assert.Equal(ticket.Row.Id, Assert.Single(Mediator.SentOf<Inforzap.Tickets.Past.StopHistory>()).TicketId);
    }

    [Fact]
    public void The_search_stands_above_the_messages_and_beside_the_composer_and_goes_again()
    {
        messages.Add(Message(1, "Oi"));
        ticket = Details(Row(), 1);
        var view = Open();
        view.Find("[aria-label='Pesquisar nesta conversa']").Click();
        Assert.Equal((1, 1), (view.FindAll(".find-bar").Count, view.FindAll(".composer textarea").Count));
        view.Find(".find-bar [aria-label='Fechar']").Click();
        Assert.Empty(view.FindAll(".find-bar"));
    }

    [Fact]
    public void Colleagues_who_have_it_open_too_are_named_until_they_leave_and_answer_to_whoever_comes()
    {
        var bia = Guid.NewGuid();
        var heard = new List<Seen>();
        Mediator.On<ReadViewers, IReadOnlyList<string>>(r => [.. r.UserIds.Select(id => id == bia ? "Bia" : "Caio").Order()]);
        ticket = Details(Row(), 0);
        var id = ticket.Row.Id;
        using var hearing = Live.Hear([Topics.Viewing(id)], what => heard.Add((Seen)what));
        var view = Open();
        Assert.True(Assert.Single(heard).IsThere);
        Live.Show(Topics.Viewing(id), new(bia, true));
        view.WaitForAssertion(() => Assert.Equal("Bia também está vendo", view.Find(".viewers").TextContent));
        // Said again for whoever came, and not again to whoever is known.
        Assert.Equal(2, heard.Count(h => h.UserId != bia));
        Live.Show(Topics.Viewing(id), new(bia, true));
        Assert.Equal(2, heard.Count(h => h.UserId != bia));
        Live.Show(Topics.Viewing(id), new(Guid.NewGuid(), true));
        view.WaitForAssertion(() => Assert.Equal("Bia e Caio também estão vendo", view.Find(".viewers").TextContent));
        Live.Show(Topics.Viewing(id), new(bia, false));
        view.WaitForAssertion(() => Assert.Equal("Caio também está vendo", view.Find(".viewers").TextContent));
        Assert.Equal(2, Mediator.SentOf<ReadViewers>().Count(r => r.UserIds.Contains(bia)));
    }

    [Fact]
    public void That_a_colleague_types_is_said_to_who_looks_on_and_not_to_who_types()
    {
        ticket = Details(Row(user: Guid.NewGuid()), 0, t => t with { Mine = false, MayReply = false });
        var topic = Topics.AgentTyping(Topics.Conversation(ticket.Row.ChannelId, ticket.Row.ContactId));
        var view = Open();
        Live.Whisper(topic, true);
        view.WaitForAssertion(() => Assert.Contains("Bruno está escrevendo", view.Find(".talk-words").TextContent, StringComparison.Ordinal));
        Live.Whisper(topic, false);
        view.WaitForAssertion(() => Assert.DoesNotContain("escrevendo", view.Find(".talk-words").TextContent, StringComparison.Ordinal));
    }
}
