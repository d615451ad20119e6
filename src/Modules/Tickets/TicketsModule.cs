using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using MudBlazor;

namespace Inforzap.Tickets;

/// <summary>Tickets, their messages, and the screen where agents live.</summary>
public sealed class TicketsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "tickets";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => TicketsDb.Map(model, provider);

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("tickets.see", BuiltInRoles.Everyone),
        new("tickets.see-all", BuiltInRoles.Administrator),
        new("tickets.answer", BuiltInRoles.Everyone),
        new("tickets.peek", BuiltInRoles.Everyone),
        new("tickets.transfer", BuiltInRoles.Everyone),
        new("tickets.close", BuiltInRoles.Everyone),
        new("tickets.reopen", BuiltInRoles.Everyone),
        new("tickets.start", BuiltInRoles.Everyone),
        new("queues.see", BuiltInRoles.Leads),
        new("queues.edit", BuiltInRoles.Administrator),
        new("lanes.see", BuiltInRoles.Administrator),
    ];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<QueueView>(q => q.Id, db => db.Queues.Select(q => new QueueView { Id = q.Id, Name = q.Name, Color = q.Color, IsActive = q.IsActive })),
        ReadView.Of<QueueMemberView>(m => new { m.QueueId, m.UserId }, db => db.QueueMembers.Select(m => new QueueMemberView { QueueId = m.QueueId, UserId = m.UserId })),
    ];
}
