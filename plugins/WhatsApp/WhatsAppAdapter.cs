using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Drives one number of WhatsApp, paired like a further device of its telephone.</summary>
public sealed class WhatsAppAdapter : IChannelAdapter, IWebhook, ISession, IAbilities, IPaced, IProbe, IPresence, IMediaSource, IReactions, IEdits, IRevokes, IHistory, IAddressBook, IGroups
{
    /// <summary>The header in which the gateway says the secret.</summary>
    public const string SecretHeader = Session.SecretHeader;

    private static readonly TimeSpan TimeToName = TimeSpan.FromSeconds(3);

    private readonly HttpClient http;
    private readonly IInbox inbox;
    private readonly IMediaReader media;
    private readonly IPluginStore store;
    private readonly IOwnChannels own;
    private readonly IChannelDiary diary;
    private readonly TimeProvider clock;
    private readonly ILogger<WhatsAppAdapter> log;
    private readonly Memory memory;
    private readonly Unsure unsure;
    private readonly Line line = new();

    /// <summary>Made once per channel.</summary>
    public WhatsAppAdapter(HttpClient http, IInbox inbox, IMediaReader media, IPluginStore store, IOwnChannels own, IChannelDiary diary, TimeProvider clock, ILogger<WhatsAppAdapter> log)
    {
        (this.http, this.inbox, this.media, this.store, this.own, this.diary, this.clock, this.log) = (http, inbox, media, store, own, diary, clock, log);
        (memory, unsure) = (new Memory(clock), new Unsure(store, clock));
        // Each call has a time of its own.
        http.Timeout = TimeSpan.FromMinutes(3);
    }

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Receipts | Can.Typing | Can.Places | Can.Cards | Can.Stickers;

    /// <inheritdoc/>
    public long MaxMediaBytes => FileForm.Most;

    /// <summary>Longer than a weekend.</summary>
    public TimeSpan? UsualSilence => TimeSpan.FromHours(60);

    /// <summary>A minute less than WhatsApp's own quarter of an hour: a wish is on its way for a while.</summary>
    public TimeSpan? EditWindow => TimeSpan.FromMinutes(14);

    /// <summary>A minute less than two days.</summary>
    public TimeSpan? RevokeWindow => TimeSpan.FromHours(48) - TimeSpan.FromMinutes(1);

    /// <summary>As slow as the administrator wants it: whoever writes too fast is banned.</summary>
    public SendPace PaceOf(ChannelRef on) => new(1 / Math.Clamp(on.Settings<WhatsAppSettings>().SecondsBetween, 0.2, 60));

    // ---- Out ----

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        var (result, flight) = await new Sending(EvolutionOf(on), media, memory, message).SendAsync(ct);
        if (flight is not null) await unsure.AddAsync(on.Id, flight);
        return result;
    }

    /// <inheritdoc/>
    public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => AfterwardsOf(on, message).ReactAsync(emoji, ct);

    /// <inheritdoc/>
    public Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct) => AfterwardsOf(on, message).EditAsync(body, ct);

    /// <inheritdoc/>
    public Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct) => AfterwardsOf(on, message).RevokeAsync(ct);

    private Afterwards AfterwardsOf(ChannelRef on, KnownMessage message) => new(EvolutionOf(on), memory, message);

    /// <summary>The gateway passes over somebody whose number it does not know; there is nothing else to say it with.</summary>
    public async Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct)
    {
        var answer = await EvolutionOf(on).PostAsync("chat/markMessageAsRead", new JsonObject
        {
            ["readMessages"] = new JsonArray(new JsonObject { ["remoteJid"] = Jids.Of(to), ["fromMe"] = false, ["id"] = ProviderIds.Whole(providerId) }),
        }, ct);
        if (!answer.IsOk) log.LogInformation("Channel {Channel}: the gateway did not take a read mark ({Status}).", on.Key, answer.Code);
    }

    /// <summary>Shown as long as the call lasts, which the host makes again until the agent stops.</summary>
    public async Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct) =>
        await EvolutionOf(on).PostAsync("chat/sendPresence", new JsonObject { ["number"] = Jids.Number(to), ["presence"] = typing ? "composing" : "paused", ["delay"] = typing ? 8000 : 100 }, ct);

    // ---- In ----

    /// <inheritdoc/>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        if (request.Method != "POST") return new WebhookReply(405);
        var settings = on.Settings<WhatsAppSettings>();
        if (!request.HasSecret(SecretHeader, settings.WebhookSecret?.Trim())) return WebhookReply.Forbidden;
        var told = Envelope.Read(request.JsonBody);
        var evolution = EvolutionOf(on);
        // A gateway that tells everybody of everything tells us of other numbers too.
        if (told.Instance is { } instance && instance != evolution.Instance) return WebhookReply.Ok;
        if (settings.AllowGroups)
            foreach (var group in told.Groups.Where(memory.IsToAsk)) await NameAsync(evolution, group, ct);
        var events = new Events(on.Id, settings, memory);
        events.Read(told);
        foreach (var heard in events.Heard) line.Tell(heard);
        foreach (var (from, typing) in events.Typing) inbox.Typing(on.Id, from, typing);
        List<(Returned Returned, Flight Flight)> settled = [];
        foreach (var returned in events.Returned) events.Happened.AddRange(await ReturnedAsync(on, returned, settled));
        if (events.Happened.Count > 0) await inbox.DeliverAsync(events.Happened, ct);
        // Only what is in the database is known no longer: when it could not be kept, the gateway tells it again.
        foreach (var (returned, flight) in settled)
        {
            memory.Sent(returned.Id);
            await unsure.ForgetAsync(on.Id, flight);
        }
        return WebhookReply.Ok;
    }

    /// <summary>
    /// One of ours comes back, or somebody wrote on the telephone. What went out through the gateway is ours, wherever it was sent
    /// from, and stands in the conversation already; it may tell how a send ended of which nobody knew.
    /// </summary>
    private async Task<IReadOnlyList<InboundEvent>> ReturnedAsync(ChannelRef on, Returned returned, List<(Returned, Flight)> settled)
    {
        if (memory.IsSent(returned.Id)) return [];
        if (returned.Shape is { } shape)
        {
            if (memory.OnItsWay(returned.To, shape) is { } flight)
            {
                memory.Sent(flight.Found = returned.Id);
                return [];
            }
            if (await unsure.FindAsync(on.Id, returned.To, shape, settled.ConvertAll(s => s.Item2)) is { } lost)
            {
                settled.Add((returned, lost));
                return [new InboundReceipt(on.Id, $"{returned.Id}:came", lost.To, returned.Id, ReceiptState.Sent) { AttemptId = lost.Attempt }];
            }
        }
        return returned.IsOfGateway ? [] : returned.Events;
    }

    private async Task NameAsync(Evolution evolution, string group, CancellationToken ct)
    {
        string? subject = null;
        try
        {
            var answer = await evolution.GetAsync("group/findGroupInfos", ct, $"?groupJid={Uri.EscapeDataString(group)}", TimeToName);
            if (answer.IsOk) subject = answer.Body?.String("subject");
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // Its message is worth more than its name, which comes with a later one.
        }
        memory.Called(group, subject);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(ChannelRef on, string reference, CancellationToken ct) => new Media(EvolutionOf(on)).OpenAsync(reference, ct);

    // ---- Session ----

    /// <inheritdoc/>
    public Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct) => SessionOf(on).RunAsync(on, report, ct);

    /// <inheritdoc/>
    public Task LeaveAsync(ChannelRef on, CancellationToken ct) => SessionOf(on).LeaveAsync(on, ct);

    private Session SessionOf(ChannelRef on) => new(EvolutionOf(on), line, store, own, diary, clock, log);

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        var evolution = EvolutionOf(on);
        try
        {
            var gateway = await evolution.OfGatewayAsync(HttpMethod.Get, "", ct);
            if (!gateway.IsOk || gateway.Body?.String("version") is not { } version) return new ProbeResult(false, "O endereço não respondeu como a Evolution API.");
            if (version.StartsWith("1.", StringComparison.Ordinal)) return new ProbeResult(false, $"Evolution API {version}: é preciso a versão 2.");
            var state = await evolution.GetAsync("instance/connectionState", ct);
            if (state.Code == 401) return new ProbeResult(false, Failures.BadKey);
            if (Session.AddressOf(on) is null) return new ProbeResult(false, "O gateway precisa de um endereço para chamar este sistema: defina o endereço público, ou o endereço deste sistema para o gateway.");
            if (state.Code == 404) return new ProbeResult(true, $"Evolution API {version}. A instância é criada quando o canal liga.");
            if (!state.IsOk) return new ProbeResult(false, Failures.OfChannel(state));
            return new ProbeResult(true, state.Body?.Child("instance")?.String("state") switch
            {
                "open" => $"Evolution API {version}, conectada ao WhatsApp.",
                "connecting" => $"Evolution API {version}, conectando ao WhatsApp.",
                _ => $"Evolution API {version}. O celular ainda não está pareado, ou está desconectado.",
            });
        }
        catch (HttpRequestException e)
        {
            return new ProbeResult(false, Failures.Reach(e));
        }
        catch (TimeoutException)
        {
            return new ProbeResult(false, "O gateway não respondeu a tempo.");
        }
    }

    // ---- Before ----

    /// <inheritdoc/>
    public IAsyncEnumerable<PastMessage> PastAsync(ChannelRef on, Address with, int limit, CancellationToken ct) => new Past(EvolutionOf(on), memory).MessagesAsync(with, limit, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<BookEntry> EntriesAsync(ChannelRef on, CancellationToken ct) => new Past(EvolutionOf(on), memory).EntriesAsync(ct);

    // ---- Groups ----

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChannelGroup>> GroupsAsync(ChannelRef on, CancellationToken ct) => GroupsOf(on).AllAsync(ct);

    /// <inheritdoc/>
    public Task<ChannelGroup> GroupAsync(ChannelRef on, Address group, CancellationToken ct) => GroupsOf(on).OneAsync(group, ct);

    /// <inheritdoc/>
    public Task<ChannelGroup> CreateGroupAsync(ChannelRef on, NewGroup group, CancellationToken ct) => GroupsOf(on).CreateAsync(group, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberResult>> ChangeMembersAsync(ChannelRef on, Address group, MemberChange change, IReadOnlyList<Address> members, CancellationToken ct) =>
        GroupsOf(on).ChangeMembersAsync(group, change, members, ct);

    /// <inheritdoc/>
    public Task ChangeGroupAsync(ChannelRef on, Address group, GroupChange change, CancellationToken ct) => GroupsOf(on).ChangeAsync(group, change, ct);

    /// <inheritdoc/>
    public Task<Uri> InviteLinkAsync(ChannelRef on, Address group, bool anew, CancellationToken ct) => GroupsOf(on).InviteAsync(group, anew, ct);

    /// <inheritdoc/>
    public Task LeaveGroupAsync(ChannelRef on, Address group, CancellationToken ct) => GroupsOf(on).LeaveAsync(group, ct);

    private Groups GroupsOf(ChannelRef on) => new(EvolutionOf(on), memory, media);

    private Evolution EvolutionOf(ChannelRef on) => new(http, on.Settings<WhatsAppSettings>(), on.Id);
}

/// <summary>Sends of which nobody knows how they ended, for all nodes: what comes back may come to another one.</summary>
internal sealed class Unsure(IPluginStore store, TimeProvider clock)
{
    private const int Most = 50;
    /// <summary>What comes back later is no longer told from the same said anew, on the telephone for instance.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(30);

    private readonly Lock sync = new();
    private Task last = Task.CompletedTask;

    public Task AddAsync(Guid channel, Flight flight) => ChangeAsync(channel, all =>
    {
        // A hash of what was written, which is nobody's business here.
        all.Add(flight with { Shape = ProviderIds.Hash(flight.Shape), Found = null });
        return (true, (Flight?)null);
    });

    /// <summary>The one that came back like this, but for those that others were taken for.</summary>
    public Task<Flight?> FindAsync(Guid channel, IReadOnlyList<Address> to, string shape, IReadOnlyList<Flight> but) => ChangeAsync(channel, all =>
    {
        var hash = ProviderIds.Hash(shape);
        return (false, all.Find(f => f.Is(to, hash) && but.All(b => b.Attempt != f.Attempt)));
    });

    /// <summary>It is known how this one ended.</summary>
    public Task ForgetAsync(Guid channel, Flight flight) => ChangeAsync(channel, all => (all.RemoveAll(f => f.Attempt == flight.Attempt) > 0, (Flight?)null));

    /// <summary>One after the other, so that none is written over.</summary>
    private Task<Flight?> ChangeAsync(Guid channel, Func<List<Flight>, (bool IsChanged, Flight? Result)> change)
    {
        lock (sync)
        {
            var mine = ChangeAsync(last, $"unsure/{channel:N}", change);
            last = mine;
            return mine;
        }
    }

    private async Task<Flight?> ChangeAsync(Task before, string name, Func<List<Flight>, (bool IsChanged, Flight? Result)> change)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var kept = await store.GetAsync(name);
        var all = kept is null ? [] : JsonSerializer.Deserialize<List<Flight>>(kept)!;
        all.RemoveAll(f => f.Since < clock.GetUtcNow().UtcDateTime - Holds);
        var (isChanged, result) = change(all);
        if (!isChanged) return result;
        if (all.Count > Most) all.RemoveRange(0, all.Count - Most);
        await store.SetAsync(name, all.Count == 0 ? null : JsonSerializer.Serialize(all));
        return result;
    }
}
