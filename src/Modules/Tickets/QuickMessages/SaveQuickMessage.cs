using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>Makes a quick message, or changes one. Everybody has their own; the company's and the queues' are for who may change them.</summary>
/// <param name="Queues">Whose members use it, where its scope is queues.</param>
/// <param name="Files">Those that it keeps, and new uploads of the caller, in order.</param>
[Allow("quick.own", "quick.edit")]
internal sealed record SaveQuickMessage(
    Guid? Id,
    QuickScope Scope,
    [property: NotEmpty, RegularExpression(QuickShortcut.Pattern), StringLength(QuickShortcut.MaxLength), Called("QuickShortcut")] string Shortcut,
    [property: NotEmpty, StringLength(80), Called("QuickTitle")] string Title,
    [property: StringLength(QuickMessage.MaxBody), Called("QuickBody")] string Body,
    [property: StringLength(40), Called("QuickCategory")] string? Category,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    bool IsActive,
    IReadOnlyList<Guid> Queues,
    IReadOnlyList<Guid> Files,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (CleanText.IsBlank(Body) && Files.Count == 0) yield return new(t["MessageEmpty"], [nameof(Body)]);
        if (Files.Count > QuickMessage.MaxFiles) yield return new(t["QuickTooManyFiles", QuickMessage.MaxFiles], [nameof(Files)]);
        if (Scope == QuickScope.Queues && Queues.Count == 0) yield return new(t["ChooseQueue"], [nameof(Queues)]);
    }
}

internal sealed class SaveQuickMessageHandler(InforzapDb db, QuickAccess access, QuickWriter writer, TextRenderer renderer, IStringLocalizer<Texts> t)
    : IRequestHandler<SaveQuickMessage, Guid>
{
    public async Task<Guid> Handle(SaveQuickMessage request, CancellationToken ct)
    {
        access.RequireEdit(request.Scope);
        var message = request.Id is { } id ? await access.FindToEditAsync(id, ct) : null;
        if (message is not null && message.Version != request.Version) throw Refusal.Conflict(t["QuickChanged", message.Shortcut]);
        var (shortcut, owner, scope) = (QuickShortcut.Of(request.Shortcut), access.OwnerOf(request.Scope), request.Scope);
        if (await db.QuickMessages.AnyAsync(q => q.Scope == scope && q.OwnerId == owner && q.Shortcut == shortcut && q.Id != request.Id, ct))
            throw Refusal.At(nameof(request.Shortcut), t["QuickTaken", shortcut]);
        if (VariableText.UnknownIn(request.Body, await renderer.NamesAsync(ct)) is { Count: > 0 } unknown)
            throw Refusal.At(nameof(request.Body), t["QuickUnknownVariable", VariableText.Of(unknown)]);
        await RequireQueuesAsync(request, ct);
        message = await writer.WriteAsync(message, request, ct);
        await SetFilesAsync(message, [.. request.Files.Distinct()], ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else took it since it was looked for.
            throw Refusal.At(nameof(request.Shortcut), t["QuickTaken", shortcut]);
        }
        db.Touch(Topics.QuickMessages);
        return message.Id;
    }

    private async Task RequireQueuesAsync(SaveQuickMessage request, CancellationToken ct)
    {
        var wanted = request.Queues.Distinct().ToArray();
        if (await db.Queues.CountAsync(q => wanted.Contains(q.Id) && q.DeletedAt == null, ct) != wanted.Length) throw Refusal.NotFound(t["QueueGone"]);
    }

    /// <summary>Takes only what the message has already and what the caller brought: an id alone gives no right to a file.</summary>
    private async Task SetFilesAsync(QuickMessage message, Guid[] wanted, CancellationToken ct)
    {
        var me = access.Me;
        var known = await db.QuickFiles.Where(f => f.QuickMessageId == message.Id || (f.QuickMessageId == null && f.UploadedBy == me && wanted.Contains(f.Id))).ToListAsync(ct);
        if (wanted.Except(known.Select(f => f.Id)).Any()) throw Refusal.NotFound(t["UploadGone"]);
        db.RemoveRange(known.Where(f => !wanted.Contains(f.Id)));
        foreach (var file in known.Where(f => wanted.Contains(f.Id))) (file.QuickMessageId, file.Position) = (message.Id, Array.IndexOf(wanted, file.Id));
    }
}

/// <summary>Writes what was checked, for the form and for tables alike. Files are the form's own matter.</summary>
internal sealed class QuickWriter(InforzapDb db, QuickAccess access, TimeProvider clock)
{
    public async Task<QuickMessage> WriteAsync(QuickMessage? message, SaveQuickMessage wanted, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var shortcut = QuickShortcut.Of(wanted.Shortcut);
        if (message is null)
        {
            message = new QuickMessage { Id = Guid.CreateVersion7(), Shortcut = shortcut, Title = "", Body = "", CreatedAt = now };
            db.Add(message);
            db.Add(new QuickUse { QuickMessageId = message.Id });
        }
        (message.Shortcut, message.Title, message.Body) = (shortcut, CleanText.Of(wanted.Title.Trim()), CleanText.Of(wanted.Body.Trim()));
        (message.Scope, message.OwnerId) = (wanted.Scope, access.OwnerOf(wanted.Scope));
        (message.Category, message.Order, message.IsActive) = (string.IsNullOrWhiteSpace(wanted.Category) ? null : CleanText.Of(wanted.Category.Trim()), wanted.Order, wanted.IsActive);
        message.ChangedAt = now;
        message.SearchText = SearchText.Of(2000, message.Shortcut, message.Title, message.Category, message.Body);
        await SetQueuesAsync(message, wanted.Scope == QuickScope.Queues ? [.. wanted.Queues.Distinct()] : [], ct);
        return message;
    }

    private async Task SetQueuesAsync(QuickMessage message, Guid[] wanted, CancellationToken ct)
    {
        var now = await db.QuickQueues.Where(q => q.QuickMessageId == message.Id).ToListAsync(ct);
        db.RemoveRange(now.Where(q => !wanted.Contains(q.QueueId)));
        foreach (var queue in wanted.Except(now.Select(q => q.QueueId))) db.Add(new QuickQueue { QuickMessageId = message.Id, QueueId = queue });
    }
}
