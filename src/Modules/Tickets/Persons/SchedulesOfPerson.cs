using System.Globalization;
using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Schedules;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Persons;

/// <summary>What somebody is sent later. One that is for others, too, goes on for them.</summary>
internal sealed class SchedulesOfPerson(InforzapDb db, SchedulePlanner planner, IStringLocalizer<Texts> t) : IPersonData
{
    public int Order => 10;

    private IQueryable<Schedule> Of(PersonKeys person) => db.Schedules.Where(s => db.Set<ScheduleContact>().Any(c => c.ScheduleId == s.Id && person.Ids.Contains(c.ContactId)));

    /// <summary>Their runs point to them, also where they were taken out since.</summary>
    private IQueryable<ScheduleRun> Runs(PersonKeys person) => db.ScheduleRuns.Where(r => person.Ids.Contains(r.ContactId));

    public async Task<PersonCounts> CountAsync(PersonKeys person, CancellationToken ct) => new(Schedules: await Of(person).CountAsync(ct));

    public async Task StopAsync(PersonKeys person, CancellationToken ct)
    {
        var contacts = db.Set<ScheduleContact>();
        await db.Hold<Schedule>(s => contacts.Any(c => c.ScheduleId == s.Id && person.Ids.Contains(c.ContactId)), ct);
        foreach (var schedule in await Of(person).ToListAsync(ct))
        {
            if (!await OthersAsync(schedule.Id, person, ct))
            {
                if (schedule.IsLive) await planner.CancelAsync(schedule, t["CauseErased"], ct);
                continue;
            }
            foreach (var run in await Runs(person).Where(r => r.ScheduleId == schedule.Id && r.State == ScheduleRunState.Planned).ToListAsync(ct)) run.End(ScheduleRunState.Cancelled, t["CauseErased"]);
        }
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Schedules);
    }

    private Task<bool> OthersAsync(Guid schedule, PersonKeys person, CancellationToken ct) => db.ScheduleContacts.AnyAsync(c => c.ScheduleId == schedule && !person.Ids.Contains(c.ContactId), ct);

    public async Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct)
    {
        const int most = 50;
        var erased = t["ScheduleErased"].Value;
        // Whom it was for alone keeps it, so that its figures are somebody's; it is known by its title that this was done.
        var some = await Of(person).Where(s => s.Title != erased).OrderBy(s => s.Id).Select(s => s.Id).Take(most).ToArrayAsync(ct);
        if (some.Length == 0)
        {
            await db.Claim<ScheduleRun>(r => person.Ids.Contains(r.ContactId) && r.Cause != null, set => set.SetProperty(r => r.Cause, (string?)null), ct);
            return new(null);
        }
        await db.Hold<Schedule>(s => some.Contains(s.Id), ct);
        var files = new List<Guid>();
        foreach (var id in some)
        {
            if (await OthersAsync(id, person, ct)) await TakeOutAsync(id, person, ct);
            else
            {
                files.AddRange(await db.ScheduleFiles.Where(f => f.ScheduleId == id).Select(f => f.FileId).ToListAsync(ct));
                await db.ScheduleFiles.Where(f => f.ScheduleId == id).ExecuteDeleteAsync(ct);
                await db.ScheduleRuns.Where(r => r.ScheduleId == id && r.State == ScheduleRunState.Planned).ExecuteDeleteAsync(ct);
                // By no save, which would write down what it was called.
                await db.Claim<Schedule>(s => s.Id == id, set => set.SetProperty(s => s.Title, erased).SetProperty(s => s.Body, "").SetProperty(s => s.SearchText, "").SetProperty(s => s.NextAt, (DateTime?)null), ct);
                await db.Claim<Schedule>(s => s.Id == id && (s.State == ScheduleState.Active || s.State == ScheduleState.Paused), set => set.SetProperty(s => s.State, ScheduleState.Cancelled), ct);
                await db.ForgetAuditAsync("schedule", [id], erased, ct);
            }
        }
        db.Touch(Topics.Schedules, Topics.Alarms);
        return new(some.Length.ToString(CultureInfo.InvariantCulture)) { Counts = new(Schedules: some.Length), Files = [.. files.Distinct()] };
    }

    /// <summary>It goes on for the others, and is called after them.</summary>
    private async Task TakeOutAsync(Guid id, PersonKeys person, CancellationToken ct)
    {
        await db.ScheduleContacts.Where(c => c.ScheduleId == id && person.Ids.Contains(c.ContactId)).ExecuteDeleteAsync(ct);
        await db.ScheduleRuns.Where(r => r.ScheduleId == id && person.Ids.Contains(r.ContactId) && r.State == ScheduleRunState.Planned).ExecuteDeleteAsync(ct);
        var names = await (from c in db.ScheduleContacts where c.ScheduleId == id join k in db.Set<ContactView>() on c.ContactId equals k.Id orderby c.Position select k.Name).ToListAsync(ct);
        var body = await db.Schedules.Where(s => s.Id == id).Select(s => s.Body).SingleAsync(ct);
        var title = CleanText.Cut(string.Join(", ", names), 200);
        var search = SearchText.Of(2000, title.NamedUnless(false), body);
        await db.Claim<Schedule>(s => s.Id == id, set => set.SetProperty(s => s.Title, title).SetProperty(s => s.SearchText, search), ct);
        await db.ForgetAuditAsync("schedule", [id], title, ct);
    }

    public async Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct)
    {
        await archive.ListAsync("agendamentos", t["Schedules"]);
        await foreach (var s in Of(person).AsNoTracking().OrderBy(s => s.CreatedAt).Select(s => new { s.Body, s.FirstAt, s.State, s.CreatedAt }).AsAsyncEnumerable().WithCancellation(ct))
            await archive.RowAsync([Facts.At("criado_em", t["FactCreated"], s.CreatedAt), Facts.At("para", t["FactPlanned"], s.FirstAt), new("situacao", t["FactState"], s.State.ToString()), new("texto", t["FactText"], s.Body)]);
    }
}

/// <summary>How facts are written for those whom they are about.</summary>
internal static class Facts
{
    /// <summary>A moment, in UTC and as others read it by machine.</summary>
    public static PersonValue At(string name, string label, DateTime? at) => new(name, label, at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public static PersonValue Of(string name, string label, long? number) => new(name, label, number?.ToString(CultureInfo.InvariantCulture));
}
