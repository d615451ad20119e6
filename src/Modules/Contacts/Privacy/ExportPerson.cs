using System.Globalization;
using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Privacy;

/// <summary>Writes all that the house has of somebody into one file for them. It can be fetched for seven days.</summary>
[Allow("contacts.lgpd")]
internal sealed record ExportPerson([property: NotEmpty] Guid ContactId) : IRequest<Guid>;

/// <summary>The file of an export, for whoever fetches it: each time is written down.</summary>
[Allow("contacts.lgpd")]
internal sealed record FetchExport([property: NotEmpty] Guid Id) : IRequest<ExportFile?>;

/// <summary>A file that can be fetched.</summary>
internal sealed record ExportFile(Guid FileId, string Name);

internal sealed class ExportPersonHandler(InforzapDb db, IActor actor, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ExportPerson, Guid>
{
    public async Task<Guid> Handle(ExportPerson request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await db.Hold<Contact>(c => c.Id == request.ContactId, ct);
        var contact = await db.Contacts.SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        if (await db.PersonExports.Where(e => e.ContactId == contact.Id && e.State == PersonExportState.Running).Select(e => (Guid?)e.Id).FirstOrDefaultAsync(ct) is { } running) return running;
        var export = new PersonExport { Id = Guid.CreateVersion7(), ContactId = contact.Id, By = actor.Id, ByName = actor.Name, AskedAt = now };
        db.Add(export);
        db.Audit(PrivacyAudit.Kind, contact.Id, contact.Name, "PersonExport", [], [t["ExportAsked"]]);
        db.Enqueue(ExportLane.Of(export.Id), "export", JsonSerializer.Serialize(new ExportItem(export.Id), JsonSerializerOptions.Web), now);
        await db.SaveChangesAsync(ct);
        db.Touch(PrivacyTopics.All);
        return export.Id;
    }
}

internal sealed class FetchExportHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<FetchExport, ExportFile?>
{
    public async Task<ExportFile?> Handle(FetchExport request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var found = await (from e in db.PersonExports
                           where e.Id == request.Id && e.State == PersonExportState.Ready && e.FileId != null && e.Until > now
                           join c in db.Contacts on e.ContactId equals c.Id
                           select new { e.ContactId, c.Name, e.FileId, e.AskedAt }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        db.Audit(PrivacyAudit.Kind, found.ContactId, found.Name, "PersonExport", [], [t["ExportFetched"]]);
        await db.SaveChangesAsync(ct);
        return new(found.FileId!.Value, $"titular-{found.AskedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.zip");
    }
}

/// <summary>A lane item: write this export.</summary>
internal sealed record ExportItem(Guid ExportId);

internal static class ExportLane
{
    public const string Type = "export";

    public static string Of(Guid exportId) => $"{Type}/{exportId:N}";
}

/// <summary>Writes an export, in no transaction: it reads for long. Interrupted, it begins anew.</summary>
internal sealed class ExportWorker(IServiceScopeFactory scopes, FileStore files, Commits commits, TimeProvider clock, ILogger<ExportWorker> log) : ILaneWorker
{
    public string Type => ExportLane.Type;

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<ExportItem>(item.Payload, JsonSerializerOptions.Web)!.ExportId;
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<CurrentActor>().Is = Actor.System;
        var db = services.GetRequiredService<InforzapDb>();
        var export = await db.PersonExports.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id && e.State == PersonExportState.Running, ct);
        var contact = export is null ? null : await db.Contacts.AsNoTracking().Include(c => c.Addresses.OrderBy(a => a.Id)).SingleOrDefaultAsync(c => c.Id == export.ContactId && c.ErasedAt == null, ct);
        StoredFile? file = null;
        try
        {
            // It is for somebody of this country, whoever asks for it.
            if (contact is not null) file = await Languages.InAsync(Languages.All[0], () => WriteAsync(services, db, id, contact, ct));
        }
        catch (Exception e) when (item.Attempts + 1 >= LaneMarks.MaxAttempts && !ct.IsCancellationRequested)
        {
            log.LogError("An export of a person could not be written: {Exception}", Telemetry.Describe(e));
        }
        var kept = await commits.RunAsync(db, () => EndAsync(db, id, file, item.Position, ct), WriterKind.Background, ct);
        if (file is not null && !kept) files.Delete(file.Id);
        return null;
    }

    private async Task<StoredFile> WriteAsync(IServiceProvider services, InforzapDb db, Guid id, Contact contact, CancellationToken ct)
    {
        var parts = services.GetServices<IPersonData>().OrderBy(p => p.Order).ToList();
        var person = await PersonNames.OfAsync(db, parts, contact, ct);
        var counts = new PersonCounts();
        foreach (var part in parts) counts = counts.Plus(await part.CountAsync(person, ct));
        await TellAsync(db, id, 0, counts.Tickets + counts.Messages, ct);
        await using var written = files.Scratch();
        await using (var archive = new PersonArchive(written, files, services.GetRequiredService<IStringLocalizer<Texts>>(), clock, rows => TellAsync(db, id, rows, null, ct)))
        {
            await new ContactOfPerson(db, services.GetRequiredService<IStringLocalizer<Texts>>()).ExportAsync(contact, archive, ct);
            foreach (var part in parts) await part.ExportAsync(person, archive, ct);
            await archive.EndAsync(ct);
        }
        written.Position = 0;
        return await files.KeepAsync(written, "titular.zip", ct);
    }

    /// <summary>How far it is, for whoever waits.</summary>
    private async Task TellAsync(InforzapDb db, Guid id, int written, int? rows, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        await commits.RunAsync(other, async () =>
        {
            var told = await other.Claim<PersonExport>(e => e.Id == id, set => set.SetProperty(e => e.Written, written), ct);
            if (rows is { } all) await other.Claim<PersonExport>(e => e.Id == id, set => set.SetProperty(e => e.Rows, all), ct);
            other.Touch(PrivacyTopics.All);
            return told;
        }, WriterKind.Background, ct);
    }

    private async Task<bool> EndAsync(InforzapDb db, Guid id, StoredFile? file, long position, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var now = clock.GetUtcNow().UtcDateTime;
        await db.DoneAsync(position, now, ct);
        await db.Hold<PersonExport>(e => e.Id == id, ct);
        if (await db.PersonExports.SingleOrDefaultAsync(e => e.Id == id && e.State == PersonExportState.Running, ct) is not { } export) return false;
        // Who was erased meanwhile has none.
        if (file is not null && await db.Contacts.AnyAsync(c => c.Id == export.ContactId && c.ErasedAt == null, ct))
        {
            db.Add(file);
            (export.State, export.FileId, export.Size, export.Until, export.Written) = (PersonExportState.Ready, file.Id, file.Size, now + PersonExport.Keep, export.Rows);
        }
        else export.State = PersonExportState.Failed;
        await db.SaveChangesAsync(ct);
        db.Touch(PrivacyTopics.All);
        return export.State == PersonExportState.Ready;
    }
}

/// <summary>What the address book has of somebody.</summary>
internal sealed class ContactOfPerson(InforzapDb db, IStringLocalizer<Texts> t)
{
    public async Task ExportAsync(Contact contact, IPersonArchive archive, CancellationToken ct)
    {
        await archive.ListAsync("contato", t["Contact"]);
        await archive.RowAsync([
            new("nome", t["FactName"], contact.Name), new("email", t["ContactEmail"], contact.Email), new("empresa", t["ContactCompany"], contact.Company), new("documento", t["FactDocument"], contact.Document),
            new("nascimento", t["FactBorn"], contact.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), new("observacoes", t["ContactNotes"], contact.Notes), new("origem", t["FactSource"], contact.Source.ToString()),
            new("veio_de", t["FactCameFrom"], contact.CameFrom), new("desde", t["ContactSince"], Iso(contact.CreatedAt)), new("bloqueado_desde", t["ContactIsBlocked"], Iso(contact.BlockedAt))]);
        await archive.ListAsync("enderecos", t["FactAddresses"]);
        foreach (var address in contact.Addresses) await archive.RowAsync([new("tipo", t["FactKind"], address.Kind), new("valor", t["FactAddress"], address.Value)]);
        await archive.ListAsync("campos", t["FactFields"]);
        foreach (var field in await db.ContactFields.AsNoTracking().Where(f => f.ContactId == contact.Id).OrderBy(f => f.Position).ToListAsync(ct)) await archive.RowAsync([new("campo", t["FactField"], field.Label), new("valor", t["FactValue"], field.Value)]);
        await archive.ListAsync("etiquetas", t["Tags"]);
        foreach (var tag in await (from x in db.ContactTags where x.ContactId == contact.Id join tag in db.Tags on x.TagId equals tag.Id orderby tag.SearchText select new { tag.Name, x.At }).ToListAsync(ct))
            await archive.RowAsync([new("etiqueta", t["Tag"], tag.Name), new("desde", t["ContactSince"], Iso(tag.At))]);
        await archive.ListAsync("juncoes", t["FactMerges"]);
        foreach (var merge in await db.Set<Merging.ContactMerge>().AsNoTracking().Where(m => m.IntoId == contact.Id).OrderBy(m => m.At).ToListAsync(ct)) await archive.RowAsync([new("era", t["FactName"], merge.FromName), new("em", t["FactAt"], Iso(merge.At))]);
    }

    private static string? Iso(DateTime? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Exports are of those whom they are about, and go with them; what was not fetched in time goes, too.</summary>
internal sealed class ExportsOfPerson(InforzapDb db) : IPersonData
{
    public int Order => 40;

    public async Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct)
    {
        var mine = await db.PersonExports.Where(e => person.Ids.Contains(e.ContactId)).ToListAsync(ct);
        var files = mine.Select(e => e.FileId).OfType<Guid>().ToList();
        foreach (var export in mine) (export.State, export.FileId) = (PersonExportState.Gone, null);
        await db.SaveChangesAsync(ct);
        return new(null) { Files = files };
    }

    /// <summary>They say nothing that the others don't say.</summary>
    public Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Takes exports away whose time is over.</summary>
internal sealed class ForgetExports(InforzapDb db, Commits commits, FileStore files, TimeProvider clock) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (!await db.PersonExports.AnyAsync(e => e.FileId != null && e.Until <= now, ct)) return;
        var gone = await commits.RunAsync(db, async () =>
        {
            var over = await db.PersonExports.Where(e => e.FileId != null && e.Until <= now).ToListAsync(ct);
            var ids = over.Select(e => e.FileId!.Value).ToArray();
            foreach (var export in over) (export.State, export.FileId) = (PersonExportState.Gone, null);
            await db.Set<StoredFile>().Where(f => ids.Contains(f.Id)).ExecuteDeleteAsync(ct);
            db.Touch(PrivacyTopics.All);
            return ids;
        }, WriterKind.Background, ct);
        foreach (var id in gone) files.Delete(id);
    }
}

/// <summary>The file, for the browser of who may have it.</summary>
internal static class PrivacyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/contacts/privacy/{id:guid}", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
    {
        var (caller, stamp) = Session.Read(http.User);
        if (await actors.FindAsync(caller, stamp, ct) is not { } actor) return Results.Unauthorized();
        if (!actor.May("contacts.lgpd") || await mediator.Send(new FetchExport(id), actor, ct) is not { } file || !files.Exists(file.FileId)) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Stream(files.Open(file.FileId), "application/zip", file.Name);
    }).RequireAuthorization();
}
