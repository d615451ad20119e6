using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>Something that Meta tells of one number, or of the account.</summary>
/// <param name="Field">What it is about.</param>
/// <param name="PhoneNumberId">Which number; null for the account.</param>
/// <param name="Value">The rest.</param>
internal sealed record Change(string Field, string? PhoneNumberId, JsonElement Value);

/// <summary>
/// Translates what Meta calls us with. Everything in it is a list: accounts, changes, messages. What has a shape that nobody
/// expected costs only itself.
/// </summary>
/// <param name="channel">Whose events they become.</param>
internal sealed class Notifications(Guid channel)
{
    /// <summary>What could not be made an event of: nobody to give it to.</summary>
    public int Skipped { get; private set; }

    /// <summary>The changes in a body.</summary>
    /// <exception cref="JsonException">It is no JSON of that shape.</exception>
    public static IReadOnlyList<Change> Read(ReadOnlyMemory<byte> body)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(body.Span);
        if (json.Child("entry") is not { ValueKind: JsonValueKind.Array }) throw new JsonException("entry");
        return [.. from entry in json.Items("entry")
                   from change in entry.Items("changes")
                   where change.Child("value") is { ValueKind: JsonValueKind.Object }
                   let value = change.Child("value")!.Value
                   select new Change(change.String("field") ?? "", value.Child("metadata")?.String("phone_number_id"), value)];
    }

    /// <summary>The events of a change, in its order.</summary>
    public IEnumerable<InboundEvent> Of(Change change) => change.Field switch
    {
        "messages" => change.Value.Items("messages").SelectMany(m => Said(m, Sender(change.Value, m), echo: false))
            .Concat(change.Value.Items("statuses").Select(Status).OfType<InboundEvent>()),
        "smb_message_echoes" => change.Value.Items("message_echoes").SelectMany(m => Said(m, m.String("to") is { } to ? new Person(Known(to), null) : Person.Nobody, echo: true)),
        "calls" => change.Value.Items("calls").Select(c => Called(c, Sender(change.Value, c))).OfType<InboundEvent>(),
        _ => [],
    };

    /// <summary>Who wrote: the address that answers go to, and the other one, if Meta told both.</summary>
    private sealed record Person(Address? Address, Address? Other)
    {
        public static readonly Person Nobody = new(null, null);
    }

    private IEnumerable<InboundEvent> Said(JsonElement message, Person person, bool echo)
    {
        var raw = JsonMarshal.GetRawUtf8Value(message).ToArray();
        var (id, at) = (ProviderIds.OrHash(message.String("id"), raw), At(message));
        if (person.Address is not { } from)
        {
            Skipped++;
            return [];
        }
        var group = message.String("group_id") is { } g ? new Address(g, Kinds.Group, "Grupo do WhatsApp") : null;
        var where = group ?? from;
        return message.String("type") switch
        {
            "reaction" when message.Child("reaction") is { } reaction && reaction.String("message_id") is { } target =>
                [new InboundReaction(channel, id, where, target, reaction.String("emoji") ?? "") { At = at, Raw = raw }],
            "edit" when message.Child("edit") is { } edit && edit.String("original_message_id") is { } target && edit.Child("message") is { } now && Kinds.TextOf(now) is { } text =>
                [new InboundEdit(channel, id, where, target, text) { At = at, Raw = raw }],
            "revoke" when message.Child("revoke")?.String("original_message_id") is { } target =>
                [new InboundRevoke(channel, id, where, target) { At = at, Raw = raw }],
            _ => Kinds.Of(message).Select((content, i) => new InboundMessage(channel, ProviderIds.Part(id, i), where, content)
            {
                At = at,
                Raw = i == 0 ? raw : default(ReadOnlyMemory<byte>),
                QuotedProviderId = message.Child("context")?.String("id") ?? message.Child("edit")?.String("original_message_id"),
                Echo = echo,
                Notice = message.String("type") == "system",
                AlsoKnownAs = group is null ? Others(message, person) : [],
                Participant = group is null ? null : from,
                CameFrom = message.Child("referral") is { } referral ? CameFrom(referral) : null,
            }),
        };
    }

    /// <summary>An advertisement or a post that was tapped, by what people call it.</summary>
    private static string CameFrom(JsonElement referral) =>
        $"{(referral.String("source_type") == "post" ? "Publicação" : "Anúncio")}: {referral.String("headline") ?? referral.String("source_url") ?? referral.String("source_id") ?? "?"}";

    /// <summary>Also where somebody is reached from now on.</summary>
    private static List<Address> Others(JsonElement message, Person person)
    {
        var others = new List<Address>();
        if (person.Other is { } other) others.Add(other);
        if (message.String("type") == "system" && message.Child("system") is { } told)
        {
            if (told.String("wa_id") is { } number) others.Add(Known(number));
            if (told.String("user_id") is { } user) others.Add(Known(user));
        }
        others.RemoveAll(o => o.Value == person.Address?.Value);
        return others;
    }

    private InboundReceipt? Status(JsonElement status)
    {
        var raw = JsonMarshal.GetRawUtf8Value(status).ToArray();
        if (status.String("id") is not { } id || StateOf(status.String("status")) is not { } state)
        {
            Skipped++;
            return null;
        }
        var to = status.String("recipient_id") ?? status.String("recipient_user_id");
        var error = status.Items("errors").Select(MetaError.Of).FirstOrDefault();
        // Its own message is the only thing that leads anywhere when Meta does not say to whom it went.
        return new InboundReceipt(channel, ProviderIds.OrHash($"{id}:{state}:{to}", raw), to is null ? new Address(id.Length > 128 ? id[..128] : id, AddressKind.WhatsAppUser) : Known(to), id, state)
        {
            At = At(status),
            Raw = raw,
            AttemptId = ProviderIds.AttemptOf(status.String("biz_opaque_callback_data")),
            Reason = state == ReceiptState.Failed ? error is null ? "A Meta não entregou a mensagem." : Failures.Words(error) : null,
            Code = state == ReceiptState.Failed ? error?.Code.ToString(CultureInfo.InvariantCulture) : null,
            Cost = CostOf(status),
        };
    }

    /// <summary>
    /// What Meta charges. Whether it does stands there twice since it charges per message: a <c>type</c> that begins with 'free', and
    /// a mark that is to go. The category of the conversation counts where Meta still charges by that.
    /// </summary>
    private static Cost? CostOf(JsonElement status)
    {
        if (status.Child("pricing") is not { ValueKind: JsonValueKind.Object } pricing) return null;
        var category = Word(pricing, "category") ?? (status.Child("conversation")?.Child("origin") is { } origin ? Word(origin, "type") : null);
        var billable = pricing.Flag("billable") ?? Word(pricing, "type") switch
        {
            "regular" => true,
            { } type when type.StartsWith("free", StringComparison.Ordinal) => false,
            _ => null,
        };
        var cost = new Cost(category, billable, Word(pricing, "pricing_model"));
        return cost == new Cost(null, null) ? null : cost;
    }

    /// <summary>One of Meta's own words; whatever else stands there is none.</summary>
    private static string? Word(JsonElement json, string name) =>
        json.String(name) is { Length: <= 60 } word && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? word : null;

    private static ReceiptState? StateOf(string? status) => status switch
    {
        "sent" => ReceiptState.Sent,
        "delivered" => ReceiptState.Delivered,
        "read" => ReceiptState.Read,
        "played" => ReceiptState.Played,
        "failed" => ReceiptState.Failed,
        _ => null,
    };

    /// <summary>Nobody picks up here. The first that Meta tells of a call counts; the rest is the same call.</summary>
    private InboundMessage? Called(JsonElement call, Person person)
    {
        if (call.String("direction") == "BUSINESS_INITIATED") return null;
        if (call.String("id") is not { } id || person.Address is not { } from)
        {
            Skipped++;
            return null;
        }
        return new InboundMessage(channel, ProviderIds.OrHash(id, JsonMarshal.GetRawUtf8Value(call).ToArray()), from, new TextContent("Chamada de voz perdida: este canal não atende ligações."))
        {
            At = At(call), Raw = JsonMarshal.GetRawUtf8Value(call).ToArray(), AlsoKnownAs = person.Other is { } other ? [other] : [],
        };
    }

    /// <summary>The number where there is one, else the id; the name stands in a list beside the messages.</summary>
    private static Person Sender(JsonElement value, JsonElement message)
    {
        var (from, user) = (message.String("from"), message.String("from_user_id") ?? message.Child("system")?.String("previous_user_id"));
        var contacts = value.Items("contacts").ToList();
        var contact = contacts.Find(c => (from is not null && c.String("wa_id") == from) || (user is not null && c.String("user_id") == user));
        if (contact.ValueKind == JsonValueKind.Undefined && contacts.Count == 1 && (from ?? user) is null) contact = contacts[0];
        var profile = contact.Child("profile");
        var name = profile?.String("name") ?? (profile?.String("username") is { } called ? "@" + called : null);
        Address[] known = [.. new[] { from ?? contact.String("wa_id"), user ?? contact.String("user_id") }.OfType<string>().Select(a => Known(a) with { Name = name }).DistinctBy(a => a.Value)];
        return known switch { [var one] => new(one, null), [var one, var other] => new(one, other), _ => Person.Nobody };
    }

    /// <summary>A number is digits; whatever else Meta puts there is an id.</summary>
    internal static Address Known(string value)
    {
        var digits = value.TrimStart('+');
        return digits.Length is > 0 and <= 20 && digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? new(digits) : new(value, AddressKind.WhatsAppUser);
    }

    private static DateTime? At(JsonElement json) =>
        json.Number("timestamp") is { } seconds and > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).UtcDateTime : null;
}
