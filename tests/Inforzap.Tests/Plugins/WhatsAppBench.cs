using Inforzap.Http;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>One adapter over the client that plugins really get, without a host around it.</summary>
internal sealed class WhatsAppBench : IAsyncDisposable, IOwnChannels, ISessionReport
{
    public const string Instance = "loja";

    private readonly SafeHttp safe;
    private readonly HttpClient http;

    private WhatsAppBench(FakeEvolution gateway, Func<WhatsAppSettings, WhatsAppSettings>? with, bool isAllowed)
    {
        Gateway = gateway;
        safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection(isAllowed ? [new("Http:Allow:0", gateway.Server.Url.Authority)] : []).Build());
        http = safe.Create();
        var settings = new WhatsAppSettings { BaseUrl = gateway.Server.Url.ToString(), ApiKey = FakeEvolution.Key, WebhookSecret = FakeEvolution.Secret, InstanceName = Instance };
        On = new ChannelRef(Guid.NewGuid(), "whatsapp", "WhatsApp", new Uri("https://desk.example/"), with is null ? settings : with(settings));
        All = [new OwnChannel(WhatsAppPlugin.Kind, On, true)];
        Adapter = new WhatsAppAdapter(http, Inbox, Media, Store, this, Diary, Clock, NullLogger<WhatsAppAdapter>.Instance);
    }

    public FakeEvolution Gateway { get; }
    public ShiftedClock Clock { get; } = new();
    public FakeInbox Inbox { get; } = new();
    public FakeMedia Media { get; } = new();
    public FakeStore Store { get; } = new();
    public FakeDiary Diary { get; } = new();
    public ChannelRef On { get; set; }
    public WhatsAppAdapter Adapter { get; }

    /// <summary>The channels that there are.</summary>
    public IReadOnlyList<OwnChannel> All { get; set; }

    /// <summary>What the session said, each thing once.</summary>
    public List<string> Said { get; } = [];

    public DateTime? CodeUntil { get; private set; }

    public static async Task<WhatsAppBench> StartAsync(Func<WhatsAppSettings, WhatsAppSettings>? with = null, bool isPaired = true, bool isAllowed = true)
    {
        var gateway = await FakeEvolution.StartAsync();
        gateway.Instances.Add(Instance);
        if (isPaired) gateway.Pair();
        return new WhatsAppBench(gateway, with, isAllowed);
    }

    public Task<SendResult> SendAsync(OutboundMessage message) => Adapter.SendAsync(On, message, TestContext.Current.CancellationToken);

    public static OutboundMessage Message(Content content, Address? to = null) => new(Guid.NewGuid(), Guid.NewGuid(), to ?? new Address(WhatsAppDesk.Maria), content);

    /// <summary>The gateway calls.</summary>
    public Task<WebhookReply> TellAsync(string name, System.Text.Json.Nodes.JsonNode data, string? secret = FakeEvolution.Secret, string instance = Instance) =>
        Adapter.ReceiveAsync(On, new WebhookRequest("POST", "", new Dictionary<string, string>(),
            secret is null ? [] : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [WhatsAppAdapter.SecretHeader] = secret },
            System.Text.Encoding.UTF8.GetBytes(FakeEvolution.Event(name, data, instance))), TestContext.Current.CancellationToken);

    /// <summary>Waits until the session said it.</summary>
    public Task SaidAsync(string what, int times = 1) => TelegramDesk.UntilAsync(() => Count(what) >= times, $"It said {string.Join(" | ", Snapshot())}, and not {what}.");

    private int Count(string what) => Snapshot().Count(s => s.StartsWith(what, StringComparison.Ordinal));

    private string[] Snapshot()
    {
        lock (Said) return [.. Said];
    }

    private void Say(string what)
    {
        lock (Said) if (Said.Count == 0 || Said[^1] != what) Said.Add(what);
    }

    void ISessionReport.Connecting() => Say("connecting");

    void ISessionReport.NeedsPairing(string code, DateTime? until)
    {
        CodeUntil = until;
        Say("code " + code);
    }

    void ISessionReport.Connected(SessionAccount? account) => Say($"connected {account?.Name} {account?.Link}".TrimEnd());

    void ISessionReport.Retrying(string reason) => Say("retrying " + reason);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        safe.Dispose();
        await Gateway.DisposeAsync();
    }
}

/// <summary>The clock of the machine, moved on.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan By { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
}
