using System.Globalization;
using System.Text.RegularExpressions;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Surveys;

/// <summary>A score that a customer gave.</summary>
/// <param name="Score">On the scale.</param>
/// <param name="IsExact">A button, or the number and nothing else: it can't mean much else.</param>
internal sealed record GivenScore(int Score, bool IsExact);

/// <summary>Which score a customer means, and the buttons for them.</summary>
internal static partial class SurveyScore
{
    private const string Mark = "rate:";

    /// <summary>What is pressed; null where a scale has more numbers than buttons fit.</summary>
    public static IReadOnlyList<Offer>? Offers(SurveyScale scale, Guid requestId) => scale == SurveyScale.ZeroToTen ? null
        : [.. Enumerable.Range(1, SurveyFigures.Most(scale)).Reverse().Select(n => new Offer(string.Create(CultureInfo.InvariantCulture, $"{Mark}{requestId:N}:{n}"), Title(n)))];

    /// <summary>What stands on the button of a score.</summary>
    public static string Title(int score) => string.Create(CultureInfo.InvariantCulture, $"{score} {new string('★', score)}");

    /// <summary>Whether it is a button of any survey, however old.</summary>
    public static bool IsButton(Content content) => content is ChoiceContent { Id: { } id } && id.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The score of a button of this request.</summary>
    public static GivenScore? Pressed(ChoiceContent choice, SurveyScale scale, Guid requestId)
    {
        var mine = string.Create(CultureInfo.InvariantCulture, $"{Mark}{requestId:N}:");
        return choice.Id is { } id && id.StartsWith(mine, StringComparison.Ordinal) && int.TryParse(id.AsSpan(mine.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var score)
            && SurveyFigures.Has(scale, score) ? new(score, true) : null;
    }

    /// <summary>The score in a text: 4, 4️⃣, nota 4, 4/5, 4 estrelas, ⭐⭐⭐⭐; null: it is none, or none of this scale.</summary>
    public static GivenScore? In(string text, SurveyScale scale)
    {
        var plain = SearchText.Fold(text.Replace("\uFE0F", "", StringComparison.Ordinal).Replace("\u20E3", "", StringComparison.Ordinal).Replace("🔟", "10", StringComparison.Ordinal)).Trim();
        if (plain.Length is 0 or > 40) return null;
        // Many stars are no 0-10: nobody knows of how many.
        if (scale != SurveyScale.ZeroToTen && plain.All(c => c is '★' or '⭐')) return Given(plain.Length, false);
        if (Written().Match(plain) is not { Success: true } found) return null;
        if (found.Groups["of"] is { Success: true } of && Number(of) != SurveyFigures.Most(scale)) return null;
        return Given(Number(found.Groups["score"]), found.Groups["score"].Value == plain);

        GivenScore? Given(int score, bool isExact) => SurveyFigures.Has(scale, score) ? new(score, isExact) : null;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?:a |minha |mi |my )?(?:nota|note|score|rating|calificacion|puntuacion|dou|doy|i give)(?: nota)?(?: e| es| is)?\s*[:=-]?\s*)?(?<score>[0-9]{1,2})(?:\s*/\s*(?<of>[0-9]{1,2}))?\s*(?:estrelas?|estrellas?|stars?|pontos?|puntos?|points?|[★⭐]+)?\s*[.)]?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
