namespace Inforzap.Contracts.Tickets;

/// <summary>The numbers from which customers choose.</summary>
public enum SurveyScale
{
    /// <summary>1 to 3.</summary>
    OneToThree,
    /// <summary>1 to 5.</summary>
    OneToFive,
    /// <summary>0 to 10.</summary>
    ZeroToTen,
}

/// <summary>So many requests of one scale came to the same.</summary>
/// <param name="Scale">What was asked.</param>
/// <param name="Score">What was answered; null: no score.</param>
/// <param name="IsInvalid">Something was answered, but no score.</param>
/// <param name="Count">How many.</param>
public sealed record ScoreCount(SurveyScale Scale, int? Score, bool IsInvalid, int Count);

/// <summary>What came of some requests. Shares are in percent; null where there is nothing to divide by.</summary>
/// <param name="Sent">Requests.</param>
/// <param name="Answered">Requests that were answered, with a score or without.</param>
/// <param name="Valid">Requests that were answered with a score.</param>
/// <param name="Average">Of the scores; null also where they are of different scales.</param>
/// <param name="Nps">From -100 to 100, see <see cref="SurveyFigures"/>.</param>
/// <param name="Csat">Share of satisfied customers, see <see cref="SurveyFigures"/>.</param>
public sealed record SurveyFigure(int Sent, int Answered, int Valid, double? Average, double? Nps, double? Csat)
{
    /// <summary>Share of requests that were answered.</summary>
    public double? ResponseRate => SurveyFigures.Share(Answered, Sent);

    /// <summary>Share of answers that are a score.</summary>
    public double? ValidRate => SurveyFigures.Share(Valid, Answered);
}

/// <summary>
/// How satisfaction is counted. NPS is the share of promoters minus the share of detractors: 9 and 10 against 0 to 6 on 0–10, 5
/// against 1 to 3 on 1–5, 3 against 1 on 1–3. CSAT is the share of satisfied customers: 7 to 10 on 0–10, 4 and 5 on 1–5, 3 on 1–3.
/// </summary>
public static class SurveyFigures
{
    /// <summary>The lowest number of a scale.</summary>
    public static int Least(SurveyScale scale) => scale == SurveyScale.ZeroToTen ? 0 : 1;

    /// <summary>The highest number of a scale.</summary>
    public static int Most(SurveyScale scale) => scale switch { SurveyScale.OneToThree => 3, SurveyScale.OneToFive => 5, _ => 10 };

    /// <summary>Whether a number stands on a scale.</summary>
    public static bool Has(SurveyScale scale, int score) => score >= Least(scale) && score <= Most(scale);

    /// <summary>Would recommend the company.</summary>
    public static bool IsPromoter(SurveyScale scale, int score) => scale == SurveyScale.ZeroToTen ? score >= 9 : score == Most(scale);

    /// <summary>Would advise against it.</summary>
    public static bool IsDetractor(SurveyScale scale, int score) => score <= scale switch { SurveyScale.OneToThree => 1, SurveyScale.OneToFive => 3, _ => 6 };

    /// <summary>Is satisfied.</summary>
    public static bool IsSatisfied(SurveyScale scale, int score) => score >= scale switch { SurveyScale.OneToThree => 3, SurveyScale.OneToFive => 4, _ => 7 };

    /// <summary>The figures of requests that the database has counted by scale and score.</summary>
    public static SurveyFigure Of(IEnumerable<ScoreCount> counts)
    {
        var all = counts.ToList();
        var scored = all.FindAll(c => c.Score is not null);
        var valid = scored.Sum(c => c.Count);
        double? average = valid == 0 || scored.DistinctBy(c => c.Scale).Count() > 1 ? null : scored.Sum(c => (double)c.Score!.Value * c.Count) / valid;
        return new(all.Sum(c => c.Count), valid + all.Where(c => c is { Score: null, IsInvalid: true }).Sum(c => c.Count), valid, average,
            Share(Scored(IsPromoter) - Scored(IsDetractor), valid), Share(Scored(IsSatisfied), valid));

        int Scored(Func<SurveyScale, int, bool> counts) => scored.Where(c => counts(c.Scale, c.Score!.Value)).Sum(c => c.Count);
    }

    /// <summary>In percent; null of nothing.</summary>
    public static double? Share(int part, int whole) => whole == 0 ? null : 100.0 * part / whole;
}
