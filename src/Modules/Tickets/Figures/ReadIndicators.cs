using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Figures;

/// <summary>The figures of the period beside those of the period before, and what is going on now.</summary>
[Allow("dashboard.see"), Reads]
public sealed record ReadIndicators([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter) : IRequest<Indicators>;

/// <summary>Times are seconds; see <see cref="ServiceFigures"/> for what each means.</summary>
/// <param name="Within">Share of first responses within their queue's time, from 0 to 1.</param>
/// <param name="OnlineOf">Of so many people; 0: nobody but the caller is looked at.</param>
public sealed record Indicators(
    Indicator Total, Indicator Receptive, Indicator Active, Indicator Closed, Indicator NewContacts,
    Indicator Wait, Indicator Service, Indicator FirstResponse, Indicator Within, int Pending, int Open, int Online, int OnlineOf)
{
    /// <summary>Share of the cycles that were resolved within their queue's time, from 0 to 1.</summary>
    public Indicator Resolved { get; init; } = new(null, null);

    /// <summary>What customers who were asked think: null while nobody was, in this period and the one before, or where the caller may not know.</summary>
    public RatingIndicators? Ratings { get; init; }
}

/// <summary>What customers think, see <see cref="SurveyFigures"/>.</summary>
/// <param name="Nps">From -100 to 100.</param>
/// <param name="Csat">Share of satisfied customers, in percent.</param>
public sealed record RatingIndicators(Indicator Nps, Indicator Csat);

/// <summary>A figure, and what it was in the period before. Null: there was nothing to measure.</summary>
public sealed record Indicator(double? Now, double? Before);

internal sealed class ReadIndicatorsHandler(InforzapDb db, FigureAccess access) : IRequestHandler<ReadIndicators, Indicators>
{
    public async Task<Indicators> Handle(ReadIndicators request, CancellationToken ct)
    {
        var view = access.Open(request.Filter);
        var (now, before) = (await OfAsync(view, view.Time, ct), await OfAsync(view, view.Before, ct));
        Indicator Of(Func<Figures, double?> figure) => new(figure(now), figure(before));
        var people = view.Scope == FigureScope.Mine ? null : Chosen(view.People.Where(u => u.IsActive), request.Filter);
        return new(
            Of(f => f.Demand.Total), Of(f => f.Demand.Total - f.Demand.Active), Of(f => f.Demand.Active), Of(f => f.Closed), Of(f => f.Contacts),
            Of(f => f.Wait), Of(f => f.Service), Of(f => f.FirstResponse), Of(f => f.Within),
            await view.Tickets.PendingNow().CountAsync(ct), await view.Tickets.OpenNow().CountAsync(ct),
            people is null ? 0 : await people.CountAsync(u => u.IsOnline, ct), people is null ? 0 : await people.CountAsync(ct))
        {
            Resolved = Of(f => f.Resolved),
            Ratings = now.Rated.Sent + before.Rated.Sent > 0 ? new(Of(f => f.Rated.Nps), Of(f => f.Rated.Csat)) : null,
        };
    }

    private async Task<Figures> OfAsync(FigureView view, FigureTime time, CancellationToken ct)
    {
        var cycles = view.Cycles;
        return new(
            await cycles.DemandAsync(time, ct), await cycles.ClosedIn(time).CountAsync(ct), await NewContactsAsync(view, time, ct),
            (await cycles.WaitAsync(time, ct)).Value, (await cycles.ServiceAsync(time, ct)).Value, (await cycles.FirstResponseAsync(time, ct)).Value, (await cycles.WithinAsync(db.Queues, time, ct)).Value,
            (await cycles.ResolvedWithinAsync(db.Queues, time, ct)).Value, await view.Ratings.RatedAsync(time, ct));
    }

    /// <summary>Contacts made in the period; where only a part of the service is looked at, those of them who were served in it.</summary>
    private async Task<int> NewContactsAsync(FigureView view, FigureTime time, CancellationToken ct)
    {
        var (begin, end) = (time.Begin, time.End);
        var contacts = db.Set<ContactView>().Where(k => k.CreatedAt >= begin && k.CreatedAt < end);
        // A group is no customer, whatever it has in the address book.
        if (view.IsWhole) return await contacts.CountAsync(k => !db.Set<Ticket>().Any(x => x.ContactId == k.Id && x.IsGroup), ct);
        var served = from c in view.Cycles.QueuedIn(time) join x in db.Set<Ticket>() on c.TicketId equals x.Id select x.ContactId;
        return await contacts.CountAsync(k => served.Contains(k.Id), ct);
    }

    private static IQueryable<Contracts.Identity.UserView> Chosen(IQueryable<Contracts.Identity.UserView> people, FigureFilter filter) =>
        filter.Users is { Count: > 0 } users ? people.Where(u => users.Contains(u.Id)) : people;

    private sealed record Figures(Demand Demand, int Closed, int Contacts, double? Wait, double? Service, double? FirstResponse, double? Within, double? Resolved, SurveyFigure Rated);
}
