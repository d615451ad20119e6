using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>Calls of the Graph API on behalf of one channel. It says what came back and judges nothing.</summary>
internal sealed class Graph(HttpClient http, WabaSettings settings, TimeProvider clock)
{
    private static readonly ProductInfoHeaderValue Agent = new("Inforzap", "1.0");

    private readonly Uri root = new($"{(string.IsNullOrWhiteSpace(settings.BaseUrl) ? WabaSettings.DefaultBaseUrl : settings.BaseUrl.Trim()).TrimEnd('/')}/{Version(settings.GraphVersion)}/");

    /// <summary>The number's own resource.</summary>
    public string Number { get; } = Uri.EscapeDataString(settings.PhoneNumberId.Trim());

    /// <summary>The account's own resource.</summary>
    public string Account { get; } = Uri.EscapeDataString(settings.BusinessAccountId.Trim());

    public Task<Answer> GetAsync(string path, CancellationToken ct) => AskAsync(HttpMethod.Get, path, null, ct);

    public Task<Answer> PostAsync(string path, JsonObject body, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, path, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } }, ct);

    public Task<Answer> DeleteAsync(string path, CancellationToken ct) => AskAsync(HttpMethod.Delete, path, null, ct);

    public Task<Answer> PostAsync(string path, HttpContent body, CancellationToken ct) => AskAsync(HttpMethod.Post, path, body, ct);

    /// <summary>Bytes that only the token opens. Meta's caches refuse callers without a name.</summary>
    public Task<HttpResponseMessage> OpenAsync(Uri address, CancellationToken ct) => http.SendAsync(Request(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead, ct);

    /// <summary>
    /// Whether the token may be shown to this address: Meta's own hosts, or the one that the administrator named. An answer that
    /// points elsewhere would otherwise carry the token away.
    /// </summary>
    public bool IsTrusted(Uri address)
    {
        if (address.Authority.Equals(root.Authority, StringComparison.OrdinalIgnoreCase)) return address.Scheme == root.Scheme;
        return address.Scheme == "https" && address.IsDefaultPort && MetasHosts.Any(h => address.Host.EndsWith(h, StringComparison.OrdinalIgnoreCase));
    }

    private static readonly string[] MetasHosts = [".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net"];

    private async Task<Answer> AskAsync(HttpMethod method, string path, HttpContent? body, CancellationToken ct)
    {
        using var request = Request(method, new Uri(root, path));
        request.Content = body;
        using var response = await http.SendAsync(request, ct);
        var bytes = await response.Content.ReadAsByteArrayAsync(ct);
        return new Answer((int)response.StatusCode, Parse(bytes), After(response.Headers.RetryAfter));
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address);
        // As it is: a token with a character that no header has must not end in an exception that quotes it.
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + settings.AccessToken.Trim());
        request.Headers.UserAgent.Add(Agent);
        return request;
    }

    private static JsonElement? Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            // A page of some machine between us and Meta.
            return null;
        }
    }

    private TimeSpan? After(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - clock.GetUtcNow());

    private static string Version(string given) => given.Trim() switch
    {
        "" => WabaSettings.DefaultVersion,
        ['v' or 'V', ..] named => Uri.EscapeDataString(named.ToLowerInvariant()),
        var bare => "v" + Uri.EscapeDataString(bare),
    };
}

/// <summary>What came back.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Null when it was no JSON object.</param>
/// <param name="After">How long Meta asks to wait.</param>
internal sealed record Answer(int Status, JsonElement? Body, TimeSpan? After)
{
    public bool IsOk => Status is >= 200 and < 300;

    /// <summary>The error in Meta's own words, if there is one.</summary>
    public MetaError? Error => Body?.Child("error") is { } error ? MetaError.Of(error) : null;
}

/// <summary>An error, as answers and failed receipts carry it.</summary>
/// <param name="Code">What decides.</param>
/// <param name="Subcode">Tells some of them apart.</param>
/// <param name="Details">Meta's sentence, in English.</param>
internal sealed record MetaError(int Code, int? Subcode, string? Details)
{
    public static MetaError? Of(JsonElement error) => error.Number("code") is { } code
        ? new((int)code, (int?)error.Number("error_subcode"), error.Child("error_data")?.String("details") ?? error.String("message") ?? error.String("title")) : null;
}

/// <summary>Looks into JSON that may have any shape: what is not there, or is something else, is null.</summary>
internal static class Json
{
    public static JsonElement? Child(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var child) && child.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? child : null;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Child(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];

    /// <summary>A text; a number as it is written. Null when it is blank.</summary>
    public static string? String(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    public static double? Number(this JsonElement json, string name) => json.String(name) is { } text
        && double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Null when it is neither true nor false.</summary>
    public static bool? Flag(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : null;

    public static bool Is(this JsonElement json, string name) => json.Flag(name) == true;
}
