using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>What was sent to and fro with the contact of a ticket, over all tickets that the caller sees: newest first, by keyset. Notes are none of it.</summary>
/// <param name="TicketId">Whose contact.</param>
/// <param name="Of">What of it.</param>
/// <param name="After">The last of the page before.</param>
[Allow("tickets.see"), Reads]
public sealed record ListGallery([property: NotEmpty] Guid TicketId, GalleryKind Of, GalleryCursor? After = null) : IRequest<GalleryPage>;

/// <summary>What a gallery shows.</summary>
public enum GalleryKind
{
    /// <summary>Pictures and films.</summary>
    Pictures,
    /// <summary>Documents and recordings.</summary>
    Files,
    /// <summary>Addresses that were written.</summary>
    Links,
}

/// <summary>Where a page ended.</summary>
public sealed record GalleryCursor(DateTime CreatedAt, long Number, long Seq);

/// <summary>A page of it.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Next">Where to go on, or null at the end.</param>
public sealed record GalleryPage(IReadOnlyList<GalleryRow> Rows, GalleryCursor? Next);

/// <summary>A file, or a message with links.</summary>
public sealed record GalleryRow(Guid MessageId, Guid TicketId, long Number, long Seq, DateTime CreatedAt, bool FromUs, MediaRow? Media, IReadOnlyList<Uri> Links);

internal sealed class ListGalleryHandler(InforzapDb db, TicketAccess access, Sight sight, ISettings settings) : IRequestHandler<ListGallery, GalleryPage>
{
    private const int Page = 30;

    public async Task<GalleryPage> Handle(ListGallery request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var tickets = db.Tickets.AsNoTracking().Where(x => x.ContactId == ticket.ContactId).VisibleTo(access.Actor, settings, db).MayLookInto(access.Actor, settings);
        var rows = from m in sight.Searchable(db.Messages.AsNoTracking())
                   where !m.IsNote && m.DeletedAt == null && m.ForgottenAt == null
                   join x in tickets on m.TicketId equals x.Id
                   join f in db.Set<Media>() on m.MediaId equals f.Id into fs
                   from f in fs.DefaultIfEmpty()
                   select new { Message = m, x.Number, Media = f };
        rows = request.Of switch
        {
            GalleryKind.Pictures => rows.Where(r => r.Media != null && r.Media.State == MediaState.Ready && (r.Media.Kind == MessageKind.Image || r.Media.Kind == MessageKind.Video)),
            GalleryKind.Files => rows.Where(r => r.Media != null && r.Media.State == MediaState.Ready && (r.Media.Kind == MessageKind.Document || r.Media.Kind == MessageKind.Audio || r.Media.Kind == MessageKind.Voice)),
            _ => rows.Where(r => r.Message.Body != null && (r.Message.Body.Contains("http://") || r.Message.Body.Contains("https://"))),
        };
        if (request.After is { } a)
            rows = rows.Where(r => r.Message.CreatedAt < a.CreatedAt || (r.Message.CreatedAt == a.CreatedAt && (r.Number < a.Number || (r.Number == a.Number && r.Message.Seq < a.Seq))));
        var found = await rows.OrderByDescending(r => r.Message.CreatedAt).ThenByDescending(r => r.Number).ThenByDescending(r => r.Message.Seq).Take(Page + 1)
            .Select(r => new
            {
                r.Message.Id, r.Message.TicketId, r.Number, r.Message.Seq, r.Message.CreatedAt, r.Message.FromUs, r.Message.Body,
                Media = r.Media == null ? null : new MediaRow(r.Media.Id, r.Media.State, r.Media.Kind, r.Media.FileName, r.Media.MimeType, r.Media.Size, r.Media.Width, r.Media.Height, r.Media.Reason),
            }).ToListAsync(ct);
        var page = found.Take(Page).ToList();
        return new([.. page.Select(r => new GalleryRow(r.Id, r.TicketId, r.Number, r.Seq, r.CreatedAt, r.FromUs, r.Media, request.Of == GalleryKind.Links ? LinksIn(r.Body) : []))],
            found.Count > Page ? new(page[^1].CreatedAt, page[^1].Number, page[^1].Seq) : null);
    }

    private static List<Uri> LinksIn(string? body) => [.. BodyText.Cut(body).Select(s => s.Link).OfType<Uri>().Distinct()];
}
