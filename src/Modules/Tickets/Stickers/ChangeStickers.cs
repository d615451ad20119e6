using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Stickers;

/// <summary>Adds a picture to the company's stickers.</summary>
/// <param name="Name">Of the picture's file; the sticker is called so.</param>
/// <param name="Bytes">PNG, JPEG or WebP; it is drawn anew.</param>
[Allow("stickers.edit"), Reads]
public sealed record AddSticker([property: NotEmpty, StringLength(255), Called("StickerName")] string Name, ReadOnlyMemory<byte> Bytes) : IRequest<StickerRow>;

/// <summary>Adds a sticker that a customer sent to the company's. One that is there already is simply that.</summary>
[Allow("stickers.edit"), Reads]
public sealed record SaveSticker([property: NotEmpty] Guid MessageId) : IRequest<StickerRow>;

/// <summary>Takes a sticker out of the company's. What was sent with it stays.</summary>
[Allow("stickers.edit")]
public sealed record DeleteSticker([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Writes stickers. Files are written outside of the transaction: the writers' gate is held across no file.</summary>
internal sealed class StickerWriter(InforzapDb db, Commits commits, IActor actor, FileStore files, TimeProvider clock, IStringLocalizer<Texts> t)
{
    public async Task<StickerRow> DrawAsync(string name, byte[] picture, CancellationToken ct)
    {
        var drawn = Pictures.Sticker(picture, Sticker.Edge, Sticker.MaxBytes) ?? throw new Refusal(t["StickerNoPicture"]);
        return await FindAsync(drawn, ct) ?? await KeepAsync(name, drawn, ct);
    }

    /// <summary>As it came: one that moves would stand still if it were drawn anew.</summary>
    public async Task<StickerRow> TakeAsync(string name, byte[] sticker, CancellationToken ct) => await FindAsync(sticker, ct) ?? await KeepAsync(name, sticker, ct);

    private async Task<StickerRow?> FindAsync(byte[] sticker, CancellationToken ct)
    {
        var hash = HashOf(sticker);
        return await db.Stickers.AsNoTracking().Where(s => s.Hash == hash).Select(s => new StickerRow(s.Id, s.Name)).SingleOrDefaultAsync(ct);
    }

    private static string HashOf(byte[] sticker) => Convert.ToHexStringLower(SHA256.HashData(sticker));

    private async Task<StickerRow> KeepAsync(string name, byte[] sticker, CancellationToken ct)
    {
        if (await db.Stickers.CountAsync(ct) >= Sticker.Most) throw new Refusal(t["StickersFull", Sticker.Most]);
        name = CleanText.Of(Path.GetFileNameWithoutExtension(FileKinds.SafeName(name)).Trim(), 80);
        if (name.Length == 0) name = t["KindSticker"];
        using var stream = new MemoryStream(sticker);
        var stored = await files.WriteAsync(stream, name + ".webp", MediaKind.Sticker, ct);
        try
        {
            return await commits.RunAsync(db, async () =>
            {
                var made = new Sticker { Id = Guid.CreateVersion7(), Name = name, FileId = stored.Id, Hash = HashOf(sticker), AddedBy = actor.Id, CreatedAt = clock.GetUtcNow().UtcDateTime };
                db.Add(stored);
                db.Add(made);
                await db.SaveChangesAsync(ct);
                return new StickerRow(made.Id, made.Name);
            }, WriterKind.Request, ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody added the same meanwhile.
            db.ChangeTracker.Clear();
            return await FindAsync(sticker, ct) ?? throw Refusal.Conflict(t["StickerGone"]);
        }
    }
}

internal sealed class AddStickerHandler(StickerWriter writer, IStringLocalizer<Texts> t) : IRequestHandler<AddSticker, StickerRow>
{
    /// <summary>Of the picture that somebody brings.</summary>
    internal const int MaxBytes = 5 * 1024 * 1024;

    public Task<StickerRow> Handle(AddSticker request, CancellationToken ct) => request.Bytes.Length switch
    {
        0 => throw new Refusal(t["FileEmpty"]),
        > MaxBytes => throw new Refusal(t["FileTooLarge", MaxBytes / 1024 / 1024]),
        _ => writer.DrawAsync(request.Name, request.Bytes.ToArray(), ct),
    };
}

internal sealed class SaveStickerHandler(IMediator mediator, InforzapDb db, StickerWriter writer, FileStore files, IStringLocalizer<Texts> t) : IRequestHandler<SaveSticker, StickerRow>
{
    public async Task<StickerRow> Handle(SaveSticker request, CancellationToken ct)
    {
        var media = await (from m in db.Messages join f in db.Set<Media>() on m.MediaId equals f.Id
                           where m.Id == request.MessageId && m.Kind == MessageKind.Sticker && m.DeletedAt == null
                           select new { f.Id, f.FileName, f.Width, f.Height, f.MimeType }).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["MessageGone"]);
        // Who may look at it may keep it.
        var file = await mediator.Send(new FindMedia(media.Id), ct);
        if (file is null || !files.Exists(file.FileId)) throw Refusal.NotFound(t["MessageGone"]);
        await using var stream = files.Open(file.FileId);
        if (stream.Length > AddStickerHandler.MaxBytes) throw new Refusal(t["FileTooLarge", AddStickerHandler.MaxBytes / 1024 / 1024]);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, ct);
        return media is { Width: Sticker.Edge, Height: Sticker.Edge, MimeType: "image/webp" } && bytes.Length <= Sticker.MaxMovingBytes
            ? await writer.TakeAsync(media.FileName, bytes, ct)
            : await writer.DrawAsync(media.FileName, bytes, ct);
    }
}

internal sealed class DeleteStickerHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteSticker, Unit>
{
    public async Task<Unit> Handle(DeleteSticker request, CancellationToken ct)
    {
        db.Remove(await db.Stickers.SingleOrDefaultAsync(s => s.Id == request.Id, ct) ?? throw Refusal.NotFound(t["StickerGone"]));
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}
