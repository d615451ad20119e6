using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Plugins;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Microsoft.AspNetCore.DataProtection;

namespace Inforzap.Tests.Channels;

public sealed class SettingsTests(Desk desk) : IClassFixture<Desk>
{
    private ChannelDirectory Directory => desk.Services.GetRequiredService<ChannelDirectory>();

    private Task<Inforzap.Channels.Channel> RowAsync(Guid id) => desk.ReadAsync(db => db.Set<Inforzap.Channels.Channel>().AsNoTracking().SingleAsync(c => c.Id == id));

    [Fact]
    public void A_form_is_drawn_from_the_record()
    {
        var form = SettingsForm.Of(typeof(TestSettings));
        Assert.Equal(["Token", "Api", "Lines", "Limit"], form.Fields.Select(f => f.Name));
        Assert.Equal([FieldKind.Text, FieldKind.Url, FieldKind.Lines, FieldKind.Number], form.Fields.Select(f => f.Kind));
        Assert.Equal(("https://api.example", "5"), (form.Fields[1].Default, form.Fields[3].Default));
        var made = (TestSettings)form.Make(new Dictionary<string, string> { ["Lines"] = " um \n\ndois\n", ["Limit"] = "7", ["Token"] = "t" });
        Assert.Equal(["um", "dois"], made.Lines);
        Assert.Equal((7, "t", "https://api.example"), (made.Limit, made.Token, made.Api));
        var faults = form.Check(new Dictionary<string, string> { ["Api"] = "javascript:alert(1)", ["Limit"] = "11" });
        Assert.Equal((FieldFault.NoUrl, FieldFault.NoNumber), (faults["Api"], faults["Limit"]));
        Assert.Equal(FieldFault.Missing, form.Check(new Dictionary<string, string> { ["Api"] = "" })["Api"]);
    }

    [Fact]
    public async Task A_secret_is_encrypted_kept_when_it_is_not_given_and_never_shown()
    {
        await desk.ChannelAsync("warm");
        var id = await desk.SendAsSystem(new SaveChannel(null, "test", "secret", "Secreto", null, new Dictionary<string, string> { ["Token"] = "canario-9", ["Api"] = "https://a.example" }, null));
        Assert.DoesNotContain("canario-9", (await RowAsync(id)).Settings, StringComparison.Ordinal);
        var form = await desk.SendAsSystem(new ReadChannelForm(id));
        Assert.Contains("Token", form.Kept);
        Assert.DoesNotContain(form.Values, v => v.Value.Contains("canario", StringComparison.Ordinal));
        await desk.SendAsSystem(new SaveChannel(id, "test", "secret", "Outro nome", null, new Dictionary<string, string> { ["Api"] = "https://b.example" }, form.Version));
        await Directory.LoadAsync();
        Assert.Equal(("canario-9", "https://b.example"), Directory.Live(id)!.Form is TestSettings s ? (s.Token, s.Api) : default);
        var stale = await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new SaveChannel(id, "test", "secret", "x", null, new Dictionary<string, string>(), form.Version)));
        Assert.Equal(RefusalKind.Conflict, stale.Kind);
    }

    [Fact]
    public async Task A_key_is_never_given_twice()
    {
        var (id, _) = await desk.ChannelAsync("once");
        await desk.SendAsSystem(new DeleteChannel(id));
        var again = await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new SaveChannel(null, "test", "once", "De novo", null, new Dictionary<string, string>(), null)));
        Assert.Contains("Key", again.Fields.Keys);
        Assert.Equal("{}", (await RowAsync(id)).Settings);
    }

    [Fact]
    public async Task A_channel_with_open_tickets_stays()
    {
        var (id, adapter) = await desk.ChannelAsync("busy");
        await adapter.Inbox.DeliverAsync(TestChannels.Message(id, "e1", "5511977776666"));
        await desk.SettleAsync();
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new DeleteChannel(id)));
    }

    [Theory]
    [InlineData("Loja São João", "loja-sao-joao")]
    [InlineData("  --Ação!!  2 ", "acao-2")]
    [InlineData("日本", "")]
    public void A_key_reads_like_the_name(string name, string key) => Assert.Equal(key, ChannelKey.From(name));

    [Fact]
    public async Task A_plugin_is_switched_off_and_on_at_once()
    {
        await using var own = await Desk.OpenAsync();
        var (id, _) = await own.ChannelAsync("switch");
        var directory = own.Services.GetRequiredService<ChannelDirectory>();
        await own.SendAsSystem(new SwitchPlugin("test.plugin", false));
        await directory.LoadAsync();
        Assert.Equal((ChannelState.Stopped, false), (directory.Find(id)!.State, directory.Live(id)!.IsUp));
        await own.SendAsSystem(new SwitchPlugin("test.plugin", true));
        await directory.LoadAsync();
        Assert.True(directory.Live(id)!.IsUp);
    }

    [Fact]
    public async Task Lost_keys_stop_the_channel_with_a_reason_and_nothing_else()
    {
        await using var own = await Desk.OpenAsync();
        var (id, _) = await own.ChannelAsync("lost", new Dictionary<string, string> { ["Token"] = "t" });
        var directory = own.Services.GetRequiredService<ChannelDirectory>();
        await own.WriteAsync(async db =>
        {
            var row = await db.Set<Inforzap.Channels.Channel>().SingleAsync(c => c.Id == id);
            row.Settings = StoredSettings.Close(new Dictionary<string, string> { ["Token"] = "t" }, _ => true, Guid.CreateVersion7(), own.Services.GetRequiredService<Security.Secrets>());
        });
        await directory.LoadAsync();
        Assert.Equal((ChannelState.Stopped, false), (directory.Find(id)!.State, directory.Live(id)!.IsUp));
        Assert.Contains("segredos", directory.Live(id)!.Reason, StringComparison.Ordinal);
        await own.SendAsSystem(new SaveChannel(id, "test", "lost", "lost", null, new Dictionary<string, string> { ["Token"] = "novo" }, (await own.SendAsSystem(new ReadChannelForm(id))).Version));
        await directory.LoadAsync();
        Assert.True(directory.Live(id)!.IsUp);
    }

    [Fact]
    public async Task A_channel_that_the_operator_declares_brings_its_customers_into_the_queue_that_is_named()
    {
        static Dictionary<string, string?> Declared(string queue) => new() { ["Channels:loja:Provider"] = "test", ["Channels:loja:Name"] = "Loja", ["Channels:loja:Queue"] = queue };
        await using var own = await Desk.OpenAsync(settings: Declared("Balcão"));
        var queue = await own.QueueAsync("Balcão");
        var (id, adapter) = await own.ChannelAsync("loja");
        Assert.Equal(queue, own.Services.GetRequiredService<ChannelDirectory>().Find(id)!.QueueId);
        await adapter.Inbox.DeliverAsync(TestChannels.Message(id, "d1", "5511940000001"));
        await own.SettleAsync();
        Assert.Equal(queue, await own.ReadAsync(db => db.Set<Ticket>().Select(t => t.QueueId).SingleAsync()));

        // Named anew at the next start, and left alone when it is not named any more.
        foreach (var (said, expected) in new[] { ("Entregas", "Entregas"), ("", "Entregas") })
        {
            await using var next = await Desk.OpenAsync(settings: new Dictionary<string, string?>(own.SettingsOfANodeMore.Concat(Declared(said)).GroupBy(s => s.Key).Select(g => g.Last())));
            Assert.Equal(await own.QueueAsync(expected), await own.ReadAsync(db => db.Set<Inforzap.Channels.Channel>().Where(c => c.Key == "loja").Select(c => c.QueueId).SingleAsync()));
        }
    }
}
