using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

internal sealed class ReadActHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<ReadAct, WantedAct?>
{
    public async Task<WantedAct?> Handle(ReadAct request, CancellationToken ct)
    {
        var found = await (from m in db.Messages.AsNoTracking()
                           join x in db.Tickets on m.TicketId equals x.Id
                           where m.Id == request.MessageId && m.ActId == request.ActId && m.Act != null && m.ActReason == null
                           join f in db.Media on m.MediaId equals f.Id into fs
                           from f in fs.DefaultIfEmpty()
                           select new { m, x.AddressKind, x.AddressValue, File = (MessageKind?)f.Kind }).SingleOrDefaultAsync(ct);
        if (found is not { m: { ProviderId: { } providerId, Act: { } act } message })
        {
            await db.DoneAsync(request.Position, clock.GetUtcNow().UtcDateTime, ct);
            return null;
        }
        var known = new KnownMessage(message.Id, new Address(found.AddressValue, found.AddressKind), providerId, message.FromUs, found.File is { } kind ? Enum.Parse<MediaKind>(kind.ToString()) : null);
        return new(known, act, act == MessageAct.React ? message.OurReaction : message.Body);
    }
}

internal sealed class RecordActHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<RecordAct, DateTime?>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public async Task<DateTime?> Handle(RecordAct request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var ticketId = await db.Messages.Where(m => m.Id == request.MessageId).Select(m => m.TicketId).SingleAsync(ct);
        var ticket = await db.HoldTicketAsync(ticketId, ct);
        var message = await db.Messages.SingleAsync(m => m.Id == request.MessageId, ct);
        var reason = request.Result.Reason is { Length: > 0 } said ? CleanText.Of(said, 500) : t["ActFailed"].Value;
        if (message.ActId == request.ActId && request.Result.Outcome == SendOutcome.Later)
        {
            var until = now + TimeSpan.FromTicks(Math.Clamp((request.Result.After ?? TimeSpan.FromSeconds(30)).Ticks, Shortest.Ticks, Longest.Ticks));
            await db.PostponeAsync(request.Position, until, reason, ct);
            return until;
        }
        if (message.ActId == request.ActId)
        {
            if (request.Result.Outcome == SendOutcome.Sent) (message.Act, message.ActId, message.ActReason) = (null, null, null);
            else message.ActReason = reason;
            message.Change = ticket.NextChange();
            await db.SaveChangesAsync(ct);
            db.TouchTicket(ticket);
        }
        await db.DoneAsync(request.Position, now, ct);
        return null;
    }
}
