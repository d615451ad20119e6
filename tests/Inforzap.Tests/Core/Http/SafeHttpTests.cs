using System.Net;
using System.Net.Sockets;
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
    [InlineData("0.1.2.3")]
    [InlineData("127.255.255.254")]
    [InlineData("172.31.255.255")]
    [InlineData("100.127.255.255")]
    [InlineData("192.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("240.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:192.168.1.1")]
    [InlineData("::7f00:1")]
    [InlineData("fc00::1")]
    [InlineData("fec0::1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
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
    [InlineData("http://127\uFF0E0\uFF0E0\uFF0E1:1/")]
    [InlineData("http://\uFF11\uFF12\uFF17.0.0.1:1/")]
    [InlineData("http://\u24DBocalhost:1/")]
    [InlineData("http://127.0.0.1.:1/")]
    [InlineData("http://good.example:80@127.0.0.1:1/")]
    [InlineData("http://good.example%40@127.0.0.1:1/")]
    [InlineData("http://[::]:1/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://0/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("data:text/plain,x")]
    public async Task Spellings_of_forbidden_addresses_are_seen_through(string url)
    {
        using var http = Make();
        using var client = http.Create(TimeSpan.FromSeconds(5));
        var e = await Record.ExceptionAsync(() => client.GetAsync(new Uri(url)));
        // Schemes that no handler knows fail before ours is asked.
        Assert.True(e is BlockedAddressException or NotSupportedException or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, e?.GetType().Name);
        Assert.DoesNotContain("refused", e!.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What the names say is made up here, as a name server of the attacker would.</summary>
    private static SafeHttp Resolving(Func<string, IPAddress[]> names, params string[] allow) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(allow.Select((a, i) => KeyValuePair.Create($"Http:Allow:{i}", (string?)a))).Build(), (host, _) => Task.FromResult(names(host)));

    [Theory]
    [InlineData("metadata.google.internal", "169.254.169.254")]
    [InlineData("metadata", "169.254.169.254")]
    [InlineData("metadata.goog", "169.254.169.254")]
    [InlineData("169.254.169.254.nip.io", "169.254.169.254")]
    [InlineData("gateway.allowed.example", "169.254.169.254")]
    [InlineData("alibaba.example", "100.100.100.200")]
    [InlineData("inside.example", "10.0.0.7")]
    [InlineData("six.example", "fd00:ec2::254")]
    [InlineData("mapped.example", "::ffff:169.254.169.254")]
    [InlineData("both.example", "93.184.216.34", "127.0.0.1")]
    [InlineData("nothing.example")]
    public async Task A_name_is_what_it_resolves_to(string name, params string[] addresses)
    {
        using var http = Resolving(_ => [.. addresses.Select(IPAddress.Parse)], "gateway.allowed.example:80");
        using var client = http.Create(TimeSpan.FromSeconds(5));
        client.DefaultRequestHeaders.Add("X-aws-ec2-metadata-token", "x");
        var e = await Assert.ThrowsAsync<BlockedAddressException>(() => client.GetAsync(new Uri($"http://{name}/latest/api/token")));
        Assert.Equal("This address is not allowed.", e.Message);
        Assert.Null(e.InnerException);
    }

    /// <summary>Whoever sends must know that nothing left: then it may be tried again.</summary>
    [Fact]
    public async Task A_name_that_is_not_found_and_a_shut_door_can_be_told_from_a_broken_line()
    {
        using var unknown = Resolving(_ => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound));
        using (var client = unknown.Create(TimeSpan.FromSeconds(5)))
            Assert.Equal(HttpRequestError.NameResolutionError, (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://nobody.example/")))).HttpRequestError);
        using var shut = Resolving(_ => [IPAddress.Loopback], "shut.example:1");
        using (var client = shut.Create(TimeSpan.FromSeconds(5)))
        {
            var e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://shut.example:1/")));
            Assert.Equal(HttpRequestError.ConnectionError, e.HttpRequestError);
            Assert.IsType<System.Net.Sockets.SocketException>(e.InnerException);
        }
    }

    /// <summary>A name with a life of zero seconds says one thing to whoever checks and another to whoever connects: here both are one.</summary>
    [Fact]
    public async Task A_name_that_changes_its_mind_is_asked_once_per_connection_and_checked_each_time()
    {
        await using var allowed = await FakeServer.StartAsync();
        await using var inside = await FakeServer.StartAsync();
        var asked = 0;
        using var http = Resolving(_ => ++asked == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("169.254.169.254")], $"rebind.example:{allowed.Url.Port}", inside.Url.Authority);
        using var client = http.Create(TimeSpan.FromSeconds(5));
        allowed.Otherwise = _ => new FakeAnswer(200) { Headers = new Dictionary<string, string> { ["Connection"] = "close" } };
        var url = new Uri($"http://rebind.example:{allowed.Url.Port}/");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(url)).StatusCode);
        Assert.Equal(1, asked);
        await Assert.ThrowsAsync<BlockedAddressException>(() => client.GetAsync(url));
        Assert.Equal(2, asked);
        Assert.Single(allowed.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://[::1]:1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:6379/_FLUSHALL")]
    [InlineData("http://user:password@ok.example/")]
    [InlineData("//127.0.0.1:1/")]
    [InlineData("http://2130706433:1/")]
    public async Task No_redirect_leads_inside(string location)
    {
        await using var outside = await FakeServer.StartAsync();
        using var http = Make(outside.Url.Authority);
        using var client = http.Create(TimeSpan.FromSeconds(5));
        foreach (var status in new[] { 301, 302, 303, 307, 308 })
        {
            outside.Answer(new FakeAnswer(status) { Headers = new Dictionary<string, string> { ["Location"] = location } });
            await Assert.ThrowsAsync<BlockedAddressException>(() => client.GetAsync(outside.Url));
        }
    }

    [Theory]
    [InlineData("POST", 307)]
    [InlineData("POST", 308)]
    [InlineData("POST", 302)]
    [InlineData("PUT", 307)]
    [InlineData("DELETE", 307)]
    public async Task What_may_have_an_effect_is_not_sent_on(string method, int status)
    {
        await using var first = await FakeServer.StartAsync();
        await using var second = await FakeServer.StartAsync();
        using var http = Make(first.Url.Authority, second.Url.Authority);
        using var client = http.Create();
        first.Answer(new FakeAnswer(status) { Headers = new Dictionary<string, string> { ["Location"] = second.Url.ToString() } });
        using var request = new HttpRequestMessage(new HttpMethod(method), first.Url) { Content = new StringContent("segredo") };
        Assert.Equal(status, (int)(await client.SendAsync(request)).StatusCode);
        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData("https://a.example/x", "http://a.example/y", false)]
    [InlineData("http://a.example/x", "https://a.example/y", false)]
    [InlineData("https://a.example/x", "https://a.example:8443/y", false)]
    [InlineData("https://a.example/x", "https://b.example/y", false)]
    [InlineData("https://a.example:443/x", "https://A.example/y", true)]
    public void Credentials_stay_with_scheme_host_and_port(string from, string to, bool same) =>
        Assert.Equal(same, SafeHttp.IsSameOrigin(new Uri(from), new Uri(to)));

    [Fact]
    public async Task Nothing_is_remembered_between_requests_and_nobody_answers_without_end()
    {
        await using var server = await FakeServer.StartAsync();
        using var http = Make(server.Url.Authority);
        using var client = http.Create(TimeSpan.FromSeconds(2));
        server.Answer(new FakeAnswer(200) { Headers = new Dictionary<string, string> { ["Set-Cookie"] = "who=me; path=/" } }, new FakeAnswer(200));
        await client.GetAsync(server.Url);
        await client.GetAsync(server.Url);
        Assert.False((await server.RequestAsync(2)).Headers.ContainsKey("Cookie"));
        server.Answer(new FakeAnswer(200) { Bytes = new byte[26 * 1024 * 1024] });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(server.Url));
        server.Answer(new FakeAnswer(200) { Bytes = new byte[1_000], BytesPerSecond = 10 });
        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetStringAsync(server.Url));
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

    /// <summary>Senders rely on it: what never had a connection can be sent again.</summary>
    [Fact]
    public async Task A_host_that_takes_no_connection_in_time_is_no_connection()
    {
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var there = (IPEndPoint)full.LocalEndPoint!;
        // Its queue is of one: whoever comes after that is not answered.
        var before = Enumerable.Range(0, 4).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var socket in before) _ = socket.ConnectAsync(there);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        using var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", there.ToString())]).Build(), Dns.GetHostAddressesAsync, TimeSpan.FromMilliseconds(300));
        using var http = safe.Create();
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://{there}/"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.ConnectionError, e.HttpRequestError);
        before.ForEach(s => s.Dispose());
    }
}
