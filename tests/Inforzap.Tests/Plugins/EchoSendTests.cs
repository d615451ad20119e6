using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Inforzap.Http;
using Inforzap.Plugins.Echo;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>What each answer of the other side means for the message, through the client that plugins really get.</summary>
public sealed class EchoSendTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeInbox inbox = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync() => server = await FakeServer.StartAsync();

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_message_goes_out_with_the_id_of_its_attempt_and_takes_the_name_it_is_given()
    {
        server.Answer(new FakeAnswer(201, """{"id":"their-7"}"""));
        var message = Text("Olá");
        Assert.Equal(SendResult.Sent("their-7"), await SendAsync(message));
        var json = JsonDocument.Parse((await server.RequestAsync()).Body).RootElement;
        Assert.Equal("Olá", json.GetProperty("text").GetString());
        Assert.Equal("5511987654321", json.GetProperty("to").GetString());
        Assert.Equal(message.AttemptId, json.GetProperty("reference").GetGuid());
        Assert.Equal(message.MessageId, json.GetProperty("messageId").GetGuid());
        Assert.False(json.TryGetProperty("media", out _));
    }

    [Fact]
    public async Task A_file_travels_inside_the_message()
    {
        var content = new MediaContent(MediaKind.Image, new MediaRef(FileId: Guid.NewGuid()), Caption: "veja");
        Assert.Equal(SendOutcome.Sent, (await SendAsync(Text("") with { Content = content })).Outcome);
        var json = JsonDocument.Parse((await server.RequestAsync()).Body).RootElement;
        Assert.Equal("veja", json.GetProperty("text").GetString());
        Assert.Equal([1, 2, 3], json.GetProperty("media").GetProperty("data").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(200, SendOutcome.Sent)]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(404, SendOutcome.Refused)]
    [InlineData(500, SendOutcome.Unknown)]
    [InlineData(503, SendOutcome.Unknown)]
    public async Task A_status_means(int status, SendOutcome outcome)
    {
        server.Answer(new FakeAnswer(status, "not json"));
        Assert.Equal(outcome, (await SendAsync(Text("x"))).Outcome);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Mon, 04 May 2026 12:01:30 GMT", 90)]
    [InlineData("0", 1)]
    [InlineData("999999", 3600)]
    [InlineData("soon", 30)]
    public async Task Too_many_requests_waits_as_long_as_it_is_told(string retryAfter, int seconds)
    {
        server.Answer(new FakeAnswer(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfter } });
        var result = await SendAsync(Text("x"));
        Assert.Equal((SendOutcome.Later, TimeSpan.FromSeconds(seconds)), (result.Outcome, result.After));
    }

    [Fact]
    public async Task A_connection_that_drops_after_the_request_leaves_the_message_unknown()
    {
        server.Answer(FakeAnswer.Drop);
        Assert.Equal(SendOutcome.Unknown, (await SendAsync(Text("x"))).Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_cut_leaves_the_message_unknown()
    {
        server.Answer(new FakeAnswer(200, """{"id":"abcdefgh"}""") { CutAfter = 5 });
        Assert.Equal(SendOutcome.Unknown, (await SendAsync(Text("x"))).Outcome);
    }

    [Fact]
    public async Task A_refused_connection_sent_nothing()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var free = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/");
        socket.Stop();
        Assert.Equal(SendOutcome.Later, (await SendAsync(Text("x"), free)).Outcome);
    }

    [Fact]
    public async Task A_name_that_is_not_found_sent_nothing() =>
        Assert.Equal(SendOutcome.Later, (await SendAsync(Text("x"), new Uri("http://nobody.invalid/"))).Outcome);

    [Fact]
    public async Task Without_an_address_a_text_comes_back_from_the_customer()
    {
        var message = Text("eco");
        Assert.Equal(SendOutcome.Sent, (await SendAsync(message, null, new EchoSettings { Reply = true })).Outcome);
        var back = Assert.IsType<InboundMessage>(Assert.Single(inbox.Events));
        Assert.Equal((message.To, new TextContent("eco")), (back.From, back.Content));
        await SendAsync(message, null, new EchoSettings());
        Assert.Single(inbox.Events);
    }

    private static OutboundMessage Text(string body) => new(Guid.NewGuid(), Guid.NewGuid(), new Address("5511987654321"), new TextContent(body));

    private async Task<SendResult> SendAsync(OutboundMessage message, Uri? to = null, EchoSettings? settings = null)
    {
        var target = to ?? server.Url;
        using var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", target.Authority)]).Build());
        using var http = safe.Create();
        var adapter = new EchoAdapter(http, inbox, new FakeMedia(), clock, NullLogger<EchoAdapter>.Instance);
        var on = new ChannelRef(Guid.NewGuid(), "echo", "Echo", null, settings ?? new EchoSettings { BaseUrl = target.ToString() });
        return await adapter.SendAsync(on, message, TestContext.Current.CancellationToken);
    }
}
