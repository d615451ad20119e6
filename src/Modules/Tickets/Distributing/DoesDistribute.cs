using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Distributing;

/// <summary>Whether any queue gives its tickets to members, or has another that stands in for it.</summary>
[AllowSystem, Reads]
internal sealed record DoesDistribute : IRequest<bool>;

internal sealed class DoesDistributeHandler(InforzapDb db) : IRequestHandler<DoesDistribute, bool>
{
    public Task<bool> Handle(DoesDistribute request, CancellationToken ct) =>
        db.Queues.AnyAsync(q => q.DeletedAt == null && ((q.IsActive && q.Distribution != Distribution.None) || q.AbsenceQueueId != null), ct);
}
