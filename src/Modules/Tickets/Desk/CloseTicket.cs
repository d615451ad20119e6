using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.Surveys;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Resolver.</summary>
/// <param name="TicketId">Which one.</param>
/// <param name="Note">A sentence for colleagues, kept with the ticket.</param>
/// <param name="ReasonId">Why, of those that are offered for it.</param>
/// <param name="FarewellId">What the customer is told, of those that are offered for it; null: nothing.</param>
/// <param name="SendsSurvey">The customer is asked how they were served, where a survey holds for it and may be sent now.</param>
[Allow("tickets.close")]
public sealed record CloseTicket(
    [property: NotEmpty] Guid TicketId, [property: StringLength(500), Called("ResolveNote")] string? Note = null, Guid? ReasonId = null, Guid? FarewellId = null,
    bool SendsSurvey = false) : IRequest;

/// <summary>What there is to choose when a ticket is closed.</summary>
[Allow("tickets.close"), Reads]
public sealed record OfferClosing([property: NotEmpty] Guid TicketId) : IRequest<ClosingOffer>;

/// <summary>Reasons and farewells for one ticket.</summary>
/// <param name="NeedsReason">It can't be closed without one.</param>
/// <param name="NeedsNote">It can't be closed without a note.</param>
/// <param name="Silent">Why the customer can't be told anything; null: they can.</param>
public sealed record ClosingOffer(IReadOnlyList<OfferedReason> Reasons, IReadOnlyList<OfferedFarewell> Farewells, bool NeedsReason, bool NeedsNote, string? Silent)
{
    /// <summary>It can't be closed before its contact has a tag.</summary>
    public bool NeedsTag { get; init; }

    /// <summary>What the customer can be asked; null: nothing.</summary>
    public OfferedSurvey? Survey { get; init; }
}

/// <summary>A reason to choose.</summary>
public sealed record OfferedReason(Guid Id, string Name, string Color, bool RequiresNote);

/// <summary>A farewell to choose, as the customer would read it.</summary>
public sealed record OfferedFarewell(Guid Id, string Name, string Text, bool IsDefault);

internal sealed class CloseTicketHandler(TicketAccess access, TicketClosing closing, HouseVoice voice, SurveySender surveys, IStringLocalizer<Texts> t) : IRequestHandler<CloseTicket, Unit>
{
    public async Task<Unit> Handle(CloseTicket request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        access.RequireMove(ticket);
        if (ticket.Status == TicketStatus.Closed) return Unit.Value;
        if (ticket.Status == TicketStatus.Open && !access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        var note = string.IsNullOrWhiteSpace(request.Note) ? null : CleanText.Of(request.Note.Trim());
        var reason = await closing.RequireReasonAsync(ticket, request.ReasonId, note, ct);
        if (await closing.NeedsTagAsync(ticket, ct)) throw new Refusal(t["TagNeeded"]);
        if (request.FarewellId is { } farewell) await voice.SayAsync(ticket, await closing.FarewellAsync(ticket, farewell, ct), ct);
        if (request.SendsSurvey) await surveys.SendNearestAsync(ticket, ct);
        ticket.Close(access.Actor.Id, reason?.Id, note, access.Now);
        await access.RecordAsync(ticket, "closed", reason is null && note is null ? null : new { reason = reason?.Name, note }, ct);
        return Unit.Value;
    }
}

internal sealed class OfferClosingHandler(TicketAccess access, TicketClosing closing, HouseVoice voice, TicketFacts facts, TextRenderer renderer, ProtocolMaker protocols, SurveySender surveys, SurveyWords words, IStringLocalizer<Texts> t)
    : IRequestHandler<OfferClosing, ClosingOffer>
{
    public async Task<ClosingOffer> Handle(OfferClosing request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        // A look makes no protocol.
        var known = await facts.OfAsync(ticket, ct) with { ProtocolAsync = async stop => await protocols.PeekAsync(ticket, stop) ?? t["ProtocolToCome"] };
        var farewells = new List<OfferedFarewell>();
        foreach (var farewell in await closing.FarewellsAsync(ticket, ct))
            if (await renderer.RenderAsync(farewell.Text, known, ct) is { Unknown.Count: 0 } said) farewells.Add(new(farewell.Id, farewell.Name, said.Text, farewell.IsDefault));
        var reasons = await closing.ReasonsAsync(ticket, ct);
        return new([.. reasons.Select(r => new OfferedReason(r.Id, r.Name, r.Color, r.RequiresNote))], farewells, closing.NeedsReason(ticket) && reasons.Count > 0, closing.NeedsNote(ticket),
            farewells.Count == 0 ? null : await voice.WhyNotAsync(ticket, ct))
        {
            NeedsTag = await closing.NeedsTagAsync(ticket, ct),
            Survey = await surveys.OfAsync(ticket, ct) is [var survey, ..] ? await words.OfferedAsync(ticket, survey, ct) : null,
        };
    }
}

/// <summary>What may be said and what must be when a ticket is closed. Groups are only left, and need neither.</summary>
internal sealed class TicketClosing(InforzapDb db, ClosingScope scope, ISettings settings, IActor actor, IMediator mediator, IStringLocalizer<Texts> t)
{
    public bool NeedsReason(Ticket ticket) => !ticket.IsGroup && settings.Is(Setting.RequireReason);

    public bool NeedsNote(Ticket ticket) => !ticket.IsGroup && settings.Is(Setting.RequireClosingNote);

    /// <summary>A tag is needed, and the contact has none. Where the caller may put none on, nobody can be asked for one.</summary>
    public async Task<bool> NeedsTagAsync(Ticket ticket, CancellationToken ct)
    {
        if (ticket.IsGroup || !settings.Is(Setting.RequireClosingTag)) return false;
        var contact = ticket.ContactId;
        return !await db.Set<ContactTagView>().AnyAsync(x => x.ContactId == contact, ct) && actor.May("tags.use") && (await mediator.Send(new OfferTags(), ct)).Count > 0;
    }

    /// <summary>The reasons that are offered for it.</summary>
    public async Task<List<ClosingReason>> ReasonsAsync(Ticket ticket, CancellationToken ct)
    {
        var places = await scope.AllAsync(ct);
        var all = await db.ClosingReasons.AsNoTracking().Where(r => r.IsActive && !r.IsSystem).OrderBy(r => r.Order).ThenBy(r => r.Name).ToListAsync(ct);
        return all.FindAll(r => ClosingScope.IsOffered(places[r.Id], ticket));
    }

    /// <summary>The farewells that are offered for it; groups are told nothing.</summary>
    public async Task<List<Farewell>> FarewellsAsync(Ticket ticket, CancellationToken ct)
    {
        if (ticket.IsGroup) return [];
        var places = await scope.AllAsync(ct);
        var all = await db.Farewells.AsNoTracking().Where(f => f.IsActive).ToListAsync(ct);
        // The one that is meant for fewer places is the nearer one, also among those that stand as chosen.
        return [.. all.Where(f => ClosingScope.IsOffered(places[f.Id], ticket)).OrderByDescending(f => f.IsDefault).ThenByDescending(f => places[f.Id].Any()).ThenBy(f => f.Order).ThenBy(f => f.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>The text of a farewell that is offered for it.</summary>
    public async Task<string> FarewellAsync(Ticket ticket, Guid id, CancellationToken ct) =>
        (await FarewellsAsync(ticket, ct)).Find(f => f.Id == id)?.Text ?? throw Refusal.NotFound(t["FarewellGone"]);

    /// <summary>The reason, or null where none is given and none is needed.</summary>
    public async Task<ClosingReason?> RequireReasonAsync(Ticket ticket, Guid? id, string? note, CancellationToken ct)
    {
        if (NeedsNote(ticket) && note is null) throw Refusal.At(nameof(CloseTicket.Note), t["NoteNeeded"]);
        if (id is null)
        {
            // Where no reason is offered at all, nobody can be asked for one.
            if (NeedsReason(ticket) && (await ReasonsAsync(ticket, ct)).Count > 0) throw Refusal.At(nameof(CloseTicket.ReasonId), t["ReasonNeeded"]);
            return null;
        }
        var reason = (await ReasonsAsync(ticket, ct)).Find(r => r.Id == id) ?? throw Refusal.NotFound(t["ReasonGone"]);
        if (reason.RequiresNote && note is null) throw Refusal.At(nameof(CloseTicket.Note), t["ReasonNeedsNote", reason.Name]);
        return reason;
    }
}
