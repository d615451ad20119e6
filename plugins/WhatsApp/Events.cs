using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>What the gateway calls us with.</summary>
/// <param name="Name">Which event, letters only: versions of the gateway spell it with dots, lines and capitals.</param>
/// <param name="Instance">Whose.</param>
/// <param name="Own">Our number's address.</param>
/// <param name="Date">The gateway's clock, in whatever zone it thinks. No time; it tells two events apart.</param>
/// <param name="Data">The rest.</param>
internal sealed record Envelope(string Name, string? Instance, string? Own, string? Date, JsonElement Data)
{
    /// <exception cref="JsonException">It is no JSON of that shape.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> body)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(body.Span, Json.Deep);
        if (json.String("event") is not { } name) throw new JsonException("event");
        return new Envelope(new string([.. name.Where(char.IsAsciiLetter)]).ToLowerInvariant(), json.String("instance"), json.String("sender"), json.String("date_time"), json.TryGetProperty("data", out var data) ? data : default);
    }

    /// <summary>The groups that it speaks of.</summary>
    public IEnumerable<string> Groups => Data.OneOrMany().Select(d => d.Child("key")?.String("remoteJid") ?? d.String("id")).Where(Jids.IsGroup).OfType<string>().Distinct();
}

/// <summary>A message from our side that comes back: one of ours, or one that was written on the telephone.</summary>
/// <param name="Id">WhatsApp's.</param>
/// <param name="To">To whom, under each address that is known.</param>
/// <param name="Shape">What it looks like; null when we send none of the kind.</param>
/// <param name="IsOfGateway">It went out through the gateway, and not by a telephone.</param>
/// <param name="Events">What it is when it was written on the telephone.</param>
internal sealed record Returned(string Id, IReadOnlyList<Address> To, string? Shape, bool IsOfGateway, IReadOnlyList<InboundEvent> Events);

/// <summary>Translates what the gateway tells. Whatever comes, it does not throw; what has a shape that nobody expected costs only itself.</summary>
/// <param name="channel">Whose events they become.</param>
/// <param name="settings">Of the channel.</param>
/// <param name="memory">What the channel learned before.</param>
internal sealed class Events(Guid channel, WhatsAppSettings settings, Memory memory)
{
    /// <summary>For conversations.</summary>
    public List<InboundEvent> Happened { get; } = [];

    /// <summary>Who types, or no longer does.</summary>
    public List<(Address From, bool Typing)> Typing { get; } = [];

    /// <summary>From our own side.</summary>
    public List<Returned> Returned { get; } = [];

    /// <summary>Of the connection.</summary>
    public List<Heard> Heard { get; } = [];

    public void Read(Envelope told)
    {
        foreach (var data in told.Data.OneOrMany())
            switch (told.Name)
            {
                case "messagesupsert":
                    foreach (var message in data.Items("messages").DefaultIfEmpty(data)) Said(message, told, isOfGateway: false);
                    break;
                case "sendmessage":
                    Said(data, told, isOfGateway: true);
                    break;
                case "messagesedited" or "sendmessageupdate":
                    Changed(data, data);
                    break;
                case "messagesdelete":
                    Deleted(data);
                    break;
                case "messagesupdate":
                    Came(data);
                    break;
                case "presenceupdate":
                    Types(data);
                    break;
                case "call":
                    Called(data);
                    break;
                case "groupsupsert" or "groupsupdate" or "groupupdate":
                    if (data.String("id") is { } group && data.String("subject") is { } subject) memory.Called(group, subject);
                    break;
                case "groupparticipantsupdate":
                    Moved(data, told);
                    break;
                case "qrcodeupdated" or "connectionupdate" or "statusinstance" or "logoutinstance" or "removeinstance":
                    Heard.Add(WhatsApp.Heard.Of(told.Name, data));
                    break;
            }
    }

    // ---- Messages ----

    private void Said(JsonElement data, Envelope told, bool isOfGateway)
    {
        if (data.Child("key") is not { } key || Where(key) is not { } where) return;
        var raw = JsonMarshal.GetRawUtf8Value(data).ToArray();
        var id = ProviderIds.OrHash(key.String("id"), raw);
        var isOurs = key.Flag("fromMe") == true;
        var message = Kinds.Unwrap(data.Child("message") ?? default);
        memory.Keep(id, new MessageKey(key.String("remoteJid")!, key.String("participant")));
        var participant = where.Kind == AddressKind.WhatsAppGroup ? isOurs ? Jids.Address(told.Own) ?? where with { Name = null } : Writer(key, data.String("pushName")) : null;
        if (message.Child("reactionMessage") is { } reaction)
        {
            // What we reacted with on the telephone is no reaction of the customer's.
            if (!isOurs && reaction.Child("key")?.String("id") is { } target)
                Happened.Add(new InboundReaction(channel, id, where, target, reaction.String("text") ?? "") { At = reaction.Milliseconds("senderTimestampMs") ?? data.Seconds("messageTimestamp"), Raw = raw });
            return;
        }
        if (message.Child("protocolMessage") is { } protocol)
        {
            Changed(protocol, data);
            return;
        }
        var context = Kinds.ContextOf(data, message);
        var at = data.Seconds("messageTimestamp");
        IReadOnlyList<Address> others = participant is null ? Others(key, where) : [];
        var events = Kinds.Of(message, data.String("messageType"), id).Select((content, i) => (InboundEvent)new InboundMessage(channel, ProviderIds.Part(id, i), isOurs ? where : Named(where, participant, data), content)
        {
            At = at,
            Raw = i == 0 ? raw : default(ReadOnlyMemory<byte>),
            QuotedProviderId = context?.String("stanzaId") ?? message.Child("pollUpdateMessage")?.Child("pollCreationMessageKey")?.String("id"),
            Echo = isOurs,
            AlsoKnownAs = others,
            Participant = participant,
            CameFrom = !isOurs && context?.Child("externalAdReply") is { } ad ? CameFrom(ad) : null,
        }).ToList();
        if (isOurs || isOfGateway) Returned.Add(new Returned(id, [where, .. others], Kinds.ShapeOf(message), isOfGateway, events));
        else Happened.AddRange(events);
    }

    private static Address Named(Address where, Address? participant, JsonElement data) => participant is null ? where with { Name = data.String("pushName") } : where;

    /// <summary>An advertisement that was tapped, by what people call it.</summary>
    private static string? CameFrom(JsonElement ad) =>
        (ad.String("title") ?? ad.String("sourceUrl") ?? ad.String("sourceId")) is { } name ? $"Anúncio: {name}" : null;

    /// <summary>The conversation of a message; null when it is none of ours: stories, channels, groups that nobody wants.</summary>
    private Address? Where(JsonElement key)
    {
        var jid = key.String("remoteJid");
        // What somebody sends to a list is written to each of it.
        if (Jids.IsList(jid)) return key.Flag("fromMe") == true ? null : Best([key.String("participant"), key.String("participantAlt")]);
        if (Jids.IsGroup(jid)) return settings.AllowGroups && Jids.Address(jid) is { } group ? group with { Name = memory.SubjectOf(group.Value) } : null;
        return Best([jid, key.String("remoteJidAlt"), key.String("senderPn")]);
    }

    /// <summary>The number where there is one, else the id.</summary>
    private Address? Best(IEnumerable<string?> jids)
    {
        var known = jids.Select(j => Jids.Address(j)).OfType<Address>().Where(a => a.Kind != AddressKind.WhatsAppGroup).ToList();
        var phone = known.Find(a => a.Kind == AddressKind.Phone);
        var id = known.Find(a => a.Kind == AddressKind.WhatsAppUser);
        memory.Same(id, phone);
        return phone ?? (id is null ? null : memory.PhoneOf(id) ?? id);
    }

    /// <summary>Also where somebody is known, as WhatsApp says with this message or said before.</summary>
    private List<Address> Others(JsonElement key, Address where)
    {
        var others = new[] { key.String("remoteJid"), key.String("remoteJidAlt"), key.String("senderPn"), key.String("participant") }.Select(j => Jids.Address(j)).OfType<Address>()
            .Where(a => a.Kind != AddressKind.WhatsAppGroup && a.Value != where.Value && !Jids.AreSame(a, where)).DistinctBy(a => a.Value).ToList();
        return others;
    }

    private Address? Writer(JsonElement key, string? name) => Best([key.String("participant"), key.String("participantAlt"), key.String("participantPn")]) is { } writer ? writer with { Name = name } : null;

    /// <summary>The address of a message that is spoken of: as it was when it came, or as it is said now.</summary>
    private Address? WhereIs(string id, string? jid)
    {
        var known = Jids.Address(memory.KeyOf(id)?.Jid) ?? Jids.Address(jid);
        return known is null || (known.Kind == AddressKind.WhatsAppGroup && !settings.AllowGroups) ? null : memory.PhoneOf(known) ?? known;
    }

    /// <summary>An edit or a deletion, as WhatsApp itself writes them. What else is written like this is no matter of conversations.</summary>
    private void Changed(JsonElement protocol, JsonElement data)
    {
        if (protocol.Child("key") is not { } key || key.String("id") is not { } target) return;
        // Told of from the other side, it names us instead of them: the message itself says where it is.
        if (WhereIs(target, key.String("remoteJid")) is not { } where) return;
        var raw = JsonMarshal.GetRawUtf8Value(data).ToArray();
        if (protocol.Child("editedMessage") is { } edited && Kinds.TextOf(edited) is { } text)
            Happened.Add(new InboundEdit(channel, $"edit:{target}:{protocol.String("timestampMs") ?? ProviderIds.Hash(text)}", where, target, text) { At = protocol.Milliseconds("timestampMs") ?? data.Seconds("messageTimestamp"), Raw = raw });
        else if (protocol.String("type") is "0" or "REVOKE") Happened.Add(new InboundRevoke(channel, $"revoke:{target}", where, target) { At = data.Seconds("messageTimestamp"), Raw = raw });
    }

    /// <summary>A bare key, or a whole row of the gateway's with the key in it.</summary>
    private void Deleted(JsonElement data)
    {
        var key = data.Child("key") ?? data;
        if (key.String("id") is not { } id || WhereIs(id, key.String("remoteJid")) is not { } where) return;
        Happened.Add(new InboundRevoke(channel, $"revoke:{id}", where, id) { Raw = JsonMarshal.GetRawUtf8Value(data).ToArray() });
    }

    /// <summary>How far one of ours came. An edit says DELETED here, and means nothing by it.</summary>
    private void Came(JsonElement data)
    {
        if (data.Flag("fromMe") == false || (data.String("keyId") ?? data.Child("key")?.String("id")) is not { } id) return;
        var jid = data.String("remoteJid") ?? data.Child("key")?.String("remoteJid");
        if (StateOf(data.String("status")) is not { } state || WhereIs(id, jid) is not { } where) return;
        // Of a group one says that they read it, and not all.
        if (where.Kind == AddressKind.WhatsAppGroup && state is ReceiptState.Read or ReceiptState.Played) state = ReceiptState.Delivered;
        Happened.Add(new InboundReceipt(channel, $"{id}:{state}", where, id, state)
        {
            Raw = JsonMarshal.GetRawUtf8Value(data).ToArray(),
            Reason = state == ReceiptState.Failed ? "O WhatsApp não entregou a mensagem." : null,
        });
    }

    public static ReceiptState? StateOf(string? status) => status?.ToUpperInvariant() switch
    {
        "SERVER_ACK" => ReceiptState.Sent,
        "DELIVERY_ACK" => ReceiptState.Delivered,
        "READ" => ReceiptState.Read,
        "PLAYED" => ReceiptState.Played,
        "ERROR" => ReceiptState.Failed,
        _ => null,
    };

    // ---- What is no message ----

    private void Types(JsonElement data)
    {
        if (Jids.Address(data.String("id")) is not { } who || data.Child("presences") is not { } presences) return;
        if (who.Kind == AddressKind.WhatsAppGroup && !settings.AllowGroups) return;
        var states = presences.EnumerateObject().Select(p => p.Value.String("lastKnownPresence")).OfType<string>().ToList();
        if (states.Count > 0) Typing.Add((memory.PhoneOf(who) ?? who, states.Any(s => s is "composing" or "recording")));
    }

    /// <summary>Nobody picks up here. The first that is told of a call counts; the rest is the same call.</summary>
    private void Called(JsonElement call)
    {
        if (call.String("id") is not { } id || (call.Flag("isGroup") == true && !settings.AllowGroups)) return;
        if (Best([call.String("callerPn"), call.String("from"), call.String("chatId")]) is not { } from) return;
        var kind = call.Flag("isVideo") == true ? "Chamada de vídeo" : "Chamada de voz";
        Happened.Add(new InboundMessage(channel, $"call:{(id.Length > 200 ? ProviderIds.Hash(id) : id)}", from, new TextContent(
            settings.RejectCalls ? string.IsNullOrWhiteSpace(settings.RejectText) ? $"{kind} recusada: este canal não atende ligações." : $"{kind} recusada; o cliente recebeu o aviso de que este canal não atende ligações."
            : $"{kind} no celular deste canal. Ligações não são atendidas por aqui."))
        {
            At = DateTimeOffset.TryParse(call.String("date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime : null,
            Notice = true, Raw = JsonMarshal.GetRawUtf8Value(call).ToArray(),
        });
    }

    /// <summary>Who came into a group, or left it.</summary>
    private void Moved(JsonElement data, Envelope told)
    {
        if (Jids.Address(data.String("id")) is not { Kind: AddressKind.WhatsAppGroup } group || !settings.AllowGroups) return;
        memory.Changed(group.Value);
        var people = People(data).ToList();
        if (people.Count == 0) return;
        var names = string.Join(", ", people.Select(p => p.Name ?? (p.Kind == AddressKind.Phone ? "+" + p.Value : "número oculto")));
        var many = people.Count > 1;
        var words = data.String("action") switch
        {
            "add" => many ? $"Entraram no grupo: {names}." : $"{names} entrou no grupo.",
            "remove" => many ? $"Saíram do grupo: {names}." : $"{names} saiu do grupo.",
            "promote" => many ? $"Agora são administradores: {names}." : $"{names} agora é administrador do grupo.",
            "demote" => many ? $"Não são mais administradores: {names}." : $"{names} não é mais administrador do grupo.",
            _ => null,
        };
        if (words is null) return;
        var raw = JsonMarshal.GetRawUtf8Value(data).ToArray();
        Happened.Add(new InboundMessage(channel, $"group:{ProviderIds.Hash($"{told.Date}{Encoding.UTF8.GetString(raw)}")}", group with { Name = memory.SubjectOf(group.Value) }, new TextContent(words))
        {
            Notice = true, Raw = raw, Participant = Best([data.String("author")]) ?? people[0] with { Name = null },
        });
    }

    /// <summary>Texts, or objects; names and numbers may stand in a list beside them.</summary>
    private IEnumerable<Address> People(JsonElement data)
    {
        var known = data.Items("participantsData").ToList();
        var named = data.Strings("participants").Select(j => (Jid: (string?)j, Json: default(JsonElement))).Concat(data.Items("participants").Select(p => (Jid: p.String("id"), Json: p))).ToList();
        if (named.Count == 0) named = known.ConvertAll(k => (k.String("jid"), k));
        foreach (var (jid, json) in named)
        {
            var beside = known.Find(k => k.String("jid") == jid);
            if (Best([jid, json.String("phoneNumber"), beside.String("phoneNumber")]) is { } who) yield return who with { Name = beside.String("name") ?? json.String("name") };
        }
    }
}

/// <summary>What was heard of the connection.</summary>
/// <param name="State">As the gateway calls it; null when it says nothing of it.</param>
/// <param name="Reason">WhatsApp's code of an end.</param>
/// <param name="Code">What a telephone has to read.</param>
/// <param name="PairingCode">What is typed on a telephone.</param>
internal sealed record Heard(string? State, int? Reason = null, string? Code = null, string? PairingCode = null)
{
    public static Heard Of(string name, JsonElement data) => name switch
    {
        "qrcodeupdated" => data.Child("qrcode") is { } code ? new((string?)null, null, code.String("code"), code.String("pairingCode")) : new((string?)null),
        "connectionupdate" => new(data.String("state"), (int?)data.Number("statusReason")),
        "statusinstance" => new(data.String("status") == "closed" ? "close" : null, (int?)data.Number("disconnectionReasonCode")),
        _ => new("close"),
    };
}
