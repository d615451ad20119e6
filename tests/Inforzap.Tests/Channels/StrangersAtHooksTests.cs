using System.Net;
using Inforzap.Channels.In;
using Inforzap.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Channels;

/// <summary>Who is refused at the hooks again and again waits; nobody else does.</summary>
public sealed class StrangersAtHooksTests
{
    private static DefaultHttpContext From(string address)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return http;
    }

    private static StrangersAtHooks With(params (string, string)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2))).Build());

    [Fact]
    public void Three_hundred_refusals_are_enough_for_a_minute()
    {
        using var strangers = With();
        for (var i = 0; i < 300; i++)
        {
            Assert.False(strangers.MustWait(From("203.0.113.7")));
            strangers.Refused(From("203.0.113.7"));
        }
        var next = From("203.0.113.7");
        Assert.True(strangers.MustWait(next));
        Assert.Equal((429, "30"), (next.Response.StatusCode, next.Response.Headers.RetryAfter.ToString()));
        Assert.False(strangers.MustWait(From("203.0.113.8")));
    }

    [Fact]
    public void What_is_taken_counts_for_nothing()
    {
        using var strangers = With();
        for (var i = 0; i < 5_000; i++) Assert.False(strangers.MustWait(From("203.0.113.7")));
    }

    [Fact]
    public void Behind_a_proxy_nobody_is_kept_out_since_all_look_alike()
    {
        using var strangers = With(("Proxy:Known:0", "127.0.0.1"));
        for (var i = 0; i < 400; i++) strangers.Refused(From("127.0.0.1"));
        Assert.False(strangers.MustWait(From("127.0.0.1")));
    }

    [Fact]
    public void A_network_of_IPv6_is_one_caller_and_a_mapped_address_is_the_address()
    {
        Assert.Equal(Callers.Of(From("2001:db8:1:2::1")), Callers.Of(From("2001:db8:1:2:ffff::9")));
        Assert.NotEqual(Callers.Of(From("2001:db8:1:2::1")), Callers.Of(From("2001:db8:1:3::1")));
        Assert.Equal("203.0.113.7", Callers.Of(From("::ffff:203.0.113.7")));
    }
}
