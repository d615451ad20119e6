using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Settings;

/// <summary>
/// Holds all settings in memory. A change on this node is there after its commit; one on another node comes with the hint,
/// or at the latest with the read of recent changes.
/// </summary>
internal sealed class LiveSettings(IServiceScopeFactory scopes, LiveHints live, IConfiguration configuration, ILogger<LiveSettings> log) : LiveCopy(scopes, live, log), ISettings
{
    private volatile IReadOnlyDictionary<string, string> values = new Dictionary<string, string>();

    // The operator's word goes before the page's: links must not break on a typo.
    public string Get(Setting setting) => Fixed(setting)?.Value ?? values.GetValueOrDefault(setting.Name, setting.Default);

    public string? FixedBy(Setting setting) => Fixed(setting)?.Name;

    private (string Name, string Value)? Fixed(Setting setting) =>
        setting == Setting.PublicUrl && configuration["Public:Url"] is { Length: > 0 } url ? ("Public__Url", url.TrimEnd('/'))
        : setting == Setting.MaxMegabytes && configuration["Files:MaxMegabytes"] is { Length: > 0 } most ? ("Files__MaxMegabytes", most)
        : null;

    public bool Is(Setting setting) => Get(setting) == "true";

    public TimeZoneInfo TimeZone => TimeZoneInfo.TryFindSystemTimeZoneById(Get(Setting.TimeZone), out var zone) ? zone : TimeZoneInfo.Utc;

    protected override IEnumerable<string> Topics => [Live.Topics.Settings];

    protected override async Task ReadAsync(InforzapDb db, CancellationToken ct)
    {
        values = await db.Settings.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Value, ct);
        Hints.Raise([Live.Topics.SettingsRead]);
    }
}
