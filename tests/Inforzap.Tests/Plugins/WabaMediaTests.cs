using Inforzap.Http;
using Inforzap.Plugins.Waba;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>A file in two steps: from its id to an address that holds for minutes, from there to the bytes, both under the token.</summary>
public sealed class WabaMediaTests : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private FakeMeta meta = null!;

    public async ValueTask InitializeAsync()
    {
        meta = await FakeMeta.StartAsync();
        meta.Keeps("M1", Png, "image/png");
    }

    public async ValueTask DisposeAsync() => await meta.DisposeAsync();

    private async Task<byte[]> OpenAsync(string reference, string? also = null)
    {
        using var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", meta.Server.Url.Authority), new("Http:Allow:1", also)]).Build());
        using var http = safe.Create();
        var adapter = new WabaAdapter(http, new FakeInbox(), new FakeMedia(), new Alone(), new FakeDiary(), TimeProvider.System, NullLogger<WabaAdapter>.Instance);
        var on = new ChannelRef(Guid.NewGuid(), "whatsapp", "WhatsApp", null, new WabaSettings { PhoneNumberId = FakeMeta.Phone, BusinessAccountId = FakeMeta.Account, AccessToken = FakeMeta.Token, BaseUrl = meta.Server.Url.ToString() });
        await using var stream = await adapter.OpenAsync(on, reference, TestContext.Current.CancellationToken);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    [Fact]
    public async Task The_bytes_come_in_two_steps()
    {
        Assert.Equal(Png, await OpenAsync("M1"));
        Assert.Equal([$"/v23.0/M1?phone_number_id={FakeMeta.Phone}", "/download/1/M1"], meta.Server.Requests.Select(r => r.Path));
    }

    [Fact]
    public async Task An_address_that_is_over_is_asked_for_anew()
    {
        meta.Expire("M1");
        Assert.Equal(Png, await OpenAsync("M1"));
        Assert.Equal(4, meta.Server.Requests.Count);
    }

    [Fact]
    public async Task What_is_gone_is_gone()
    {
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync("M2"));
        meta.Refuse("download", new FakeAnswer(404), new FakeAnswer(410));
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync("M1"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(401)]
    public async Task Trouble_is_no_reason_to_give_a_file_up(int status)
    {
        meta.Refuse("file", new FakeAnswer(status, ""));
        await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("M1"));
        meta.Refuse("download", new FakeAnswer(status, ""));
        await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("M1"));
        Assert.Equal(Png, await OpenAsync("M1"));
    }

    [Fact]
    public async Task Bytes_that_are_cut_are_not_taken_for_the_file()
    {
        meta.Refuse("download", new FakeAnswer(200) { Bytes = Png, CutAfter = 10 });
        Assert.True(await Record.ExceptionAsync(() => OpenAsync("M1")) is IOException or HttpRequestException);
    }

    [Theory]
    [InlineData("https://lookaside.fbsbx.com.evil.example")]
    [InlineData("https://evil-fbsbx.com")]
    [InlineData("http://lookaside.fbsbx.com")]
    [InlineData("https://lookaside.fbsbx.com:8443")]
    [InlineData("https://169.254.169.254")]
    public async Task The_token_is_shown_to_nobody_but_Meta(string host)
    {
        meta.MediaHost = host;
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("M1"));
        Assert.Contains("not its own", e.Message);
    }

    [Fact]
    public async Task Nor_to_another_server_of_the_house()
    {
        await using var other = await FakeServer.StartAsync();
        meta.MediaHost = other.Url.ToString().TrimEnd('/');
        await Assert.ThrowsAsync<HttpRequestException>(() => OpenAsync("M1", other.Url.Authority));
        // Not by a redirect either.
        meta.MediaHost = null;
        meta.Refuse("download", new FakeAnswer(302) { Headers = new Dictionary<string, string> { ["Location"] = other.Url + "x" } });
        await OpenAsync("M1", other.Url.Authority);
        Assert.All(other.Requests, r => Assert.False(r.Headers.ContainsKey("Authorization")));
        Assert.Single(other.Requests);
    }

    private sealed class Alone : IOwnChannels
    {
        public IReadOnlyList<OwnChannel> All => [];
    }
}
