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

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Keeps a file of the caller until a quick message of theirs is saved with it, or a day has passed.</summary>
[Allow("quick.own", "quick.edit"), Reads]
internal sealed record KeepQuickFile([property: NotEmpty, StringLength(255), Called("QuickFiles")] string Name, ReadOnlyMemory<byte> Bytes) : IRequest<QuickFileRow>
{
    /// <summary>The largest file, in bytes: what most channels take.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;
}

/// <summary>The stored file of a quick message that the caller sees, or of an upload of theirs.</summary>
[Allow("quick.see"), Reads]
internal sealed record FindQuickFile([property: NotEmpty] Guid FileId) : IRequest<MediaFile?>;

internal sealed class KeepQuickFileHandler(InforzapDb db, Commits commits, QuickAccess access, FileStore files, IStringLocalizer<Texts> t) : IRequestHandler<KeepQuickFile, QuickFileRow>
{
    public async Task<QuickFileRow> Handle(KeepQuickFile request, CancellationToken ct)
    {
        if (request.Bytes.Length == 0) throw new Refusal(t["FileEmpty"]);
        if (request.Bytes.Length > KeepQuickFile.MaxBytes) throw TooLarge();
        // Written outside of the transaction: the writers' gate is held across no file.
        var stored = await StoreAsync(request, ct);
        return await commits.RunAsync(db, async () =>
        {
            var file = new QuickFile
            {
                Id = Guid.NewGuid(), UploadedBy = access.Me, FileId = stored.Id, Name = stored.Name, MimeType = stored.MimeType, Size = stored.Size,
                Kind = Enum.Parse<MessageKind>(FileKinds.KindOf(stored.MimeType, MediaKind.Document).ToString()), CreatedAt = stored.CreatedAt,
            };
            db.Add(stored);
            db.Add(file);
            await db.SaveChangesAsync(ct);
            return new QuickFileRow(file.Id, file.Name, file.MimeType, file.Size, file.Kind);
        }, WriterKind.Request, ct);
    }

    private async Task<StoredFile> StoreAsync(KeepQuickFile request, CancellationToken ct)
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

    private Refusal TooLarge() => new(t["FileTooLarge", Math.Min(KeepQuickFile.MaxBytes, files.MaxBytes) / 1024 / 1024]);
}

internal sealed class FindQuickFileHandler(InforzapDb db, QuickAccess access) : IRequestHandler<FindQuickFile, MediaFile?>
{
    public Task<MediaFile?> Handle(FindQuickFile request, CancellationToken ct)
    {
        var (me, seen) = (access.Me, access.Seen);
        return db.QuickFiles.Where(f => f.Id == request.FileId && ((f.QuickMessageId == null && f.UploadedBy == me) || seen.Any(q => q.Id == f.QuickMessageId)))
            .Select(f => new MediaFile(f.FileId, f.MimeType, f.Name)).SingleOrDefaultAsync(ct);
    }
}

/// <summary>What a browser fetches beside the page: files to look at, and the table.</summary>
internal static class QuickEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/quick-messages/files/{id:guid}", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
        {
            var (caller, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(caller, stamp, ct) is not { } actor) return Results.Unauthorized();
            return actor.May("quick.see") && await mediator.Send(new FindQuickFile(id), actor, ct) is { } file && files.Exists(file.FileId)
                ? new SafeFile(files.Open(file.FileId), file.MimeType, file.FileName) : Results.NotFound();
        }).RequireAuthorization();
        routes.MapTable("/quick-messages/table", ["quick.see"], "mensagens-rapidas.csv", _ => new ExportQuickMessages());
    }
}
