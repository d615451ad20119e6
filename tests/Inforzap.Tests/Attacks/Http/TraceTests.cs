using System.Net;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>What the real program tells of itself: traces, metrics, logs.</summary>
[Collection(OverHttp.Name)]
public sealed class TraceTests(RunningHost host)
{
    [Fact]
    public async Task No_link_token_password_or_message_is_in_traces_metrics_or_logs()
    {
        using var watch = new Watch();
        var ana = await host.PersonAsync("Ana");
        var link = await host.Mediator.Send(new MakeOneTimeLink(ana.Id), new Actor(Guid.NewGuid(), "x", new HashSet<string> { "users.edit", "users.administrators" }, []));
        var (password, setUp, verify, body, header) = (Canary("password"), Canary("set-up"), Canary("verify"), Canary("body"), Canary("header"));
        var number = $"5599{Random.Shared.NextInt64(100_000_000, 999_999_999)}";
        using var browser = new Browser(host);
        await browser.GetAsync($"/invite/{link}");
        await browser.GetAsync($"/INVITE/{link}/");
        await browser.GetAsync($"/invite/{link}/more");
        await browser.GetAsync($"/setup?token={setUp}");
        await browser.GetAsync($"/hooks/echo/{verify}?hub.verify_token={verify}", "*/*", ("X-Telegram-Bot-Api-Secret-Token", header));
        await browser.SubmitAsync("/sign-in", ("Input.Email", ana.Email), ("Input.Password", password));
        await host.HookAsync(new { events = new[] { new { type = "message", id = $"t-{number}", from = number, name = body, text = body } } });
        await host.HookAsync(System.Text.Encoding.UTF8.GetBytes($"{{\"events\":[{{\"text\":\"{body}"));
        await host.HookAsync(System.Text.Encoding.UTF8.GetBytes(body), "wrong");
        await host.TicketOfAsync(number);
        await browser.GetAsync($"/media/{link}");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/invite/{link}")).StatusCode);
        // The spans of the client are this test's own, those of the engine go nowhere.
        var heard = watch.Heard.Where(h => !h.StartsWith("System.Net.Http ", StringComparison.Ordinal) && !h.StartsWith("Microsoft.Orleans", StringComparison.Ordinal)).ToList();
        Assert.Contains(heard, h => h.StartsWith("Microsoft.AspNetCore ", StringComparison.Ordinal));
        Assert.Contains(heard, h => h.StartsWith("Microsoft.AspNetCore GET /invite/{Token}: http.route=", StringComparison.Ordinal));
        foreach (var secret in new[] { link, password, setUp, verify, body, header, number, RunningHost.WebhookSecret })
        {
            Assert.Empty(heard.Where(h => h.Contains(secret, StringComparison.OrdinalIgnoreCase)).Take(5));
            Assert.Empty(host.Log.Where(l => l.Contains(secret, StringComparison.OrdinalIgnoreCase)).Take(5));
        }
    }

    private static string Canary(string of) => $"CANARY-{of}-{Guid.NewGuid():N}";
}
