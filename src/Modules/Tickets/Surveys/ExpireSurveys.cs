using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tickets.Surveys;

/// <summary>
/// Ends what nobody answered in time. It looks at how things are, so it may run at any time, twice at once, and on any node. Returns
/// how many there were: as long as there were some, there may be more.
/// </summary>
[AllowSystem]
internal sealed record ExpireSurveys : IRequest<int>;

/// <summary>Looks twice a minute.</summary>
internal sealed class SurveyJob(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new ExpireSurveys(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

internal sealed class ExpireSurveysHandler(InforzapDb db, HouseVoice voice, TicketAccess access) : IRequestHandler<ExpireSurveys, int>
{
    /// <summary>So many in one transaction: nobody waits long for it.</summary>
    internal const int Most = 50;

    public async Task<int> Handle(ExpireSurveys request, CancellationToken ct)
    {
        var now = access.Now;
        var due = await db.SurveyRequests.AsNoTracking().Where(r => (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy) && r.ExpiresAt <= now)
            .OrderBy(r => r.ExpiresAt).Select(r => new { r.Id, r.TicketId }).Take(Most).ToListAsync(ct);
        if (due.Count == 0) return 0;
        // First the tickets, as those who answer do; all at once and in one order, since others hold many, too.
        var tickets = await db.HoldTicketsAsync([.. due.Select(d => d.TicketId).Distinct()], ct);
        var ids = due.ConvertAll(d => d.Id).ToArray();
        var overdue = await db.SurveyRequests.Where(r => ids.Contains(r.Id) && (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy) && r.ExpiresAt <= now).OrderBy(r => r.ExpiresAt).ToListAsync(ct);
        var surveys = overdue.Select(r => r.SurveyId).Distinct().ToArray();
        var texts = await db.Surveys.Where(s => surveys.Contains(s.Id)).Select(s => new { s.Id, s.ExpiryText }).ToDictionaryAsync(s => s.Id, s => s.ExpiryText, ct);
        var unsent = await db.Messages.Where(m => ids.Contains(m.Id) && m.State == MessageState.Failed).Select(m => m.Id).ToListAsync(ct);
        foreach (var it in overdue) await EndAsync(it, tickets[it.TicketId], texts.GetValueOrDefault(it.SurveyId), wasAsked: !unsent.Contains(it.Id), ct);
        await db.SaveChangesAsync(ct);
        return due.Count;
    }

    private async Task EndAsync(SurveyRequest request, Ticket ticket, string? text, bool wasAsked, CancellationToken ct)
    {
        request.End(isOverdue: wasAsked);
        ticket.AwaitSurvey(null);
        db.Touch(Topics.Ratings, Topics.Ticket(ticket.Id));
        if (request.State != SurveyState.Expired) return;
        db.Add(Timeline.Entry(ticket.Id, "survey_expired", null, access.Now));
        var (channelId, contactId) = (ticket.ChannelId, ticket.ContactId);
        // Who talks to somebody again is not told of what was.
        if (text is null || ticket.IsActive || await db.Tickets.AnyAsync(x => x.ChannelId == channelId && x.ContactId == contactId && x.Status != TicketStatus.Closed, ct)) return;
        if (await voice.WhyNotAsync(ticket, ct) is null) await voice.SayAsync(ticket, text, ct);
    }
}
