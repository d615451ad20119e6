using System.Reflection;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings;

internal sealed class ChangeSettingsHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ChangeSettings, Unit>
{
    private static readonly HashSet<string> Known = [.. typeof(Setting).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => ((Setting)f.GetValue(null)!).Name)];

    public async Task<Unit> Handle(ChangeSettings request, CancellationToken ct)
    {
        if (request.Values.Keys.FirstOrDefault(k => !Known.Contains(k)) is { } unknown) throw new Refusal(t["UnknownSetting", unknown]);
        if (request.Values.TryGetValue(Setting.TimeZone.Name, out var zone) && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            throw new Refusal(t["UnknownTimeZone", zone]);
        var names = request.Values.Keys.ToArray();
        var rows = await db.Settings.Where(s => names.Contains(s.Name)).ToDictionaryAsync(s => s.Name, ct);
        foreach (var (name, value) in request.Values)
            if (rows.TryGetValue(name, out var row)) row.Value = value;
            else db.Add(new SettingRow { Name = name, Value = value });
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Settings);
        return Unit.Value;
    }
}
