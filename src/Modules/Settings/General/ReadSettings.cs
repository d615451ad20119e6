using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Settings.General;

/// <summary>All settings as they are now, by name.</summary>
[Allow("settings.edit"), Reads]
internal sealed record ReadSettings : IRequest<IReadOnlyDictionary<string, SettingState>>;

/// <summary>A setting as it is now.</summary>
/// <param name="FixedBy">What the operator set that goes before it; null when the screen decides.</param>
public sealed record SettingState(string Value, string? FixedBy);

internal sealed class ReadSettingsHandler(InforzapDb db, ISettings settings) : IRequestHandler<ReadSettings, IReadOnlyDictionary<string, SettingState>>
{
    public async Task<IReadOnlyDictionary<string, SettingState>> Handle(ReadSettings request, CancellationToken ct)
    {
        var kept = await db.Settings.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Value, ct);
        return Setting.All.Values.ToDictionary(s => s.Name, s => settings.FixedBy(s) is { } by ? new SettingState(settings.Get(s), by) : new SettingState(kept.GetValueOrDefault(s.Name, s.Default), null));
    }
}
