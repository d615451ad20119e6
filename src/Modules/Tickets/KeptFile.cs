using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets;

/// <summary>A file that goes along with something that is sent later. Until that is saved it is an upload of who brought it.</summary>
internal abstract class KeptFile
{
    public Guid Id { get; init; }
    public Guid UploadedBy { get; init; }
    public Guid FileId { get; init; }
    public string Name { get; init; } = "";
    public string MimeType { get; init; } = "";
    public long Size { get; init; }
    public MessageKind Kind { get; init; }
    public int Position { get; set; }
    public DateTime CreatedAt { get; init; }
}

/// <summary>A file that goes along.</summary>
public sealed record KeptFileRow(Guid Id, string Name, string MimeType, long Size, MessageKind Kind);

/// <summary>Keeps what people bring for something that they are writing.</summary>
internal sealed class FileKeeper(InforzapDb db, Commits commits, IActor actor, FileStore files, IStringLocalizer<Texts> t)
{
    /// <summary>The largest file, in bytes: what most channels take.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    public async Task<KeptFileRow> KeepAsync<T>(string name, ReadOnlyMemory<byte> bytes, CancellationToken ct) where T : KeptFile, new()
    {
        if (bytes.Length == 0) throw new Refusal(t["FileEmpty"]);
        if (bytes.Length > MaxBytes) throw TooLarge();
        // Written outside of the transaction: the writers' gate is held across no file.
        var stored = await StoreAsync(name, bytes, ct);
        return await commits.RunAsync(db, async () =>
        {
            var file = new T
            {
                Id = Guid.NewGuid(), UploadedBy = actor.Id, FileId = stored.Id, Name = stored.Name, MimeType = stored.MimeType, Size = stored.Size,
                Kind = Enum.Parse<MessageKind>(FileKinds.KindOf(stored.MimeType, MediaKind.Document).ToString()), CreatedAt = stored.CreatedAt,
            };
            db.Add(stored);
            db.Add(file);
            await db.SaveChangesAsync(ct);
            return new KeptFileRow(file.Id, file.Name, file.MimeType, file.Size, file.Kind);
        }, WriterKind.Request, ct);
    }

    private async Task<StoredFile> StoreAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray());
            return await files.WriteAsync(stream, name, null, ct);
        }
        catch (MediaTooLargeException)
        {
            throw TooLarge();
        }
    }

    private Refusal TooLarge() => new(t["FileTooLarge", Math.Min(MaxBytes, files.MaxBytes) / 1024 / 1024]);
}

internal static class KeptFiles
{
    /// <summary>Serves files at an address that ends with their id, to whom one of the permissions and the request let have them.</summary>
    public static void MapFiles(this IEndpointRouteBuilder routes, string folder, string[] permissions, Func<Guid, IRequest<MediaFile?>> find) =>
        routes.MapGet(folder + "/{id:guid}", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
        {
            var (caller, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(caller, stamp, ct) is not { } actor) return Results.Unauthorized();
            return permissions.Any(actor.May) && await mediator.Send(find(id), actor, ct) is { } file && files.Exists(file.FileId)
                ? new SafeFile(files.Open(file.FileId), file.MimeType, file.FileName) : Results.NotFound();
        }).RequireAuthorization();
}
