using Inforzap.Requests;

namespace Inforzap.Tickets.Figures;

/// <summary>When customers come: beginnings per hour of the week, on the company's clock.</summary>
[Allow("dashboard.see"), Reads]
public sealed record ReadRush([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter) : IRequest<Rush>;

/// <summary>24 hours of 7 days, Sunday first.</summary>
public sealed record Rush(IReadOnlyList<int> Hours)
{
    /// <summary>How many came in this hour of this day.</summary>
    public int At(DayOfWeek day, int hour) => Hours[((int)day * 24) + hour];
}

internal sealed class ReadRushHandler(FigureAccess access) : IRequestHandler<ReadRush, Rush>
{
    private const int HoursOfAWeek = 7 * 24;
    private const int ThursdayOn = (int)DayOfWeek.Thursday * 24;

    public async Task<Rush> Handle(ReadRush request, CancellationToken ct)
    {
        var view = access.Open(request.Filter);
        var hours = new int[HoursOfAWeek];
        foreach (var b in await view.Cycles.QueuedPerWeekHourAsync(view.Time, ct)) hours[(b.Bucket + ThursdayOn) % HoursOfAWeek] += b.Count;
        return new(hours);
    }
}
