using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Schedules;

/// <summary>Keeps a file of the caller until a schedule of theirs is saved with it, or a day has passed.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record KeepScheduleFile([property: NotEmpty, StringLength(255), Called("QuickFiles")] string Name, ReadOnlyMemory<byte> Bytes) : IRequest<KeptFileRow>;

/// <summary>The stored file of a schedule that the caller sees, or of an upload of theirs.</summary>
[Allow("schedules.use", "schedules.manage"), Reads]
internal sealed record FindScheduleFile([property: NotEmpty] Guid FileId) : IRequest<MediaFile?>;

internal sealed class KeepScheduleFileHandler(FileKeeper keeper) : IRequestHandler<KeepScheduleFile, KeptFileRow>
{
    public Task<KeptFileRow> Handle(KeepScheduleFile request, CancellationToken ct) => keeper.KeepAsync<ScheduleFile>(request.Name, request.Bytes, ct);
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
    public static void Map(IEndpointRouteBuilder routes) => routes.MapFiles("/schedules/files", ["schedules.use", "schedules.manage"], id => new FindScheduleFile(id));
}
