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
using SkiaSharp;

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
            using var small = Photos.Small(image) ?? throw new Refusal(t["PhotoUnreadable"]);
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
    private const int Edge = 256;
    private const long MaxPixels = 24_000_000;

    /// <summary><c>GET /people/{id}/photo</c>, for whoever is signed in.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id:guid}/photo", async (Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct) =>
        {
            var (userId, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(userId, stamp, ct) is not { } actor) return Results.Unauthorized();
            return await mediator.Send(new FindPhoto(id), actor, ct) is { } file && files.Exists(file) ? new SafeFile(files.Open(file), "image/jpeg", "foto.jpg") : Results.NotFound();
        }).RequireAuthorization();

    /// <summary>The middle of the picture as a small JPEG; null when it is none.</summary>
    public static MemoryStream? Small(byte[] image)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height is 0 or > MaxPixels) return null;
        using var whole = SKBitmap.Decode(codec);
        if (whole is null) return null;
        var side = Math.Min(whole.Width, whole.Height);
        var middle = SKRect.Create((whole.Width - side) / 2f, (whole.Height - side) / 2f, side, side);
        using var surface = SKSurface.Create(new SKImageInfo(Edge, Edge));
        using var picture = SKImage.FromBitmap(whole);
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.DrawImage(picture, middle, SKRect.Create(Edge, Edge), new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var drawn = surface.Snapshot();
        using var jpeg = drawn.Encode(SKEncodedImageFormat.Jpeg, 86);
        return new MemoryStream(jpeg.ToArray());
    }
}
