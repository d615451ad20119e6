using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings;

internal sealed class ChangeSettingsHandler(InforzapDb db, IActor actor, IEnumerable<ISettingFollower> followers, IStringLocalizer<Texts> t) : IRequestHandler<ChangeSettings, Unit>
{
    private static readonly Setting[] OfAdministrators = [Setting.PublicUrl, Setting.TwoFactorRoles, Setting.SingleSession];

    public async Task<Unit> Handle(ChangeSettings request, CancellationToken ct)
    {
        if (request.Values.Keys.FirstOrDefault(k => !Setting.All.ContainsKey(k)) is { } unknown) throw new Refusal(t["UnknownSetting", unknown]);
        var wanted = request.Values.ToDictionary(v => Setting.All[v.Key], v => SettingValues.Clean(Setting.All[v.Key], v.Value ?? ""));
        var faults = wanted.Select(v => (v.Key.Name, Problem: SettingValues.Problem(v.Key, v.Value, t))).Where(f => f.Problem is not null).ToDictionary(f => f.Name, f => f.Problem!);
        if (faults.Count > 0) throw new Refusal(string.Join(' ', faults.Values.Distinct())) { Fields = faults };
        var names = request.Values.Keys.ToArray();
        var rows = await db.Settings.Where(s => names.Contains(s.Name)).ToDictionaryAsync(s => s.Name, ct);
        var changed = wanted.Where(v => (rows.GetValueOrDefault(v.Key.Name)?.Value ?? v.Key.Default) != v.Value).ToList();
        // By these one comes in as somebody else: links lead to the address, and without a second step a password is enough.
        if (!actor.May("users.administrators") && changed.Exists(c => OfAdministrators.Contains(c.Key))) throw Refusal.Forbidden(t["SettingOfAdministrators"]);
        foreach (var (setting, value) in changed)
            if (rows.TryGetValue(setting.Name, out var row)) row.Value = value;
            else db.Add(new SettingRow { Name = setting.Name, Value = value });
        await db.SaveChangesAsync(ct);
        foreach (var (setting, value) in changed)
            foreach (var follower in followers.Where(f => f.Follows == setting)) await follower.FollowAsync(value, ct);
        db.Touch(Topics.Settings);
        return Unit.Value;
    }
}
