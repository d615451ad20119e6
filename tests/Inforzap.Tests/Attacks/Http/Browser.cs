using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>What a browser does of its own, and nothing more: it keeps cookies by name and fills in forms. Redirects are for the test to follow.</summary>
internal sealed partial class Browser : IDisposable
{
    private static int addresses;

    private readonly HttpClient http;

    /// <summary>Comes from an address of its own, so that no test uses up the tries of another.</summary>
    public Browser(RunningHost host, string? from = null)
    {
        var n = Interlocked.Increment(ref addresses);
        From = from ?? $"203.0.{n / 250}.{(n % 250) + 1}";
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Url };
    }

    public string From { get; init; }

    /// <summary>By https, as the proxy that the operator told the product of says.</summary>
    public bool Https { get; init; }

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>The Set-Cookie lines of all answers.</summary>
    public List<string> SetCookies { get; } = [];

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation(RunningHost.FromHeader, Https ? RunningHost.Proxy : From);
        if (Https)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", From);
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        }
        if (Cookies.Count > 0) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        var answer = await http.SendAsync(request);
        foreach (var line in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
        {
            SetCookies.Add(line);
            var (name, value) = (line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
            if (value.Length == 0 || line.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)) Cookies.Remove(name);
            else Cookies[name] = value;
        }
        return answer;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string accept = "text/html", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public async Task<string> PageAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Opens the page, fills in its form and sends it to where it says.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        var page = await PageAsync(path);
        return await PostAsync(path, [.. Hidden(page).Where(h => fields.All(f => f.Name != h.Name)), .. fields]);
    }

    public Task<HttpResponseMessage> PostAsync(string path, IEnumerable<(string Name, string Value)> fields, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public async Task<Browser> SignInAsync(string email, string password = Person.Password)
    {
        var answer = await SubmitAsync("/sign-in", ("Input.Email", email), ("Input.Password", password));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return this;
    }

    /// <summary>The form fields that a page has filled in already.</summary>
    public static IEnumerable<(string Name, string Value)> Hidden(string page) =>
        from Match input in Input().Matches(page)
        let tag = input.Value
        where tag.Contains("type=\"hidden\"", StringComparison.Ordinal)
        select (Attribute(tag, "name"), WebUtility.HtmlDecode(Attribute(tag, "value")));

    private static string Attribute(string tag, string name) => Regex.Match(tag, string.Create(CultureInfo.InvariantCulture, $"\\b{name}=\"([^\"]*)\"")).Groups[1].Value;

    public void Dispose() => http.Dispose();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();
}
