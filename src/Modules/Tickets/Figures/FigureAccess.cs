using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Surveys;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Figures;

/// <summary>Whose service is counted.</summary>
public enum FigureScope
{
    /// <summary>What the caller served.</summary>
    Mine,
    /// <summary>What came to the caller's queues.</summary>
    Queues,
    /// <summary>Everything.</summary>
    All,
}

/// <summary>What of the service is looked at.</summary>
/// <param name="From">First day, of a custom span.</param>
/// <param name="To">Last day, of a custom span.</param>
/// <param name="Scope">None: the widest that the caller may see.</param>
public sealed record FigureFilter(FigureSpan Span = FigureSpan.Days30, DateOnly? From = null, DateOnly? To = null, FigureScope? Scope = null)
{
    /// <summary>Only of these queues; none: of all in the scope.</summary>
    public IReadOnlyList<Guid> Queues { get; init; } = [];
    /// <summary>Only of these users.</summary>
    public IReadOnlyList<Guid> Users { get; init; } = [];
    /// <summary>Only of these channels.</summary>
    public IReadOnlyList<Guid> Channels { get; init; } = [];
}

/// <summary>How far somebody may look: agents at their own service, supervisors at their queues', administrators at all.</summary>
public static class FigureScopes
{
    /// <summary>The widest first, which is what is shown when nothing is said.</summary>
    public static IReadOnlyList<FigureScope> Of(IActor actor)
    {
        var all = actor.May("tickets.see-all");
        var queues = actor.Queues.Count > 0 && (all || actor.May("tickets.see-queue"));
        return [.. new[] { (FigureScope.All, all), (FigureScope.Queues, queues), (FigureScope.Mine, true) }.Where(s => s.Item2).Select(s => s.Item1)];
    }
}

/// <summary>Opens what a caller asked to see, as far as they may.</summary>
internal sealed class FigureAccess(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t)
{
    private const int MostChosen = 1000;

    /// <exception cref="Refusal">The scope is not for the caller, or there is no such period.</exception>
    public FigureView Open(FigureFilter filter)
    {
        var allowed = FigureScopes.Of(actor);
        var scope = filter.Scope ?? allowed[0];
        if (!allowed.Contains(scope)) throw Refusal.Forbidden(t["FigureScopeRefused"]);
        if (filter.Queues.Count + filter.Users.Count + filter.Channels.Count > MostChosen) throw new Refusal(t["FigureTooMany", MostChosen]);
        var now = settings.Local(clock.GetUtcNow().UtcDateTime);
        var today = DateOnly.FromDateTime(now);
        var period = FigurePeriod.Of(filter.Span, filter.From, filter.To, today) ?? throw new Refusal(t["FigurePeriodWrong", FigurePeriod.MostDays]);
        // A day that is not over is compared to the same hours of the other.
        TimeOnly? until = period.To == today ? TimeOnly.FromDateTime(now) : null;
        return new(db, actor, settings, filter, scope, period, FigureTime.Of(period, settings.TimeZone), FigureTime.Of(period.Before(filter.Span), settings.TimeZone, until));
    }
}

/// <summary>The cycles and tickets that a caller asked for and may see, and the period.</summary>
internal sealed class FigureView(InforzapDb db, IActor actor, ISettings settings, FigureFilter filter, FigureScope scope, FigurePeriod period, FigureTime time, FigureTime before)
{
    public FigureScope Scope => scope;

    public FigurePeriod Period => period;

    public FigureTime Time => time;

    /// <summary>The period that it is compared to.</summary>
    public FigureTime Before => before;

    /// <summary>Nothing is left out.</summary>
    public bool IsWhole => scope == FigureScope.All && filter is { Queues.Count: 0, Users.Count: 0, Channels.Count: 0 };

    public IQueryable<ServiceCycle> Cycles
    {
        get
        {
            var cycles = db.Cycles.AsNoTracking().Counted();
            var (me, mine) = (actor.Id, actor.Queues.ToArray());
            if (scope == FigureScope.Mine) cycles = cycles.Where(c => c.UserId == me);
            if (scope == FigureScope.Queues) cycles = cycles.Where(c => c.QueueId != null && mine.Contains(c.QueueId.Value));
            if (filter.Queues is { Count: > 0 } queues) cycles = cycles.Where(c => c.QueueId != null && queues.Contains(c.QueueId.Value));
            if (filter.Users is { Count: > 0 } users) cycles = cycles.Where(c => c.UserId != null && users.Contains(c.UserId.Value));
            return filter.Channels is { Count: > 0 } channels ? cycles.Where(c => channels.Contains(c.ChannelId)) : cycles;
        }
    }

    public IQueryable<Ticket> Tickets
    {
        get
        {
            var tickets = db.Tickets.AsNoTracking().VisibleTo(actor, settings, db);
            var (me, mine) = (actor.Id, actor.Queues.ToArray());
            if (scope == FigureScope.Mine) tickets = tickets.Where(x => x.UserId == me);
            if (scope == FigureScope.Queues) tickets = tickets.Where(x => x.QueueId != null && mine.Contains(x.QueueId.Value));
            if (filter.Queues is { Count: > 0 } queues) tickets = tickets.Where(x => x.QueueId != null && queues.Contains(x.QueueId.Value));
            if (filter.Users is { Count: > 0 } users) tickets = tickets.Where(x => x.UserId != null && users.Contains(x.UserId.Value));
            return filter.Channels is { Count: > 0 } channels ? tickets.Where(x => channels.Contains(x.ChannelId)) : tickets;
        }
    }

    /// <summary>What customers were asked and the caller may know. By when they were asked, as the page of ratings counts.</summary>
    public IQueryable<SurveyRequest> Ratings
    {
        get
        {
            var ratings = db.SurveyRequests.AsNoTracking().VisibleRatings(actor, settings);
            var (me, mine) = (actor.Id, actor.Queues.ToArray());
            if (scope == FigureScope.Mine) ratings = ratings.Where(r => r.UserId == me);
            if (scope == FigureScope.Queues) ratings = ratings.Where(r => r.QueueId != null && mine.Contains(r.QueueId.Value));
            if (filter.Queues is { Count: > 0 } queues) ratings = ratings.Where(r => r.QueueId != null && queues.Contains(r.QueueId.Value));
            if (filter.Users is { Count: > 0 } users) ratings = ratings.Where(r => r.UserId != null && users.Contains(r.UserId.Value));
            return filter.Channels is { Count: > 0 } channels ? ratings.Where(r => channels.Contains(r.ChannelId)) : ratings;
        }
    }

    /// <summary>The people of the scope: for administrators all, for supervisors the members of their queues.</summary>
    public IQueryable<Contracts.Identity.UserView> People
    {
        get
        {
            var (me, mine) = (actor.Id, actor.Queues.ToArray());
            var people = db.Set<Contracts.Identity.UserView>().AsNoTracking();
            return scope switch
            {
                FigureScope.Mine => people.Where(u => u.Id == me),
                FigureScope.Queues => people.Where(u => db.Set<QueueMember>().Any(m => m.UserId == u.Id && mine.Contains(m.QueueId))),
                _ => people,
            };
        }
    }
}
