using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Notes;

/// <summary>Keeps a note at the top of its contact's notes, or no longer.</summary>
[Allow("tickets.answer")]
public sealed record PinNote([property: NotEmpty] Guid MessageId, bool IsPinned) : IRequest;

internal sealed class PinNoteHandler(TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<PinNote, Unit>
{
    public async Task<Unit> Handle(PinNote request, CancellationToken ct)
    {
        var (ticket, note) = await access.HoldMessageAsync(request.MessageId, ct);
        if (!access.MayLookInto(ticket)) throw Refusal.Forbidden(t["PeekSwitchedOff"]);
        if (!note.IsNote || note.DeletedAt is not null) throw Refusal.Conflict(t["NoteGone"]);
        if (note.PinnedAt is not null == request.IsPinned) return Unit.Value;
        note.PinnedAt = request.IsPinned ? access.Now : null;
        note.Change = ticket.NextChange();
        await access.RecordAsync(ticket, request.IsPinned ? "note-pinned" : "note-unpinned", new { seq = note.Seq }, ct);
        return Unit.Value;
    }
}
