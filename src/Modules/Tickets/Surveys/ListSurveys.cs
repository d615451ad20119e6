using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Closing;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Surveys;

/// <summary>A page of the surveys, with how often each was sent of late.</summary>
/// <param name="Sort">order, name or sent; with - before it downwards.</param>
/// <param name="Take">How many; 0 takes fifty.</param>
[Allow("surveys.see"), Reads]
internal sealed record ListSurveys(
    [property: StringLength(100), Called("SurveySearch")] string? Text = null, bool? Active = null, [property: StringLength(20), Called("Order")] string? Sort = null,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<SurveyList>;

/// <summary>The rows of the page, how many match, how many there are in all, and the places to choose from.</summary>
/// <param name="HasButtons">Some channel has buttons.</param>
internal sealed record SurveyList(IReadOnlyList<SurveyRow> Rows, int Matching, int Total, IReadOnlyList<PlaceRow> Queues, IReadOnlyList<PlaceRow> Channels, bool HasButtons);

/// <summary>A survey in the list.</summary>
/// <param name="Sent">Requests of the last thirty days.</param>
/// <param name="Ever">Requests since it was made.</param>
public sealed record SurveyRow(Guid Id, SurveyForm Form, bool IsActive, int Sent, int Ever, int Version);

/// <summary>What a person decides about a survey.</summary>
/// <param name="Queues">Where it holds; nothing: in all queues.</param>
/// <param name="Channels">Where it holds; nothing: on all channels.</param>
public sealed record SurveyForm(
    [property: NotEmpty, StringLength(60), Called("SurveyName")] string Name,
    SurveyScale Scale,
    [property: NotEmpty, StringLength(Survey.MaxText), Called("SurveyRequestText")] string RequestText,
    [property: NotEmpty, StringLength(Survey.MaxText), Called("SurveyThanksText")] string ThanksText,
    [property: NotEmpty, StringLength(Survey.MaxText), Called("SurveyInvalidText")] string InvalidText,
    int? ReasonAt,
    [property: StringLength(Survey.MaxText), Called("SurveyReasonText")] string? ReasonText,
    bool IsAutomatic,
    bool IsManual,
    bool IsVoluntary,
    bool UsesChoices,
    [property: Range(SurveyForm.MinMinutes, SurveyForm.MaxMinutes), Called("SurveyExpires")] int ExpiresMinutes,
    [property: StringLength(Survey.MaxText), Called("SurveyExpiryText")] string? ExpiryText,
    [property: Range(0, 8760), Called("SurveyLeastHours")] int LeastHours,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    IReadOnlyList<Guid> Queues,
    IReadOnlyList<Guid> Channels)
{
    /// <summary>Five minutes.</summary>
    public const int MinMinutes = 5;
    /// <summary>Thirty days.</summary>
    public const int MaxMinutes = 43_200;
}

internal sealed class ListSurveysHandler(InforzapDb db, ClosingScope scope, IChannelDirectory channels, TimeProvider clock) : IRequestHandler<ListSurveys, SurveyList>
{
    private const int PageSize = 50;
    private static readonly TimeSpan OfLate = TimeSpan.FromDays(30);

    public async Task<SurveyList> Handle(ListSurveys request, CancellationToken ct)
    {
        var all = db.Surveys.AsNoTracking().Where(s => s.DeletedAt == null);
        var total = await all.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            all = all.Where(s => EF.Functions.Like(s.SearchText, like, "\\"));
        }
        if (request.Active is { } active) all = all.Where(s => s.IsActive == active);
        var since = clock.GetUtcNow().UtcDateTime - OfLate;
        var counted = all.Select(s => new
        {
            Survey = s, Sent = db.Set<SurveyRequest>().Count(r => r.SurveyId == s.Id && r.SentAt >= since), Ever = db.Set<SurveyRequest>().Count(r => r.SurveyId == s.Id),
        });
        var sorted = request.Sort switch
        {
            "name" => counted.OrderBy(s => s.Survey.SearchText),
            "-name" => counted.OrderByDescending(s => s.Survey.SearchText),
            "sent" => counted.OrderBy(s => s.Sent).ThenBy(s => s.Survey.SearchText),
            "-sent" => counted.OrderByDescending(s => s.Sent).ThenBy(s => s.Survey.SearchText),
            _ => counted.OrderBy(s => s.Survey.Order).ThenBy(s => s.Survey.SearchText),
        };
        var rows = await sorted.ThenBy(s => s.Survey.Id).Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize).ToListAsync(ct);
        var places = await scope.AllAsync(ct);
        return new([.. rows.Select(r => new SurveyRow(r.Survey.Id, Form(r.Survey, places[r.Survey.Id]), r.Survey.IsActive, r.Sent, r.Ever, r.Survey.Version))], await all.CountAsync(ct), total,
            await db.PlacesAsync(ct), [.. channels.All.Select(c => new PlaceRow(c.Id, c.Name, null, true))], channels.All.Any(c => c.Can.HasFlag(Sdk.Can.Offers)));
    }

    private static SurveyForm Form(Survey s, IEnumerable<ClosingPlace> places) => new(s.Name, s.Scale, s.RequestText, s.ThanksText, s.InvalidText, s.ReasonAt, s.ReasonText, s.IsAutomatic, s.IsManual, s.IsVoluntary,
        s.UsesChoices, s.ExpiresMinutes, s.ExpiryText, s.LeastHours, s.Order, [.. places.Where(p => p.Kind == ClosingPlaceKind.Queue).Select(p => p.PlaceId)], [.. places.Where(p => p.Kind == ClosingPlaceKind.Channel).Select(p => p.PlaceId)]);
}

/// <summary>In how many surveys a variable stands.</summary>
internal sealed class SurveyVariables(InforzapDb db, IStringLocalizer<Texts> t) : IVariableUse
{
    public async Task<VariablePlaces> CountAsync(string name, CancellationToken ct)
    {
        var surveys = await db.Surveys.Where(s => s.DeletedAt == null).Select(s => new { s.RequestText, s.ThanksText, s.InvalidText, s.ReasonText, s.ExpiryText }).ToListAsync(ct);
        return new(t["Surveys"], surveys.SelectMany(s => new[] { s.RequestText, s.ThanksText, s.InvalidText, s.ReasonText, s.ExpiryText })
            .Count(text => text is not null && VariableText.NamesIn(text).Contains(name, StringComparer.OrdinalIgnoreCase)));
    }
}
