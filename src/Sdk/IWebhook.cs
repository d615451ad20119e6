using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Inforzap.Sdk;

/// <summary>Ability: takes what a provider posts to <c>/hooks/{channelKey}/**</c>. Verify on the raw body first, and fail closed.</summary>
public interface IWebhook
{
    /// <summary>Verifies, translates, delivers to the inbox, answers. The host bounds size (5 MB) and time (10 s).</summary>
    Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct);
}

/// <summary>A raw request.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">What stands behind the channel's key, without a slash in front.</param>
/// <param name="Query">Query values; the first of each name.</param>
/// <param name="Headers">Header values by name, ignoring case. A header that came twice has both, joined by a comma.</param>
/// <param name="Body">The bytes as they came.</param>
public sealed record WebhookRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = 32 };

    /// <summary>
    /// Whether the header is the HMAC-SHA256 of the raw body under the secret, in hexadecimal, with or without
    /// <c>sha256=</c> in front. Constant time; false for a missing header and for an empty secret.
    /// </summary>
    public bool HasHmacSha256(string header, string? secret)
    {
        if (string.IsNullOrEmpty(secret) || !Headers.TryGetValue(header, out var given)) return false;
        if (given.StartsWith("sha256=", StringComparison.Ordinal)) given = given[7..];
        if (given.Length != 64) return false;
        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body.Span, mac);
        Span<byte> sent = stackalloc byte[32];
        return Convert.FromHexString(given, sent, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(mac, sent);
    }

    /// <summary>Whether the header equals the secret. Constant time; false for a missing header and for an empty secret.</summary>
    public bool HasSecret(string header, string? secret) =>
        !string.IsNullOrEmpty(secret) && Headers.TryGetValue(header, out var given)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));

    /// <summary>
    /// The body for a reader of JSON: what is half a character there, or no UTF-8, is replaced by U+FFFD. A provider that cuts a text
    /// in the middle of an emoji would else lose the whole event. Signatures are of <see cref="Body"/>.
    /// </summary>
    public ReadOnlyMemory<byte> JsonBody => JsonText.Whole(Body);

    /// <summary>The body as JSON, names in camel case, at most 32 levels deep.</summary>
    /// <exception cref="JsonException">The body is not JSON of that shape: the host answers 400.</exception>
    public T Json<T>() => JsonSerializer.Deserialize<T>(JsonBody.Span, Web) ?? throw new JsonException("null");

    /// <summary>Names the route only: headers and body hold secrets.</summary>
    public override string ToString() => $"{Method} {Path} ({Body.Length} bytes)";
}

/// <summary>What the provider is told.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Text, if any.</param>
/// <param name="ContentType">Its type.</param>
public sealed record WebhookReply(int Status, string? Body = null, string ContentType = "text/plain")
{
    /// <summary>200, empty.</summary>
    public static WebhookReply Ok { get; } = new(200);
    /// <summary>400, empty: the body makes no sense, and trying again won't help.</summary>
    public static WebhookReply BadRequest { get; } = new(400);
    /// <summary>403, empty: signature or secret is missing or wrong.</summary>
    public static WebhookReply Forbidden { get; } = new(403);
    /// <summary>404, empty.</summary>
    public static WebhookReply NotFound { get; } = new(404);
}
