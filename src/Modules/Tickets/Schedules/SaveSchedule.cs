using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>Makes a schedule, or changes one that is not over.</summary>
/// <param name="Form">What was typed.</param>
/// <param name="Files">Those that it keeps, and new uploads of the caller, in order.</param>
/// <param name="Revision">As it was read.</param>
/// <param name="CopyOf">The one from which the files of a new one may come, too.</param>
[Allow("schedules.use", "schedules.manage")]
internal sealed record SaveSchedule(Guid? Id, [property: Form, NotEmpty, Called("Schedule")] ScheduleForm Form, IReadOnlyList<Guid> Files, int? Revision, Guid? CopyOf = null) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (CleanText.IsBlank(Form.Body) && Files.Count == 0) yield return new(t["MessageEmpty"], [nameof(Form.Body)]);
        if (Files.Count > Schedule.MaxFiles) yield return new(t["QuickTooManyFiles", Schedule.MaxFiles], [nameof(Files)]);
    }
}

/// <summary>A schedule as its form has it.</summary>
/// <param name="Contacts">To whom, one after the other.</param>
/// <param name="QueueId">The queue of a ticket that it opens; null: the channel's.</param>
/// <param name="Day">The first day, on the company's calendar.</param>
/// <param name="Time">On the company's clock.</param>
/// <param name="UserId">Who serves the ticket that it opens; null: its author.</param>
public sealed record ScheduleForm(
    [property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> Contacts,
    [property: NotEmpty, Called("Channel")] Guid ChannelId,
    Guid? QueueId,
    [property: StringLength(Schedule.MaxBody), Called("QuickBody")] string Body,
    DateOnly Day,
    TimeOnly Time,
    ScheduleUnit Unit,
    [property: Range(1, 999), Called("ScheduleEvery")] int Every,
    DateOnly? Until,
    [property: Range(1, 9999), Called("ScheduleTimes")] int? Times,
    BusinessDayRule DayRule,
    bool Sign,
    ScheduleAction Action,
    Guid? UserId,
    bool CancelOnReply) : IValidatableObject
{
    /// <summary>What comes in minutes comes at most so often.</summary>
    public const int LeastMinutes = 5;

    /// <summary>When it is due.</summary>
    public SchedulePlan Plan => new(Day, new(Time.Hour, Time.Minute), Unit, Every, Unit == ScheduleUnit.Once ? null : Until, Unit == ScheduleUnit.Once ? null : Times, DayRule);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Contacts.Distinct().Count() > Schedule.MaxContacts) yield return new(t["ScheduleTooMany", Schedule.MaxContacts], [nameof(Contacts)]);
        foreach (var fault in Faults(Plan, t)) yield return fault;
    }

    /// <summary>What is wrong with a plan in itself.</summary>
    internal static IEnumerable<ValidationResult> Faults(SchedulePlan plan, IStringLocalizer<Texts> t)
    {
        if (plan.Day.Year is < 2000 or > 2199) yield return new(t["SchedulePast"], [nameof(Day)]);
        if (plan.Unit == ScheduleUnit.Minute && plan.Every < LeastMinutes) yield return new(t["ScheduleTooOften", LeastMinutes], [nameof(Every)]);
        if (plan.Until < plan.Day) yield return new(t["ScheduleUntilBefore"], [nameof(Until)]);
    }
}

/// <summary>When a plan would be due: the next five times, in UTC.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record PreviewTimes([property: NotEmpty, Called("Schedule")] SchedulePlan Plan) : IRequest<IReadOnlyList<DateTime>>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Plan.Every is < 1 or > 999) yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["ScheduleTooOften", ScheduleForm.LeastMinutes], [nameof(Plan)]);
        foreach (var fault in ScheduleForm.Faults(Plan, validationContext.GetRequiredService<IStringLocalizer<Texts>>())) yield return fault;
    }
}

internal sealed class PreviewTimesHandler(SchedulePlanner planner, TimeProvider clock) : IRequestHandler<PreviewTimes, IReadOnlyList<DateTime>>
{
    private const int Most = 5;

    public Task<IReadOnlyList<DateTime>> Handle(PreviewTimes request, CancellationToken ct) => Task.FromResult<IReadOnlyList<DateTime>>(
        [.. ScheduleTimes.All(request.Plan, planner.Zone, planner.IsBusinessDay, clock.GetUtcNow().UtcDateTime).Take(Most)]);
}

internal sealed class SaveScheduleHandler(InforzapDb db, ScheduleAccess access, SchedulePlanner planner, IActor actor, IChannelDirectory channels, TextRenderer renderer, IStringLocalizer<Texts> t)
    : IRequestHandler<SaveSchedule, Guid>
{
    public async Task<Guid> Handle(SaveSchedule request, CancellationToken ct)
    {
        var (form, now) = (request.Form, access.Now);
        var schedule = request.Id is { } id ? await access.HoldAsync(id, ct) : null;
        if (schedule is not null && schedule.Revision != request.Revision) throw Refusal.Conflict(t["ScheduleChanged"]);
        if (schedule is { IsLive: false }) throw Refusal.Conflict(t["ScheduleOver"]);
        var channel = channels.All.FirstOrDefault(c => c.Id == form.ChannelId) ?? throw Refusal.NotFound(t["ChannelGone"]);
        var contacts = await access.ContactsAsync(form.Contacts, ct);
        await access.RequireReachAsync(channel, contacts, ct);
        if (VariableText.UnknownIn(form.Body, await renderer.NamesAsync(ct)) is { Count: > 0 } unknown) throw Refusal.At(nameof(form.Body), t["QuickUnknownVariable", VariableText.Of(unknown)]);
        await RequirePlacesAsync(form, ct);
        var moves = schedule is null || schedule.Plan != form.Plan;
        var due = await RequireTimeAsync(schedule, form.Plan, moves, now, ct);
        await RequireWindowAsync(channel, contacts, due, now, ct);
        schedule = await WriteAsync(schedule, form, contacts, now, ct);
        await SetFilesAsync(schedule, channel, request, ct);
        await planner.ReplanAsync(schedule, [.. contacts.Select(c => c.Id)], keepsWaiting: !moves, now, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
        return schedule.Id;
    }

    /// <summary>When it is due first from now on; where it was due already and waits, now.</summary>
    private async Task<DateTime> RequireTimeAsync(Schedule? schedule, SchedulePlan plan, bool moves, DateTime now, CancellationToken ct)
    {
        var first = planner.First(plan) ?? throw Refusal.At(nameof(ScheduleForm.Day), t["ScheduleNever"]);
        var begins = schedule is null || (schedule.Day, schedule.Minute) != (plan.Day, plan.Time.Minutes());
        if (begins && first <= now) throw Refusal.At(nameof(ScheduleForm.Day), t["SchedulePast"]);
        if (planner.Next(plan, now) is { } next) return next;
        if (schedule is not null && !moves && await db.ScheduleRuns.AnyAsync(r => r.ScheduleId == schedule.Id && r.State == ScheduleRunState.Planned, ct)) return now;
        throw Refusal.At(nameof(ScheduleForm.Day), t["SchedulePast"]);
    }

    /// <summary>Where free answers are taken only a while after the customer's last word, what is meant for later would be refused then.</summary>
    private async Task RequireWindowAsync(ChannelInfo channel, IReadOnlyList<ContactView> contacts, DateTime due, DateTime now, CancellationToken ct)
    {
        if (channel.ReplyWindow is not { } length) return;
        foreach (var contact in contacts)
        {
            var ticket = await db.Tickets.AsNoTracking().Where(x => x.ChannelId == channel.Id && x.ContactId == contact.Id).OrderBy(x => x.Status == TicketStatus.Closed).ThenByDescending(x => x.Number).FirstOrDefaultAsync(ct);
            var window = ticket is null ? new ReplyWindow(null, length) : await db.ReplyWindowAsync(channel, ticket, now, ct);
            if (window is not null && !window.IsOpenAt(due)) throw Refusal.At(nameof(ScheduleForm.Day), t["ScheduleWindow", contact.Name, window.Hours]);
        }
    }

    private async Task RequirePlacesAsync(ScheduleForm form, CancellationToken ct)
    {
        if (form.QueueId is { } queue && (!(actor.Queues.Contains(queue) || actor.May("tickets.see-all")) || !await db.Queues.AnyAsync(q => q.Id == queue && q.DeletedAt == null, ct))) throw Refusal.NotFound(t["QueueGone"]);
        if (form.UserId is { } user && !await db.Set<UserView>().AnyAsync(u => u.Id == user && u.IsActive, ct)) throw Refusal.NotFound(t["UserGone"]);
    }

    private async Task<Schedule> WriteAsync(Schedule? schedule, ScheduleForm form, IReadOnlyList<ContactView> contacts, DateTime now, CancellationToken ct)
    {
        var isNew = schedule is null;
        if (schedule is null) db.Add(schedule = new Schedule { Id = Guid.CreateVersion7(), Title = "", Body = "", AuthorId = access.Me, CreatedAt = now });
        var plan = form.Plan;
        var (id, channelBefore) = (schedule.Id, schedule.ChannelId);
        schedule.Title = CleanText.Cut(string.Join(", ", contacts.Select(c => Shown.Name(c.Name))), 200);
        (schedule.ChannelId, schedule.Body) = (form.ChannelId, CleanText.Of(form.Body.Trim()));
        (schedule.Day, schedule.Minute, schedule.FirstAt) = (plan.Day, plan.Time.Minutes(), planner.First(plan)!.Value);
        (schedule.Unit, schedule.Every, schedule.Until, schedule.Times, schedule.DayRule) = (plan.Unit, plan.Every, plan.Until, plan.Times, plan.DayRule);
        (schedule.Sign, schedule.Action, schedule.CancelOnReply) = (form.Sign, form.Action, form.CancelOnReply);
        schedule.QueueId = form.Action is ScheduleAction.Pending or ScheduleAction.Open ? form.QueueId : null;
        schedule.UserId = form.Action == ScheduleAction.Open ? form.UserId : null;
        schedule.RepliesFrom = now;
        if (!isNew) await SignAsync(schedule, ct);
        schedule.SearchText = SearchText.Of(2000, schedule.Title.NamedUnless(false), schedule.Body);
        schedule.Change(now);

        var before = await db.ScheduleContacts.Where(c => c.ScheduleId == id).ToListAsync(ct);
        if (!isNew) await AuditPlacesAsync(schedule, before, contacts, channelBefore, ct);
        db.RemoveRange(before.Where(b => contacts.All(c => c.Id != b.ContactId)));
        foreach (var (at, contact) in contacts.Index())
        {
            var row = before.Find(b => b.ContactId == contact.Id);
            if (row is null) db.Add(row = new ScheduleContact { ScheduleId = id, ContactId = contact.Id });
            // Who changes it after a reply wants it sent.
            (row.Position, row.RepliedAt) = (at, null);
        }
        return schedule;
    }

    /// <summary>Who changes what will be said speaks for themselves, and not in the name of who wrote it first.</summary>
    private async Task SignAsync(Schedule schedule, CancellationToken ct)
    {
        if (schedule.AuthorId == access.Me) return;
        var (before, now) = (schedule.AuthorId, actor.Name);
        var name = await db.Set<UserView>().Where(u => u.Id == before).Select(u => u.Name).SingleOrDefaultAsync(ct);
        db.Audit("schedule", schedule.Id, schedule.Title, "Author", [name ?? ""], [now]);
        schedule.AuthorId = access.Me;
    }

    private async Task AuditPlacesAsync(Schedule schedule, List<ScheduleContact> before, IReadOnlyList<ContactView> contacts, Guid channelBefore, CancellationToken ct)
    {
        db.Audit("schedule", schedule.Id, schedule.Title, "Channel", [channels.Find(channelBefore)?.Name ?? ""], [channels.Find(schedule.ChannelId)?.Name ?? ""]);
        var ids = before.ConvertAll(b => b.ContactId).ToArray();
        var names = await db.Set<ContactView>().Where(c => ids.Contains(c.Id)).Select(c => c.Name).ToListAsync(ct);
        db.Audit("schedule", schedule.Id, schedule.Title, "Contacts", names.Select(access.Name), contacts.Select(c => c.Name));
    }

    /// <summary>Takes only what the schedule has already, what the caller brought, and copies of what lies at the one that is copied: an id alone gives no right to a file.</summary>
    private async Task SetFilesAsync(Schedule schedule, ChannelInfo channel, SaveSchedule request, CancellationToken ct)
    {
        var (id, me, wanted) = (schedule.Id, access.Me, request.Files.Distinct().ToArray());
        var known = await db.ScheduleFiles.Where(f => f.ScheduleId == id || (f.ScheduleId == null && f.UploadedBy == me && wanted.Contains(f.Id))).ToListAsync(ct);
        if (request.Id is null && request.CopyOf is { } original)
        {
            if (!await access.Seen.AnyAsync(s => s.Id == original, ct)) throw Refusal.NotFound(t["ScheduleGone"]);
            foreach (var file in await db.ScheduleFiles.AsNoTracking().Where(f => f.ScheduleId == original && wanted.Contains(f.Id)).ToListAsync(ct))
            {
                var copy = new ScheduleFile
                {
                    Id = Guid.NewGuid(), UploadedBy = me, FileId = file.FileId, Name = file.Name, MimeType = file.MimeType, Size = file.Size, Kind = file.Kind, CreatedAt = access.Now,
                };
                db.Add(copy);
                known.Add(copy);
                wanted[Array.IndexOf(wanted, file.Id)] = copy.Id;
            }
        }
        if (wanted.Except(known.Select(f => f.Id)).Any()) throw Refusal.NotFound(t["UploadGone"]);
        if (wanted.Length > 0 && !channel.Can.HasFlag(Can.Media)) throw Refusal.At(nameof(request.Files), t["ScheduleNoFiles", channel.Name]);
        if (known.Exists(f => wanted.Contains(f.Id) && f.Size > channel.MaxMediaBytes)) throw Refusal.At(nameof(request.Files), t["FileTooLarge", channel.MaxMediaBytes / 1024 / 1024]);
        db.RemoveRange(known.Where(f => !wanted.Contains(f.Id)));
        foreach (var file in known.Where(f => wanted.Contains(f.Id))) (file.ScheduleId, file.Position) = (id, Array.IndexOf(wanted, file.Id));
    }
}

internal static class ClockMinutes
{
    /// <summary>Since midnight.</summary>
    public static int Minutes(this TimeOnly time) => (time.Hour * 60) + time.Minute;
}
