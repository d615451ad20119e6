using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;

namespace Inforzap.Tickets.Protocols;

/// <summary>Gives a protocol to active tickets whose cycle has none, where the company wants that; returns how many. Apart from the inbox, which waits for nobody.</summary>
[AllowSystem]
internal sealed record MakeAutomaticProtocols : IRequest<int>;

/// <summary>Looks again and again.</summary>
internal sealed class AutomaticProtocols(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new MakeAutomaticProtocols(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

internal sealed class MakeAutomaticProtocolsHandler(InforzapDb db, ISettings settings, ProtocolMaker maker) : IRequestHandler<MakeAutomaticProtocols, int>
{
    private const int AtOnce = 100;

    public async Task<int> Handle(MakeAutomaticProtocols request, CancellationToken ct)
    {
        if (!settings.Is(Setting.ProtocolAutomatic)) return 0;
        var tickets = await (from x in db.Tickets.AsNoTracking()
                             join c in db.Set<ServiceCycle>() on x.Id equals c.TicketId
                             where x.Status != TicketStatus.Closed && !x.IsGroup && c.ClosedAt == null && !db.Set<Protocol>().Any(p => p.CycleId == c.Id)
                             orderby c.QueuedAt
                             select x).Take(AtOnce).ToListAsync(ct);
        foreach (var ticket in tickets) await maker.CurrentAsync(ticket, ct);
        var made = await db.SaveChangesAsync(ct);
        return made > 0 ? tickets.Count : 0;
    }
}
