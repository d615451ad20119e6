using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Channels;

/// <summary>A plugin that is part of the tests, with adapters that do as told.</summary>
internal sealed class TestPlugin : IPlugin
{
    public PluginInfo Info => new("test.plugin", "Teste");

    public void Register(IPluginRegistry plugin) => plugin.Channel<TestAdapter, TestSettings>("test", "Teste");
}

internal sealed record TestSettings
{
    [Label("Token"), Secret]
    public string? Token { get; init; }

    [Label("Endereço"), Url, Required]
    public string Api { get; init; } = "https://api.example";

    [Label("Linhas"), Lines]
    public string[] Lines { get; init; } = [];

    [Label("Limite"), Between(1, 10)]
    public int Limit { get; init; } = 5;
}

internal sealed class TestAdapter(IInbox inbox, IPluginStore store, IConversationView view, IMediaReader media, HttpClient http, TimeProvider clock, ILogger<TestAdapter> log)
    : IChannelAdapter, IWebhook, IProbe
{
    public IInbox Inbox { get; } = inbox;
    public IPluginStore Store { get; } = store;
    public IConversationView View { get; } = view;
    public object[] Rest { get; } = [media, http, clock, log];
    public List<OutboundMessage> Sent { get; } = [];
    public Func<OutboundMessage, CancellationToken, Task<SendResult>> Send { get; set; } = (m, _) => Task.FromResult(SendResult.Sent(m.AttemptId.ToString()));
    public Func<ChannelRef, WebhookRequest, CancellationToken, Task<WebhookReply>> Receive { get; set; } = (_, _, _) => Task.FromResult(WebhookReply.Ok);

    public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        lock (Sent) Sent.Add(message);
        return Send(message, ct);
    }

    public Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct) => Receive(on, request, ct);

    public Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct) => Task.FromResult(new ProbeResult(true, on.Settings<TestSettings>().Token ?? "-"));
}

internal static class TestChannels
{
    /// <summary>A channel of the plugin, up, and its adapter.</summary>
    public static async Task<(Guid Id, TestAdapter Adapter)> ChannelAsync(this Desk desk, string key, IReadOnlyDictionary<string, string>? settings = null)
    {
        var catalog = desk.Services.GetRequiredService<PluginCatalog>();
        lock (catalog)
            if (catalog.Find("test.plugin") is null) catalog.Load(new Plugin("test.plugin", "Teste", "1.0", "", null), () => new TestPlugin());
        var queue = await desk.QueueAsync("Atendimento");
        var id = await desk.SendAsSystem(new EnsureChannel(key, "test", key, queue, settings ?? new Dictionary<string, string>()));
        var directory = desk.Services.GetRequiredService<ChannelDirectory>();
        await directory.LoadAsync();
        return (id, (TestAdapter)directory.Live(id)!.Driver!.Adapter);
    }

    public static InboundMessage Message(Guid channel, string eventId, string from, string text = "Olá") =>
        new(channel, eventId, new Address(from), new TextContent(text));
}
