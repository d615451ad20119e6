using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Takes a quick message into use or out of it.</summary>
[Allow("quick.own", "quick.edit")]
internal sealed record SwitchQuickMessage([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a quick message. Answers that were sent with it keep their text and files.</summary>
[Allow("quick.own", "quick.edit")]
internal sealed record DeleteQuickMessage([property: NotEmpty] Guid Id) : IRequest;

/// <summary>A copy to go on from, with its files: beside the original where the caller may change that, else as their own.</summary>
[Allow("quick.own", "quick.edit")]
internal sealed record DuplicateQuickMessage([property: NotEmpty] Guid Id) : IRequest<Guid>;

internal sealed class SwitchQuickMessageHandler(InforzapDb db, QuickAccess access, TimeProvider clock) : IRequestHandler<SwitchQuickMessage, Unit>
{
    public async Task<Unit> Handle(SwitchQuickMessage request, CancellationToken ct)
    {
        var message = await access.FindToEditAsync(request.Id, ct);
        (message.IsActive, message.ChangedAt) = (request.IsActive, clock.GetUtcNow().UtcDateTime);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.QuickMessages);
        return Unit.Value;
    }
}

internal sealed class DeleteQuickMessageHandler(InforzapDb db, QuickAccess access) : IRequestHandler<DeleteQuickMessage, Unit>
{
    public async Task<Unit> Handle(DeleteQuickMessage request, CancellationToken ct)
    {
        var message = await access.FindToEditAsync(request.Id, ct);
        db.RemoveRange(await db.QuickQueues.Where(q => q.QuickMessageId == message.Id).ToListAsync(ct));
        db.RemoveRange(await db.QuickFiles.Where(f => f.QuickMessageId == message.Id).ToListAsync(ct));
        db.RemoveRange(await db.QuickUses.Where(u => u.QuickMessageId == message.Id).ToListAsync(ct));
        db.Remove(message);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.QuickMessages);
        return Unit.Value;
    }
}

internal sealed class DuplicateQuickMessageHandler(InforzapDb db, QuickAccess access, QuickWriter writer, TimeProvider clock, IStringLocalizer<Texts> t)
    : IRequestHandler<DuplicateQuickMessage, Guid>
{
    public async Task<Guid> Handle(DuplicateQuickMessage request, CancellationToken ct)
    {
        var original = await access.FindAsync(request.Id, ct);
        var scope = access.MayEdit(original.Scope) ? original.Scope : QuickScope.User;
        access.RequireEdit(scope);
        var owner = access.OwnerOf(scope);
        var taken = (await db.QuickMessages.Where(q => q.Scope == scope && q.OwnerId == owner).Select(q => q.Shortcut).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var queues = await db.QuickQueues.Where(q => q.QuickMessageId == original.Id).Select(q => q.QueueId).ToListAsync(ct);
        var copy = await writer.WriteAsync(null, new SaveQuickMessage(null, scope, QuickShortcut.Free(original.Shortcut, taken), CleanText.Cut(t["QuickCopyOf", original.Title], 80),
            original.Body, original.Category, original.Order, original.IsActive, queues, [], null), ct);
        foreach (var file in await db.QuickFiles.Where(f => f.QuickMessageId == original.Id).ToListAsync(ct))
            db.Add(new QuickFile
            {
                Id = Guid.NewGuid(), QuickMessageId = copy.Id, UploadedBy = access.Me, FileId = file.FileId, Name = file.Name, MimeType = file.MimeType, Size = file.Size,
                Kind = file.Kind, Position = file.Position, CreatedAt = clock.GetUtcNow().UtcDateTime,
            });
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.QuickMessages);
        return copy.Id;
    }
}
