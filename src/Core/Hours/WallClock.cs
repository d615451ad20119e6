namespace Inforzap.Hours;

/// <summary>From what a clock on the wall shows to UTC, also where it shows a time twice or leaves one out.</summary>
public static class WallClock
{
    /// <summary>The moment. Of a time that comes twice it is the first; one that is left out is moved on by as much as the clock was.</summary>
    public static DateTime Utc(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            var before = local.AddDays(-1);
            return DateTime.SpecifyKind(local - zone.GetUtcOffset(before), DateTimeKind.Utc);
        }
        return zone.IsAmbiguousTime(local) ? DateTime.SpecifyKind(local - zone.GetAmbiguousTimeOffsets(local).Max(), DateTimeKind.Utc) : TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
