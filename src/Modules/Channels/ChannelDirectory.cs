using System.Collections.Frozen;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Inforzap.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels;

/// <summary>A channel in memory, with its adapter. Replaced when its row changes; the adapter and its guards stay.</summary>
internal sealed record LiveChannel(ChannelInfo Info, ChannelKind? Kind, Driver? Driver, object? Form, bool IsEnabled, bool IsDeleted, string? Reason, int Version)
{
    /// <summary>It can be called.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>How long nothing may come in, as its adapter says.</summary>
    public TimeSpan? UsualSilence => (Driver?.Adapter as IAbilities)?.UsualSilence;

    public bool IsUp => IsEnabled && !IsDeleted && Driver is not null && Form is not null;

    /// <summary>What stands in no sentence, whoever says it.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>
    /// A sentence of the plugin, perhaps with words of its provider, fit to be kept, shown and logged: without the channel's
    /// secrets, and without what leads to somebody.
    /// </summary>
    public string? Told(string? text) => text is null ? null : Redacted.Line(Unsaid(text), LongestSentence);

    /// <summary>Without the channel's secrets: a provider may quote what it was called with. Of one that was cut, what stands there.</summary>
    public string Unsaid(string text)
    {
        foreach (var secret in Secrets)
            for (var at = 0; (at = text.IndexOf(secret[..Math.Min(secret.Length, Head)], at, StringComparison.Ordinal)) >= 0; at++)
                text = text.Remove(at, text.AsSpan(at).CommonPrefixLength(secret)).Insert(at, "•");
        return text;
    }

    private const int LongestSentence = 500;
    /// <summary>By so much a secret is known, so that no shorter word is taken for one.</summary>
    private const int Head = 12;

    public ChannelRef On(Uri? publicUrl) => new(Info.Id, Info.Key, Info.Name, publicUrl, Form!);
}

/// <summary>The adapter of one channel and the guards at its doors. Made once per channel.</summary>
internal sealed class Driver(ChannelKind kind, IChannelAdapter adapter, TimeProvider clock)
{
    public ChannelKind Kind { get; } = kind;
    public IChannelAdapter Adapter { get; } = adapter;
    public PluginGuard Sends { get; } = new(clock, TimeSpan.FromSeconds(60));
    public PluginGuard Webhooks { get; } = new(clock, TimeSpan.FromSeconds(10));
    public PluginGuard Page { get; } = new(clock, TimeSpan.FromSeconds(15));
    public PluginGuard Others { get; } = new(clock, TimeSpan.FromSeconds(15));
    /// <summary>For what a person or a lane waits for: a file, a page of the history, a whole address book.</summary>
    public PluginGuard Slow { get; } = new(clock, TimeSpan.FromSeconds(120));
}

/// <summary>
/// All channels in memory: rows, settings with their secrets in clear, adapters. Read again when the topic <c>channels</c> is
/// hinted; nothing on the path of a message reads the database for them.
/// </summary>
internal sealed class ChannelDirectory(
    IServiceScopeFactory scopes, PluginCatalog plugins, Secrets secrets, LiveHints live, ISettings settings, FileStore files, TimeProvider clock,
    IStringLocalizer<Texts> t, ILogger<ChannelDirectory> log) : IChannelDirectory, IHostedService, IDisposable
{
    private sealed record Snapshot(FrozenDictionary<Guid, LiveChannel> ById, FrozenDictionary<string, LiveChannel> ByKey, IReadOnlyList<ChannelInfo> All);

    private static readonly Snapshot Nothing = new(FrozenDictionary<Guid, LiveChannel>.Empty, FrozenDictionary<string, LiveChannel>.Empty, []);
    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Snapshot now = Nothing;
    private IDisposable? subscription;

    public IReadOnlyList<ChannelInfo> All => now.All;

    /// <summary>All that are on and whose adapter keeps a session.</summary>
    public IEnumerable<LiveChannel> Sessions => now.ById.Values.Where(c => c is { IsUp: true, Driver.Adapter: ISession });

    /// <summary>All that have not been deleted.</summary>
    public IEnumerable<LiveChannel> Watched => now.ById.Values.Where(c => !c.IsDeleted);

    /// <summary>They were read anew.</summary>
    public event Action? Loaded;

    public ChannelInfo? Find(Guid id) => now.ById.GetValueOrDefault(id)?.Info;

    public LiveChannel? Live(Guid id) => now.ById.GetValueOrDefault(id);

    /// <summary>The channels that this plugin drives, also those that are off.</summary>
    public IEnumerable<LiveChannel> Of(Plugin plugin) => now.ById.Values.Where(c => !c.IsDeleted && c.Kind?.Plugin == plugin);

    public LiveChannel? Live(string key) => now.ByKey.GetValueOrDefault(key);

    /// <summary>The product's own address, if an operator or administrator said it.</summary>
    public Uri? PublicUrl => Uri.TryCreate(settings.Get(Setting.PublicUrl).TrimEnd('/'), UriKind.Absolute, out var url) ? url : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // What a channel takes is bounded by the house's own limit, which is a setting.
        subscription = live.On([Topics.Channels, Topics.SettingsRead], topic => _ = LoadQuietlyAsync());
        await LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => subscription?.Dispose();

    /// <summary>Reads all rows anew.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        await one.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
            var rows = await db.Channels.AsNoTracking().ToListAsync(ct);
            var health = await db.ChannelHealth.AsNoTracking().ToDictionaryAsync(h => h.ChannelId, ct);
            Follow(await db.Plugins.AsNoTracking().ToDictionaryAsync(p => p.Id, ct));
            var channels = rows.ConvertAll(row => Bring(row, health.GetValueOrDefault(row.Id)));
            now = new(channels.ToFrozenDictionary(c => c.Info.Id),
                channels.Where(c => !c.IsDeleted).ToFrozenDictionary(c => c.Info.Key, StringComparer.Ordinal),
                [.. channels.Where(c => !c.IsDeleted).Select(c => c.Info).OrderBy(i => i.Name, StringComparer.CurrentCultureIgnoreCase)]);
        }
        finally
        {
            one.Release();
        }
        Loaded?.Invoke();
    }

    private async Task LoadQuietlyAsync()
    {
        try
        {
            await LoadAsync();
        }
        catch (Exception e)
        {
            log.LogWarning("Channels can't be read now; the last ones stay: {Exception}", e.GetType().Name);
        }
    }

    /// <summary>A plugin that is loaded can be switched off and on without a restart, here and on every other node.</summary>
    private void Follow(Dictionary<string, PluginRow> rows)
    {
        foreach (var plugin in plugins.All.Where(p => p.IsLoaded))
        {
            var row = rows.GetValueOrDefault(plugin.Id);
            if (row is { IsDisabled: true } && plugin.State == PluginState.Active) plugin.Becomes(PluginState.Disabled, row.DisabledReason ?? t["SwitchedOff"]);
            else if (row is not { IsDisabled: true } && plugin.State == PluginState.Disabled) plugin.Becomes(PluginState.Active, null);
        }
    }

    private LiveChannel Bring(Channel row, ChannelHealth? health)
    {
        var kind = plugins.Channel(row.Kind);
        var driver = kind is null ? null : DriverOf(row.Id, kind);
        if (driver is null) kind = null;
        var (form, secrets, fault) = row.DeletedAt is null && kind is not null ? FormOf(row, kind) : (null, [], null);
        var (state, reason) =
            row.DeletedAt is not null || !row.IsEnabled ? (ChannelState.Disconnected, (string?)null)
            : kind is null ? (ChannelState.Stopped, WhyNobody(row.Kind))
            : form is null ? (ChannelState.Stopped, fault)
            : driver!.Adapter is ISession && health?.Session is not ChannelState.Connected ? (health?.Session ?? ChannelState.Connecting, health?.SessionReason)
            : health is { IsFailing: true } ? (ChannelState.Retrying, health.Reason)
            : (ChannelState.Connected, null);
        var abilities = driver?.Adapter as IAbilities;
        var addressKind = driver is null ? null : abilities?.AddressKind ?? (driver.Adapter is IPublicPage ? AddressKind.Visitor : AddressKind.Phone);
        var info = new ChannelInfo(row.Id, row.Key, row.Kind, row.Name, addressKind, row.QueueId, state,
            AllOf(driver?.Adapter), Math.Min(abilities?.MaxMediaBytes ?? 0, files.MaxBytes), abilities?.CanStart ?? addressKind == AddressKind.Phone)
        {
            ReplyWindow = (driver?.Adapter as IReplyWindow)?.ReplyWindow,
            EditWindow = (driver?.Adapter as IEdits)?.EditWindow,
            DeleteWindow = (driver?.Adapter as IRevokes)?.RevokeWindow,
            Emojis = (driver?.Adapter as IReactions)?.Emojis,
            CountsTexts = driver?.Adapter is ITextCount,
        };
        return new LiveChannel(info, kind, driver, form, row.IsEnabled, row.DeletedAt is not null, reason, row.Version) { CreatedAt = row.CreatedAt, Secrets = secrets };
    }

    /// <summary>What an adapter says that it can, and what it shows by implementing it.</summary>
    private static Can AllOf(IChannelAdapter? adapter) =>
        ((adapter as IAbilities)?.Can ?? Can.Text)
        | (adapter is IReactions ? Can.React : 0) | (adapter is IEdits ? Can.Edit : 0) | (adapter is IRevokes ? Can.Delete : 0) | (adapter is IAlbums ? Can.Albums : 0) | (adapter is ITemplates ? Can.Templates : 0)
        | (adapter is IHistory ? Can.History : 0) | (adapter is IAddressBook ? Can.AddressBook : 0);

    private Driver? DriverOf(Guid id, ChannelKind kind)
    {
        if (now.ById.GetValueOrDefault(id)?.Driver is { } known && known.Kind == kind) return known;
        try
        {
            return new Driver(kind, PluginCatalog.Adapter(kind), clock);
        }
        catch (Exception e)
        {
            kind.Plugin.Becomes(PluginState.Faulted, PluginCatalog.Words(e));
            log.LogError("Plugin {Plugin} can't make its adapter: {Exception}", kind.Plugin.Id, Telemetry.Describe(e));
            return null;
        }
    }

    private (object? Form, IReadOnlyList<string> Secrets, string? Fault) FormOf(Channel row, ChannelKind kind)
    {
        var form = SettingsForm.Of(kind.Settings);
        var values = StoredSettings.Open(row.Settings, row.Id, secrets, out var isLost);
        if (isLost) return (null, [], t["SecretsLost"]);
        if (form.Check(values).Keys.FirstOrDefault() is { } wrong) return (null, [], t["SettingsIncomplete", form.Fields.First(f => f.Name == wrong).Label]);
        try
        {
            return (form.Make(values), [.. form.Fields.Where(f => f.IsSecret).Select(f => values.GetValueOrDefault(f.Name)?.Trim() ?? "").Where(s => s.Length >= ShortestSecret)], null);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or NotSupportedException)
        {
            return (null, [], t["SettingsUnreadable"]);
        }
    }

    /// <summary>What is shorter stands in every other word.</summary>
    private const int ShortestSecret = 4;

    private string WhyNobody(string kind) =>
        plugins.WouldDrive(kind) is { } plugin ? t["PluginNotActive", plugin.Name, t[$"Plugin{plugin.State}"]] : t["NoPluginFor", kind];
}
