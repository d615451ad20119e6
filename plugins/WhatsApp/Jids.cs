using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>
/// WhatsApp's own addresses and ours. <c>@s.whatsapp.net</c> is a number; the digits before <c>@lid</c> are none, but an id that
/// stands for somebody who may not show their number; <c>@g.us</c> is a group.
/// </summary>
internal static class Jids
{
    private const string OfPhone = "@s.whatsapp.net";
    private const string OfLid = "@lid";
    private const string OfGroup = "@g.us";

    /// <summary>Where somebody is reached; null when it is nobody's: stories, channels, lists.</summary>
    public static Address? Address(string? jid, string? name = null)
    {
        if (string.IsNullOrWhiteSpace(jid)) return null;
        var at = jid.IndexOf('@', StringComparison.Ordinal);
        // A device of somebody's is somebody.
        var user = (at < 0 ? jid : jid[..at]).Split(':')[0];
        return (at < 0 ? OfPhone : jid[at..].ToLowerInvariant()) switch
        {
            OfPhone or "@c.us" when IsDigits(user.TrimStart('+')) => new Address(user.TrimStart('+'), AddressKind.Phone, name),
            OfLid when IsDigits(user) => new Address(user + OfLid, AddressKind.WhatsAppUser, name),
            OfGroup when user.Length is > 0 and <= 100 => new Address(user + OfGroup, AddressKind.WhatsAppGroup, name),
            _ => null,
        };
    }

    public static bool IsGroup(string? jid) => jid?.EndsWith(OfGroup, StringComparison.OrdinalIgnoreCase) == true;

    public static bool IsList(string? jid) => jid?.EndsWith("@broadcast", StringComparison.OrdinalIgnoreCase) == true && jid != "status@broadcast";

    /// <summary>As WhatsApp writes an address of ours.</summary>
    public static string Of(Address address) => address.Kind == AddressKind.Phone ? Digits(address.Value) + OfPhone : address.Value;

    /// <summary>As the gateway wants it for a send: the digits of a number, of anything else the whole.</summary>
    public static string Number(Address address) => address.Kind == AddressKind.Phone ? Digits(address.Value) : address.Value;

    public static bool IsKnown(Address address) => address.Kind switch
    {
        AddressKind.Phone => Digits(address.Value).Length is >= 8 and <= 16,
        AddressKind.WhatsAppUser => address.Value.EndsWith(OfLid, StringComparison.Ordinal),
        AddressKind.WhatsAppGroup => IsGroup(address.Value),
        _ => false,
    };

    public static string Digits(string text) => new([.. text.Where(char.IsAsciiDigit)]);

    /// <summary>A Brazilian mobile number with the ninth digit if it has none, and without it if it has one; null for any other.</summary>
    public static string? Alternate(string digits) => digits switch
    {
        { Length: 13 } when digits.StartsWith("55", StringComparison.Ordinal) && digits[4] == '9' => digits[..4] + digits[5..],
        { Length: 12 } when digits.StartsWith("55", StringComparison.Ordinal) && digits[4] is >= '6' => digits[..4] + "9" + digits[4..],
        _ => null,
    };

    /// <summary>Both name the same: numbers with and without the ninth digit do.</summary>
    public static bool AreSame(Address a, Address b) => a.Kind == b.Kind && Key(a) == Key(b);

    private static string Key(Address a) => a.Kind != AddressKind.Phone ? a.Value
        : a.Value is { Length: 13 } digits && Alternate(digits) is { } shorter ? shorter : a.Value;

    private static bool IsDigits(string text) => text.Length is > 0 and <= 40 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
