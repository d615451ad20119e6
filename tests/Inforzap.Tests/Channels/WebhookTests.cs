using System.Net;
using System.Text;
using System.Text.Json;
using Inforzap.Channels.In;
using Inforzap.Contracts.Contacts;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Inforzap.Tests.Channels;

public sealed class WebhookTests(Desk desk) : IClassFixture<Desk>, IAsyncLifetime
{
    private WebApplication? app;
    private readonly HttpClient http = new();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Services.GetRequiredService<Webhooks>());
        builder.Services.AddRouting();
        app = builder.Build();
        Webhooks.Map(app);
        await app.StartAsync();
        http.BaseAddress = new Uri(app.Urls.Single() + "/hooks/");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app!.DisposeAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body = "{}") => http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    [Fact]
    public async Task The_adapter_gets_the_raw_request()
    {
        var (_, adapter) = await desk.ChannelAsync("raw");
        WebhookRequest? seen = null;
        adapter.Receive = (_, r, _) => { seen = r; return Task.FromResult(new WebhookReply(200, "desafio")); };
        var request = new HttpRequestMessage(HttpMethod.Get, "raw/a/b?hub.challenge=1&x=2");
        request.Headers.Add("X-Sig", ["um", "dois"]);
        var answer = await http.SendAsync(request);
        Assert.Equal("desafio", await answer.Content.ReadAsStringAsync());
        Assert.Equal(("GET", "a/b", "1"), (seen!.Method, seen.Path, seen.Query["hub.challenge"]));
        Assert.Equal("um, dois", seen.Headers["x-sig"].Replace(",", ", ").Replace("  ", " "));
        await PostAsync("raw", "  {\"á\": 1} ");
        Assert.Equal("  {\"á\": 1} ", Encoding.UTF8.GetString(seen!.Body.Span));
    }

    [Fact]
    public async Task Who_is_unknown_or_off_is_not_there()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("nobody")).StatusCode);
        var (id, _) = await desk.ChannelAsync("off");
        await desk.SendAsSystem(new Inforzap.Channels.Manage.SwitchChannel(id, false));
        await desk.Services.GetRequiredService<Inforzap.Channels.ChannelDirectory>().LoadAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("off")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_five_megabytes_is_refused(bool chunked)
    {
        var (_, adapter) = await desk.ChannelAsync("big");
        var called = false;
        adapter.Receive = (_, _, _) => { called = true; return Task.FromResult(WebhookReply.Ok); };
        var request = new HttpRequestMessage(HttpMethod.Post, "big") { Content = new ByteArrayContent(new byte[(5 * 1024 * 1024) + 1]) };
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.SendAsync(request)).StatusCode);
        Assert.False(called);
    }

    /// <summary>Fast enough for the server, and still without end: the door looks at its own clock.</summary>
    [Fact]
    public async Task A_body_that_does_not_end_is_given_up_after_ten_seconds()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await Desk.OpenAsync(clock: clock);
        await own.ChannelAsync("slow");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(own.Services.GetRequiredService<Webhooks>()).AddRouting();
        await using var slow = builder.Build();
        Webhooks.Map(slow);
        await slow.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        var url = new Uri(slow.Urls.Single());
        await client.ConnectAsync(url.Host, url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /hooks/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{{\"a\":"));
        var answer = new byte[100];
        var reading = client.GetStream().ReadAsync(answer).AsTask();
        await Task.Delay(300);
        Assert.False(reading.IsCompleted);
        for (var i = 0; i < 40 && !reading.IsCompleted; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(11));
            await Task.WhenAny(reading, Task.Delay(100));
        }
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, await reading), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_plugin_throws_says_nothing_outside_and_its_body_is_in_no_log()
    {
        var (_, adapter) = await desk.ChannelAsync("throws");
        foreach (var (thrown, status) in new (Exception, HttpStatusCode)[]
        {
            (new JsonException("canario-no-corpo"), HttpStatusCode.BadRequest),
            (new InvalidOperationException("canario-no-corpo"), HttpStatusCode.InternalServerError),
            (new InboxFullException(), HttpStatusCode.ServiceUnavailable),
        })
        {
            adapter.Receive = (_, _, _) => throw thrown;
            var answer = await PostAsync("throws", "canario-no-corpo");
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("", await answer.Content.ReadAsStringAsync());
            if (status == HttpStatusCode.ServiceUnavailable) Assert.NotNull(answer.Headers.RetryAfter);
        }
        Assert.DoesNotContain(desk.Log, l => l.Contains("canario-no-corpo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plugin_that_fails_again_and_again_is_left_alone_and_bad_senders_don_t_count()
    {
        var (_, adapter) = await desk.ChannelAsync("breaks");
        adapter.Receive = (_, _, _) => throw new JsonException();
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("breaks")).StatusCode);
        adapter.Receive = (_, _, _) => throw new InvalidOperationException();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.InternalServerError, (await PostAsync("breaks")).StatusCode);
        var shut = await PostAsync("breaks");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, shut.StatusCode);
        Assert.NotNull(shut.Headers.RetryAfter);
    }

    [Fact]
    public async Task Sixty_four_copies_of_one_event_at_once_are_all_taken_and_are_one_message()
    {
        var (channel, adapter) = await desk.ChannelAsync("many-copies");
        Takes(channel, adapter);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => PostAsync("many-copies", "5511933330001 m1")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await desk.SettleAsync();
        Assert.Equal("5511933330001 m1", ((TextContent)Assert.Single(await adapter.View.SinceAsync(channel, new Address("5511933330001"), 0)).Content).Body);
    }

    [Fact]
    public async Task Fifty_first_messages_of_somebody_new_at_once_are_one_contact_one_ticket_and_numbers_1_to_50()
    {
        const string who = "5511933330002";
        var (channel, adapter) = await desk.ChannelAsync("many-firsts");
        Takes(channel, adapter);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => PostAsync("many-firsts", $"{who} m{n}")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await desk.SettleAsync();
        Assert.Equal(1, await desk.ReadAsync(db => db.Set<ContactAddressView>().CountAsync(a => a.Value == who)));
        var ticket = Assert.Single(await desk.ReadAsync(db => db.Set<Ticket>().AsNoTracking().Where(t => t.ChannelId == channel).ToListAsync()));
        var messages = await desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ChannelId == channel).OrderBy(m => m.Seq).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 50).Select(n => (ticket.Id, (long)n)), messages.Select(m => (m.TicketId, m.Seq)));
        Assert.Equal(50, messages.Select(m => m.ProviderId).Distinct().Count());
    }

    /// <summary>The body says who and what.</summary>
    private static void Takes(Guid channel, TestAdapter adapter) => adapter.Receive = async (_, request, ct) =>
    {
        var said = Encoding.UTF8.GetString(request.Body.Span);
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, said, said.Split(' ')[0], said), ct);
        return WebhookReply.Ok;
    };
}
