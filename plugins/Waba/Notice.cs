using System.Globalization;
using System.Text.Json;

namespace Inforzap.Plugins.Waba;

/// <summary>Something that Meta tells of the account or of the number itself, and of no conversation.</summary>
/// <param name="Name">For a log: which notification, and Meta's words in it.</param>
/// <param name="Text">For an administrator.</param>
/// <param name="IsTrouble">Somebody should look into it.</param>
internal sealed record Notice(string Name, string Text, bool IsTrouble)
{
    private const int LongestWord = 60;

    /// <summary>Words of Meta's that are good news.</summary>
    private static readonly HashSet<string> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        "APPROVED", "VERIFIED_ACCOUNT", "REINSTATE", "REINSTATED", "UNFLAGGED", "UPGRADE", "THROUGHPUT_UPGRADE", "ONBOARDING", "PARTNER_ADDED", "PARTNER_APP_INSTALLED",
        "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "INFORMATIONAL",
    };

    /// <summary>What a change tells; nothing for those that bring messages.</summary>
    public static IEnumerable<Notice> Of(Change change)
    {
        var value = change.Value;
        foreach (var error in value.Items("errors"))
            if (MetaError.Of(error) is { } known)
            {
                var code = known.Code.ToString(CultureInfo.InvariantCulture);
                // Its title is the same for every error of the code; what else stands there may quote a customer.
                yield return new($"error {code}", $"A Meta avisa do erro {code}{(Title(error) is { } title ? $" ({title})" : "")}.", true);
            }
        if (About(change.Field) is not { } about) yield break;
        var (what, more) = Words(change.Field, value);
        var words = new[] { what }.Concat(more).OfType<string>().Distinct().ToList();
        var said = words.Count == 0 ? "sem dizer o quê" : string.Join(", ", words);
        yield return new($"{change.Field} {string.Join(' ', words)}".TrimEnd(), $"{about}: {said}.", what is null || !Good.Contains(what));
    }

    private static string? About(string field) => field switch
    {
        "account_update" => "A Meta avisa de uma mudança na conta do WhatsApp Business",
        "account_alerts" => "A Meta dá um alerta sobre a conta",
        "account_review_update" => "A Meta analisou a conta do WhatsApp Business",
        "phone_number_quality_update" => "A Meta avisa de uma mudança na qualidade ou no limite do número",
        _ => null,
    };

    /// <summary>What happened, and what goes with it. Of free texts, names and numbers nothing.</summary>
    private static (string? What, IEnumerable<string?> More) Words(string field, JsonElement value)
    {
        var (ban, violation, alert) = (value.Child("ban_info"), value.Child("violation_info"), value.Child("alert_info") ?? value);
        return field switch
        {
            "account_update" => (Word(value, "event"), [Word(ban, "waba_ban_state"), Word(violation, "violation_type"), .. value.Items("restriction_info").Take(5).Select(r => Word(r, "restriction_type"))]),
            "account_alerts" => (Word(alert, "alert_type"), [Word(alert, "alert_severity"), Word(alert, "alert_status")]),
            "account_review_update" => (Word(value, "decision"), []),
            _ => (Word(value, "event"), [Word(value, "max_daily_conversations_per_business") ?? Word(value, "current_limit")]),
        };
    }

    /// <summary>A word that Meta chose from a few: capitals and no blank. A sentence is none, and so is a number.</summary>
    private static string? Word(JsonElement? json, string name) =>
        json?.String(name) is { Length: <= LongestWord } word && char.IsAsciiLetterUpper(word[0]) && word.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') ? word : null;

    private static string? Title(JsonElement error) =>
        error.String("title") is { Length: <= LongestWord } title && title.All(c => char.IsAsciiLetter(c) || c is ' ' or '-' or '\'') ? title : null;
}
