using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.Schedules;
using Inforzap.Tickets.Surveys;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Tickets;

/// <summary>The workspace's components with a conversation that a test makes up.</summary>
public abstract class Talks : ComponentTest
{
    protected static readonly DateTime Noon = new(2026, 11, 24, 15, 0, 0, DateTimeKind.Utc);

    private bool provided;

    protected Talks()
    {
        Mediator.On<MyProfile, Profile>(_ => new(Guid.NewGuid(), "Ana", "ana@example.test", null, true, true, true, "system", "pt-BR", 1));
        Mediator.On<ReadDraft, DraftText?>(_ => null);
        Mediator.On<SaveDraft>();
        Mediator.On<SeeTicket>();
        Mediator.On<ReadOwnDesk, OwnDesk>(_ => OwnDesk.New);
        Mediator.On<NotesOfContact, IReadOnlyList<NoteRow>>(_ => []);
        Mediator.On<RatingsOfTicket, IReadOnlyList<TicketRating>>(_ => []);
        Mediator.On<ProtocolsOfTicket, IReadOnlyList<ProtocolRow>>(_ => []);
        Mediator.On<SchedulesOfTicket, IReadOnlyList<TicketSchedule>>(_ => []);
    }

    protected static ChannelInfo Channel { get; } =
        new(Guid.Parse("5f0c2f0e-0000-4000-8000-000000000002"), "site", "webchat", "Site", AddressKind.Visitor, null, ChannelState.Connected, Can.Media | Can.Quote, 1_000_000, false);

    protected static TicketRow Row(string contact = "Maria", TicketStatus status = TicketStatus.Open, long number = 7, int unread = 0, Guid? user = null, bool fromUs = false) =>
        new(Guid.CreateVersion7(), number, status, Guid.CreateVersion7(), contact, Channel.Id, null, "Vendas", "#0B7A75", user, user is null ? null : "Bruno", unread,
            "Bom dia", MessageKind.Text, fromUs, Noon, Noon.AddMinutes(-30));

    /// <summary>As the caller sees it who serves it; <paramref name="change"/> makes it another one.</summary>
    protected static TicketDetails Details(TicketRow row, long lastSeq = 0, Func<TicketDetails, TicketDetails>? change = null)
    {
        var mine = new TicketDetails(row, Channel, "5519999990000", Blocked: false, Mine: true, MayLook: true, MayAccept: false, MayReply: true, MayReopen: false,
            Noon, null, null, lastSeq, lastSeq, [])
        {
            MayDecide = true, MayReturn = true, MayTransfer = true, MayClose = true,
        };
        return change is null ? mine : change(mine);
    }

    protected static MessageRow Message(long seq, string body, bool fromUs = false, MessageState state = MessageState.Received, DateTime? at = null, string? reason = null, bool note = false) =>
        new(Guid.CreateVersion7(), seq, seq, fromUs, fromUs ? Guid.NewGuid() : null, fromUs ? "Ana" : null, MessageOrigin.Chat, MessageKind.Text, body, null, null, null, null, null,
            note, null, null, state, reason, at ?? Noon.AddMinutes(seq), null);

    protected IRenderedComponent<T> Show<T>(Actor me, Action<ComponentParameterCollectionBuilder<T>> parameters) where T : IComponent
    {
        if (!provided) RenderProviders();
        provided = true;
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent(parameters)).FindComponent<T>();
    }
}
