using System.Globalization;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Hours;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets;

/// <summary>What lists over many tickets filter by: people, and days of the company's time zone.</summary>
internal static class FilterChoices
{
    private const int MostPeople = 1000;

    /// <summary>When this day begins, UTC.</summary>
    public static DateTime Begin(this ISettings settings, DateOnly day) => WallClock.Utc(day.ToDateTime(TimeOnly.MinValue), settings.TimeZone);

    /// <summary>A moment as tables write it: the company's time, sortable, alike in every language.</summary>
    public static string Minute(this ISettings settings, DateTime utc) => settings.Local(utc).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A day as tables write it.</summary>
    public static string Day(this ISettings settings, DateTime utc) => settings.Local(utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Everybody who may have written something, those who left included.</summary>
    public static async Task<IReadOnlyList<PersonChoice>> PeopleAsync(this InforzapDb db, CancellationToken ct) =>
        await db.Set<UserView>().OrderBy(u => u.Name).Take(MostPeople).Select(u => new PersonChoice(u.Id, u.Name)).ToListAsync(ct);

    /// <exception cref="Refusal">There is no such person.</exception>
    public static async Task RequirePersonAsync(this InforzapDb db, Guid id, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (!await db.Set<UserView>().AnyAsync(u => u.Id == id, ct)) throw Refusal.NotFound(t["UserGone"]);
    }

    /// <summary>Day as an address has it; null when it is none.</summary>
    public static DateOnly? Day(string? text) => DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var day) ? day : null;
}

/// <summary>Somebody to choose.</summary>
public sealed record PersonChoice(Guid Id, string Name);
