using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Tickets.Figures;

/// <summary>What the caller may filter the dashboard by, in this scope.</summary>
[Allow("dashboard.see"), Reads]
public sealed record OfferFigures([property: NotEmpty, Called("FigurePeriod")] FigureFilter Filter) : IRequest<FigureChoices>;

/// <summary>Things to choose. Users are empty where only one's own service is looked at.</summary>
public sealed record FigureChoices(IReadOnlyList<FigureChoice> Queues, IReadOnlyList<FigureChoice> Users, IReadOnlyList<FigureChoice> Channels);

/// <summary>One of them.</summary>
public sealed record FigureChoice(Guid Id, string Name);

internal sealed class OfferFiguresHandler(InforzapDb db, IActor actor, FigureAccess access, IChannelDirectory channels) : IRequestHandler<OfferFigures, FigureChoices>
{
    private const int Most = 1000;

    public async Task<FigureChoices> Handle(OfferFigures request, CancellationToken ct)
    {
        // A period that is still being typed keeps nobody from choosing.
        var view = access.Open(request.Filter with { Span = FigureSpan.Today, From = null, To = null, Queues = [], Users = [], Channels = [] });
        var mine = actor.Queues.ToArray();
        var queues = db.Queues.AsNoTracking().Where(q => q.DeletedAt == null && (view.Scope == FigureScope.All || mine.Contains(q.Id)));
        return new(
            await queues.OrderBy(q => q.Order).ThenBy(q => q.Name).Take(Most).Select(q => new FigureChoice(q.Id, q.Name)).ToListAsync(ct),
            view.Scope == FigureScope.Mine ? [] : await view.People.Where(u => u.IsActive).OrderBy(u => u.Name).Take(Most).Select(u => new FigureChoice(u.Id, u.Name)).ToListAsync(ct),
            [.. channels.All.Select(c => new FigureChoice(c.Id, c.Name))]);
    }
}
