namespace Inforzap.Sdk;

/// <summary>
/// Where a person is reached on a kind of channel, as the adapter normalises it: a phone in E.164 digits without
/// plus, a Telegram chat id, a visitor id. Events of one address are kept in order, so an adapter gives the same
/// text for receipts, edits and reactions as for messages.
/// </summary>
/// <param name="Value">Not empty, at most 128 characters.</param>
/// <param name="Kind">The kind of address: <c>phone</c>, <c>telegram</c>, <c>visitor</c>. People are matched by kind and value.</param>
/// <param name="Name">How the person calls themselves there, if known.</param>
public sealed record Address(string Value, string Kind = AddressKind.Phone, string? Name = null);

/// <summary>Kinds of address that the host knows more about.</summary>
public static class AddressKind
{
    /// <summary>A telephone number in E.164 digits without plus. Brazil's ninth digit is handled by the host.</summary>
    public const string Phone = "phone";
    /// <summary>A visitor of a WebChat page.</summary>
    public const string Visitor = "visitor";
    /// <summary>A Telegram chat.</summary>
    public const string Telegram = "telegram";
    /// <summary>A WhatsApp user who shows no number: the id under which one company knows them.</summary>
    public const string WhatsAppUser = "whatsapp-user";
    /// <summary>A group of WhatsApp, by WhatsApp's own id of it.</summary>
    public const string WhatsAppGroup = "whatsapp-group";
}
