using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

/// <summary>What a channel may ask of the host: a pace, a pause, values made for it, values to show, its siblings.</summary>
public sealed class AbilityTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Desk desk = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(clock: clock);
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("able.plugin", "Capaz", "1.0", "", null), () => new AblePlugin());
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private ChannelDirectory Directory => desk.Services.GetRequiredService<ChannelDirectory>();

    private async Task<(Guid Id, AbleAdapter Adapter)> ChannelAsync(string key)
    {
        var id = await desk.SendAsSystem(new EnsureChannel(key, "able", key, await desk.QueueAsync("Atendimento"), new Dictionary<string, string>()));
        await Directory.LoadAsync();
        return (id, (AbleAdapter)Directory.Live(id)!.Driver!.Adapter);
    }

    /// <summary>A conversation with each of these people, served by somebody.</summary>
    private async Task<Func<string, string, Task<Guid>>> TalkAsync(Guid channel, AbleAdapter adapter, params string[] people)
    {
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Administrator, await desk.QueueAsync("Atendimento"));
        var tickets = new Dictionary<string, Guid>();
        foreach (var who in people)
        {
            await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, $"first-{who}", who));
            await desk.SettleAsync();
            tickets[who] = await desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == who).Select(t => t.Id).SingleAsync());
            await desk.SendAs(ana, new AcceptTicket(tickets[who]));
        }
        return async (who, text) =>
        {
            var id = Guid.CreateVersion7();
            await desk.SendAs(ana, new SendMessage(tickets[who], id, text));
            return id;
        };
    }

    private Task<MessageState> StateAsync(Guid message) => desk.ReadAsync(db => db.Set<Message>().Where(m => m.Id == message).Select(m => m.State).SingleAsync());

    [Fact]
    public async Task A_result_that_speaks_of_the_channel_holds_all_of_it_back_and_shows_why()
    {
        var (channel, adapter) = await ChannelAsync("held");
        var say = await TalkAsync(channel, adapter, "5511900000001", "5511900000002");
        adapter.Send = _ => SendResult.LaterForAll(TimeSpan.FromSeconds(60), "O token não vale mais.");
        var first = await say("5511900000001", "um");
        await desk.SettleAsync();
        var second = await say("5511900000002", "dois");
        await desk.SettleAsync();
        Assert.Single(adapter.Sent);
        Assert.Equal((MessageState.Queued, MessageState.Queued), (await StateAsync(first), await StateAsync(second)));
        await Directory.LoadAsync();
        Assert.Equal((ChannelState.Retrying, "O token não vale mais."), (Directory.Find(channel)!.State, Directory.Live(channel)!.Reason));

        adapter.Send = m => SendResult.Sent(m.AttemptId.ToString());
        await desk.PassAsync(TimeSpan.FromSeconds(61));
        Assert.Equal((MessageState.Sent, MessageState.Sent), (await StateAsync(first), await StateAsync(second)));
        Assert.Equal([1, 1, 2], adapter.Sent.Select(m => m.Try).Order());
        await Directory.LoadAsync();
        Assert.Equal(ChannelState.Connected, Directory.Find(channel)!.State);
    }

    [Fact]
    public async Task A_short_pause_of_the_channel_is_no_trouble_of_the_channel()
    {
        var (channel, adapter) = await ChannelAsync("short");
        var say = await TalkAsync(channel, adapter, "5511900000001");
        adapter.Send = _ => SendResult.LaterForAll(TimeSpan.FromSeconds(4), "devagar");
        await say("5511900000001", "um");
        await desk.SettleAsync();
        await Directory.LoadAsync();
        Assert.Equal(ChannelState.Connected, Directory.Find(channel)!.State);
    }

    [Fact]
    public async Task To_one_person_no_more_go_out_than_the_provider_takes_and_their_order_stays()
    {
        var (channel, adapter) = await ChannelAsync("paced");
        adapter.Pace = new SendPace(1000, TimeSpan.FromSeconds(6), 3);
        var say = await TalkAsync(channel, adapter, "5511900000001", "5511900000002");
        for (var i = 0; i < 5; i++) await say("5511900000001", $"{i}");
        await desk.SettleAsync();
        Assert.Equal(3, adapter.Sent.Count);
        await say("5511900000002", "outra pessoa");
        await desk.SettleAsync();
        Assert.Equal(4, adapter.Sent.Count);
        await desk.PassAsync(TimeSpan.FromSeconds(6.1));
        Assert.Equal(5, adapter.Sent.Count);
        await desk.PassAsync(TimeSpan.FromSeconds(6.1));
        Assert.Equal(["0", "1", "2", "3", "4"], adapter.Sent.Where(m => m.To.Value == "5511900000001").Select(m => ((TextContent)m.Content).Body.Split("\n")[^1]));
    }

    [Fact]
    public async Task A_value_left_empty_is_made_once_and_kept()
    {
        await ChannelAsync("warm");
        var id = await desk.SendAsSystem(new SaveChannel(null, "able", "made", "Feito", null, new Dictionary<string, string> { ["Token"] = "" }, null));
        var first = await TokenAsync(id);
        Assert.Matches("^[0-9a-f]{40}$", first);
        var version = (await desk.SendAsSystem(new ReadChannelForm(id))).Version;
        await desk.SendAsSystem(new SaveChannel(id, "able", "made", "Outro", null, new Dictionary<string, string>(), version));
        Assert.Equal(first, await TokenAsync(id));
        version = (await desk.SendAsSystem(new ReadChannelForm(id))).Version;
        await desk.SendAsSystem(new SaveChannel(id, "able", "made", "Outro", null, new Dictionary<string, string> { ["Token"] = "meu" }, version));
        Assert.Equal("meu", await TokenAsync(id));

        var declared = await desk.SendAsSystem(new DeclareChannel("declared", "able", null, null, new Dictionary<string, string>()));
        var made = await TokenAsync(declared);
        Assert.Matches("^[0-9a-f]{40}$", made);
        await desk.SendAsSystem(new DeclareChannel("declared", "able", null, null, new Dictionary<string, string>()));
        Assert.Equal(made, await TokenAsync(declared));
        Assert.NotEqual(first, made);
    }

    [Fact]
    public async Task Values_for_the_provider_are_shown_to_those_who_may_edit()
    {
        var (id, _) = await ChannelAsync("shown");
        var admin = await desk.PersonAsync("Ada", BuiltInRoles.Administrator);
        var lead = await desk.PersonAsync("Lia", BuiltInRoles.Supervisor);
        var value = Assert.Single((await desk.SendAs(admin, new ListChannels())).Rows.Single(r => r.Id == id).SetUp);
        Assert.Equal(new SetUpValue("Verify token", await TokenAsync(id)), value);
        Assert.Empty((await desk.SendAs(lead, new ListChannels())).Rows.Single(r => r.Id == id).SetUp);
    }

    [Fact]
    public async Task A_plugin_sees_its_own_channels_and_no_others()
    {
        var (one, adapter) = await ChannelAsync("one");
        var (two, _) = await ChannelAsync("two");
        await desk.ChannelAsync("foreign");
        await desk.SendAsSystem(new SwitchChannel(two, false));
        await Directory.LoadAsync();
        Assert.Equal([(one, "able", true), (two, "able", false)], adapter.Own.All.Select(c => (c.On.Id, c.Kind, c.IsOn)).OrderBy(c => c.Id));
        await desk.SendAsSystem(new DeleteChannel(two));
        await Directory.LoadAsync();
        Assert.Equal(one, Assert.Single(adapter.Own.All).On.Id);
    }

    [Fact]
    public async Task The_largest_file_is_what_the_channel_sends_and_the_house_keeps()
    {
        var (channel, _) = await ChannelAsync("large");
        Assert.Equal(desk.Services.GetRequiredService<Files.FileStore>().MaxBytes, Directory.Find(channel)!.MaxMediaBytes);
    }

    [Fact]
    public async Task Events_of_several_channels_go_in_together()
    {
        var (one, adapter) = await ChannelAsync("one");
        var (two, _) = await ChannelAsync("two");
        await adapter.Inbox.DeliverAsync([TestChannels.Message(one, "a", "5511900000001"), TestChannels.Message(two, "a", "5511900000001")], default);
        await desk.SettleAsync();
        Assert.Equal(2, await desk.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.AddressValue == "5511900000001")));
    }

    private async Task<string> TokenAsync(Guid id)
    {
        await Directory.LoadAsync();
        return ((AbleSettings)Directory.Live(id)!.Form!).Token!;
    }
}

internal sealed class AblePlugin : IPlugin
{
    public PluginInfo Info => new("able.plugin", "Capaz");

    public void Register(IPluginRegistry plugin) => plugin.Channel<AbleAdapter, AbleSettings>("able", "Capaz");
}

internal sealed record AbleSettings
{
    [Label("Token"), Secret, Generated]
    public string? Token { get; init; }
}

internal sealed class AbleAdapter(IInbox inbox, IOwnChannels own) : IChannelAdapter, IPaced, IProviderSetUp, IAbilities
{
    public Can Can => Can.Media;
    public long MaxMediaBytes => 2L * 1024 * 1024 * 1024;

    private readonly List<OutboundMessage> sent = [];

    public IInbox Inbox { get; } = inbox;
    public IOwnChannels Own { get; } = own;
    public SendPace Pace { get; set; } = new(1000);
    public Func<OutboundMessage, SendResult> Send { get; set; } = m => SendResult.Sent(m.AttemptId.ToString());
    public IReadOnlyList<OutboundMessage> Sent { get { lock (sent) return [.. sent]; } }

    public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        lock (sent) sent.Add(message);
        return Task.FromResult(Send(message));
    }

    public SendPace PaceOf(ChannelRef on) => Pace;

    public IReadOnlyList<SetUpValue> SetUpValues(ChannelRef on) => [new("Verify token", on.Settings<AbleSettings>().Token!)];
}
