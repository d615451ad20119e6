using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Channels;
using Inforzap.Tests.Support;
using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>A company that is set up, for scenarios that don't disturb each other: an administrator, a WebChat and a telephone.</summary>
public class Company : IAsyncDisposable
{
    private Place? place;
    private FakeServer? provider;
    private HostProcess? host;
    private string? session;
    private int written;

    internal static string Email => "admin@example.test";

    internal static string Password => "Senha-do-cenario-2026";

    /// <summary>A text by telephone that holds this may or may not have arrived.</summary>
    internal static string Lost => "(interferência na linha)";

    internal Place Place => place!;

    internal HostProcess Host => host!;

    internal Uri Url => Host.Url;

    /// <summary>Starts it, unless it runs already.</summary>
    internal async Task OpenAsync()
    {
        if (host is not null) return;
        place = await Place.MakeAsync("Sqlite");
        provider = await FakeServer.StartAsync();
        provider.Otherwise = sent => JsonDocument.Parse(sent.Body).RootElement.GetProperty("text").GetString()?.Contains(Lost, StringComparison.Ordinal) == true ? FakeAnswer.Drop : new();
        host = await HostProcess.StartAsync(place.Settings(provider.Url));
        await place.EventuallyAsync(async db => await db.Set<Channel>().CountAsync() == 2);
    }

    /// <summary>What the browser of the administrator remembers of signing in, so that each scenario need not do it again.</summary>
    internal async Task<BrowserNewContextOptions> AdminAsync(Chromium chromium)
    {
        if (session is null)
        {
            await using var person = await chromium.PersonAsync(new() { Locale = "pt-BR" });
            var page = await person.NewPageAsync();
            await SignInAsync(page, Email, Password);
            await page.Locator(".shell").WaitForAsync();
            session = await person.StorageStateAsync();
        }
        return new() { StorageState = session };
    }

    internal Task SignInAsync(IPage page, string email, string password) => SignInAsync(page, Url, email, password);

    /// <summary>The administrator of any host, until the screen is drawn.</summary>
    internal static async Task SignInAsync(IPage page, Uri at)
    {
        await SignInAsync(page, at, Email, Password);
        await page.Locator(".shell").WaitForAsync();
    }

    private static async Task SignInAsync(IPage page, Uri at, string email, string password)
    {
        await page.GotoAsync(new Uri(at, "sign-in").ToString());
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Senha").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrar" }).ClickAsync();
    }

    /// <summary>People write by telephone, all at once; each gets a conversation by their number. Says what their messages are called.</summary>
    internal async Task<IReadOnlyList<string>> WriteAsync(params IEnumerable<(string Number, string Name, string Text)> messages)
    {
        var events = messages.Select(m => new { type = "message", id = NextId(), from = m.Number, name = m.Name, text = m.Text }).ToList();
        await HappenAsync(events);
        return [.. events.Select(e => e.id)];
    }

    /// <summary>Somebody says on the telephone what they meant.</summary>
    internal Task EditAsync(string number, params IEnumerable<(string Message, string Text)> edits) =>
        HappenAsync([.. edits.Select(e => new { type = "edit", id = NextId(), from = number, message = e.Message, text = e.Text })]);

    private string NextId() => $"t{Interlocked.Increment(ref written)}";

    private Task HappenAsync<T>(IReadOnlyList<T> events) => HappenAsync(JsonSerializer.SerializeToUtf8Bytes(new { events }));

    /// <summary>Something happens on the telephone that is said in these very bytes.</summary>
    internal async Task HappenAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, "hooks/echo")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Echo-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Place.Secret), body)));
        using var answer = await Host.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (host is not null)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }
        if (provider is not null) await provider.DisposeAsync();
        if (place is not null) await place.DisposeAsync();
    }
}

/// <summary>Another one, for scenarios that fill a company with what would be in others' way.</summary>
public sealed class CrowdedCompany : Company;
