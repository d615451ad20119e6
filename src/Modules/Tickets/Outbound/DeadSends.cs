using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>
/// A message whose lane item was parked, or that has been sending past its deadline, must not show a clock for ever: it
/// becomes Failed or Unknown, where a person sees it.
/// </summary>
internal sealed class DeadSends(InforzapDb db, Commits commits, TimeProvider clock, IStringLocalizer<Texts> t) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var overdue = now.AddSeconds(-30);
        var stuck = await db.Messages.Where(m => m.State == MessageState.Sending && m.AttemptDeadline < overdue).OrderBy(m => m.AttemptDeadline).Select(m => m.Id).Take(500).ToListAsync(ct);
        foreach (var id in stuck)
            await commits.RunAsync(db, async () =>
            {
                db.ChangeTracker.Clear();
                var message = await db.Messages.SingleAsync(m => m.Id == id, ct);
                var ticket = await db.HoldTicketAsync(message.TicketId, ct);
                if (db.Provider != DatabaseProvider.Sqlite) await db.Entry(message).ReloadAsync(ct);
                if (message.State != MessageState.Sending) return false;
                await SendResults.EndAttemptAsync(db, message, "Unknown", null, t["NoResult"], now, ct);
                (message.State, message.FailReason, message.Change) = (MessageState.Unknown, t["NoResult"], ticket.NextChange());
                await db.SaveChangesAsync(ct);
                db.TouchTicket(ticket);
                return true;
            }, WriterKind.Background, ct);
    }
}
