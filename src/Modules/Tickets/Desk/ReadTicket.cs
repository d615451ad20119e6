using System.Globalization;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Past;
using Inforzap.Tickets.Surveys;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>A ticket as the header, the composer and the side panel need it.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadTicket([property: NotEmpty] Guid TicketId) : IRequest<TicketDetails>;

/// <summary>What surrounds the messages.</summary>
/// <param name="Row">The same as in the list.</param>
/// <param name="Channel">Null when the channel is gone.</param>
/// <param name="Phone">The contact's number, if any.</param>
/// <param name="Blocked">Nothing from the contact is taken in.</param>
/// <param name="Mine">The caller serves it.</param>
/// <param name="MayLook">The caller may read its messages; not before taking it where peeking is switched off.</param>
/// <param name="MayAccept">Pending, and the caller may take it.</param>
/// <param name="MayReply">The composer is open.</param>
/// <param name="MayReopen">Closed, and the caller may reopen it.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ClosedAt">When it was resolved.</param>
/// <param name="ClosingNote">What was said then.</param>
/// <param name="LastSeq">The last message's number.</param>
/// <param name="LastChange">The cursor of viewers.</param>
/// <param name="Previous">Earlier tickets of the contact that the caller may see, newest first.</param>
public sealed record TicketDetails(
    TicketRow Row, ChannelInfo? Channel, string? Phone, bool Blocked, bool Mine, bool MayLook, bool MayAccept, bool MayReply, bool MayReopen,
    DateTime CreatedAt, DateTime? ClosedAt, string? ClosingNote, long LastSeq, long LastChange, IReadOnlyList<PreviousTicket> Previous)
{
    /// <summary>Why it was resolved, if somebody said.</summary>
    public string? ClosingReason { get; init; }

    /// <summary>The caller may give it back to its queue.</summary>
    public bool MayReturn { get; init; }

    /// <summary>The caller may hand it to a colleague or another queue.</summary>
    public bool MayTransfer { get; init; }

    /// <summary>The caller may resolve it.</summary>
    public bool MayClose { get; init; }

    /// <summary>Until when answers are taken; null when at any time, and for closed tickets.</summary>
    public ReplyWindow? Window { get; init; }

    /// <summary>The conversation is a group.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Why nothing reaches the person here any more; null while it does.</summary>
    public string? Unreachable { get; init; }

    /// <summary>What brought the person, if it is known.</summary>
    public string? CameFrom { get; init; }

    /// <summary>What else is known of the person, in order, where the caller may know it: documents, birth date, fields of the house.</summary>
    public IReadOnlyList<TicketFact> Facts { get; init; } = [];

    /// <summary>The caller decides what becomes of a message: tries it again, or says that it arrived.</summary>
    public bool MayDecide { get; init; }

    /// <summary>The contact's tags, in order.</summary>
    public IReadOnlyList<TicketTag> Tags { get; init; } = [];

    /// <summary>Who looks after the contact, the first one first; none where the caller may not know.</summary>
    public IReadOnlyList<Guid> Owners { get; init; } = [];

    /// <summary>The composer would be open, were it not for the window.</summary>
    public bool IsWindowShut { get; init; }

    /// <summary>The last import of the conversation's history; null: there was none.</summary>
    public HistoryRow? History { get; init; }

    /// <summary>The caller may have the history imported, and the channel can tell it.</summary>
    public bool MaySyncHistory { get; init; }

    /// <summary>How the customer rated it last, once it is closed, where the caller may know that.</summary>
    public TicketScore? Rating { get; init; }
}

/// <summary>Something that is known of the person, and what people call it.</summary>
public sealed record TicketFact(string Label, string Value);

/// <summary>A score and the highest number of its scale.</summary>
public sealed record TicketScore(int Score, int Most);

/// <summary>An earlier ticket of the same contact.</summary>
public sealed record PreviousTicket(Guid Id, long Number, TicketStatus Status, DateTime CreatedAt, DateTime? ClosedAt, string? UserName);

internal sealed class ReadTicketHandler(InforzapDb db, IActor actor, ISettings settings, IChannelDirectory channels, TicketAccess access, Sight sight, IStringLocalizer<Texts> t)
    : IRequestHandler<ReadTicket, TicketDetails>
{
    public async Task<TicketDetails> Handle(ReadTicket request, CancellationToken ct)
    {
        var visible = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
        var ticket = await visible.SingleOrDefaultAsync(x => x.Id == request.TicketId, ct) ?? throw Refusal.NotFound(t["TicketGone"]);
        var row = (await sight.ShowAsync([await db.Rows(visible.Where(x => x.Id == ticket.Id)).SingleAsync(ct)], ct))[0];
        var contact = await db.Set<ContactView>().SingleAsync(c => c.Id == ticket.ContactId, ct);
        var previous = await (from x in visible
                              where x.ContactId == ticket.ContactId && x.Id != ticket.Id
                              join u in db.Set<Contracts.Identity.UserView>() on x.UserId equals u.Id into us
                              from u in us.DefaultIfEmpty()
                              orderby x.Number descending
                              select new PreviousTicket(x.Id, x.Number, x.Status, x.CreatedAt, x.ClosedAt, u.Name)).Take(20).ToListAsync(ct);
        var reach = await db.Set<ContactAddressView>().SingleOrDefaultAsync(a => a.ContactId == ticket.ContactId && a.Kind == ticket.AddressKind && a.Value == ticket.AddressValue && a.UnreachableSince != null, ct);
        var mine = ticket.UserId == actor.Id;
        var leads = actor.May("tickets.see-queue");
        var channel = channels.Find(ticket.ChannelId);
        var window = ticket.IsActive ? await db.ReplyWindowAsync(channel, ticket, access.Now, ct) : null;
        var isShut = window is not null && !window.IsOpenAt(access.Now);
        var mayManage = ticket.Status != TicketStatus.Closed && access.MayMove(ticket) && (mine || leads || ticket.Status == TicketStatus.Pending);
        var mayReply = ticket.Status == TicketStatus.Open && mine && !contact.Blocked && actor.May("tickets.answer");
        return new(row, channel, contact.Phone.MaskedUnless(sight.SeesPhones), contact.Blocked, mine, MayLook: access.MayLookInto(ticket),
            MayAccept: ticket.Status == TicketStatus.Pending && actor.May("tickets.answer"),
            MayReply: mayReply && !isShut,
            MayReopen: ticket.Status == TicketStatus.Closed && actor.May("tickets.reopen") && (leads || settings.Is(Setting.AgentsReopen)),
            ticket.CreatedAt, ticket.ClosedAt, ticket.ClosingNote, ticket.LastSeq, ticket.LastChange, previous)
        {
            MayReturn = mayManage && ticket.Status == TicketStatus.Open && actor.May("tickets.answer"),
            MayTransfer = mayManage && actor.May("tickets.transfer"),
            MayClose = mayManage && actor.May("tickets.close"),
            Window = window,
            IsGroup = ticket.IsGroup,
            MayDecide = actor.May("tickets.answer") && (actor.May("lanes.see") || (mine && ticket.Status == TicketStatus.Open)),
            IsWindowShut = mayReply && isShut,
            Unreachable = reach is null ? null : reach.UnreachableReason ?? t["Unreachable"],
            CameFrom = contact.CameFrom,
            Facts = actor.May("contacts.see") ? await FactsAsync(contact, ct) : [],
            ClosingReason = ticket.ClosingReasonId is { } reasonId ? await ReasonAsync(reasonId, ct) : null,
            Rating = ticket.IsActive ? null : await RatingAsync(ticket.Id, ct),
            History = await db.HistorySyncs.Where(s => s.ChannelId == ticket.ChannelId && (s.ContactId == ticket.ContactId || db.Set<Ticket>().Any(x => x.Id == s.TicketId && x.ContactId == ticket.ContactId))).OrderByDescending(s => s.AskedAt)
                .Select(s => new HistoryRow(s.State, s.Limit, s.Read, s.Added, s.Reason, s.EndedAt)).FirstOrDefaultAsync(ct),
            MaySyncHistory = actor.May("tickets.history") && channel?.Can.HasFlag(Can.History) == true && access.MayLookInto(ticket) && !contact.Blocked && !contact.IsErased,
            Tags = await db.TagsOfAsync(ticket.ContactId, actor, ct),
            Owners = actor.May("contacts.see") ? await db.Set<ContactOwnerView>().Where(o => o.ContactId == ticket.ContactId).OrderBy(o => o.Order).Select(o => o.UserId).ToListAsync(ct) : [],
        };
    }

    private async Task<IReadOnlyList<TicketFact>> FactsAsync(ContactView contact, CancellationToken ct)
    {
        var facts = new List<TicketFact>();
        if (contact.Document is { } document) facts.Add(new(t["ContactDocument"], TaxId.Format(document)));
        if (contact.BirthDate is { } born) facts.Add(new(t["ContactBirthDate"], born.ToString("d", CultureInfo.CurrentCulture)));
        facts.AddRange(await db.Set<ContactFieldView>().Where(f => f.ContactId == contact.Id).OrderBy(f => f.Position).ThenBy(f => f.Key).Select(f => new TicketFact(f.Label, f.Value)).ToListAsync(ct));
        return facts;
    }

    private async Task<TicketScore?> RatingAsync(Guid id, CancellationToken ct)
    {
        var rating = await db.SurveyRequests.AsNoTracking().Where(r => r.TicketId == id && r.Score != null).VisibleRatings(actor, settings)
            .OrderByDescending(r => r.SentAt).Select(r => new { r.Score, r.Scale }).FirstOrDefaultAsync(ct);
        return rating is null ? null : new(rating.Score!.Value, SurveyFigures.Most(rating.Scale));
    }

    private async Task<string?> ReasonAsync(Guid id, CancellationToken ct)
    {
        var reason = await db.ClosingReasons.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct);
        return reason is { IsSystem: true } ? t[reason.Name].Value : reason?.Name;
    }
}
