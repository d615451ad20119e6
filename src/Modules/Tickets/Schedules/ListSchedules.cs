using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>A page of the schedules that the caller may see: what comes next stands first.</summary>
/// <param name="From">With something on this day or later, in the company's time zone.</param>
/// <param name="To">With something on this day or before.</param>
/// <param name="Take">How many; 0 takes fifty.</param>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record ListSchedules(
    [property: Form, NotEmpty, Called("Schedules")] ScheduleFilter Of, DateOnly? From = null, DateOnly? To = null, ScheduleSort Sort = ScheduleSort.Next, bool Descending = false,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<SchedulePage>;

/// <summary>Which schedules are meant.</summary>
/// <param name="Text">A part of a contact's name or of the text.</param>
/// <param name="Failed">Only those of which something failed.</param>
/// <param name="UserId">Who wrote them.</param>
/// <param name="HidesOver">Without those that are over.</param>
public sealed record ScheduleFilter(
    [property: StringLength(100), Called("ScheduleSearch")] string? Text = null, ScheduleState? State = null, bool Failed = false, Guid? UserId = null, Guid? ContactId = null, Guid? ChannelId = null, bool HidesOver = false);

/// <summary>A page of the list.</summary>
/// <param name="Matching">How many there are with these filters.</param>
/// <param name="Any">Whether there is any at all that the caller sees.</param>
/// <param name="People">To choose from.</param>
/// <param name="Channels">To choose from.</param>
/// <param name="ContactName">Of the contact that the list is about.</param>
public sealed record SchedulePage(IReadOnlyList<ScheduleRow> Rows, int Matching, bool Any, IReadOnlyList<PersonChoice> People, IReadOnlyList<ScheduleChannel> Channels, string? ContactName);

/// <summary>A channel to choose.</summary>
/// <param name="TakesFiles">Files can go along.</param>
public sealed record ScheduleChannel(Guid Id, string Name, string Kind, bool TakesFiles, long MaxBytes);

/// <summary>A schedule in the list.</summary>
/// <param name="Names">Whom it is for.</param>
/// <param name="LastAt">When it last was due.</param>
/// <param name="Sent">How many messages went out.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Cause">Why the last of these did not, or why one waits.</param>
public sealed record ScheduleRow(
    Guid Id, IReadOnlyList<string> Names, string Body, int Files, string? ChannelName, string? ChannelKind, string? AuthorName, ScheduleState State, DateTime? NextAt, DateTime? LastAt, SchedulePlan Plan,
    int Sent, int Failed, string? Cause);

/// <summary>By what the list is sorted.</summary>
internal enum ScheduleSort
{
    Next,
    Contact,
    Author,
    State,
}

/// <summary>What is due on some days, and was: one entry per schedule and day.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record ReadCalendar([property: Form, NotEmpty, Called("Schedules")] ScheduleFilter Of, DateOnly From, DateOnly To) : IRequest<IReadOnlyList<CalendarEntry>>, IValidatableObject
{
    private const int MostDays = 62;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Year is < 2000 or > 2199 || To < From || To.DayNumber - From.DayNumber > MostDays)
            yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["SchedulePeriod", MostDays], [nameof(To)]);
    }
}

/// <summary>A schedule on a day.</summary>
/// <param name="At">The first time on that day.</param>
/// <param name="Count">How many times on that day.</param>
/// <param name="State">The worst of that day.</param>
public sealed record CalendarEntry(Guid ScheduleId, DateTime At, int Count, string Names, string Body, ScheduleRunState State, bool IsPaused);

/// <summary>The schedules of a ticket's conversation that are still to come, the next one first.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record SchedulesOfTicket([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<TicketSchedule>>;

/// <summary>A schedule beside its conversation.</summary>
public sealed record TicketSchedule(Guid Id, string Body, int Files, string? AuthorName, ScheduleState State, DateTime? NextAt, SchedulePlan Plan, string? Cause);

/// <summary>The channels through which the caller may write to all of these contacts.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record ScheduleChannels([property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> Contacts) : IRequest<IReadOnlyList<ScheduleChannel>>;

internal sealed class ListSchedulesHandler(InforzapDb db, ScheduleAccess access, ISettings settings, IChannelDirectory channels, TimeProvider clock, SchedulePlanner planner, IStringLocalizer<Texts> t)
    : IRequestHandler<ListSchedules, SchedulePage>, IRequestHandler<ReadCalendar, IReadOnlyList<CalendarEntry>>
{
    private const int PageSize = 50;
    private const int MostSchedules = 500;
    private const int MostTimes = 5_000;

    public async Task<SchedulePage> Handle(ListSchedules request, CancellationToken ct)
    {
        var matching = await MatchingAsync(request.Of, ct);
        if (request.From is { } from)
        {
            var begin = settings.Begin(from);
            matching = matching.Where(s => db.Set<ScheduleRun>().Any(r => r.ScheduleId == s.Id && r.PlannedAt >= begin));
        }
        if (request.To is { } to && to < DateOnly.MaxValue)
        {
            var (begin, end) = (request.From is { } day ? settings.Begin(day) : DateTime.MinValue, settings.Begin(to.AddDays(1)));
            matching = matching.Where(s => db.Set<ScheduleRun>().Any(r => r.ScheduleId == s.Id && r.PlannedAt >= begin && r.PlannedAt < end));
        }
        var found = await Sorted(matching, request).Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize).ToListAsync(ct);
        var contactName = request.Of.ContactId is { } contact ? await access.NameOfAsync(contact, ct) : null;
        return new(await RowsAsync(found, ct), await matching.CountAsync(ct), found.Count > 0 || await access.Seen.AnyAsync(ct), await db.PeopleAsync(ct), [.. channels.All.Select(ScheduleRows.Of)], contactName);
    }

    public async Task<IReadOnlyList<CalendarEntry>> Handle(ReadCalendar request, CancellationToken ct)
    {
        var (matching, begin, end) = (await MatchingAsync(request.Of, ct), settings.Begin(request.From), settings.Begin(request.To.AddDays(1)));
        var runs = await (from s in matching
                          join r in db.Set<ScheduleRun>() on s.Id equals r.ScheduleId
                          where r.PlannedAt >= begin && r.PlannedAt < end
                          orderby r.PlannedAt
                          select new { Schedule = s, r.PlannedAt, r.State }).Take(MostTimes).ToListAsync(ct);
        var times = runs.Select(r => (r.Schedule, At: r.PlannedAt, r.State)).ToList();
        foreach (var schedule in await matching.Where(s => (s.State == ScheduleState.Active || s.State == ScheduleState.Paused) && s.NextAt < end).OrderBy(s => s.NextAt).Take(MostSchedules).ToListAsync(ct))
        {
            // The next one has its runs already.
            var after = schedule.NextAt!.Value > begin ? schedule.NextAt.Value : begin.AddTicks(-1);
            times.AddRange(ScheduleTimes.All(schedule.Plan, planner.Zone, planner.IsBusinessDay, after).TakeWhile(at => at < end).Take(MostTimes - times.Count).Select(at => (schedule, at, ScheduleRunState.Planned)));
            if (times.Count >= MostTimes) break;
        }
        var names = await db.NamesOfAsync([.. times.Select(x => x.Schedule.Id).Distinct()], access, ct);
        return [.. from x in times
                   group x by (x.Schedule.Id, DateOnly.FromDateTime(settings.Local(x.At))) into day
                   let schedule = day.First().Schedule
                   orderby day.Min(x => x.At)
                   select new CalendarEntry(schedule.Id, day.Min(x => x.At), day.Select(x => x.At).Distinct().Count(), ScheduleRows.Short(names[schedule.Id]), schedule.Body, Worst(day.Select(x => x.State)), schedule.State == ScheduleState.Paused)];
    }

    private static readonly ScheduleRunState[] FromWorst = [ScheduleRunState.Failed, ScheduleRunState.Planned, ScheduleRunState.Sending, ScheduleRunState.Sent, ScheduleRunState.Cancelled];

    private static ScheduleRunState Worst(IEnumerable<ScheduleRunState> states) => states.MinBy(s => Array.IndexOf(FromWorst, s));

    private async Task<IQueryable<Schedule>> MatchingAsync(ScheduleFilter filter, CancellationToken ct)
    {
        var schedules = access.Seen.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var like = SearchText.Like(filter.Text.Trim());
            schedules = schedules.Where(s => EF.Functions.Like(s.SearchText, like, "\\"));
        }
        if (filter.State is { } state) schedules = schedules.Where(s => s.State == state);
        if (filter.HidesOver) schedules = schedules.Where(s => s.State == ScheduleState.Active || s.State == ScheduleState.Paused);
        if (filter.Failed) schedules = schedules.Where(s => db.Set<ScheduleRun>().Any(r => r.ScheduleId == s.Id && r.State == ScheduleRunState.Failed));
        if (filter.UserId is { } user)
        {
            await db.RequirePersonAsync(user, t, ct);
            schedules = schedules.Where(s => s.AuthorId == user);
        }
        if (filter.ContactId is { } contact)
        {
            await access.ContactsAsync([contact], ct);
            schedules = schedules.Where(s => db.Set<ScheduleContact>().Any(c => c.ScheduleId == s.Id && c.ContactId == contact));
        }
        if (filter.ChannelId is { } channel)
        {
            if (channels.All.All(c => c.Id != channel)) throw Refusal.NotFound(t["ChannelGone"]);
            schedules = schedules.Where(s => s.ChannelId == channel);
        }
        return schedules;
    }

    private IQueryable<Schedule> Sorted(IQueryable<Schedule> all, ListSchedules request)
    {
        var users = db.Set<UserView>();
        var sorted = (request.Sort, request.Descending) switch
        {
            (ScheduleSort.Contact, false) => all.OrderBy(s => s.SearchText),
            (ScheduleSort.Contact, true) => all.OrderByDescending(s => s.SearchText),
            (ScheduleSort.Author, false) => all.OrderBy(s => users.Where(u => u.Id == s.AuthorId).Select(u => u.Name).FirstOrDefault()),
            (ScheduleSort.Author, true) => all.OrderByDescending(s => users.Where(u => u.Id == s.AuthorId).Select(u => u.Name).FirstOrDefault()),
            (ScheduleSort.State, false) => all.OrderBy(s => s.State),
            (ScheduleSort.State, true) => all.OrderByDescending(s => s.State),
            (_, true) => all.OrderByDescending(s => s.NextAt),
            _ => all.OrderBy(s => s.NextAt == null ? 1 : 0).ThenBy(s => s.NextAt),
        };
        // The rest makes pages that neither skip nor repeat.
        return sorted.ThenByDescending(s => s.ChangedAt).ThenBy(s => s.Id);
    }

    private async Task<IReadOnlyList<ScheduleRow>> RowsAsync(List<Schedule> found, CancellationToken ct)
    {
        var (ids, now) = (found.ConvertAll(s => s.Id).ToArray(), clock.GetUtcNow().UtcDateTime);
        var names = await db.NamesOfAsync(ids, access, ct);
        var files = await db.ScheduleFiles.Where(f => f.ScheduleId != null && ids.Contains(f.ScheduleId.Value)).GroupBy(f => f.ScheduleId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var runs = (await db.ScheduleRuns.Where(r => ids.Contains(r.ScheduleId)).GroupBy(r => new { r.ScheduleId, r.State }).Select(g => new { g.Key.ScheduleId, g.Key.State, Count = g.Count() }).ToListAsync(ct)).ToLookup(r => r.ScheduleId);
        var last = await db.ScheduleRuns.Where(r => ids.Contains(r.ScheduleId) && r.PlannedAt <= now).GroupBy(r => r.ScheduleId).Select(g => new { g.Key, At = g.Max(r => r.PlannedAt) }).ToDictionaryAsync(g => g.Key, g => g.At, ct);
        var causes = (await db.ScheduleRuns.Where(r => ids.Contains(r.ScheduleId) && r.Cause != null && (r.State == ScheduleRunState.Failed || r.State == ScheduleRunState.Planned))
            .OrderByDescending(r => r.DueAt).Select(r => new { r.ScheduleId, r.Cause }).Take(500).ToListAsync(ct)).ToLookup(r => r.ScheduleId, r => r.Cause);
        var people = found.ConvertAll(s => s.AuthorId).ToArray();
        var authors = await db.Set<UserView>().Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        return [.. found.Select(s => new ScheduleRow(s.Id, [.. names[s.Id]], s.Body, files.GetValueOrDefault(s.Id), channels.Find(s.ChannelId)?.Name, channels.Find(s.ChannelId)?.Kind, authors.GetValueOrDefault(s.AuthorId), s.State, s.NextAt,
            last.TryGetValue(s.Id, out var at) ? at : null, s.Plan, s.Runs, runs[s.Id].Where(r => r.State == ScheduleRunState.Failed).Sum(r => r.Count), causes[s.Id].FirstOrDefault()))];
    }
}

internal sealed class SchedulesOfTicketHandler(InforzapDb db, TicketAccess tickets, ScheduleAccess access) : IRequestHandler<SchedulesOfTicket, IReadOnlyList<TicketSchedule>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<TicketSchedule>> Handle(SchedulesOfTicket request, CancellationToken ct)
    {
        var ticket = await tickets.ReadAsync(request.TicketId, ct);
        var (contact, channel) = (ticket.ContactId, ticket.ChannelId);
        var found = await (from s in access.Seen.AsNoTracking()
                           where s.ChannelId == channel && (s.State == ScheduleState.Active || s.State == ScheduleState.Paused)
                               && db.Set<ScheduleContact>().Any(c => c.ScheduleId == s.Id && c.ContactId == contact && c.RepliedAt == null)
                           join u in db.Set<UserView>() on s.AuthorId equals u.Id into us
                           from u in us.DefaultIfEmpty()
                           orderby s.NextAt == null ? 0 : 1, s.NextAt, s.Id
                           select new
                           {
                               Schedule = s, Author = (string?)u.Name, Files = db.Set<ScheduleFile>().Count(f => f.ScheduleId == s.Id),
                               Cause = db.Set<ScheduleRun>().Where(r => r.ScheduleId == s.Id && r.ContactId == contact && r.State == ScheduleRunState.Planned && r.Cause != null).Select(r => r.Cause).FirstOrDefault(),
                           }).Take(Most).ToListAsync(ct);
        return [.. found.Select(x => new TicketSchedule(x.Schedule.Id, x.Schedule.Body, x.Files, x.Author, x.Schedule.State, x.Schedule.NextAt, x.Schedule.Plan, x.Cause))];
    }
}

internal sealed class ScheduleChannelsHandler(ScheduleAccess access) : IRequestHandler<ScheduleChannels, IReadOnlyList<ScheduleChannel>>
{
    public async Task<IReadOnlyList<ScheduleChannel>> Handle(ScheduleChannels request, CancellationToken ct) =>
        [.. (await access.ChannelsOfAsync(await access.ContactsAsync(request.Contacts, ct), ct)).Select(ScheduleRows.Of)];
}

internal static class ScheduleRows
{
    public static ScheduleChannel Of(ChannelInfo channel) => new(channel.Id, channel.Name, channel.Kind, channel.Can.HasFlag(Sdk.Can.Media), channel.MaxMediaBytes);

    /// <summary>Whom some schedules are for, in the order in which they were chosen.</summary>
    public static async Task<ILookup<Guid, string>> NamesOfAsync(this InforzapDb db, Guid[] schedules, ScheduleAccess access, CancellationToken ct) =>
        (await (from c in db.ScheduleContacts
                where schedules.Contains(c.ScheduleId)
                join k in db.Set<ContactView>() on c.ContactId equals k.Id
                orderby c.Position
                select new { c.ScheduleId, k.Name }).ToListAsync(ct)).ToLookup(c => c.ScheduleId, c => Shown.Name(access.Name(c.Name)));

    /// <summary>The first, and how many more.</summary>
    public static string Short(IEnumerable<string> names) => names.ToList() switch { [] => "", [var one] => one, [var first, .. var more] => $"{first} +{more.Count}" };
}
