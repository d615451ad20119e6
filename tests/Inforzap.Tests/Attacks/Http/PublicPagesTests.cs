using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Plugins.WebChat;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>The pages for customers: files that are theirs to see, calls under a token, and pages of others that may look in.</summary>
[Collection(OverHttp.Name)]
public sealed class PublicPagesTests(RunningHost host) : IAsyncLifetime
{
    private const string Shop = "https://loja.example";
    private const string Hidden = "isto fica fora da pasta";

    private string Plugin => Path.Combine(host.Folder, "webchat-plugin");

    public async ValueTask InitializeAsync()
    {
        var catalog = host.Services.GetRequiredService<PluginCatalog>();
        if (catalog.Find("inforzap.webchat") is not null) return;
        var pages = Directory.CreateDirectory(Path.Combine(Plugin, "wwwroot"));
        foreach (var file in new DirectoryInfo(Path.Combine(Root(), "plugins", "WebChat", "wwwroot")).EnumerateFiles()) file.CopyTo(Path.Combine(pages.FullName, file.Name));
        // What a guess could find: beside the folder, in one whose name begins alike, and behind a link.
        File.WriteAllText(Path.Combine(Plugin, "secret.txt"), Hidden);
        Directory.CreateDirectory(Path.Combine(Plugin, "wwwroot2"));
        File.WriteAllText(Path.Combine(Plugin, "wwwroot2", "secret.txt"), Hidden);
        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(Path.Combine(pages.FullName, "link.txt"), Path.Combine(Plugin, "secret.txt"));
        catalog.Load(new Plugin("inforzap.webchat", "WebChat", "1.0", Plugin, null), () => new WebChatPlugin());
        await host.Mediator.Send(new EnsureChannel("site", "webchat", "Site", host.Queue, new Dictionary<string, string> { ["AllowedOrigins"] = Shop }));
        await host.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<HttpResponseMessage> CallAsync(string method, string path, string? token = null, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var browser = new Browser(host);
        var request = new HttpRequestMessage(new HttpMethod(method), $"/webchat/site/{path}") { Content = body };
        // Whoever sends all at once to somebody who hangs up over its length may not get to read why.
        request.Headers.ExpectContinue = body is ByteArrayContent { Headers.ContentLength: > 1024 * 1024 };
        if (token is not null) request.Headers.TryAddWithoutValidation("X-Visitor", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var answer = await browser.SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }

    private async Task<string> TokenAsync() =>
        JsonDocument.Parse(await (await CallAsync("POST", "api/session", body: Json(new { }))).Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Inforzap.sln"))) at = at.Parent!;
        return at.FullName;
    }

    [Theory]
    [InlineData("/webchat/site/..%2fsecret.txt")]
    [InlineData("/webchat/site/../secret.txt")]
    [InlineData("/webchat/site/%2e%2e/secret.txt")]
    [InlineData("/webchat/site/%2e%2e%2fsecret.txt")]
    [InlineData("/webchat/site/%252e%252e%252fsecret.txt")]
    [InlineData("/webchat/site/..%5csecret.txt")]
    [InlineData("/webchat/site/x/..%2f..%2fsecret.txt")]
    [InlineData("/webchat/site/....//secret.txt")]
    [InlineData("/webchat/site/..%2fwwwroot2%2fsecret.txt")]
    [InlineData("/webchat/site/%2fetc%2fhostname")]
    [InlineData("/webchat/site//secret.txt")]
    [InlineData("/webchat/site/secret.txt%00.js")]
    [InlineData("/webchat/site/..%2fsecret.txt%00chat.js")]
    [InlineData("/webchat/site/link.txt")]
    [InlineData("/webchat/x/..%2fsite/..%2fsecret.txt")]
    [InlineData("/webchat/x/..%2f")]
    [InlineData("/webchat/..%2fsite/chat.js")]
    public async Task No_address_leads_out_of_the_folder(string path)
    {
        var hidden = await GetRawAsync(path);
        Assert.Matches("^HTTP/1.1 (302|400|404) ", hidden);
        Assert.DoesNotContain(Hidden, hidden, StringComparison.Ordinal);
        // While what lies inside is given.
        Assert.StartsWith("HTTP/1.1 200 ", await GetRawAsync("/webchat/site/chat.js"), StringComparison.Ordinal);
    }

    /// <summary>By hand, since a client would tidy the address up.</summary>
    private async Task<string> GetRawAsync(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Url.Host, host.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host.Url.Authority}\r\n{RunningHost.FromHeader}: 198.51.100.78\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    [Theory]
    [InlineData("messages", 64 * 1024, false)]
    [InlineData("messages", 64 * 1024, true)]
    [InlineData("files?id=6f9619ff-8b86-4011-b42d-00c04fc964f1", 2 * 1024 * 1024, false)]
    [InlineData("files?id=6f9619ff-8b86-4011-b42d-00c04fc964f2", 2 * 1024 * 1024, true)]
    public async Task What_is_too_large_is_refused_whether_its_length_is_told_or_not(string what, int limit, bool chunked)
    {
        var token = await TokenAsync();
        var (id, place) = (Guid.NewGuid(), what.StartsWith("files", StringComparison.Ordinal));
        var body = place ? new byte[limit + 1] : JsonSerializer.SerializeToUtf8Bytes(new { id, text = new string('x', limit) });
        var answer = await CallAsync("POST", $"api/{what}", token, new ByteArrayContent(body), chunked ? [("Transfer-Encoding", "chunked")] : []);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        // Nothing of it is kept, and the visitor goes on.
        Assert.Equal(0, JsonDocument.Parse(await (await CallAsync("GET", "api/messages", token)).Content.ReadAsStringAsync()).RootElement.GetProperty("messages").GetArrayLength());
        Assert.Empty(Directory.EnumerateFiles(host.Folder, "*.part", SearchOption.AllDirectories));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "api/messages", token, Json(new { id, text = "curto" }))).StatusCode);
    }

    [Theory]
    [InlineData(Shop, true)]
    [InlineData("https://LOJA.example", true)]
    [InlineData("http://loja.example", false)]
    [InlineData("https://loja.example:8443", false)]
    [InlineData("https://loja.example.evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://evil.example/https://loja.example", false)]
    [InlineData("null", false)]
    [InlineData("*", false)]
    public async Task Only_listed_pages_are_answered_by_name(string origin, bool isListed)
    {
        foreach (var (method, path, status) in new[] { ("OPTIONS", "api/messages", HttpStatusCode.NoContent), ("GET", "api/config", HttpStatusCode.OK), ("GET", "api/messages", HttpStatusCode.Unauthorized) })
        {
            var answer = await CallAsync(method, path, headers: ("Origin", origin));
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(isListed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed));
            if (isListed) Assert.Equal(origin, Assert.Single(allowed!));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.Contains($"frame-ancestors 'self' {Shop}", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_token_nothing_is_read_or_said_and_with_a_foreign_one_nothing_of_others()
    {
        var (mine, theirs) = (await TokenAsync(), await TokenAsync());
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"api/files?id={id}", mine, new ByteArrayContent("o meu contrato"u8.ToArray()), ("X-File-Name", "contrato.txt"))).StatusCode);
        var file = await FileOfAsync(mine);
        Assert.Equal("o meu contrato", await (await CallAsync("GET", $"api/files/{file}", mine)).Content.ReadAsStringAsync());

        foreach (var token in new[] { null, "", "x", new string('a', 43), mine[..^1], mine + "A", mine.ToUpperInvariant(), $"{mine}, {theirs}", new string('a', 5_000) })
            foreach (var (method, path) in new[] { ("GET", "messages"), ("GET", "events"), ("POST", "messages"), ("POST", $"files?id={Guid.NewGuid()}"), ("POST", "typing"), ("POST", "read"), ("GET", $"files/{file}") })
            {
                // Forty-three letters that nobody was given are a stranger with an empty conversation.
                if (token is { Length: 43 } && (method != "GET" || path == "events")) continue;
                var answer = await CallAsync(method, $"api/{path}", token, method == "POST" ? Json(new { id = Guid.NewGuid(), text = "furtivo" }) : null);
                Assert.Contains(answer.StatusCode, token is { Length: 43 } ? [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized] : new[] { HttpStatusCode.Unauthorized });
                Assert.DoesNotContain("contrato", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("GET", $"api/files/{file}", theirs)).StatusCode);
        Assert.Equal(0, JsonDocument.Parse(await (await CallAsync("GET", "api/messages", theirs)).Content.ReadAsStringAsync()).RootElement.GetProperty("messages").GetArrayLength());
        // Nor by the way of the desk.
        using var stranger = new Browser(host);
        Assert.NotEqual(HttpStatusCode.OK, (await stranger.GetAsync($"/media/{file}", "*/*", ("X-Visitor", mine))).StatusCode);
        Assert.DoesNotContain((await host.Mediator.Send(new ListTickets(TicketStatus.Pending, Take: 500))).Rows, r => r.LastText.Contains("furtivo", StringComparison.Ordinal));
    }

    /// <summary>The file of the visitor's only message, once it is stored.</summary>
    private async Task<Guid> FileOfAsync(string token)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            var messages = JsonDocument.Parse(await (await CallAsync("GET", "api/messages", token)).Content.ReadAsStringAsync()).RootElement.GetProperty("messages");
            if (messages.GetArrayLength() == 1 && messages[0].TryGetProperty("file", out var file) && file.ValueKind == JsonValueKind.Object && file.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String) return id.GetGuid();
            await Task.Delay(20);
        }
        throw new TimeoutException("The visitor's file never came.");
    }
}
