using System.Globalization;
using System.Text.Json;
using Inforzap.Alarms;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Mail;

/// <summary>
/// Tells by mail what is wrong for longer than two minutes, and when it is over: to the addresses that the settings name, all of one
/// look in one mail, of one alarm at most once an hour. Every node looks; what was told stands in the table, so that one of them tells it.
/// </summary>
internal sealed class MailAlarms(
    InforzapDb db, Commits commits, SystemMediator mediator, IEnumerable<IAlarmSource> sources, IMailer mailer, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IJob
{
    /// <summary>What is over sooner is nobody's business.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    /// <summary>Nodes look at the house once a minute, each by itself: what none saw for so long is over.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(150);
    /// <summary>Between two mails about one alarm.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Use = TimeSpan.FromHours(6);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var to = SettingValues.Parts(settings.Get(Setting.AlarmMails));
        var rows = await db.AlarmMails.AsNoTracking().ToDictionaryAsync(a => a.AlarmId, ct);
        if (to.Length == 0 || !mailer.IsReady)
        {
            if (rows.Count > 0) await commits.RunAsync(db, () => db.AlarmMails.ExecuteDeleteAsync(ct), WriterKind.Background, ct);
            return;
        }
        var alarms = await Languages.InAsync(Languages.All[0], () => NowAsync(ct));
        if (alarms.Count == 0 && rows.Count == 0) return;
        // Nobody can say later what it said, and each recipient reads their own language.
        var said = new Dictionary<string, IReadOnlyList<Alarm>> { [Languages.All[0]] = alarms };
        foreach (var language in Languages.All.Skip(1)) said[language] = await Languages.InAsync(language, () => NowAsync(ct));
        var languages = await mediator.Send(new LanguagesOf(to), ct);
        try
        {
            await commits.RunAsync(db, async () =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                var begun = await BeginAsync(alarms, rows, said, now, ct);
                var over = await EndAsync(alarms, rows, now, ct);
                if (begun.Count + over.Count > 0) foreach (var address in to) Post(address, languages.GetValueOrDefault(address) ?? settings.Get(Setting.Language), said, begun, over, now);
                return true;
            }, WriterKind.Background, ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another node saw a new one at the same moment, and tells it.
        }
    }

    private async Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct)
    {
        var all = new List<Alarm>();
        foreach (var source in sources) all.AddRange(await source.NowAsync(ct));
        return [.. all.DistinctBy(a => a.Id).OrderBy(a => a.Since)];
    }

    /// <summary>Writes down that they stand; those that are to be told now.</summary>
    private async Task<List<string>> BeginAsync(IReadOnlyList<Alarm> alarms, Dictionary<string, AlarmMail> rows, Dictionary<string, IReadOnlyList<Alarm>> said, DateTime now, CancellationToken ct)
    {
        var begun = new List<string>();
        foreach (var alarm in alarms)
        {
            var id = alarm.Id;
            var words = JsonSerializer.Serialize(said.ToDictionary(s => s.Key, s => s.Value.FirstOrDefault(a => a.Id == id)?.Title ?? alarm.Title), JsonSerializerOptions.Web);
            if (!rows.TryGetValue(id, out var row))
            {
                row = new AlarmMail { AlarmId = id, Since = alarm.Since < now ? alarm.Since : now, SeenAt = now, Words = words };
                var isDue = now - row.Since >= Patience;
                if (isDue) (row.ToldAt, row.IsOpen) = (now, true);
                db.Add(row);
                await db.SaveChangesAsync(ct);
                if (isDue) begun.Add(id);
                continue;
            }
            var since = !row.IsOpen && now - row.SeenAt >= Gone ? alarm.Since : row.Since;
            await db.AlarmMails.Where(a => a.AlarmId == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.SeenAt, now).SetProperty(a => a.Since, since).SetProperty(a => a.Words, words), ct);
            var told = row.ToldAt;
            if (row.IsOpen || now - since < Patience || now - told < Rest) continue;
            if (await db.AlarmMails.Where(a => a.AlarmId == id && !a.IsOpen && a.ToldAt == told).ExecuteUpdateAsync(set => set.SetProperty(a => a.ToldAt, now).SetProperty(a => a.IsOpen, true), ct) == 1) begun.Add(id);
        }
        return begun;
    }

    /// <summary>Those that were told and are over.</summary>
    private async Task<List<AlarmMail>> EndAsync(IReadOnlyList<Alarm> alarms, Dictionary<string, AlarmMail> rows, DateTime now, CancellationToken ct)
    {
        var over = new List<AlarmMail>();
        foreach (var row in rows.Values.Where(r => now - r.SeenAt >= Gone && alarms.All(a => a.Id != r.AlarmId)))
        {
            var (id, seen) = (row.AlarmId, row.SeenAt);
            if (row.IsOpen)
            {
                if (await db.AlarmMails.Where(a => a.AlarmId == id && a.IsOpen && a.SeenAt == seen).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsOpen, false), ct) == 1) over.Add(row);
            }
            else if (row.ToldAt is null || now - row.ToldAt >= Rest) await db.AlarmMails.Where(a => a.AlarmId == id && !a.IsOpen && a.SeenAt == seen).ExecuteDeleteAsync(ct);
        }
        return over;
    }

    private void Post(string address, string language, Dictionary<string, IReadOnlyList<Alarm>> said, List<string> begun, List<AlarmMail> over, DateTime now)
    {
        language = Languages.Of(language).Name;
        var alarms = said[language].Where(a => begun.Contains(a.Id)).ToList();
        var ended = over.ConvertAll(o => JsonSerializer.Deserialize<Dictionary<string, string>>(o.Words, JsonSerializerOptions.Web)!.GetValueOrDefault(language) ?? o.AlarmId);
        var root = settings.Get(Setting.PublicUrl).TrimEnd('/');
        mailer.Post(db, Languages.In(language, () => new MailMessage(address, Subject(alarms, ended), language,
        [
            .. alarms.Select(a => string.Join('\n', new[] { a.Title, a.Text, t["AlarmMailSince", Local(a.Since)].Value }.Where(w => !string.IsNullOrWhiteSpace(w)))),
            .. ended.Select(e => t["AlarmMailOver", e].Value),
        ])
        {
            Button = root.Length > 0 ? t["AlarmMailOpen"].Value : null, Url = root.Length > 0 ? root + (alarms is [var one] ? one.Href : "/") : null, Small = t["AlarmMailWhy"], Until = now + Use,
        }));
    }

    private string Subject(List<Alarm> alarms, List<string> ended) => (alarms, ended) switch
    {
        ([var one], []) => t["AlarmMailOne", one.Title],
        (_, []) => t["AlarmMailSome", alarms.Count],
        ([], [var one]) => t["AlarmMailOver", one],
        ([], _) => t["AlarmMailSomeOver", ended.Count],
        _ => t["AlarmMailBoth", alarms.Count, ended.Count],
    };

    private string Local(DateTime at) => TimeZoneInfo.ConvertTimeFromUtc(at, settings.TimeZone).ToString("g", CultureInfo.CurrentCulture);
}
