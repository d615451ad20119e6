using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Calls of the Evolution API on behalf of one instance. It says what came back and judges nothing.</summary>
internal sealed class Evolution(HttpClient http, WhatsAppSettings settings, Guid channel)
{
    /// <summary>Longer than any answer takes that is no file and no list of groups.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(25);

    private readonly Uri root = new(settings.BaseUrl.Trim().TrimEnd('/') + "/");

    /// <summary>Which of the gateway's telephones.</summary>
    public string Instance { get; } = NameOf(settings, channel);

    /// <summary>The name that was filled in, or one of the channel's own.</summary>
    public static string NameOf(WhatsAppSettings settings, Guid channel) =>
        string.IsNullOrWhiteSpace(settings.InstanceName) ? $"inf-{channel:N}" : settings.InstanceName.Trim();

    public Task<Answer> GetAsync(string action, CancellationToken ct, string query = "", TimeSpan? limit = null) => AskAsync(HttpMethod.Get, Path(action) + query, null, limit, ct);

    public Task<Answer> PostAsync(string action, JsonNode body, CancellationToken ct, string query = "", TimeSpan? limit = null) => AskAsync(HttpMethod.Post, Path(action) + query, Content(body), limit, ct);

    public Task<Answer> PostAsync(string action, HttpContent body, TimeSpan limit, CancellationToken ct) => AskAsync(HttpMethod.Post, Path(action), body, limit, ct);

    public Task<Answer> DeleteAsync(string action, CancellationToken ct, JsonNode? body = null, string query = "") => AskAsync(HttpMethod.Delete, Path(action) + query, body is null ? null : Content(body), null, ct);

    /// <summary>What belongs to the gateway and to no instance.</summary>
    public Task<Answer> OfGatewayAsync(HttpMethod method, string path, CancellationToken ct, JsonNode? body = null) => AskAsync(method, path, body is null ? null : Content(body), null, ct);

    /// <summary>An answer that may be large, as it comes.</summary>
    public Task<HttpResponseMessage> OpenAsync(string action, JsonNode body, CancellationToken ct) =>
        http.SendAsync(Request(HttpMethod.Post, Path(action), Content(body)), HttpCompletionOption.ResponseHeadersRead, ct);

    /// <exception cref="TimeoutException">No answer in time; what was asked for may have been done.</exception>
    private async Task<Answer> AskAsync(HttpMethod method, string path, HttpContent? body, TimeSpan? limit, CancellationToken ct)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(limit ?? Usual);
        try
        {
            using var request = Request(method, path, body);
            using var response = await http.SendAsync(request, time.Token);
            return new Answer((int)response.StatusCode, Answer.Parse(await response.Content.ReadAsByteArrayAsync(time.Token)));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The gateway did not answer in time.", e);
        }
    }

    private string Path(string action) => $"{action}/{Uri.EscapeDataString(Instance)}";

    private static ByteArrayContent Content(JsonNode body) => new(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } };

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body)
    {
        var request = new HttpRequestMessage(method, new Uri(root, path)) { Content = body };
        // As it is: a key with a character that no header has must not end in an exception that quotes it.
        request.Headers.TryAddWithoutValidation("apikey", settings.ApiKey.Trim());
        return request;
    }
}

/// <summary>What came back. A success may carry an error all the same, and then it is one.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Null when it was no JSON.</param>
internal sealed record Answer(int Status, JsonElement? Body)
{
    private const int LongestWords = 300;

    public bool IsOk => Code is >= 200 and < 300;

    /// <summary>The status that counts: the body's own, where it says that something failed.</summary>
    public int Code => Status is < 200 or >= 300 || Body is not { ValueKind: JsonValueKind.Object } body ? Status
        : body.Number("status") is >= 400 and <= 599 and var said ? (int)said
        : body.Flag("error") == true ? 400
        : Status;

    /// <summary>The number is not on WhatsApp.</summary>
    public bool IsNobody => Body?.Child("response")?.Items("message").Any(m => m.Flag("exists") == false) == true;

    /// <summary>The gateway has no such instance.</summary>
    public bool IsNoInstance => Code == 404 && Words.Contains("instance", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the gateway says of it, in whatever shape it says it.</summary>
    public string Words
    {
        get
        {
            if (Body is not { ValueKind: JsonValueKind.Object } body) return "";
            var words = body.Child("response") is { } response && response.TryGetProperty("message", out var said) ? Flat(said)
                : body.TryGetProperty("message", out said) ? Flat(said)
                : body.String("error") ?? "";
            return words.Length > LongestWords ? words[..LongestWords] : words;
        }
    }

    public bool Says(params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            if (Words.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    public static JsonElement? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(bytes, Json.Deep);
        }
        catch (JsonException)
        {
            // A page of some machine between us and the gateway.
            return null;
        }
    }

    private static string Flat(JsonElement said) => said.ValueKind switch
    {
        JsonValueKind.String => said.Text(),
        JsonValueKind.Array => string.Join("; ", said.EnumerateArray().Select(Flat).Where(w => w.Length > 0)),
        JsonValueKind.Object => said.String("message") ?? said.String("error") ?? "",
        _ => "",
    };
}

/// <summary>Looks into JSON that may have any shape: what is not there, or is something else, is null.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Deep = new() { MaxDepth = 256 };

    /// <summary>What a text says; one with half a character in it, which no string holds, as it is written.</summary>
    public static string Text(this JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText().Trim('"');
        }
    }

    public static JsonElement? Child(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];

    /// <summary>The texts of a list.</summary>
    public static IEnumerable<string> Strings(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(Text) : [];

    /// <summary>One, or as many as the list has.</summary>
    public static IEnumerable<JsonElement> OneOrMany(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object),
        JsonValueKind.Object => [json],
        _ => [],
    };

    /// <summary>A text; a number as it is written. Null when it is blank.</summary>
    public static string? String(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value)) return null;
        var text = value.ValueKind switch { JsonValueKind.String => value.Text(), JsonValueKind.Number => value.GetRawText(), _ => null };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A number, also one that is written as a text, or in two halves as JavaScript's long ones are.</summary>
    public static double? Number(this JsonElement json, string name)
    {
        if (json.Child(name) is { } halves) return halves.Number("low") is { } low ? (uint)(long)low + ((halves.Number("high") ?? 0) * 4294967296d) : null;
        return json.String(name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>Null when it is neither true nor false.</summary>
    public static bool? Flag(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : null;

    /// <summary>A moment that is written in seconds.</summary>
    public static DateTime? Seconds(this JsonElement json, string name) =>
        json.Number(name) is { } seconds and > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).UtcDateTime : null;

    /// <summary>A moment that is written in milliseconds.</summary>
    public static DateTime? Milliseconds(this JsonElement json, string name) =>
        json.Number(name) is { } milliseconds and > 0 and < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).UtcDateTime : null;
}
