using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Surveys;

/// <summary>Asks the customer of a ticket now, by hand.</summary>
[Allow("surveys.send")]
public sealed record SendSurvey([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid SurveyId) : IRequest;

/// <summary>The surveys that may be sent by hand in a ticket, the nearest first.</summary>
[Allow("surveys.send"), Reads]
public sealed record OfferSurveys([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<OfferedSurvey>>;

/// <summary>A survey to send.</summary>
/// <param name="Text">As the customer would read it.</param>
/// <param name="IsAutomatic">Chosen already when the ticket is closed.</param>
/// <param name="WhyNot">Why it can't be sent now; null: it can.</param>
public sealed record OfferedSurvey(Guid Id, string Name, string Text, bool IsAutomatic, string? WhyNot);

/// <summary>What customers answered in a ticket, newest first: what waits for an answer, and the scores that the caller may know.</summary>
[Allow("tickets.see"), Reads]
public sealed record RatingsOfTicket([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<TicketRating>>;

/// <summary>A rating beside its conversation.</summary>
/// <param name="Most">The highest number of its scale.</param>
public sealed record TicketRating(Guid Id, string SurveyName, SurveyState State, int? Score, int Most, string? Comment, DateTime SentAt, DateTime? AnsweredAt, DateTime ExpiresAt);

internal sealed class SendSurveyHandler(InforzapDb db, TicketAccess access, SurveySender sender, IStringLocalizer<Texts> t) : IRequestHandler<SendSurvey, Unit>
{
    public async Task<Unit> Handle(SendSurvey request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (ticket.Status != TicketStatus.Closed && !access.Actor.May("tickets.see-queue")) await access.RequireMineAsync(ticket, ct);
        var survey = (await sender.OfAsync(ticket, ct)).FirstOrDefault(s => s.Id == request.SurveyId && s.IsManual) ?? throw Refusal.NotFound(t["SurveyGone"]);
        if (await sender.WhyNotAsync(ticket, survey, ct) is { } why) throw Refusal.Conflict(why);
        if (!await sender.SendAsync(ticket, survey, ct)) throw Refusal.Conflict(t["SurveyNotSent"]);
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}

internal sealed class OfferSurveysHandler(TicketAccess access, SurveySender sender, SurveyWords words) : IRequestHandler<OfferSurveys, IReadOnlyList<OfferedSurvey>>
{
    public async Task<IReadOnlyList<OfferedSurvey>> Handle(OfferSurveys request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var offered = new List<OfferedSurvey>();
        foreach (var survey in await sender.OfAsync(ticket, ct))
            if (survey.IsManual) offered.Add(await words.OfferedAsync(ticket, survey, ct));
        return offered;
    }
}

internal sealed class RatingsOfTicketHandler(InforzapDb db, TicketAccess access, ISettings settings) : IRequestHandler<RatingsOfTicket, IReadOnlyList<TicketRating>>
{
    private const int Most = 20;

    public async Task<IReadOnlyList<TicketRating>> Handle(RatingsOfTicket request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        var known = await db.SurveyRequests.AsNoTracking().Where(r => r.TicketId == request.TicketId).VisibleRatings(access.Actor, settings).Select(r => r.Id).ToListAsync(ct);
        var rows = await (from r in db.SurveyRequests.AsNoTracking()
                          where r.TicketId == request.TicketId
                          join s in db.Set<Survey>() on r.SurveyId equals s.Id
                          orderby r.SentAt descending, r.Id descending
                          select new { r, s.Name }).Take(Most).ToListAsync(ct);
        // That somebody was asked stands in the conversation; what they think of their agent does not concern everybody.
        return [.. rows.Where(x => known.Contains(x.r.Id) || x.r.State == SurveyState.Sent).Select(x => new TicketRating(x.r.Id, x.Name, x.r.State, x.r.Score, Contracts.Tickets.SurveyFigures.Most(x.r.Scale),
            known.Contains(x.r.Id) ? x.r.Comment : null, x.r.SentAt, x.r.AnsweredAt, x.r.ExpiresAt))];
    }
}

/// <summary>Surveys as those who send them see them.</summary>
internal sealed class SurveyWords(SurveySender sender, TicketFacts facts, TextRenderer renderer, Protocols.ProtocolMaker protocols, IStringLocalizer<Texts> t)
{
    public async Task<OfferedSurvey> OfferedAsync(Ticket ticket, Survey survey, CancellationToken ct)
    {
        // A look makes no protocol.
        var known = await facts.OfAsync(ticket, ct) with { ProtocolAsync = async stop => await protocols.PeekAsync(ticket, stop) ?? t["ProtocolToCome"] };
        var said = await renderer.RenderAsync(survey.RequestText, known, ct);
        var why = said.Unknown.Count > 0 ? t["UnknownVariables", VariableText.Of(said.Unknown)].Value : await sender.WhyNotAsync(ticket, survey, ct);
        return new(survey.Id, survey.Name, said.Text, survey.IsAutomatic, why);
    }
}

internal static class RatingVisibility
{
    /// <summary>
    /// The ratings that somebody may know: who leads sees those of their queues, or all; whoever else their own, where the company
    /// wants that.
    /// </summary>
    public static IQueryable<SurveyRequest> VisibleRatings(this IQueryable<SurveyRequest> ratings, IActor actor, ISettings settings)
    {
        var me = actor.Id;
        if (!actor.May("surveys.see")) return settings.Is(Setting.UsersSeeOwnRatings) ? ratings.Where(r => r.UserId == me) : ratings.Where(r => false);
        if (actor.May("tickets.see-all")) return ratings;
        var queues = actor.Queues.ToArray();
        return ratings.Where(r => r.UserId == me || (r.QueueId != null && queues.Contains(r.QueueId.Value)));
    }
}
