using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;

namespace Inforzap.Channels.Plugins;

internal sealed class ReadPluginMarksHandler(InforzapDb db) : IRequestHandler<ReadPluginMarks, IReadOnlyDictionary<string, PluginMark>>
{
    public async Task<IReadOnlyDictionary<string, PluginMark>> Handle(ReadPluginMarks request, CancellationToken ct) =>
        await db.Plugins.AsNoTracking().ToDictionaryAsync(p => p.Id, p => new PluginMark(p.ApprovedHash, p.IsDisabled, p.DisabledReason), ct);
}

internal sealed class SwitchPluginOffHandler(InforzapDb db) : IRequestHandler<SwitchPluginOff, Unit>
{
    public async Task<Unit> Handle(SwitchPluginOff request, CancellationToken ct)
    {
        var row = await db.PluginRowAsync(request.PluginId, ct);
        (row.IsDisabled, row.DisabledReason) = (true, CleanText.Of(request.Reason, 500));
        db.Touch(Topics.Channels);
        return Unit.Value;
    }
}

internal static class PluginRows
{
    /// <summary>The row of a plugin, made when it is missing.</summary>
    public static async Task<PluginRow> PluginRowAsync(this InforzapDb db, string id, CancellationToken ct)
    {
        if (await db.Plugins.FindAsync([id], ct) is { } found) return found;
        var made = new PluginRow { Id = id };
        db.Add(made);
        return made;
    }
}
