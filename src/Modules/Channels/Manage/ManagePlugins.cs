using Inforzap.Channels.Plugins;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Manage;

/// <summary>The plugins with their states.</summary>
[Allow("channels.see"), Reads]
internal sealed record ListPlugins : IRequest<IReadOnlyList<PluginInfoRow>>;

/// <summary>One plugin.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">What people read.</param>
/// <param name="Version">Its own.</param>
/// <param name="State">Whether it is at work.</param>
/// <param name="Reason">Why it is not.</param>
/// <param name="Kinds">What it brings.</param>
/// <param name="Hash">What an approval would cover; null when there is nothing to approve.</param>
/// <param name="Waits">It was approved, or switched on, and takes effect at the next start.</param>
/// <param name="ApprovedBy">Who approved these files; null for one that came with the product.</param>
/// <param name="ApprovedAt">When, UTC.</param>
public sealed record PluginInfoRow(
    string Id, string Name, string Version, PluginState State, string? Reason, IReadOnlyList<string> Kinds, string? Hash, bool Waits, string? ApprovedBy = null, DateTime? ApprovedAt = null);

internal sealed class ListPluginsHandler(InforzapDb db, PluginCatalog plugins) : IRequestHandler<ListPlugins, IReadOnlyList<PluginInfoRow>>
{
    public async Task<IReadOnlyList<PluginInfoRow>> Handle(ListPlugins request, CancellationToken ct)
    {
        var rows = await db.Plugins.AsNoTracking().ToDictionaryAsync(p => p.Id, ct);
        var approvers = rows.Values.Select(r => r.ApprovedBy).OfType<Guid>().Distinct().ToList();
        var names = await db.Set<UserView>().Where(u => approvers.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        return [.. plugins.All.Select(p =>
        {
            var row = rows.GetValueOrDefault(p.Id);
            var isApproved = p.Hash is not null && row?.ApprovedHash == p.Hash;
            var isUnapproved = p.State == PluginState.Untrusted && p.Hash is not null && row?.ApprovedHash != p.Hash;
            var waits = (p.State == PluginState.Untrusted && p.Hash is not null && row?.ApprovedHash == p.Hash) || (p is { State: PluginState.Disabled, IsLoaded: false } && row is not { IsDisabled: true });
            return new PluginInfoRow(p.Id, p.Name, p.Version, p.State, p.Reason, [.. p.Channels.Select(c => c.Name).Concat(p.Bots.Select(b => b.Name))], isUnapproved ? p.Hash : null, waits,
                isApproved && row!.ApprovedBy is { } who ? names.GetValueOrDefault(who) : null, isApproved ? row!.ApprovedAt : null);
        })];
    }
}

/// <summary>Switches a plugin off at once, or on: at once if it is loaded, else at the next start.</summary>
[Allow("channels.plugins")]
internal sealed record SwitchPlugin([property: NotEmpty, Called("Plugin")] string Id, bool On) : IRequest;

internal sealed class SwitchPluginHandler(InforzapDb db, PluginCatalog plugins, IStringLocalizer<Texts> t) : IRequestHandler<SwitchPlugin, Unit>
{
    public async Task<Unit> Handle(SwitchPlugin request, CancellationToken ct)
    {
        if (plugins.Find(request.Id) is null) throw Refusal.NotFound(t["PluginGone"]);
        var row = await db.PluginRowAsync(request.Id, ct);
        (row.IsDisabled, row.DisabledReason) = (!request.On, null);
        // Every node's directory of channels follows the row when it reads again.
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}

/// <summary>
/// Approves the files of a plugin as they are now; it is loaded at the next start. Any change of a byte needs another approval. It
/// lets code into the house, so who does it must have proved more than a password.
/// </summary>
[Allow("channels.plugins")]
internal sealed record ApprovePlugin([property: NotEmpty, Called("Plugin")] string Id, [property: NotEmpty, Called("Plugin")] string Hash) : IRequest;

internal sealed class ApprovePluginHandler(
    InforzapDb db, PluginCatalog plugins, IActor actor, ISecondFactors factors, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ApprovePlugin, Unit>
{
    public async Task<Unit> Handle(ApprovePlugin request, CancellationToken ct)
    {
        if (plugins.Find(request.Id) is not { } plugin || plugin.Hash != request.Hash) throw Refusal.NotFound(t["PluginGone"]);
        if (!await factors.AreOnAsync(actor.Id, ct)) throw new Refusal(t["ApproveNeedsCodes"]);
        var row = await db.PluginRowAsync(request.Id, ct);
        (row.ApprovedHash, row.ApprovedBy, row.ApprovedAt) = (request.Hash, actor.Id, clock.GetUtcNow().UtcDateTime);
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}
