using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Files of messages: up with <c>POST /media</c>, down with <c>GET /media/{id}</c>, both only where the caller sees the ticket.</summary>
internal static class MediaEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/media/{id:guid}", DownloadAsync).RequireAuthorization();
        routes.MapPost("/media", UploadAsync).RequireAuthorization();
        routes.MapPost("/media/voice", RecordAsync).RequireAuthorization();
    }

    private static async Task<IResult> DownloadAsync(Guid id, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, CancellationToken ct)
    {
        if (await ActorOfAsync(http, actors, ct) is not { } actor) return Results.Unauthorized();
        var file = await mediator.Send(new FindMedia(id), actor, ct);
        return file is null || !files.Exists(file.FileId) ? Results.NotFound() : new SafeFile(files.Open(file.FileId), file.MimeType, file.FileName);
    }

    /// <summary>The raw body is the file; its name comes percent-encoded in X-File-Name, its purpose in the query.</summary>
    private static async Task<IResult> UploadAsync(
        Guid ticket, string? kind, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (await ActorOfAsync(http, actors, ct) is not { } actor) return Results.Unauthorized();
        // A page of another origin can send neither this header nor read the answer.
        if (http.Request.Headers["X-Requested-With"] != "inforzap") return Results.BadRequest();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = files.MaxBytes + 1;
        if (http.Request.ContentLength > files.MaxBytes) return TooLarge(t, files);
        var said = Enum.TryParse<MediaKind>(kind, ignoreCase: true, out var k) ? k : (MediaKind?)null;
        try
        {
            if (!await mediator.Send(new MayUpload(ticket), actor, ct)) return Results.NotFound();
            var name = Uri.UnescapeDataString(http.Request.Headers["X-File-Name"].ToString());
            var file = await files.WriteAsync(http.Request.Body, CleanText.Of(name, 255), said, ct);
            if (file.Size == 0) return Results.Json(new { message = t["FileEmpty"].Value }, statusCode: 400);
            return Results.Json(await mediator.Send(new KeepUpload(ticket, file, said), actor, ct));
        }
        catch (Exception e) when (e is MediaTooLargeException or BadHttpRequestException { StatusCode: 413 })
        {
            return TooLarge(t, files);
        }
        catch (Refusal refusal)
        {
            return Results.Json(new { message = refusal.Message }, statusCode: refusal.Kind == RefusalKind.NotFound ? 404 : 400);
        }
    }

    /// <summary>The raw body is what a browser recorded; what is kept is a voice message. Until it is, the browser keeps the recording.</summary>
    private static async Task<IResult> RecordAsync(
        Guid ticket, HttpContext http, IActors actors, SystemMediator mediator, FileStore files, Recordings recordings, TimeProvider clock, ISettings settings, ILogger<Media> log, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (await ActorOfAsync(http, actors, ct) is not { } actor) return Results.Unauthorized();
        if (http.Request.Headers["X-Requested-With"] != "inforzap") return Results.BadRequest();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = files.MaxBytes + 1;
        if (http.Request.ContentLength > files.MaxBytes) return TooLarge(t, files);
        var (raw, made) = (files.ScratchPath(), files.ScratchPath());
        try
        {
            if (!await mediator.Send(new MayUpload(ticket), actor, ct)) return Results.NotFound();
            await using (var file = File.Create(raw))
            {
                await http.Request.Body.CopyToAsync(file, ct);
                if (file.Length == 0) return Results.Json(new { message = t["FileEmpty"].Value }, statusCode: 400);
            }
            await recordings.ToVoiceAsync(raw, made, ct);
            await using var voice = File.OpenRead(made);
            var name = string.Create(CultureInfo.InvariantCulture, $"audio-{settings.Local(clock.GetUtcNow().UtcDateTime):yyyyMMdd-HHmmss}.ogg");
            return Results.Json(await mediator.Send(new KeepUpload(ticket, await files.WriteAsync(voice, name, MediaKind.Voice, ct), MediaKind.Voice), actor, ct));
        }
        catch (RecordingException e)
        {
            log.LogWarning(e, "A recording could not be turned into a voice message");
            return Results.Json(new { message = t[$"Recording{e.Fault}", Recordings.Longest.TotalMinutes].Value }, statusCode: e.Fault == RecordingFault.TooLong ? 413 : 422);
        }
        catch (Exception e) when (e is MediaTooLargeException or BadHttpRequestException { StatusCode: 413 })
        {
            return TooLarge(t, files);
        }
        catch (Refusal refusal)
        {
            return Results.Json(new { message = refusal.Message }, statusCode: refusal.Kind == RefusalKind.NotFound ? 404 : 400);
        }
        finally
        {
            File.Delete(raw);
            File.Delete(made);
        }
    }

    private static IResult TooLarge(IStringLocalizer<Texts> t, FileStore files) =>
        Results.Json(new { message = t["FileTooLarge", (files.MaxBytes / 1024 / 1024).ToString(CultureInfo.CurrentCulture)].Value }, statusCode: 413);

    private static async Task<Actor?> ActorOfAsync(HttpContext http, IActors actors, CancellationToken ct)
    {
        var (id, stamp) = Session.Read(http.User);
        return await actors.FindAsync(id, stamp, ct);
    }
}

/// <summary>The stored file behind a bubble, if the caller sees its ticket.</summary>
[Allow("tickets.see"), Reads]
internal sealed record FindMedia(Guid MediaId) : IRequest<MediaFile?>;

internal sealed record MediaFile(Guid FileId, string MimeType, string FileName);

internal sealed class FindMediaHandler(InforzapDb db, TicketAccess access, Sight sight, ISettings settings) : IRequestHandler<FindMedia, MediaFile?>
{
    public async Task<MediaFile?> Handle(FindMedia request, CancellationToken ct)
    {
        var me = access.Actor.Id;
        var found = await (from m in db.Media
                           join x in db.Tickets.AsNoTracking().VisibleTo(access.Actor, settings, db) on m.TicketId equals x.Id
                           where m.Id == request.MediaId && m.State == MediaState.Ready && m.FileId != null && (m.MessageId != null || m.UploadedBy == me)
                           select new { Ticket = x, m.MessageId, File = new MediaFile(m.FileId!.Value, m.MimeType!, m.FileName) }).SingleOrDefaultAsync(ct);
        if (found is null || !access.MayLookInto(found.Ticket)) return null;
        return sight.SeesAll || found.MessageId is not { } id || await sight.Searchable(db.Messages.Where(m => m.Id == id)).AnyAsync(ct) ? found.File : null;
    }
}

/// <summary>Whether the caller may add files to this ticket.</summary>
[Allow("tickets.answer"), Reads]
internal sealed record MayUpload(Guid TicketId) : IRequest<bool>;

internal sealed class MayUploadHandler(InforzapDb db, IActor actor, ISettings settings) : IRequestHandler<MayUpload, bool>
{
    public Task<bool> Handle(MayUpload request, CancellationToken ct) =>
        db.Tickets.VisibleTo(actor, settings, db).AnyAsync(x => x.Id == request.TicketId && x.Status == TicketStatus.Open && x.UserId == actor.Id, ct);
}

/// <summary>Takes the bytes of an upload that come over the circuit, and keeps it. Holds no transaction while they come.</summary>
[Allow("tickets.answer"), Reads]
internal sealed record TakeUpload([property: NotEmpty] Guid TicketId, Stream Bytes, string Name, MediaKind Said) : IRequest<MediaRow>;

internal sealed class TakeUploadHandler(TicketAccess access, FileStore files, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<TakeUpload, MediaRow>
{
    public async Task<MediaRow> Handle(TakeUpload request, CancellationToken ct)
    {
        await access.RequireMineAsync(await access.ReadAsync(request.TicketId, ct), ct);
        try
        {
            var file = await files.WriteAsync(request.Bytes, CleanText.Of(request.Name, 255), request.Said, ct);
            return file.Size > 0 ? await mediator.Send(new KeepUpload(request.TicketId, file, request.Said), ct) : throw new Refusal(t["FileEmpty"]);
        }
        catch (MediaTooLargeException)
        {
            throw new Refusal(t["FileTooLarge", (files.MaxBytes / 1024 / 1024).ToString(CultureInfo.CurrentCulture)]);
        }
    }
}

/// <summary>Keeps an upload until a message of its owner in this ticket uses it, once.</summary>
[Allow("tickets.answer")]
internal sealed record KeepUpload(Guid TicketId, StoredFile File, MediaKind? Said) : IRequest<MediaRow>;

internal sealed class KeepUploadHandler(InforzapDb db, TicketAccess access) : IRequestHandler<KeepUpload, MediaRow>
{
    public async Task<MediaRow> Handle(KeepUpload request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        var media = new Media { Id = Guid.NewGuid(), TicketId = request.TicketId, UploadedBy = access.Actor.Id, FileName = request.File.Name, CreatedAt = access.Now };
        media.Ready(request.File, request.Said ?? MediaKind.Document);
        db.Add(request.File);
        db.Add(media);
        await db.SaveChangesAsync(ct);
        return new(media.Id, media.State, media.Kind, media.FileName, media.MimeType, media.Size, media.Width, media.Height, null);
    }
}
