using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Surveys;

/// <summary>
/// What customers answered, as figures and as a page of answers, among what the caller may know: who leads, of their queues or of all;
/// whoever else, of their own service, where the company wants that. Days are those of the company, and count by when was asked.
/// </summary>
/// <param name="From">From this day on; the last thirty days unless given.</param>
/// <param name="To">Until this day.</param>
/// <param name="Take">How many answers; 0 takes fifty.</param>
[Allow("surveys.see", "tickets.see"), Reads]
public sealed record ReadRatings(
    DateOnly? From = null, DateOnly? To = null, Guid? SurveyId = null, Guid? QueueId = null, Guid? UserId = null, Guid? ChannelId = null,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<RatingPage>;

/// <summary>The answers as a table for spreadsheet programs, twenty thousand lines at most.</summary>
[Allow("surveys.see"), Reads]
public sealed record ExportRatings([property: NotEmpty, Called("SurveyResults")] ReadRatings Of) : IRequest<string>;

/// <summary>Figures and answers.</summary>
/// <param name="From">The first day that is meant.</param>
/// <param name="Any">Whether the caller knows of any request at all.</param>
/// <param name="Scales">How often each score was given, by scale.</param>
/// <param name="Answers">How many there are in all.</param>
public sealed record RatingPage(
    DateOnly From, DateOnly To, bool Any, SurveyFigure All, IReadOnlyList<ScaleScores> Scales, IReadOnlyList<RatedPart> Users, IReadOnlyList<RatedPart> Queues, IReadOnlyList<RatedPart> Channels,
    IReadOnlyList<RatingRow> Rows, int Answers, RatingChoices Choices);

/// <summary>How often each score of a scale was given, from the lowest.</summary>
public sealed record ScaleScores(SurveyScale Scale, IReadOnlyList<(int Score, int Count)> Scores);

/// <summary>The figures of a user, a queue or a channel.</summary>
public sealed record RatedPart(string Name, SurveyFigure Figure);

/// <summary>An answer in the list.</summary>
/// <param name="Most">The highest number of its scale.</param>
/// <param name="UserName">Who is rated.</param>
public sealed record RatingRow(Guid Id, SurveyScale Scale, int? Score, string? Comment, Guid TicketId, long TicketNumber, string ContactName, string? UserName, string? QueueName, Guid ChannelId, string SurveyName, DateTime SentAt, DateTime? AnsweredAt);

/// <summary>What to filter by.</summary>
public sealed record RatingChoices(IReadOnlyList<PersonChoice> Surveys, IReadOnlyList<PersonChoice> Queues, IReadOnlyList<PersonChoice> People, IReadOnlyList<PersonChoice> Channels);

internal sealed class ReadRatingsHandler(InforzapDb db, IActor actor, Sight sight, ISettings settings, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t)
    : IRequestHandler<ReadRatings, RatingPage>, IRequestHandler<ExportRatings, string>
{
    private const int PageSize = 50;
    private const int MostLines = 20_000;
    private const int Days = 30;
    private static readonly string[] Heads = ["avaliacao", "escala", "nota", "comentario", "atendimento", "contato", "atendente", "fila", "canal", "enviada_em", "respondida_em"];

    public async Task<RatingPage> Handle(ReadRatings request, CancellationToken ct)
    {
        if (!actor.May("surveys.see") && !settings.Is(Setting.UsersSeeOwnRatings)) throw Refusal.Forbidden(t["SurveyResultsOff"]);
        var (from, to) = Period(request);
        var matching = await MatchingAsync(request, from, to, ct);
        var all = await matching.GroupBy(r => new { r.Scale, r.Score, IsInvalid = r.Score == null && r.Comment != null }).Select(g => new ScoreCount(g.Key.Scale, g.Key.Score, g.Key.IsInvalid, g.Count())).ToListAsync(ct);
        var users = await matching.GroupBy(r => new { Part = r.UserId, r.Scale, r.Score, IsInvalid = r.Score == null && r.Comment != null }).Select(g => new PartCount(g.Key.Part, g.Key.Scale, g.Key.Score, g.Key.IsInvalid, g.Count())).ToListAsync(ct);
        var queues = await matching.GroupBy(r => new { Part = r.QueueId, r.Scale, r.Score, IsInvalid = r.Score == null && r.Comment != null }).Select(g => new PartCount(g.Key.Part, g.Key.Scale, g.Key.Score, g.Key.IsInvalid, g.Count())).ToListAsync(ct);
        var byChannel = await matching.GroupBy(r => new { Part = (Guid?)r.ChannelId, r.Scale, r.Score, IsInvalid = r.Score == null && r.Comment != null }).Select(g => new PartCount(g.Key.Part, g.Key.Scale, g.Key.Score, g.Key.IsInvalid, g.Count())).ToListAsync(ct);
        var answers = Answers(matching);
        var rows = await Rows(answers.OrderByDescending(r => r.AnsweredAt).ThenByDescending(r => r.Id).Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize)).ToListAsync(ct);
        rows = [.. rows.Select(r => r with { ContactName = sight.Name(r.ContactName) })];
        var choices = await ChoicesAsync(ct);
        var queueNames = await db.Queues.Select(q => new { q.Id, q.Name }).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        var userIds = users.Select(u => u.Part).OfType<Guid>().Distinct().ToArray();
        var userNames = await db.Set<UserView>().Where(u => userIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        return new(from, to, all.Count > 0 || await Seen().AnyAsync(ct), SurveyFigures.Of(all), Scales(all),
            Parts(users, id => id is { } user ? userNames.GetValueOrDefault(user) ?? t["Somebody"] : t["Somebody"]), Parts(queues, id => id is { } queue ? queueNames.GetValueOrDefault(queue) ?? t["GoneQueue"] : t["NoQueue"]),
            Parts(byChannel, id => channels.Find(id!.Value)?.Name ?? t["GoneChannel"]), rows, await answers.CountAsync(ct), choices);
    }

    public async Task<string> Handle(ExportRatings request, CancellationToken ct)
    {
        var (from, to) = Period(request.Of);
        var rows = await Rows(Answers(await MatchingAsync(request.Of, from, to, ct)).OrderByDescending(r => r.AnsweredAt).ThenByDescending(r => r.Id).Take(MostLines)).ToListAsync(ct);
        return Csv.Write(rows.Select(IReadOnlyList<string> (RatingRow r) =>
        [
            r.SurveyName, string.Create(CultureInfo.InvariantCulture, $"{SurveyFigures.Least(r.Scale)}–{SurveyFigures.Most(r.Scale)}"), r.Score?.ToString(CultureInfo.InvariantCulture) ?? "", r.Comment ?? "",
            r.TicketNumber.ToString(CultureInfo.InvariantCulture), sight.Name(r.ContactName), r.UserName ?? "", r.QueueName ?? "", channels.Find(r.ChannelId)?.Name ?? "", settings.Minute(r.SentAt),
            r.AnsweredAt is { } at ? settings.Minute(at) : "",
        ]).Prepend(Heads));
    }

    private sealed record PartCount(Guid? Part, SurveyScale Scale, int? Score, bool IsInvalid, int Count);

    private static IReadOnlyList<RatedPart> Parts(IEnumerable<PartCount> counts, Func<Guid?, string> name) =>
        [.. counts.GroupBy(c => c.Part).Select(g => new RatedPart(name(g.Key), SurveyFigures.Of(g.Select(c => new ScoreCount(c.Scale, c.Score, c.IsInvalid, c.Count)))))
            .OrderByDescending(p => p.Figure.Valid).ThenBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];

    private static IReadOnlyList<ScaleScores> Scales(List<ScoreCount> all) =>
        [.. all.Where(c => c.Score is not null).GroupBy(c => c.Scale).OrderBy(g => g.Key).Select(g => new ScaleScores(g.Key,
            [.. Enumerable.Range(SurveyFigures.Least(g.Key), SurveyFigures.Most(g.Key) - SurveyFigures.Least(g.Key) + 1).Select(n => (n, g.Where(c => c.Score == n).Sum(c => c.Count)))]))];

    private (DateOnly From, DateOnly To) Period(ReadRatings request)
    {
        var to = request.To ?? DateOnly.FromDateTime(settings.Local(clock.GetUtcNow().UtcDateTime));
        return (request.From ?? (to.DayNumber < Days ? DateOnly.MinValue : to.AddDays(1 - Days)), to);
    }

    private IQueryable<SurveyRequest> Seen() => db.SurveyRequests.AsNoTracking().VisibleRatings(actor, settings);

    private static IQueryable<SurveyRequest> Answers(IQueryable<SurveyRequest> requests) => requests.Where(r => r.Score != null || r.Comment != null);

    private async Task<IQueryable<SurveyRequest>> MatchingAsync(ReadRatings request, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var requests = Seen();
        if (from > DateOnly.MinValue.AddDays(1))
        {
            var begin = settings.Begin(from);
            requests = requests.Where(r => r.SentAt >= begin);
        }
        if (to < DateOnly.MaxValue.AddDays(-1))
        {
            var over = settings.Begin(to.AddDays(1));
            requests = requests.Where(r => r.SentAt < over);
        }
        if (request.SurveyId is { } survey)
        {
            if (!await db.Surveys.AnyAsync(s => s.Id == survey, ct)) throw Refusal.NotFound(t["SurveyGone"]);
            requests = requests.Where(r => r.SurveyId == survey);
        }
        if (request.QueueId is { } queue)
        {
            if (!await db.Queues.AnyAsync(q => q.Id == queue, ct)) throw Refusal.NotFound(t["QueueGone"]);
            requests = requests.Where(r => r.QueueId == queue);
        }
        if (request.UserId is { } user)
        {
            await db.RequirePersonAsync(user, t, ct);
            requests = requests.Where(r => r.UserId == user);
        }
        if (request.ChannelId is not { } channel) return requests;
        if (channels.All.All(c => c.Id != channel)) throw Refusal.NotFound(t["ChannelGone"]);
        return requests.Where(r => r.ChannelId == channel);
    }

    private async Task<RatingChoices> ChoicesAsync(CancellationToken ct)
    {
        var surveys = await db.Surveys.OrderBy(s => s.DeletedAt != null).ThenBy(s => s.Name).Select(s => new PersonChoice(s.Id, s.Name)).Take(500).ToListAsync(ct);
        // Who sees only their own is asked for nobody else's.
        if (!actor.May("surveys.see")) return new(surveys, [], [], []);
        var all = actor.May("tickets.see-all");
        var mine = actor.Queues.ToArray();
        var queues = await db.Queues.Where(q => q.DeletedAt == null && (all || mine.Contains(q.Id))).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new PersonChoice(q.Id, q.Name)).ToListAsync(ct);
        return new(surveys, queues, await db.PeopleAsync(ct), [.. channels.All.Select(c => new PersonChoice(c.Id, c.Name))]);
    }

    private IQueryable<RatingRow> Rows(IQueryable<SurveyRequest> requests) =>
        from r in requests
        join x in db.Set<Ticket>() on r.TicketId equals x.Id
        join s in db.Set<Survey>() on r.SurveyId equals s.Id
        join k in db.Set<ContactView>() on r.ContactId equals k.Id
        join u in db.Set<UserView>() on r.UserId equals u.Id into us
        from u in us.DefaultIfEmpty()
        join q in db.Set<Queue>() on r.QueueId equals q.Id into qs
        from q in qs.DefaultIfEmpty()
        orderby r.AnsweredAt descending, r.Id descending
        select new RatingRow(r.Id, r.Scale, r.Score, r.Comment, r.TicketId, x.Number, k.Name, u.Name, q.Name, r.ChannelId, s.Name, r.SentAt, r.AnsweredAt);
}
