using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Identity.Users;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Profile;

/// <summary>One's own picture; null takes it away. It is cut square and made small here, so that nothing of the file but its pixels is kept.</summary>
[Allow, Reads]
internal sealed record SetMyPhoto(byte[]? Image) : IRequest<Guid?>
{
    /// <summary>The largest file that is looked at, in bytes.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;
}

/// <summary>The stored file of somebody's picture.</summary>
[Allow, Reads]
internal sealed record FindPhoto([property: NotEmpty] Guid UserId) : IRequest<Guid?>;

/// <summary>Somebody else's picture; null takes it away.</summary>
[Allow("users.edit"), Reads]
internal sealed record SetPhotoOf([property: NotEmpty] Guid UserId, byte[]? Image) : IRequest<Guid?>;

internal sealed class SetMyPhotoHandler(PhotoAlbum album, InforzapDb db, IActor actor) : IRequestHandler<SetMyPhoto, Guid?>
{
    public Task<Guid?> Handle(SetMyPhoto request, CancellationToken ct) => album.SetAsync(request.Image, () => db.Users.SingleAsync(u => u.Id == actor.Id, ct), ct);
}

internal sealed class SetPhotoOfHandler(PhotoAlbum album, Rights rights) : IRequestHandler<SetPhotoOf, Guid?>
{
    public async Task<Guid?> Handle(SetPhotoOf request, CancellationToken ct)
    {
        // Before anything of the picture is looked at; and once more in the transaction, which decides.
        await rights.EditableAsync(request.UserId, ct);
        return await album.SetAsync(request.Image, () => rights.EditableAsync(request.UserId, ct), ct);
    }
}

/// <summary>Makes pictures small and keeps them.</summary>
internal sealed class PhotoAlbum(InforzapDb db, Commits commits, FileStore files, IStringLocalizer<Texts> t)
{
    public async Task<Guid?> SetAsync(byte[]? image, Func<Task<User>> whose, CancellationToken ct)
    {
        // Drawn and written outside of the transaction: the writers' gate is held across no file.
        StoredFile? file = null;
        if (image is not null)
        {
            if (image.Length > SetMyPhoto.MaxBytes) throw new Refusal(t["PhotoTooLarge"]);
            using var small = Pictures.Square(image, Photos.Edge) ?? throw new Refusal(t["PhotoUnreadable"]);
            file = await files.WriteAsync(small, "foto.jpg", MediaKind.Image, ct);
        }
        return await commits.RunAsync(db, async () =>
        {
            var user = await whose();
            if (file is not null) db.Add(file);
            user.PhotoId = file?.Id;
            await db.SaveChangesAsync(ct);
            db.Touch(Topics.User(user.Id), Topics.People);
            return file?.Id;
        }, WriterKind.Request, ct);
    }
}

internal sealed class FindPhotoHandler(InforzapDb db) : IRequestHandler<FindPhoto, Guid?>
{
    public Task<Guid?> Handle(FindPhoto request, CancellationToken ct) => db.Users.Where(u => u.Id == request.UserId).Select(u => u.PhotoId).SingleOrDefaultAsync(ct);
}

internal static class Photos
{
    /// <summary>Of pictures as they are kept, in pixels.</summary>
    public const int Edge = 256;

    /// <summary><c>GET /people/{id}/photo</c>, for whoever is signed in.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id:guid}/photo", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
        {
            var (userId, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(userId, stamp, ct) is not { } actor) return Results.Unauthorized();
            return await mediator.Send(new FindPhoto(id), actor, ct) is { } file && files.Exists(file) ? new SafeFile(files.Open(file), "image/jpeg", "foto.jpg") : Results.NotFound();
        }).RequireAuthorization();
}
