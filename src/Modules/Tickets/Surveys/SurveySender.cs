using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Surveys;

/// <summary>Asks customers how they were served, where that may be asked: only whom a person has served, and not again and again.</summary>
internal sealed class SurveySender(InforzapDb db, TicketAccess access, HouseVoice voice, ClosingScope scope, IChannelDirectory channels, IStringLocalizer<Texts> t)
{
    /// <summary>The surveys that hold for a ticket, the nearest first: queue, then channel, then company.</summary>
    public async Task<IReadOnlyList<Survey>> OfAsync(Ticket ticket, CancellationToken ct)
    {
        if (ticket.IsGroup || await db.Surveys.AsNoTracking().Where(s => s.IsActive && s.DeletedAt == null).ToListAsync(ct) is not { Count: > 0 } all) return [];
        var places = await scope.AllAsync(ct);
        return [.. all.Where(s => ClosingScope.IsOffered(places[s.Id], ticket)).OrderByDescending(s => Nearness(places[s.Id])).ThenBy(s => s.Order).ThenBy(s => s.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>Why it may not be sent in this ticket now, in words for people; null: it may.</summary>
    public async Task<string?> WhyNotAsync(Ticket ticket, Survey survey, CancellationToken ct)
    {
        if (ticket.IsGroup) return t["SurveyNoGroup"];
        if (await CycleAsync(ticket, ct) is not { AcceptedAt: not null }) return t["SurveyNotServed"];
        var (contact, since) = (ticket.ContactId, access.Now.AddHours(-survey.LeastHours));
        if (survey.LeastHours > 0 && await db.SurveyRequests.AnyAsync(r => r.ContactId == contact && r.SentAt > since && !db.Set<Message>().Any(m => m.Id == r.Id && m.State == MessageState.Failed), ct)) return t["SurveyTooSoon", survey.LeastHours];
        return await voice.WhyNotAsync(ticket, ct);
    }

    /// <summary>Sends the nearest survey, if there is one that may be sent.</summary>
    public async Task SendNearestAsync(Ticket ticket, CancellationToken ct)
    {
        if (await OfAsync(ticket, ct) is [var nearest, ..]) await SendAsync(ticket, nearest, ct);
    }

    /// <summary>Asks in a ticket that is held; the caller saves. False: that may not be.</summary>
    public async Task<bool> SendAsync(Ticket ticket, Survey survey, CancellationToken ct)
    {
        if (await WhyNotAsync(ticket, survey, ct) is not null || await CycleAsync(ticket, ct) is not { } cycle) return false;
        // The question is the message of the same id: whether it was sent is known by that.
        var (id, channelId, contactId) = (Guid.CreateVersion7(), ticket.ChannelId, ticket.ContactId);
        if (!await voice.SayAsync(ticket, survey.RequestText, ct, HasButtons(survey, channelId) ? SurveyScore.Offers(survey.Scale, id) : null, id)) return false;
        var open = await db.SurveyRequests.Where(r => r.ChannelId == channelId && r.ContactId == contactId && (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy)).ToListAsync(ct);
        foreach (var before in open) before.End(isOverdue: false);
        // The place of the one before must be free.
        if (open.Count > 0) await db.SaveChangesAsync(ct);
        var request = SurveyRequest.Of(id, survey, ticket, cycle.Id, await ServedByAsync(ticket, cycle, ct), access.Now);
        db.Add(request);
        ticket.AwaitSurvey(request.ExpiresAt);
        db.Add(Timeline.Entry(ticket.Id, "survey_sent", access.Actor.IsSystem ? null : access.Actor.Id, access.Now, new { survey = survey.Name }));
        db.Touch(Topics.Ratings);
        return true;
    }

    private bool HasButtons(Survey survey, Guid channelId) => survey.UsesChoices && channels.Find(channelId) is { } channel && channel.Can.HasFlag(Can.Offers);

    private static int Nearness(IEnumerable<ClosingPlace> places) => places.Select(p => p.Kind).Distinct().Sum(kind => kind == ClosingPlaceKind.Queue ? 2 : 1);

    private Task<ServiceCycle?> CycleAsync(Ticket ticket, CancellationToken ct) =>
        db.Cycles.AsNoTracking().Where(c => c.TicketId == ticket.Id).OrderByDescending(c => c.QueuedAt).ThenBy(c => c.ClosedAt == null ? 0 : 1).FirstOrDefaultAsync(ct);

    /// <summary>Who serves it, else who last wrote in this period: to whom it was handed last may never have taken it.</summary>
    private async Task<Guid?> ServedByAsync(Ticket ticket, ServiceCycle cycle, CancellationToken ct)
    {
        if (ticket is { AcceptedAt: not null, UserId: { } serves }) return serves;
        var (id, since) = (ticket.Id, cycle.QueuedAt);
        return await db.Messages.Where(m => m.TicketId == id && m.FromUs && !m.IsNote && m.SenderUserId != null && m.CreatedAt >= since).OrderByDescending(m => m.Seq).Select(m => m.SenderUserId).FirstOrDefaultAsync(ct) ?? cycle.UserId;
    }
}
