using System.Buffers.Text;
using System.Security.Cryptography;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WebChat;

/// <summary>
/// Who a visitor is: whoever holds the token. The browser keeps it; here only its hash is known, as the visitor's address, so
/// nobody who reads the database can speak as a visitor. Nothing is stored for a token that has not written yet.
/// </summary>
internal static class Visitor
{
    private const int TokenBytes = 32;
    private const int AddressBytes = 20;

    /// <summary>256 random bits in base64url.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>The address of the one who holds this token, or null when it is none of ours.</summary>
    public static Address? Of(string? token)
    {
        if (token is null || token.Length != Base64Url.GetEncodedLength(TokenBytes)) return null;
        Span<byte> secret = stackalloc byte[TokenBytes];
        if (!Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, secret, out var length) || length != TokenBytes) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, hash);
        return new Address(Convert.ToHexStringLower(hash[..AddressBytes]), AddressKind.Visitor);
    }
}
