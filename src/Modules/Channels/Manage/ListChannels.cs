using Inforzap.Channels.Sessions;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Security;

namespace Inforzap.Channels.Manage;

/// <summary>The channels with what their cards show, and what the drawer needs to make another.</summary>
[Allow("channels.see"), Reads]
internal sealed record ListChannels : IRequest<ChannelList>;

/// <summary>What the page shows.</summary>
/// <param name="Rows">The channels, by name.</param>
/// <param name="Kinds">What can be made.</param>
/// <param name="Queues">Where new tickets may go.</param>
/// <param name="PublicUrl">The product's own address, if it is known.</param>
public sealed record ChannelList(IReadOnlyList<ChannelRow> Rows, IReadOnlyList<KindRow> Kinds, IReadOnlyList<QueueView> Queues, Uri? PublicUrl);

/// <summary>A kind of channel to choose.</summary>
public sealed record KindRow(string Kind, string Name, IReadOnlyList<SettingField> Fields);

/// <summary>One channel.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Key">The part of its addresses that names it.</param>
/// <param name="Kind">Which adapter drives it.</param>
/// <param name="KindName">The same for people.</param>
/// <param name="Name">What people call it.</param>
/// <param name="QueueId">Where its new tickets go.</param>
/// <param name="State">Whether it works.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="IsEnabled">Nobody switched it off.</param>
/// <param name="IsDeclared">Configuration says what it is.</param>
/// <param name="Since">Since when it fails.</param>
/// <param name="LastReceivedAt">When something last came in.</param>
/// <param name="TakesCalls">A provider calls its address, and a person has to tell it to: sessions do that by themselves, unless they have more to be typed there.</param>
/// <param name="HasPage">Customers open its page.</param>
/// <param name="CanProbe">Its settings can be tested.</param>
/// <param name="Version">For saving.</param>
public sealed record ChannelRow(
    Guid Id, string Key, string Kind, string KindName, string Name, Guid? QueueId, ChannelState State, string? Reason, bool IsEnabled, bool IsDeclared,
    DateTime? Since, DateTime? LastReceivedAt, bool TakesCalls, bool HasPage, bool CanProbe, int Version)
{
    /// <summary>What is typed at the provider; only for those who may edit.</summary>
    public IReadOnlyList<SetUpValue> SetUp { get; init; } = [];

    /// <summary>Its provider charges by message and says so.</summary>
    public bool HasCosts { get; init; }

    /// <summary>As whom it is connected.</summary>
    public string? Account { get; init; }

    /// <summary>Where customers write to it.</summary>
    public string? Link { get; init; }

    /// <summary>What a phone has to read now; only for those who may edit.</summary>
    public string? Pairing { get; init; }
}

internal sealed class ListChannelsHandler(InforzapDb db, ChannelDirectory channels, PluginCatalog plugins, Secrets secrets, IActor actor, TimeProvider clock, ILogger<ListChannelsHandler> log) : IRequestHandler<ListChannels, ChannelList>
{
    public async Task<ChannelList> Handle(ListChannels request, CancellationToken ct)
    {
        var rows = await db.Channels.AsNoTracking().Where(c => c.DeletedAt == null).ToListAsync(ct);
        var health = await db.ChannelHealth.AsNoTracking().ToDictionaryAsync(h => h.ChannelId, ct);
        var queues = await db.Set<QueueView>().OrderBy(q => q.Name).ToListAsync(ct);
        return new ChannelList(
            [.. rows.Select(row => Row(row, health.GetValueOrDefault(row.Id))).OrderBy(r => r.Name, StringComparer.CurrentCultureIgnoreCase)],
            [.. plugins.Channels.Select(k => new KindRow(k.Kind, k.Name, SettingsForm.Of(k.Settings).Fields)).OrderBy(k => k.Name, StringComparer.CurrentCultureIgnoreCase)],
            queues, channels.PublicUrl);
    }

    private ChannelRow Row(Channel row, ChannelHealth? health)
    {
        var live = channels.Live(row.Id);
        var adapter = live?.Driver?.Adapter;
        return new ChannelRow(row.Id, row.Key, row.Kind, live?.Kind?.Name ?? row.Kind, row.Name, row.QueueId,
            row.IsEnabled ? live?.Info.State ?? ChannelState.Connecting : ChannelState.Disconnected, row.IsEnabled ? live?.Reason : null, row.IsEnabled, row.IsDeclared,
            live?.Info.State == ChannelState.Connected ? null : health is { IsFailing: true } ? health.Since : health?.SessionSince, health?.LastReceivedAt, adapter is IWebhook and (not ISession or IProviderSetUp), adapter is IPublicPage, adapter is IProbe, row.Version)
        {
            SetUp = SetUp(live), HasCosts = adapter is ITemplates,
            Account = health?.Account, Link = health?.Link, Pairing = Pairing(row.Id, health),
        };
    }

    private string? Pairing(Guid channelId, ChannelHealth? health) =>
        health is { Session: ChannelState.NeedsPairing, Pairing: { } cipher } && !(health.PairingUntil < clock.GetUtcNow().UtcDateTime) && actor.May("channels.edit")
            ? secrets.Unprotect(RecordSession.Purpose(channelId), cipher) : null;

    private IReadOnlyList<SetUpValue> SetUp(LiveChannel? channel)
    {
        if (channel is not { Driver.Adapter: IProviderSetUp setUp, Form: not null } || !actor.May("channels.edit")) return [];
        try
        {
            return [.. setUp.SetUpValues(channel.On(channels.PublicUrl))];
        }
        catch (Exception e)
        {
            log.LogWarning("Channel {Channel} does not say what to type at its provider: {Exception}", channel.Info.Key, e.GetType().Name);
            return [];
        }
    }
}
