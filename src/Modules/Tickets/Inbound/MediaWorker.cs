using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Http;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Inbound;

/// <summary>Fetches the bytes of a message that is there already. A failure never touches the message itself.</summary>
internal sealed class MediaWorker(SystemMediator mediator, SafeHttp http, FileStore files, TimeProvider clock, ILogger<MediaWorker> log, IMediaOpener? opener = null) : ILaneWorker
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public string Type => "media";

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var mediaId = JsonSerializer.Deserialize<FetchMedia>(item.Payload, JsonSerializerOptions.Web)!.MediaId;
        var media = await mediator.Send(new MediaToFetch(mediaId), ct);
        if (media is null)
        {
            await mediator.Send(new RecordMedia(mediaId, item.Position, null, null, null, false), ct);
            return null;
        }
        using var time = new CancellationTokenSource(Timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        StoredFile file;
        try
        {
            await using var content = await OpenAsync(media, limit.Token);
            Fail.Point(Fail.At.MediaFetched);
            file = await files.WriteAsync(content, media.FileName, media.Kind, limit.Token);
        }
        catch (Exception e) when (Final(e) is string reason)
        {
            await mediator.Send(new RecordMedia(mediaId, item.Position, null, null, reason, e is MediaGoneException), ct);
            return null;
        }
        catch (Exception e) when (item.Attempts + 1 >= LaneMarks.MaxAttempts && !ct.IsCancellationRequested)
        {
            log.LogWarning("Media {Media} could not be fetched: {Exception}", mediaId, e.GetType().Name);
            await mediator.Send(new RecordMedia(mediaId, item.Position, null, null, MediaReason.Unreachable, false), ct);
            return null;
        }
        Fail.Point(Fail.At.MediaStored);
        await mediator.Send(new RecordMedia(mediaId, item.Position, file, media.Kind, null, false), ct);
        return null;
    }

    private async Task<Stream> OpenAsync(MediaToFetch.Source media, CancellationToken ct)
    {
        if (media.Reference is { } reference) return await (opener ?? throw new MediaGoneException()).OpenAsync(media.ChannelId, reference, ct);
        var client = http.Create(Timeout);
        var response = await client.GetAsync(media.Url, HttpCompletionOption.ResponseHeadersRead, ct);
        if ((int)response.StatusCode is 404 or 410) throw new MediaGoneException();
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync(ct);
    }

    /// <summary>Reasons that no repetition changes, as codes for the screen.</summary>
    private string? Final(Exception e) => e switch
    {
        MediaGoneException => MediaReason.Gone,
        // Whatever a channel gives, what is over the house's own limit would not be taken either.
        MediaTooLargeException { Limit: { } bytes } => MediaReason.OverLimit(Math.Min(bytes, files.MaxBytes)),
        MediaTooLargeException => MediaReason.TooLarge,
        BlockedAddressException => MediaReason.Blocked,
        _ => null,
    };
}

/// <summary>What is to be fetched; null when it is here or given up.</summary>
[AllowSystem, Reads]
internal sealed record MediaToFetch(Guid MediaId) : IRequest<MediaToFetch.Source?>
{
    internal sealed record Source(Guid ChannelId, Uri? Url, string? Reference, string FileName, MediaKind Kind)
    {
        public override string ToString() => ChannelId.ToString();
    }
}

internal sealed class MediaToFetchHandler(InforzapDb db) : IRequestHandler<MediaToFetch, MediaToFetch.Source?>
{
    public async Task<MediaToFetch.Source?> Handle(MediaToFetch request, CancellationToken ct)
    {
        var found = await (from m in db.Media
                           join x in db.Tickets on m.TicketId equals x.Id
                           where m.Id == request.MediaId && m.State == MediaState.Pending
                           select new { x.ChannelId, m.SourceUrl, m.SourceReference, m.FileName, m.Kind }).SingleOrDefaultAsync(ct);
        return found is null ? null : new(found.ChannelId, found.SourceUrl is null ? null : new Uri(found.SourceUrl), found.SourceReference, found.FileName,
            Enum.Parse<MediaKind>(found.Kind.ToString()));
    }
}

/// <summary>Writes down what became of the bytes, and marks the lane's item done.</summary>
[AllowSystem]
internal sealed record RecordMedia(Guid MediaId, long Position, StoredFile? File, MediaKind? Said, string? Reason, bool Gone) : IRequest;

internal sealed class RecordMediaHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<RecordMedia, Unit>
{
    public async Task<Unit> Handle(RecordMedia request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var media = await db.Media.SingleAsync(m => m.Id == request.MediaId, ct);
        var isFirst = await db.DoneAsync(request.Position, now, ct);
        // Bytes are welcome whoever brings them; that an earlier try failed says nothing of the one that a person asked for since.
        if (media.State != MediaState.Pending || (request.File is null && (request.Reason is null || !isFirst))) return Unit.Value;
        if (request.File is { } file)
        {
            db.Add(file);
            media.Ready(file, request.Said ?? MediaKind.Document);
        }
        else (media.State, media.Reason) = (request.Gone ? MediaState.Gone : MediaState.Failed, request.Reason);
        var ticket = await db.HoldTicketAsync(media.TicketId, ct);
        if (media.MessageId is { } messageId)
        {
            var message = await db.Messages.SingleAsync(m => m.Id == messageId, ct);
            (message.Kind, message.Change) = (media.Kind, ticket.NextChange());
        }
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return Unit.Value;
    }
}
