using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>Keeps what the caller typed and did not send; empty text forgets it.</summary>
[Allow("tickets.see")]
public sealed record SaveDraft([property: NotEmpty] Guid TicketId, [property: StringLength(65_536), Called("KindText")] string Text, Guid? QuotedId) : IRequest;

/// <summary>What the caller typed and did not send.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadDraft([property: NotEmpty] Guid TicketId) : IRequest<DraftText?>;

/// <summary>A draft.</summary>
public sealed record DraftText(string Text, Guid? QuotedId);

internal sealed class SaveDraftHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<SaveDraft, Unit>
{
    public async Task<Unit> Handle(SaveDraft request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        if (request.QuotedId is { } quoted && !await db.Messages.AnyAsync(m => m.Id == quoted && m.TicketId == request.TicketId, ct)) throw Refusal.NotFound(t["QuotedGone"]);
        var me = access.Actor.Id;
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.UserId == me && d.TicketId == request.TicketId, ct);
        var empty = string.IsNullOrWhiteSpace(request.Text) && request.QuotedId is null;
        if (empty)
        {
            if (draft is not null) db.Remove(draft);
        }
        else
        {
            if (draft is null) db.Add(draft = new Draft { UserId = me, TicketId = request.TicketId });
            (draft.Text, draft.QuotedId, draft.At) = (CleanText.Of(request.Text), request.QuotedId, access.Now);
        }
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}

internal sealed class ReadDraftHandler(InforzapDb db, IActor actor) : IRequestHandler<ReadDraft, DraftText?>
{
    public Task<DraftText?> Handle(ReadDraft request, CancellationToken ct) =>
        db.Drafts.Where(d => d.UserId == actor.Id && d.TicketId == request.TicketId).Select(d => new DraftText(d.Text, d.QuotedId)).SingleOrDefaultAsync(ct);
}
