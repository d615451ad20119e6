using System.Globalization;

namespace Inforzap.Hours;

/// <summary>
/// Hours of a week in local time: up to three spans a day, each of which may end on the day after it began. Written as
/// <c>1 08:00-12:00 13:00-18:00;6 22:00-04:00</c>, days from 0 (Sunday); a day that is left out has none.
/// </summary>
public sealed class WeekHours : IEquatable<WeekHours>
{
    /// <summary>So many spans a day.</summary>
    public const int MostSpans = 3;

    /// <summary>The longest text of any.</summary>
    public const int MaxLength = 300;

    private static readonly TimeSpan Horizon = TimeSpan.FromDays(8);
    private readonly IReadOnlyList<Span>[] days;

    private WeekHours(IReadOnlyList<Span>[] days) => this.days = days;

    /// <summary>From one time of a day to another; when that is not later, to the same time of the next day or earlier.</summary>
    public readonly record struct Span(TimeOnly From, TimeOnly To)
    {
        /// <summary>Ends on the next day.</summary>
        public bool OverMidnight => To <= From;
    }

    /// <summary>No hours at all.</summary>
    public static WeekHours None { get; } = new([.. Enumerable.Repeat<IReadOnlyList<Span>>([], 7)]);

    /// <summary>The spans of a day, in order.</summary>
    public IReadOnlyList<Span> this[DayOfWeek day] => days[(int)day];

    /// <summary>No day has any.</summary>
    public bool IsEmpty => days.All(d => d.Count == 0);

    /// <summary>The same with other spans on one day.</summary>
    public WeekHours With(DayOfWeek day, IEnumerable<Span> spans)
    {
        var copy = days.ToArray();
        copy[(int)day] = [.. spans.OrderBy(s => s.From).Take(MostSpans)];
        return new(copy);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null for what is none.</summary>
    public static WeekHours? Parse(string? text)
    {
        if (text is null || text.Length > MaxLength) return null;
        var found = None;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length is < 2 or > 1 + MostSpans || words[0] is not [>= '0' and <= '6' and var day]) return null;
            var spans = new List<Span>();
            foreach (var word in words[1..])
            {
                if (word.Split('-') is not [var from, var to] || !Time(from, out var begins) || !Time(to, out var ends)) return null;
                spans.Add(new(begins, ends));
            }
            found = found.With((DayOfWeek)(day - '0'), spans);
        }
        return found;
    }

    /// <summary>Whether two spans of one day meet: then one of them says nothing.</summary>
    public bool Overlaps => days.Any(spans => spans.Zip(spans.Skip(1)).Any(p => p.First.OverMidnight || p.Second.From < p.First.To));

    /// <summary>Whether this moment of local time lies within.</summary>
    public bool IsOpen(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        return this[local.DayOfWeek].Any(s => time >= s.From && (s.OverMidnight || time < s.To))
            || this[local.AddDays(-1).DayOfWeek].Any(s => s.OverMidnight && time < s.To);
    }

    /// <summary>Whether this moment, in UTC, lies within, in that zone.</summary>
    public bool IsOpen(DateTime utc, TimeZoneInfo zone) => IsOpen(Local(utc, zone));

    /// <summary>The first moment after this one, in UTC, at which it is open, or closed. Null: not within a week.</summary>
    public DateTime? Next(bool open, DateTime utc, TimeZoneInfo zone)
    {
        foreach (var moment in Moments(utc, zone))
            if (IsOpen(moment, zone) == open) return moment;
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(';', days.Index().Where(d => d.Item.Count > 0)
        .Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Index} {string.Join(' ', d.Item.Select(s => $"{s.From:HH:mm}-{s.To:HH:mm}"))}")));

    /// <inheritdoc/>
    public bool Equals(WeekHours? other) => other is not null && days.Zip(other.days).All(d => d.First.SequenceEqual(d.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WeekHours);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// Every moment at which something may change: where spans begin and end, and each full hour, since a clock that is set
    /// on or back changes what time it is without any span saying so.
    /// </summary>
    private SortedSet<DateTime> Moments(DateTime utc, TimeZoneInfo zone)
    {
        var moments = new SortedSet<DateTime>();
        var first = Local(utc, zone).Date.AddDays(-1);
        for (var day = first; day <= first + Horizon; day = day.AddDays(1))
        {
            for (var hour = 0; hour < 24; hour++) Add(day.AddHours(hour));
            foreach (var span in this[day.DayOfWeek])
            {
                Add(day + span.From.ToTimeSpan());
                Add((span.OverMidnight ? day.AddDays(1) : day) + span.To.ToTimeSpan());
            }
        }
        moments.RemoveWhere(m => m <= utc);
        return moments;

        void Add(DateTime local)
        {
            // Times that the clock leaves out begin when it has been set on; of those that come twice both count.
            if (zone.IsInvalidTime(local)) return;
            if (zone.IsAmbiguousTime(local)) foreach (var offset in zone.GetAmbiguousTimeOffsets(local)) moments.Add(DateTime.SpecifyKind(local - offset, DateTimeKind.Utc));
            else moments.Add(TimeZoneInfo.ConvertTimeToUtc(local, zone));
        }
    }

    private static DateTime Local(DateTime utc, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);

    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
