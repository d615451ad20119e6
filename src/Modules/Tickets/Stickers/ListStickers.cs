using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Stickers;

/// <summary>The company's stickers, the newest first.</summary>
[Allow("tickets.answer"), Reads]
public sealed record ListStickers : IRequest<IReadOnlyList<StickerRow>>;

/// <summary>A sticker to choose; its picture is at <c>/stickers/{Id}</c>.</summary>
public sealed record StickerRow(Guid Id, string Name);

/// <summary>The picture of a sticker.</summary>
[Allow("tickets.answer"), Reads]
internal sealed record FindSticker([property: NotEmpty] Guid Id) : IRequest<MediaFile?>;

/// <summary>Makes a sticker an upload of the caller in a ticket that they serve, ready to be sent as it is.</summary>
[Allow("tickets.answer")]
public sealed record UseSticker([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid Id) : IRequest<MediaRow>;

internal sealed class ListStickersHandler(InforzapDb db) : IRequestHandler<ListStickers, IReadOnlyList<StickerRow>>
{
    public async Task<IReadOnlyList<StickerRow>> Handle(ListStickers request, CancellationToken ct) =>
        await db.Stickers.AsNoTracking().OrderByDescending(s => s.CreatedAt).ThenBy(s => s.Id).Select(s => new StickerRow(s.Id, s.Name)).ToListAsync(ct);
}

internal sealed class FindStickerHandler(InforzapDb db) : IRequestHandler<FindSticker, MediaFile?>
{
    public Task<MediaFile?> Handle(FindSticker request, CancellationToken ct) =>
        db.Stickers.Where(s => s.Id == request.Id).Select(s => new MediaFile(s.FileId, "image/webp", s.Name + ".webp")).SingleOrDefaultAsync(ct);
}

internal sealed class UseStickerHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<UseSticker, MediaRow>
{
    public async Task<MediaRow> Handle(UseSticker request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var found = await (from s in db.Stickers.AsNoTracking()
                           join f in db.Set<StoredFile>() on s.FileId equals f.Id
                           where s.Id == request.Id
                           select new { s.Name, Stored = f }).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["StickerGone"]);
        await access.RequireMineAsync(ticket, ct);
        var media = new Media { Id = Guid.NewGuid(), TicketId = ticket.Id, UploadedBy = access.Actor.Id, FileName = found.Name + ".webp", CreatedAt = access.Now };
        media.Ready(found.Stored, MediaKind.Sticker);
        db.Add(media);
        await db.SaveChangesAsync(ct);
        return new(media.Id, media.State, media.Kind, media.FileName, media.MimeType, media.Size, media.Width, media.Height, null);
    }
}

/// <summary>Pictures of stickers for the browser.</summary>
internal static class StickerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapFiles("/stickers", ["tickets.answer"], id => new FindSticker(id));
}
