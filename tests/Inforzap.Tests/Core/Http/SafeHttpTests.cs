using System.Net;
using Inforzap.Http;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Core.Http;

public sealed class SafeHttpTests
{
    private static SafeHttp Make(params string[] allow) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(allow.Select((a, i) => KeyValuePair.Create($"Http:Allow:{i}", (string?)a))).Build());

    [Theory]
    [InlineData("127.1.1.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:a9fe:a9fe")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00:ec2::254")]
    public void Addresses_inside_are_not_called(string address)
    {
        using var http = Make();
        Assert.False(http.IsAllowed("evil.example", 80, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(6379)]
    [InlineData(22)]
    public void Ports_of_other_services_are_not_called(int port)
    {
        using var http = Make();
        Assert.False(http.IsAllowed("a.example", port, IPAddress.Parse("93.184.216.34")));
        Assert.True(http.IsAllowed("a.example", 8443, IPAddress.Parse("93.184.216.34")));
    }

    [Fact]
    public void The_allow_list_opens_the_own_network_and_never_metadata()
    {
        using var http = Make("10.0.0.5:8080", "192.168.0.0/24", "169.254.0.0/16", "169.254.169.254:80", "127.0.0.0/8");
        Assert.True(http.IsAllowed("10.0.0.5", 8080, IPAddress.Parse("10.0.0.5")));
        Assert.False(http.IsAllowed("10.0.0.5", 8081, IPAddress.Parse("10.0.0.5")));
        Assert.True(http.IsAllowed("gateway", 80, IPAddress.Parse("192.168.0.9")));
        Assert.False(http.IsAllowed("metadata", 80, IPAddress.Parse("169.254.169.254")));
        Assert.False(http.IsAllowed("localhost", 80, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://2130706433:1/")]
    [InlineData("http://0x7f000001:1/")]
    [InlineData("http://0177.0.0.1:1/")]
    [InlineData("http://127.1:1/")]
    [InlineData("http://2852039166/latest/api/token")]
    [InlineData("http://0xa9fea9fe/")]
    [InlineData("http://0251.0376.0251.0376/")]
    [InlineData("http://[::1]:1/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://localhost:1/")]
    [InlineData("http://localhost.:1/")]
    [InlineData("http://good@127.0.0.1:1/")]
    [InlineData("http://127.0.0.1:1#@good.example")]
    [InlineData("http://127\u30020\u30020\u30021:1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task Spellings_of_forbidden_addresses_are_seen_through(string url)
    {
        using var http = Make();
        using var client = http.Create(TimeSpan.FromSeconds(5));
        var e = await Record.ExceptionAsync(() => client.GetAsync(new Uri(url)));
        // Schemes that no handler knows fail before ours is asked.
        Assert.True(e is BlockedAddressException or NotSupportedException or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, e?.GetType().Name);
        Assert.DoesNotContain("refused", e!.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_redirect_is_checked_like_any_address_and_carries_no_credentials_elsewhere()
    {
        await using var inside = await FakeServer.StartAsync();
        await using var outside = await FakeServer.StartAsync();
        using (var http = Make(outside.Url.Authority))
        using (var client = http.Create())
        {
            outside.Answer(new FakeAnswer(302) { Headers = new Dictionary<string, string> { ["Location"] = inside.Url.ToString() } });
            await Assert.ThrowsAsync<BlockedAddressException>(() => client.GetAsync(outside.Url));
            outside.Answer(new FakeAnswer(307) { Headers = new Dictionary<string, string> { ["Location"] = inside.Url.ToString() } });
            Assert.Equal(307, (int)(await client.PostAsync(outside.Url, new StringContent("x"))).StatusCode);
            Assert.Empty(inside.Requests);
        }
        using (var http = Make(outside.Url.Authority, inside.Url.Authority))
        using (var client = http.Create())
        {
            client.DefaultRequestHeaders.Add("Authorization", "Bearer canary");
            outside.Answer(new FakeAnswer(302) { Headers = new Dictionary<string, string> { ["Location"] = inside.Url.ToString() } });
            await client.GetAsync(outside.Url);
            Assert.False(Assert.Single(inside.Requests).Headers.ContainsKey("Authorization"));
            outside.Otherwise = _ => new FakeAnswer(302) { Headers = new Dictionary<string, string> { ["Location"] = outside.Url.ToString() } };
            var before = outside.Requests.Count;
            await Assert.ThrowsAsync<BlockedAddressException>(() => client.GetAsync(outside.Url));
            Assert.Equal(4, outside.Requests.Count - before);
        }
    }
}
