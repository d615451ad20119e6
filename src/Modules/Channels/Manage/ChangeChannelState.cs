using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Manage;

/// <summary>Switches a channel on or off. What is to be sent through it waits meanwhile.</summary>
[Allow("channels.edit")]
internal sealed record SwitchChannel([property: NotEmpty] Guid Id, bool On) : IRequest;

internal sealed class SwitchChannelHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchChannel, Unit>
{
    public async Task<Unit> Handle(SwitchChannel request, CancellationToken ct)
    {
        var row = await db.Channels.SingleOrDefaultAsync(c => c.Id == request.Id && c.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["ChannelGone"]);
        row.IsEnabled = request.On;
        // It starts with a clean sheet.
        if (request.On)
        {
            var health = await db.HealthOfAsync(row.Id, ct);
            (health.IsFailing, health.Session, health.SessionReason) = (false, null, null);
        }
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}

/// <summary>Deletes a channel for good. Its history stays; its key is never given again.</summary>
[Allow("channels.edit")]
internal sealed record DeleteChannel([property: NotEmpty] Guid Id) : IRequest;

internal sealed class DeleteChannelHandler(InforzapDb db, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeleteChannel, Unit>
{
    public async Task<Unit> Handle(DeleteChannel request, CancellationToken ct)
    {
        var row = await db.Channels.SingleOrDefaultAsync(c => c.Id == request.Id && c.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["ChannelGone"]);
        if (row.IsDeclared) throw new Refusal(t["DeclaredStays"]);
        if (await mediator.Send(new CountActiveTickets(row.Id), ct) is > 0 and var active) throw new Refusal(t["HasTickets", active]);
        (row.IsEnabled, row.DeletedAt, row.Settings) = (false, clock.GetUtcNow().UtcDateTime, "{}");
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}
