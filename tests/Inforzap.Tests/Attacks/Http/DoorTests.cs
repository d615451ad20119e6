using System.Net;
using System.Net.Sockets;
using System.Text;
using Inforzap.Host.Shell;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>What stands between the network and the screens, tried on the real program.</summary>
[Collection(OverHttp.Name)]
public sealed class DoorTests(RunningHost host)
{
    private const string Admin = "admin@example.test";

    private async Task<Actor> AdminAsync() => new((await host.Mediator.Send(new ListUsers())).Rows.Single(u => u.Email == Admin).Id, "Administrador",
        Inforzap.Host.Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet(), []);

    // ---- Cookies ----

    [Fact]
    public async Task On_plain_http_the_session_s_cookie_is_for_this_site_and_out_of_reach_of_scripts()
    {
        using var browser = await new Browser(host).SignInAsync(Admin);
        var cookie = Assert.Single(browser.SetCookies, c => c.StartsWith("inforzap=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        var form = browser.SetCookies.First(c => c.StartsWith("inforzap-form=", StringComparison.Ordinal));
        Assert.Contains("httponly", form, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", form, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task On_https_by_a_known_proxy_every_cookie_is_secure_and_the_session_s_belongs_to_this_host_alone()
    {
        using var browser = await new Browser(host) { Https = true }.SignInAsync(Admin);
        var cookie = Assert.Single(browser.SetCookies, c => c.StartsWith("__Host-inforzap=", StringComparison.Ordinal));
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.All(browser.SetCookies, c => Assert.Contains("secure", c, StringComparison.OrdinalIgnoreCase));
        var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("csp=\"/csp\"", Assert.Single(page.Headers.GetValues("Reporting-Endpoints")));
        Assert.EndsWith("; report-to csp", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        // The plain one of the same session opens nothing here.
        using var plain = new Browser(host) { Https = true };
        plain.Cookies["inforzap"] = browser.Cookies["__Host-inforzap"];
        Assert.Equal(HttpStatusCode.Found, (await plain.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_stranger_s_forwarded_headers_are_nobody_s_word()
    {
        using var browser = new Browser(host);
        var page = await browser.GetAsync("/sign-in", "text/html", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", RunningHost.Proxy), ("X-Forwarded-Host", "evil.example"));
        Assert.False(page.Headers.Contains("Strict-Transport-Security"));
        Assert.DoesNotContain("evil.example", string.Join(' ', page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.All(browser.SetCookies, c => Assert.DoesNotContain("secure", c, StringComparison.OrdinalIgnoreCase));
        foreach (var header in new[] { "X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Auth-Request-Email", "Authorization" })
            Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/", "text/html", (header, "admin@example.test"))).StatusCode);
    }

    // ---- Headers ----

    [Theory]
    [InlineData("/sign-in", "text/html", 200)]
    [InlineData("/no-such-page", "text/html", 302)]
    [InlineData("/no-such-page", "application/json", 404)]
    [InlineData("/health/live", "*/*", 200)]
    [InlineData("/favicon.svg", "*/*", 200)]
    [InlineData("/hooks/nobody", "*/*", 404)]
    [InlineData("/media/5f0c2f0e-0000-4000-8000-000000000001", "*/*", 302)]
    public async Task Every_answer_carries_what_browsers_need_to_be_careful(string path, string accept, int status)
    {
        using var browser = new Browser(host);
        var answer = await browser.GetAsync(path, accept);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("nosniff", string.Join(',', answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", string.Join(',', answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"));
        if (answer.Content.Headers.ContentType?.MediaType != "text/html") return;
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        foreach (var part in new[] { "default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'" }) Assert.Contains(part, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_an_invitation_travels_on_to_nobody()
    {
        using var browser = new Browser(host);
        var page = await browser.GetAsync("/invite/" + new string('a', 64));
        Assert.Equal("no-referrer", string.Join(',', page.Headers.GetValues("Referrer-Policy")));
        Assert.True(page.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("/invite/%20")]
    [InlineData("/invite/%E2%80%8B")]
    [InlineData("/invite/%C3%28")]
    [InlineData("/invite/x%27%20OR%201=1--")]
    [InlineData("/sign-in?to=%00&ended=x")]
    [InlineData("/desk/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/%2e%2e%2f%2e%2e%2fetc/passwd")]
    [InlineData("/theme.css?v=%3Cscript%3E")]
    [InlineData("/media/..%2f..%2fmaster.key")]
    [InlineData("/people/..%2f..%2f/photo")]
    public async Task Odd_addresses_are_no_failures_and_show_no_files(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Url.Host, host.Url.Port);
        // By hand, since a client would tidy the address up.
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host.Url.Authority}\r\n{RunningHost.FromHeader}: 198.51.100.77\r\nAccept: text/html\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 (200|302|400|404)", answer);
        Assert.DoesNotContain("root:x:", answer, StringComparison.Ordinal);
    }

    // ---- Forms ----

    [Theory]
    [InlineData("/sign-in", "sign-in")]
    [InlineData("/sign-in/code", "code")]
    [InlineData("/setup", "setup")]
    [InlineData("/invite/0123456789abcdef", "invite")]
    [InlineData("/sign-out", null)]
    public async Task A_form_of_another_site_changes_nothing(string path, string? handler)
    {
        var ana = await host.PersonAsync("Ana");
        using var browser = await new Browser(host).SignInAsync(ana.Email);
        List<(string, string)> fields = [("Input.Email", ana.Email), ("Input.Password", Person.Password)];
        if (handler is not null) fields.Add(("_handler", handler));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, fields)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, [.. fields, ("__RequestVerificationToken", "forged")])).StatusCode);
        // A token that was made for somebody else, who may be the attacker.
        using var attacker = new Browser(host);
        var token = Browser.Hidden(await attacker.PageAsync("/sign-in")).Single(h => h.Name == "__RequestVerificationToken").Value;
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, [.. fields, ("__RequestVerificationToken", token)])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    /// <summary>Whoever maps a new one decides how it is guarded, and says so here.</summary>
    [Fact]
    public void Every_address_that_takes_a_form_asks_for_its_token_and_the_others_are_known()
    {
        string[] guardedOtherwise =
        [
            "/sign-out", // looks at the token by itself
            "/media", // a header that no other origin may send
            "/media/voice", // the same
            "/csp", // counts, and nothing else
        ];
        var open = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(m => m is "POST" or "PUT" or "DELETE" or "PATCH") == true
                && e.Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation != true && e.RoutePattern.RawText!.StartsWith("/_blazor", StringComparison.Ordinal) == false)
            .Select(e => e.RoutePattern.RawText!).Distinct();
        Assert.Empty(open.Except(guardedOtherwise));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/%09/evil.example")]
    [InlineData("\\\\evil.example")]
    public async Task Signing_in_leads_to_no_other_site(string to)
    {
        using var browser = new Browser(host);
        var answer = await browser.SubmitAsync($"/sign-in?to={Uri.EscapeDataString(to)}", ("Input.Email", Admin), ("Input.Password", Person.Password));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(host.Url.Authority, new Uri(host.Url, answer.Headers.Location!).Authority);
        Assert.StartsWith("/", answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.PathAndQuery : answer.Headers.Location.OriginalString, StringComparison.Ordinal);
    }

    // ---- Tries ----

    [Fact]
    public async Task An_address_has_thirty_tries_a_minute_and_others_go_on()
    {
        using var attacker = new Browser(host);
        var page = Browser.Hidden(await attacker.PageAsync("/sign-in")).ToList();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 32; i++) answers.Add((await attacker.PostAsync("/sign-in", [.. page, ("Input.Email", $"nobody{i}@example.test"), ("Input.Password", "wrong")])).StatusCode);
        Assert.Equal(30, answers.Count(a => a == HttpStatusCode.OK));
        Assert.All(answers.TakeLast(2), a => Assert.Equal(HttpStatusCode.TooManyRequests, a));
        using var other = await new Browser(host).SignInAsync(Admin);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task All_addresses_of_one_IPv6_network_share_their_tries()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 31; i++)
        {
            using var attacker = new Browser(host, $"2001:db8:77:1::{i:x}");
            answers.Add((await attacker.PostAsync("/csp", [])).StatusCode);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        using var next = new Browser(host, "2001:db8:77:2::1");
        Assert.Equal(HttpStatusCode.NoContent, (await next.PostAsync("/csp", [])).StatusCode);
    }

    [Fact]
    public async Task Who_has_an_account_can_t_be_read_from_the_page()
    {
        var ana = await host.PersonAsync("Ana");
        var pages = new Dictionary<string, List<string>>();
        foreach (var email in new[] { ana.Email, "nobody-at-all@example.test" })
        {
            using var attacker = new Browser(host);
            var seen = pages[email] = [];
            for (var i = 0; i < 7; i++)
            {
                var answer = await attacker.SubmitAsync("/sign-in", ("Input.Email", email), ("Input.Password", "errada mesmo"));
                var page = await answer.Content.ReadAsStringAsync();
                seen.Add($"{(int)answer.StatusCode} {System.Text.RegularExpressions.Regex.Match(page, "role=\"alert\"[^>]*>([^<]*)").Groups[1].Value}");
            }
        }
        Assert.Equal(pages[ana.Email], pages["nobody-at-all@example.test"]);
        Assert.True(pages[ana.Email].Distinct().Count() == 2, "It never came to a delay.");
    }

    // ---- Sessions ----

    [Fact]
    public async Task After_signing_out_a_copy_of_the_cookie_opens_nothing_and_the_other_device_goes_on()
    {
        var ana = await host.PersonAsync("Ana");
        using var browser = await new Browser(host).SignInAsync(ana.Email);
        using var phone = await new Browser(host).SignInAsync(ana.Email);
        using var thief = new Browser(host);
        thief.Cookies["inforzap"] = browser.Cookies["inforzap"];
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/")).StatusCode);
        var token = Browser.Hidden(await browser.PageAsync("/")).Single(h => h.Name == "__RequestVerificationToken");
        Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/sign-out", [token])).StatusCode);
        Assert.DoesNotContain("inforzap", browser.Cookies.Keys);
        Assert.Equal(HttpStatusCode.Found, (await thief.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync("/")).StatusCode);
    }

    public static TheoryData<string> Ends() => ["disabled", "another role", "a new password", "signed out everywhere"];

    [Theory, MemberData(nameof(Ends))]
    public async Task A_session_ends_with_the_commit_that_ends_it(string how)
    {
        var (ana, admin) = (await host.PersonAsync("Ana"), await AdminAsync());
        using var browser = await new Browser(host).SignInAsync(ana.Email);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
        switch (how)
        {
            case "disabled":
                await host.Mediator.Send(new DeactivateUser(ana.Id), admin);
                break;
            case "another role":
                var row = (await host.Mediator.Send(new ListUsers(), admin)).Rows.Single(u => u.Id == ana.Id);
                await host.Mediator.Send(new SaveUser(ana.Id, row.Name, row.Email, BuiltInRoles.Supervisor, [], null, row.Stamp), admin);
                break;
            case "a new password":
                await host.Mediator.Send(new ChangeMyPassword(Person.Password, "tijolo cometa varanda"), admin with { Id = ana.Id });
                break;
            default:
                await host.Mediator.Send(new SignOutEverywhere(ana.Id), admin);
                break;
        }
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
        Assert.Contains((await browser.GetAsync($"/media/{Guid.NewGuid()}")).StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public async Task A_forged_or_altered_session_is_none()
    {
        using var browser = await new Browser(host).SignInAsync(Admin);
        var cookie = browser.Cookies["inforzap"];
        foreach (var forged in new[] { "x", "", cookie[..^4] + "AAAA", cookie + cookie, new string('A', 3_000), "chunks-2" })
        {
            browser.Cookies["inforzap"] = forged;
            Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
        }
    }

    // ---- Circuits ----

    [Theory]
    [InlineData(true, "own", 200)]
    [InlineData(false, "own", 401)]
    [InlineData(true, "https://evil.example", 403)]
    [InlineData(true, "null", 403)]
    [InlineData(true, "other scheme", 403)]
    public async Task A_circuit_is_for_signed_in_people_from_our_own_pages(bool signedIn, string origin, int status)
    {
        using var browser = new Browser(host);
        if (signedIn) await browser.SignInAsync(Admin);
        var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.TryAddWithoutValidation("Origin", origin switch { "own" => host.Url.GetLeftPart(UriPartial.Authority), "other scheme" => $"https://{host.Url.Authority}", _ => origin });
        Assert.Equal(status, (int)(await browser.SendAsync(request)).StatusCode);
        // A WebSocket that says nothing of its origin comes from no browser of ours.
        var socket = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=x");
        foreach (var (name, value) in new[] { ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") }) socket.Headers.TryAddWithoutValidation(name, value);
        if (origin != "own") socket.Headers.TryAddWithoutValidation("Origin", origin);
        Assert.Equal(403, (int)(await browser.SendAsync(socket)).StatusCode);
    }

    [Fact]
    public void A_circuit_takes_half_a_megabyte_at_once_and_shows_nobody_its_failures()
    {
        Assert.Equal(512 * 1024, host.Services.GetRequiredService<IOptions<HubOptions>>().Value.MaximumReceiveMessageSize);
        var circuits = host.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;
        Assert.False(circuits.DetailedErrors);
        Assert.True(circuits.JSInteropDefaultCallTimeout <= TimeSpan.FromSeconds(30));
        Assert.True(circuits.DisconnectedCircuitRetentionPeriod <= TimeSpan.FromMinutes(3));
        Assert.True(circuits.DisconnectedCircuitMaxRetained <= 200);
    }

    [Fact]
    public void A_thousand_tabs_of_one_person_are_ten_and_take_no_seat_of_another()
    {
        var (seats, ana, bia) = (new CircuitSeats(), Guid.NewGuid(), Guid.NewGuid());
        var taken = 0;
        Parallel.For(0, 1_000, i =>
        {
            if (seats.Take(ana, $"c{i}")) Interlocked.Increment(ref taken);
        });
        Assert.Equal(CircuitSeats.PerUser, taken);
        Assert.True(seats.Take(bia, "b"));
        Parallel.For(0, 1_000, i => seats.Leave(ana, $"c{i}"));
        Assert.True(seats.Take(ana, "next"));
        Assert.True(seats.Take(ana, "next"), "One that comes back has its seat.");
    }

    // ---- Inside and outside ----

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.7.1.2", true)]
    [InlineData("10.8.1.2", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("127.0.0.1", false, "X-Forwarded-For", "203.0.113.9")]
    [InlineData("127.0.0.1", false, "X-Forwarded-For", "127.0.0.1")]
    [InlineData("127.0.0.1", false, "X-Forwarded-Host", "desk.example")]
    [InlineData("127.0.0.1", false, "X-Forwarded-For", "203.0.113.9", "X-Original-For", "1.2.3.4")]
    [InlineData("203.0.113.9", false, "X-Forwarded-For", "127.0.0.1")]
    [InlineData(RunningHost.Proxy, false)]
    [InlineData(RunningHost.Proxy, false, "X-Forwarded-For", "203.0.113.9")]
    [InlineData(RunningHost.Proxy, false, "X-Forwarded-For", "127.0.0.1, 203.0.113.9")]
    [InlineData(RunningHost.Proxy, true, "X-Forwarded-For", "10.7.1.2")]
    public async Task Metrics_and_the_detail_of_health_are_for_this_machine_and_named_networks(string from, bool inside, params string[] headers)
    {
        using var browser = new Browser(host, from);
        var extra = headers.Chunk(2).Select(h => (h[0], h[1])).ToArray();
        Assert.Equal(inside ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await browser.GetAsync("/metrics", "*/*", extra)).StatusCode);
        var health = await (await browser.GetAsync("/health/ready", "*/*", extra)).Content.ReadAsStringAsync();
        Assert.Equal(inside, health.Contains("\"checks\"", StringComparison.Ordinal));
        Assert.True(inside || health is "ready" or "not ready", health);
    }
}
