using System.Globalization;
using System.Text.RegularExpressions;
using Inforzap.Data;

namespace Inforzap.Tickets;

/// <summary>A number that the customer can quote. It belongs to one cycle of its ticket, and is open as long as that is.</summary>
internal sealed class Protocol : Versioned
{
    public const int MaxSubject = 120;
    public const int MaxDescription = 2000;

    public Guid Id { get; init; }
    /// <summary>As people say it: see <see cref="ProtocolNumber"/>.</summary>
    public required string Number { get; init; }
    /// <summary>Its digits from the last to the first, so that the last ones can be looked for.</summary>
    public long Backwards { get; init; }
    public Guid TicketId { get; init; }
    public Guid CycleId { get; init; }
    public Guid ContactId { get; init; }
    /// <summary>Who asked for it; none: the product made it by itself, once per cycle at most.</summary>
    public Guid? UserId { get; init; }
    public string? Subject { get; set; }
    public string? Description { get; set; }
    /// <summary>When a message to the customer first named it.</summary>
    public DateTime? SentAt { get; set; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>
/// The company's letters, the day of its time zone as AAAAMMDD, six digits that count that day's protocols, and a check digit by
/// Luhn's rule over the fourteen digits before it. The letters are not in the check: they may change, the digits never come twice.
/// </summary>
internal static partial class ProtocolNumber
{
    public const string Counter = "protocol";
    public const int Digits = 15;
    private const int FewestDigits = 4;
    private const long PerDay = 1_000_000;

    /// <summary>
    /// Takes the next one. One row counts for all days and holds day and number together: whoever takes one holds it until the
    /// commit, a new day begins at 1, and a clock or a time zone that goes back only goes on counting the later day.
    /// </summary>
    public static async Task<string> TakeAsync(InforzapDb db, DateTime local, string prefix, CancellationToken ct)
    {
        var first = ((local.Year * 10_000L) + (local.Month * 100) + local.Day) * PerDay + 1;
        await db.Set<Counter>().Where(c => c.Name == Counter).ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, c => c.Value < first ? first : c.Value + 1), ct);
        return Of(prefix, await db.Set<Counter>().AsNoTracking().Where(c => c.Name == Counter).Select(c => c.Value).SingleAsync(ct));
    }

    /// <summary>With its check digit.</summary>
    /// <param name="value">Day and number of the day: fourteen digits.</param>
    public static string Of(string prefix, long value)
    {
        var digits = value.ToString("D14", CultureInfo.InvariantCulture);
        return $"{prefix}{digits}{CheckDigit(digits)}";
    }

    /// <summary>Luhn: every second digit from the right is doubled, and what is missing to the next ten is the check.</summary>
    public static int CheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            sum += i % 2 == 0 ? (digit * 2 / 10) + (digit * 2 % 10) : digit;
        }
        return (10 - (sum % 10)) % 10;
    }

    /// <summary>Whether it was written down without a slip.</summary>
    public static bool IsRight(string number) =>
        number.Length >= Digits && number[^Digits..] is var digits && digits.All(char.IsAsciiDigit) && CheckDigit(digits[..^1]) == digits[^1] - '0';

    /// <summary>The digits of a number from the last to the first.</summary>
    public static long Backwards(string number) => Turned(number[^Digits..]);

    /// <summary>Between which turned numbers those lie that end as somebody typed it; null when that is no end of a protocol.</summary>
    public static (long From, long To)? Ending(string text)
    {
        if (!Typed().IsMatch(text)) return null;
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length is < FewestDigits or > Digits) return null;
        var (turned, width) = (Turned(digits), (long)Math.Pow(10, Digits - digits.Length));
        return (turned * width, (turned + 1) * width);
    }

    /// <summary>The numbers in a text that may be protocols, turned.</summary>
    public static IReadOnlyList<long> In(string text) => [.. Whole().Matches(text).Select(m => m.Value).Where(IsRight).Select(Turned).Distinct()];

    private static long Turned(string digits) => long.Parse(string.Concat(digits.Reverse()), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*#?\s*[A-Za-z]{0,8}[0-9\s./-]{4,40}$")]
    private static partial Regex Typed();

    [GeneratedRegex("(?<![0-9])[0-9]{15}(?![0-9])")]
    private static partial Regex Whole();
}

internal static class ProtocolsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Protocol> Protocols => db.Set<Protocol>();
    }

    public static void Map(ModelBuilder model)
    {
        var protocol = model.Entity<Protocol>();
        protocol.ToTable("Protocols", "tickets");
        protocol.Property(p => p.Id).ValueGeneratedNever();
        protocol.Text(p => p.Number).IsIdentifier(30);
        protocol.Property(p => p.Subject).HasMaxLength(Protocol.MaxSubject);
        protocol.Property(p => p.Description).HasMaxLength(Protocol.MaxDescription);
        protocol.HasIndex(p => p.Number).IsUnique();
        protocol.HasIndex(p => p.Backwards);
        // What the product makes by itself it makes once, whatever races there are.
        protocol.HasIndex(p => p.CycleId).IsUnique().HasFilter("\"UserId\" IS NULL").HasDatabaseName("UX_Protocols_Automatic");
        protocol.HasIndex(p => new { p.TicketId, p.CreatedAt });
        protocol.HasIndex(p => new { p.ContactId, p.CreatedAt });
        protocol.HasIndex(p => p.CreatedAt);
    }
}
