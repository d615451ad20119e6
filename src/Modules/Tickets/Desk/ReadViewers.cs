using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Desk;

/// <summary>The names of colleagues who have a ticket open as the caller has, by name.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadViewers([property: NotEmpty] Guid TicketId, IReadOnlyList<Guid> UserIds) : IRequest<IReadOnlyList<string>>
{
    /// <summary>Of so many the names are told.</summary>
    internal const int Most = 50;
}

internal sealed class ReadViewersHandler(InforzapDb db, TicketAccess access) : IRequestHandler<ReadViewers, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(ReadViewers request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        var (ids, me) = (request.UserIds.Take(ReadViewers.Most).ToArray(), access.Actor.Id);
        return await db.Set<UserView>().Where(u => ids.Contains(u.Id) && u.Id != me).OrderBy(u => u.Name).Select(u => u.Name).ToListAsync(ct);
    }
}
