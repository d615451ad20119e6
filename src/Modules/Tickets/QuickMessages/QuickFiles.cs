using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Keeps a file of the caller until a quick message of theirs is saved with it, or a day has passed.</summary>
[Allow("quick.own", "quick.edit"), Reads]
internal sealed record KeepQuickFile([property: NotEmpty, StringLength(255), Called("QuickFiles")] string Name, ReadOnlyMemory<byte> Bytes) : IRequest<KeptFileRow>;

/// <summary>The stored file of a quick message that the caller sees, or of an upload of theirs.</summary>
[Allow("quick.see"), Reads]
internal sealed record FindQuickFile([property: NotEmpty] Guid FileId) : IRequest<MediaFile?>;

internal sealed class KeepQuickFileHandler(FileKeeper keeper) : IRequestHandler<KeepQuickFile, KeptFileRow>
{
    public Task<KeptFileRow> Handle(KeepQuickFile request, CancellationToken ct) => keeper.KeepAsync<QuickFile>(request.Name, request.Bytes, ct);
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
        routes.MapFiles("/quick-messages/files", ["quick.see"], id => new FindQuickFile(id));
        routes.MapTable("/quick-messages/table", ["quick.see"], "mensagens-rapidas.csv", _ => new ExportQuickMessages());
    }
}
