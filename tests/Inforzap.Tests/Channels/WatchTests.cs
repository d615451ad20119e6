using System.Text;
using Inforzap.Alarms;
using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

/// <summary>When people are told of a channel, and what its diary says.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private Desk desk = null!;
    private Person ana = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(clock: clock, settings: new Dictionary<string, string?> { ["Channels:SilenceHours:test"] = "6" });
        ana = await desk.PersonAsync("Ana", BuiltInRoles.Administrator);
    }

    public async ValueTask DisposeAsync() => await desk.DisposeAsync();

    private Task<AlarmList> AlarmsAsync(Person person) => desk.SendAs(person, new ListAlarms());

    private async Task WatchAsync(TimeSpan after = default)
    {
        clock.Advance(after);
        await desk.RunJobAsync<Inforzap.Channels.In.WriteArrivals>();
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        await desk.RunJobAsync<WatchChannels>();
    }

    private Task FailAsync(Guid channel, bool fails) => desk.SendAsSystem(new RecordHealth(channel, fails, fails ? "O provedor não responde." : null));

    [Fact]
    public async Task Two_minutes_of_trouble_raise_an_alarm_that_goes_away_by_itself()
    {
        var (channel, _) = await desk.ChannelAsync("loja");
        await WatchAsync();
        Assert.Equal((true, 0), ((await AlarmsAsync(ana)).IsTold, (await AlarmsAsync(ana)).Alarms.Count));
        await FailAsync(channel, true);
        var began = clock.GetUtcNow().UtcDateTime;
        await WatchAsync();
        await WatchAsync(TimeSpan.FromSeconds(119));
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
        var hints = 0;
        using var hint = desk.Services.GetRequiredService<LiveHints>().On([Topics.Alarms], _ => hints++);
        await WatchAsync(TimeSpan.FromSeconds(1));
        await WatchAsync(TimeSpan.FromSeconds(10));
        var alarm = Assert.Single((await AlarmsAsync(ana)).Alarms);
        Assert.Equal(("O canal loja não está funcionando", "O provedor não responde.", began), (alarm.Title, alarm.Text, alarm.Since));
        Assert.Equal(1, hints);
        await FailAsync(channel, false);
        await WatchAsync(TimeSpan.FromSeconds(10));
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
        Assert.Equal(2, hints);
    }

    [Fact]
    public async Task Trouble_that_comes_and_goes_is_counted_from_its_last_beginning()
    {
        var (channel, _) = await desk.ChannelAsync("pisca");
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(channel, true);
            await WatchAsync(TimeSpan.FromSeconds(90));
            await FailAsync(channel, false);
            await WatchAsync(TimeSpan.FromSeconds(5));
            Assert.Empty((await AlarmsAsync(ana)).Alarms);
        }
    }

    [Fact]
    public async Task Who_may_not_see_channels_is_not_told_of_them_and_a_channel_that_is_off_raises_nothing()
    {
        var (channel, _) = await desk.ChannelAsync("desligado");
        await FailAsync(channel, true);
        await WatchAsync();
        await WatchAsync(TimeSpan.FromMinutes(3));
        var bia = await desk.PersonAsync("Bia");
        Assert.Empty((await AlarmsAsync(bia)).Alarms);
        Assert.Single((await AlarmsAsync(await desk.PersonAsync("Caio", BuiltInRoles.Supervisor))).Alarms);
        await desk.SendAs(ana, new SwitchChannel(channel, false));
        await WatchAsync(TimeSpan.FromMinutes(3));
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
    }

    [Fact]
    public async Task Silence_of_a_channel_that_seems_to_work_is_noticed_and_any_event_ends_it()
    {
        var (channel, adapter) = await desk.ChannelAsync("mudo");
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911110001"));
        await WatchAsync(TimeSpan.FromHours(5));
        await WatchAsync(TimeSpan.FromMinutes(59));
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
        await WatchAsync(TimeSpan.FromMinutes(1));
        var alarm = Assert.Single((await AlarmsAsync(ana)).Alarms);
        Assert.Equal(("Nada chega pelo canal mudo", new DateTime(2026, 5, 4, 12, 0, 0, DateTimeKind.Utc)), (alarm.Title, alarm.Since));
        // Of any kind: a receipt that was known already is a sign of life too.
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "e1", "5511911110001"));
        await WatchAsync();
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
    }

    [Fact]
    public async Task A_kind_of_which_nobody_says_otherwise_may_be_silent_as_long_as_it_likes()
    {
        await desk.SendAsSystem(new EnsureChannel("site", "webchat", "Site", null, new Dictionary<string, string>()));
        desk.Services.GetRequiredService<Inforzap.Plugins.PluginCatalog>().Load(new Inforzap.Plugins.Plugin("inforzap.webchat", "WebChat", "1.0", "", null), () => new Inforzap.Plugins.WebChat.WebChatPlugin());
        await WatchAsync(TimeSpan.FromDays(90));
        await WatchAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ChannelState.Connected, desk.Services.GetRequiredService<ChannelDirectory>().All.Single(c => c.Key == "site").State);
        Assert.Empty((await AlarmsAsync(ana)).Alarms);
    }

    // ---- The diary ----

    [Fact]
    public async Task The_diary_says_what_happened_and_never_what_was_said()
    {
        var (channel, adapter) = await desk.ChannelAsync("diario");
        var raw = Encoding.UTF8.GetBytes("""{"type":"text","from":"5511999998888","name":"Canário","text":"canário secreto","id":5511999998888,"n":3,"ok":true,"deep":[{"status":"read","5511999998888":"x"}]}""");
        var message = TestChannels.Message(channel, "e1", "5511999998888", "canário secreto") with { Raw = raw };
        await adapter.Inbox.DeliverAsync(message);
        await adapter.Inbox.DeliverAsync(message);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => adapter.Inbox.DeliverAsync(message with { EventId = "" }));
        await desk.RunJobAsync<WriteChannelLog>();
        var rows = await desk.SendAs(ana, new ReadChannelLog(channel));
        Assert.Equal([("message", "refused"), ("message", "duplicate"), ("message", "kept")], rows.Select(r => (r.Kind, r.Outcome)));
        Assert.Equal("""{"type":"text","from":"•13","name":"•7","text":"•15","id":"#","n":3,"ok":true,"deep":[{"status":"read","•13":"•1"}]}""",
            string.Concat(rows[^1].Payload!.Where(c => !char.IsWhiteSpace(c))));
        var all = string.Join(' ', rows.Select(r => $"{r.Detail} {r.Payload}"));
        Assert.DoesNotContain("99999", all, StringComparison.Ordinal);
        Assert.DoesNotContain("anário", all, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Refusal>(async () => await desk.SendAs(await desk.PersonAsync("Davi", BuiltInRoles.Supervisor), new ReadChannelLog(channel)));
    }

    [Fact]
    public async Task The_last_two_hundred_are_kept_however_many_come()
    {
        var (channel, _) = await desk.ChannelAsync("muitos");
        var diary = desk.Services.GetRequiredService<ChannelLog>();
        for (var i = 0; i < 1_000; i++)
        {
            diary.Add(channel, "send", "sent", $"{i}");
            if (i % 300 == 0) await desk.RunJobAsync<WriteChannelLog>();
        }
        await desk.RunJobAsync<WriteChannelLog>();
        var rows = await desk.ReadAsync(db => db.Set<ChannelEvent>().Where(e => e.ChannelId == channel).OrderBy(e => e.Position).Select(e => e.Detail).ToListAsync());
        Assert.Equal(Enumerable.Range(800, 200).Select(i => $"{i}"), rows);
    }

    [Fact]
    public async Task A_stranger_who_knocks_a_thousand_times_pushes_nothing_out()
    {
        var (channel, _) = await desk.ChannelAsync("porta");
        var diary = desk.Services.GetRequiredService<ChannelLog>();
        diary.Add(channel, "session", "connected");
        for (var i = 0; i < 1_000; i++) diary.Add(channel, "webhook", "HTTP 403");
        await desk.RunJobAsync<WriteChannelLog>();
        Assert.Equal(["HTTP 403", "connected"], (await desk.SendAs(ana, new ReadChannelLog(channel))).Select(r => r.Outcome));
    }

    [Fact]
    public async Task A_plugin_writes_lines_about_its_own_channels_that_lead_to_nobody_and_push_nothing_out()
    {
        var (channel, _) = await desk.ChannelAsync("aviso");
        var (directory, log) = (desk.Services.GetRequiredService<ChannelDirectory>(), desk.Services.GetRequiredService<ChannelLog>());
        var diary = new Inforzap.Channels.Plugins.ChannelDiary(directory.Live(channel)!.Kind!.Plugin, directory, log);
        diary.Note(channel, "Erro 131047 em 2026.\nLigue para +55 (11) 98888-7777, 5511988887777 ou maria.silva@exemplo.com.br\0", isTrouble: true);
        diary.Note(channel, " \u200B");
        for (var i = 0; i < 1_000; i++) diary.Note(channel, "sempre o mesmo");
        diary.Note(channel, string.Concat(Enumerable.Repeat("😀", 400)));
        new Inforzap.Channels.Plugins.ChannelDiary(new Inforzap.Plugins.Plugin("another.plugin", "Outro", "1.0", "", null), directory, log).Note(channel, "de outro");
        diary.Note(Guid.NewGuid(), "de canal nenhum");
        await desk.RunJobAsync<WriteChannelLog>();
        var rows = await desk.SendAs(ana, new ReadChannelLog(channel));
        Assert.Equal([("noted", string.Concat(Enumerable.Repeat("😀", 149)) + "…"), ("noted", "sempre o mesmo"), ("warned", "Erro 131047 em 2026. Ligue para •, • ou •")], rows.Select(r => (r.Outcome, r.Detail!)));
        Assert.All(rows, r => Assert.Equal("provider", r.Kind));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("not json: 5511999998888", "(23 bytes)")]
    [InlineData("""{"mime_type":"image/jpeg","status":"5511999998888","type":"uma frase inteira"}""", """{"mime_type":"image/jpeg","status":"•13","type":"•17"}""")]
    [InlineData("""{"lat":-23.55,"big":123456,"small":-9}""", """{"lat":"#","big":"#","small":-9}""")]
    public void A_payload_keeps_its_shape_only(string payload, string? shape) =>
        Assert.Equal(shape, Redacted.Of(Encoding.UTF8.GetBytes(payload)) is { } text ? shape!.StartsWith('(') ? text : string.Concat(text.Where(c => !char.IsWhiteSpace(c))) : null);

    [Fact]
    public void A_large_payload_is_cut() =>
        Assert.InRange(Redacted.Of(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("\"x\"", 5_000))}]"))!.Length, 1_000, 4_001);
}
