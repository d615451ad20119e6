using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>Logs: what happened to a ticket and who looked at it, newest first, at most 200.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadTimeline([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<TimelineRow>>;

/// <summary>One line of the logs.</summary>
/// <param name="Type">Its text has this as key.</param>
/// <param name="UserName">Who; null for the customer or the product itself.</param>
/// <param name="Data">JSON with the names that the sentence needs.</param>
/// <param name="At">When, UTC.</param>
public sealed record TimelineRow(string Type, string? UserName, string? Data, DateTime At);

internal sealed class ReadTimelineHandler(InforzapDb db, TicketAccess access) : IRequestHandler<ReadTimeline, IReadOnlyList<TimelineRow>>
{
    public async Task<IReadOnlyList<TimelineRow>> Handle(ReadTimeline request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        return await (from e in db.Timeline
                      where e.TicketId == request.TicketId
                      join u in db.Set<UserView>() on e.UserId equals u.Id into us
                      from u in us.DefaultIfEmpty()
                      orderby e.Position descending
                      select new TimelineRow(e.Type, u.Name, e.Data, e.At)).Take(200).ToListAsync(ct);
    }
}
