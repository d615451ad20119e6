using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Plugins.Echo;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>S-40: signatures are checked on the raw body, and one bad event costs only itself.</summary>
public sealed class EchoWebhookTests
{
    private const string Secret = "s3gredo";
    private const string Hello = """{ "events": [ {"type":"message","id":"m1","from":"5511987654321","name":"Ana","text":"Olá"} ] }""";
    private readonly FakeInbox inbox = new();

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    public async Task A_signed_call_is_delivered(string prefix)
    {
        Assert.Equal(200, await PostAsync(Hello, prefix + Sign(Hello)));
        var message = Assert.IsType<InboundMessage>(Assert.Single(inbox.Events));
        Assert.Equal(("m1", new Address("5511987654321", AddressKind.Phone, "Ana"), new TextContent("Olá")), (message.EventId, message.From, (TextContent)message.Content));
    }

    [Fact]
    public async Task Upper_case_hexadecimal_is_the_same_signature() => Assert.Equal(200, await PostAsync(Hello, Sign(Hello).ToUpperInvariant()));

    public static TheoryData<string, string?> Forgeries => new()
    {
        { "missing", null },
        { "empty", "" },
        { "wrong prefix", "sha1=" + Sign(Hello) },
        { "re-serialised JSON", Sign(JsonSerializer.Serialize(JsonDocument.Parse(Hello).RootElement)) },
        { "truncated", Sign(Hello)[..63] },
        { "two headers", Sign(Hello) + "," + Sign(Hello) },
        { "another secret", Sign(Hello, "other") },
        { "no hexadecimal", new string('z', 64) },
    };

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_forgery_is_refused(string what, string? signature)
    {
        Assert.True(await PostAsync(Hello, signature) == 403, what);
        Assert.Empty(inbox.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_secret_everything_is_refused(string? secret) =>
        Assert.Equal(403, await PostAsync(Hello, Sign(Hello, ""), new EchoSettings { Secret = secret }));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"events":{}}""")]
    [InlineData("""{"events":[{"type":"message","id":"a","from":"1","text":"x"}""")]
    [InlineData("""{"events":[]} and more""")]
    public async Task A_body_of_another_shape_is_a_bad_request(string body)
    {
        Assert.Equal(400, await PostAsync(body, Sign(body)));
        Assert.Empty(inbox.Calls);
    }

    [Fact]
    public async Task A_body_of_ten_thousand_levels_is_a_bad_request()
    {
        var deep = new string('[', 10_000);
        Assert.Equal(400, await PostAsync(deep, Sign(deep)));
    }

    [Fact]
    public async Task All_kinds_are_translated_in_one_call_with_their_own_bytes()
    {
        string[] events =
        [
            """{"type":"message","id":"1","from":"visitor-9","mediaUrl":"https://cdn.example/a.jpg","mediaKind":"image","fileName":"a.jpg","text":"veja","quoted":"q"}""",
            """{"type":"receipt","id":"2","from":"55","message":"p1","state":"read","attempt":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""",
            """{"type":"edit","id":"3","from":"55","message":"p1","text":"novo"}""",
            """{"type":"revoke","id":"4","from":"55","message":"p1"}""",
            """{"type":"reaction","id":"5","from":"55","message":"p1","emoji":"👍"}""",
        ];
        var body = "{\"version\":1,\"events\":[" + string.Join(" , ", events) + "],\"more\":{\"a\":[1]}}";
        Assert.Equal(200, await PostAsync(body, Sign(body)));
        Assert.Equal(events, Assert.Single(inbox.Calls).Select(e => Encoding.UTF8.GetString(e.Raw.Span)));
        var media = Assert.IsType<InboundMessage>(inbox.Events[0]);
        Assert.Equal(new MediaContent(MediaKind.Image, new MediaRef(new Uri("https://cdn.example/a.jpg")), "a.jpg", "veja"), media.Content);
        Assert.Equal((AddressKind.Visitor, "q"), (media.From.Kind, media.QuotedProviderId));
        var receipt = Assert.IsType<InboundReceipt>(inbox.Events[1]);
        Assert.Equal((ReceiptState.Read, "p1", Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff")), (receipt.State, receipt.ProviderId, receipt.AttemptId));
        Assert.Equal("novo", Assert.IsType<InboundEdit>(inbox.Events[2]).Body);
        Assert.IsType<InboundRevoke>(inbox.Events[3]);
        Assert.Equal("👍", Assert.IsType<InboundReaction>(inbox.Events[4]).Emoji);
    }

    [Theory]
    [InlineData("""{"type":"message","from":"1","text":"no id"}""")]
    [InlineData("""{"type":"message","id":"b","text":"no address"}""")]
    [InlineData("""{"type":"message","id":7,"from":"1","text":"a number as id"}""")]
    [InlineData("""{"type":"receipt","id":"b","from":"1","message":"p","state":"2"}""")]
    [InlineData("""{"type":"receipt","id":"b","from":"1","state":"read"}""")]
    [InlineData("""{"type":"edit","id":"b","from":"1"}""")]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("[[]]")]
    public async Task A_bad_event_costs_only_itself(string bad)
    {
        var body = $$"""{"events":[{"type":"message","id":"a","from":"1","text":"x"},{{bad}},{"type":"message","id":"c","from":"1","text":"y"}]}""";
        Assert.Equal(200, await PostAsync(body, Sign(body)));
        Assert.Equal(["a", "c"], inbox.Events.Select(e => e.EventId));
    }

    [Theory]
    [InlineData("""{"type":"poll","id":"a","from":"1"}""", "poll")]
    [InlineData("""{"type":"message","id":"a","from":"1","mediaKind":"hologram","mediaUrl":"https://x.example/"}""", "hologram")]
    [InlineData("""{"type":"message","id":"a","from":"1","mediaKind":"image","mediaUrl":"file:///etc/passwd"}""", "image")]
    [InlineData("""{"type":"message","id":"a","from":"1"}""", "message")]
    public async Task What_can_not_be_read_is_kept_as_unsupported(string said, string what)
    {
        var body = $$"""{"events":[{{said}}]}""";
        await PostAsync(body, Sign(body));
        Assert.Equal(new UnsupportedContent(what), Assert.IsType<InboundMessage>(Assert.Single(inbox.Events)).Content);
    }

    private static string Sign(string body, string secret = Secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private async Task<int> PostAsync(string body, string? signature, EchoSettings? settings = null)
    {
        using var http = new HttpClientStub();
        var adapter = new EchoAdapter(http, inbox, new FakeMedia(), TimeProvider.System, NullLogger<EchoAdapter>.Instance);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (signature is not null) headers[EchoAdapter.SignatureHeader] = signature;
        var on = new ChannelRef(Guid.NewGuid(), "echo", "Echo", null, settings ?? new EchoSettings { Secret = Secret });
        var request = new WebhookRequest("POST", "", new Dictionary<string, string>(), headers, Encoding.UTF8.GetBytes(body));
        return (await adapter.ReceiveAsync(on, request, TestContext.Current.CancellationToken)).Status;
    }

    /// <summary>Receiving asks nobody.</summary>
    private sealed class HttpClientStub() : HttpClient(new Nobody())
    {
        private sealed class Nobody : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                throw new InvalidOperationException("Nothing is sent while receiving.");
        }
    }
}
