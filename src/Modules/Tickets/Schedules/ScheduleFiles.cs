using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Schedules;

/// <summary>Keeps a file of the caller until a schedule of theirs is saved with it, or a day has passed.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record KeepScheduleFile([property: NotEmpty, StringLength(255), Called("QuickFiles")] string Name, ReadOnlyMemory<byte> Bytes) : IRequest<ScheduleFileRow>
{
    /// <summary>The largest file, in bytes; a channel may take less.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;
}

/// <summary>A file that goes along.</summary>
public sealed record ScheduleFileRow(Guid Id, string Name, string MimeType, long Size, MessageKind Kind);

/// <summary>The stored file of a schedule that the caller sees, or of an upload of theirs.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record FindScheduleFile([property: NotEmpty] Guid FileId) : IRequest<MediaFile?>;

internal sealed class KeepScheduleFileHandler(InforzapDb db, Commits commits, ScheduleAccess access, FileStore files, IStringLocalizer<Texts> t) : IRequestHandler<KeepScheduleFile, ScheduleFileRow>
{
    public async Task<ScheduleFileRow> Handle(KeepScheduleFile request, CancellationToken ct)
    {
        if (request.Bytes.Length == 0) throw new Refusal(t["FileEmpty"]);
        if (request.Bytes.Length > KeepScheduleFile.MaxBytes) throw TooLarge();
        // Written outside of the transaction: the writers' gate is held across no file.
        var stored = await StoreAsync(request, ct);
        return await commits.RunAsync(db, async () =>
        {
            var file = new ScheduleFile
            {
                Id = Guid.NewGuid(), UploadedBy = access.Me, FileId = stored.Id, Name = stored.Name, MimeType = stored.MimeType, Size = stored.Size,
                Kind = Enum.Parse<MessageKind>(FileKinds.KindOf(stored.MimeType, MediaKind.Document).ToString()), CreatedAt = stored.CreatedAt,
            };
            db.Add(stored);
            db.Add(file);
            await db.SaveChangesAsync(ct);
            return new ScheduleFileRow(file.Id, file.Name, file.MimeType, file.Size, file.Kind);
        }, WriterKind.Request, ct);
    }

    private async Task<StoredFile> StoreAsync(KeepScheduleFile request, CancellationToken ct)
    {
        try
        {
            using var bytes = new MemoryStream(request.Bytes.ToArray());
            return await files.WriteAsync(bytes, request.Name, null, ct);
        }
        catch (MediaTooLargeException)
        {
            throw TooLarge();
        }
    }

    private Refusal TooLarge() => new(t["FileTooLarge", Math.Min(KeepScheduleFile.MaxBytes, files.MaxBytes) / 1024 / 1024]);
}

internal sealed class FindScheduleFileHandler(InforzapDb db, ScheduleAccess access) : IRequestHandler<FindScheduleFile, MediaFile?>
{
    public Task<MediaFile?> Handle(FindScheduleFile request, CancellationToken ct)
    {
        var (me, seen) = (access.Me, access.Seen);
        return db.ScheduleFiles.Where(f => f.Id == request.FileId && ((f.ScheduleId == null && f.UploadedBy == me) || seen.Any(s => s.Id == f.ScheduleId)))
            .Select(f => new MediaFile(f.FileId, f.MimeType, f.Name)).SingleOrDefaultAsync(ct);
    }
}

/// <summary>Files of schedules, to look at.</summary>
internal static class ScheduleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/schedules/files/{id:guid}", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
        {
            var (caller, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(caller, stamp, ct) is not { } actor) return Results.Unauthorized();
            return (actor.May("schedules.use") || actor.May("schedules.manage")) && await mediator.Send(new FindScheduleFile(id), actor, ct) is { } file && files.Exists(file.FileId)
                ? new SafeFile(files.Open(file.FileId), file.MimeType, file.FileName) : Results.NotFound();
        }).RequireAuthorization();
}
