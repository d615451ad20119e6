using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Plugins;

/// <summary>
/// The Evolution API for one instance, in the shapes of version 2: its envelopes, its errors that come with 200 and 201, its life from
/// a QR code to a telephone that unpairs. It remembers what it accepted, and fails as told, before or after accepting.
/// </summary>
internal sealed class FakeEvolution : IAsyncDisposable
{
    public const string Key = "429683C4C977415CAAFCCE10F7D57E11-CANARIO";
    public const string Secret = "segredo-do-gateway-CANARIO";
    public const string Own = "5511999990000";

    private readonly Lock sync = new();
    private readonly ConcurrentQueue<GatewayCall> calls = new();
    private readonly ConcurrentQueue<GatewayCall> accepted = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(bool Accepts, FakeAnswer Answer)>> planned = new();
    private int ids;
    private int stamps;

    private FakeEvolution(FakeServer server) => Server = server;

    public FakeServer Server { get; }

    public IReadOnlyList<GatewayCall> Calls => [.. calls];

    /// <summary>The sends that would reach people, oldest first.</summary>
    public IReadOnlyList<GatewayCall> Accepted => [.. accepted];

    /// <summary>Which instances there are.</summary>
    public HashSet<string> Instances { get; } = [];

    /// <summary>How the connection stands: open, connecting, close.</summary>
    public string State { get; set; } = "close";

    /// <summary>Why it ended last.</summary>
    public int? EndCode { get; set; }

    /// <summary>When that was; null: the version does not say.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>The code that a telephone has to read now; null before there is one.</summary>
    public string? Qr { get; set; }

    public string? PairingCode { get; set; }

    public string Integration { get; set; } = "WHATSAPP-BAILEYS";

    /// <summary>Asking to connect opens it at once: the telephone is paired already.</summary>
    public bool IsPaired { get; set; }

    /// <summary>The key was changed.</summary>
    public bool IsLocked { get; set; }

    /// <summary>What webhook/set said last.</summary>
    public JsonObject? Webhook { get; private set; }

    /// <summary>What settings/set said last.</summary>
    public JsonObject? Settings { get; private set; }

    /// <summary>What the gateway keeps of conversations, as rows.</summary>
    public List<JsonObject> Messages { get; } = [];

    public List<JsonObject> Contacts { get; } = [];
    public List<JsonObject> Chats { get; } = [];
    public ConcurrentDictionary<string, JsonObject> Groups { get; } = new();

    /// <summary>Who is on WhatsApp; empty: everybody.</summary>
    public HashSet<string> Known { get; } = [];

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>The gateway takes no heed of the filter.</summary>
    public bool FiltersNothing { get; set; }

    public static async Task<FakeEvolution> StartAsync()
    {
        var gateway = new FakeEvolution(await FakeServer.StartAsync());
        gateway.Server.OtherwiseAsync = (request, _) => gateway.AnswerAsync(request);
        return gateway;
    }

    /// <summary>The telephone has read the code.</summary>
    public void Pair() => (State, Qr, PairingCode, IsPaired, EndCode) = ("open", null, null, true, null);

    /// <summary>It was put out on the telephone, or by WhatsApp.</summary>
    public void Unpair(int code) => (State, IsPaired, EndCode) = ("close", false, code);

    public IReadOnlyList<GatewayCall> Of(string action) => [.. calls.Where(c => c.Action == action)];

    /// <summary>Waits for the n-th call.</summary>
    public async Task<GatewayCall> CallAsync(string action, int n = 1)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (Of(action).Count < n)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException($"{Of(action).Count} of {n} calls of {action} came.");
            await Task.Delay(10);
        }
        return Of(action)[n - 1];
    }

    /// <summary>The next calls of an action are not accepted and get these, one each.</summary>
    public void Refuse(string action, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(action, _ => new()).Enqueue((false, answer));
    }

    /// <summary>The next calls are accepted all the same, whatever they get for an answer.</summary>
    public void AcceptAnd(string action, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(action, _ => new()).Enqueue((true, answer));
    }

    /// <summary>An error in the gateway's envelope; a status of its own when the HTTP one is no error.</summary>
    public static FakeAnswer Error(int status, JsonNode message, int? http = null) =>
        new(http ?? status, new JsonObject { ["status"] = status, ["error"] = status == 400 ? "Bad Request" : "Error", ["response"] = new JsonObject { ["message"] = message } }.ToJsonString());

    public static FakeAnswer Error(int status, params string[] messages) => Error(status, new JsonArray([.. messages.Select(m => (JsonNode)m)]));

    // ---- The API ----

    private async Task<FakeAnswer> AnswerAsync(FakeRequest request)
    {
        await Task.Yield();
        var path = request.Path.Split('?')[0].Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var query = request.Path.Contains('?', StringComparison.Ordinal) ? request.Path[(request.Path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[^1])) : [];
        if (path is [""]) return Planned("root", () => Json(200, new JsonObject { ["status"] = 200, ["message"] = "Welcome to the Evolution API, it is working!", ["version"] = "2.3.7" }));
        if (request.Headers.GetValueOrDefault("apikey") != Key || IsLocked) return Error(401, (JsonNode)"Unauthorized");
        if (path.Length < 2) return Error(404, "Cannot find it");
        var call = new GatewayCall(request.Method, path[1], path.Length > 2 ? path[2] : null, query, request.Bytes.Length == 0 ? [] : JsonNode.Parse(request.Bytes)!.AsObject());
        calls.Enqueue(call);
        return Planned(call.Action, () =>
        {
            lock (sync) return Do(path[0], call);
        });
    }

    private FakeAnswer Planned(string action, Func<FakeAnswer> accept)
    {
        if (!planned.TryGetValue(action, out var plans) || !plans.TryDequeue(out var plan)) return accept();
        if (plan.Accepts) accept();
        return plan.Answer;
    }

    /// <summary>As JavaScript writes it, which escapes next to nothing.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static FakeAnswer Json(int status, JsonNode body) => new(status, body.ToJsonString(Plain));

    private FakeAnswer Do(string area, GatewayCall call)
    {
        if (area == "instance" && call.Action == "create") return Create(call.Body);
        if (call.Action == "fetchInstances") return Instances.Contains(call.Query.GetValueOrDefault("instanceName") ?? "") ? Json(200, new JsonArray(Row(call.Query["instanceName"]))) : Error(404, "Instance not found");
        if (call.Instance is not { } instance || !Instances.Contains(instance)) return Error(404, $"The \"{call.Instance}\" instance does not exist");
        return (area, call.Action) switch
        {
            ("instance", "connectionState") => Json(200, new JsonObject { ["instance"] = new JsonObject { ["instanceName"] = instance, ["state"] = State } }),
            ("instance", "connect") => Connect(instance),
            ("instance", "delete") => Delete(instance),
            ("webhook", "set") => Set(call.Body, isWebhook: true),
            ("settings", "set") => Set(call.Body, isWebhook: false),
            ("message", "sendReaction") => Json(201, new JsonObject { ["key"] = new JsonObject { ["id"] = "REACTION" }, ["status"] = "PENDING" }),
            ("message", _) => Send(call),
            ("chat", "findMessages") => Find(call.Body),
            ("chat", "findContacts") => Json(200, new JsonArray([.. Contacts.Select(c => c.DeepClone())])),
            ("chat", "findChats") => Json(200, new JsonArray([.. Chats.Skip((int)call.Body["skip"]!).Take((int)call.Body["take"]!).Select(c => c.DeepClone())])),
            ("chat", "getBase64FromMediaMessage") => Base64((string)call.Body["message"]!["key"]!["id"]!),
            ("chat", "updateMessage") => Update(call.Body),
            ("chat", "deleteMessageForEveryone") => Json(201, new JsonObject { ["status"] = "PENDING" }),
            ("chat", "markMessageAsRead") => Json(201, new JsonObject { ["message"] = "Read messages", ["read"] = "success" }),
            ("chat", "sendPresence") => Json(201, new JsonObject { ["presence"] = call.Body["presence"]!.DeepClone() }),
            ("group", _) => Group(call),
            _ => Error(404, $"Cannot {call.Method} {call.Action}"),
        };
    }

    private FakeAnswer Create(JsonObject body)
    {
        var name = (string)body["instanceName"]!;
        if ((string?)body["integration"] != "WHATSAPP-BAILEYS") return Error(400, "Invalid integration");
        if (!Instances.Add(name)) return Error(403, $"This name \"{name}\" is already in use.");
        State = "close";
        return Json(201, new JsonObject { ["instance"] = new JsonObject { ["instanceName"] = name, ["status"] = "connecting" }, ["hash"] = "TOKEN", ["settings"] = new JsonObject() });
    }

    private FakeAnswer Connect(string instance)
    {
        if (State == "open") return Json(200, new JsonObject { ["instance"] = new JsonObject { ["instanceName"] = instance, ["state"] = "open" } });
        if (IsPaired)
        {
            State = "open";
            return Json(200, new JsonObject { ["count"] = 0 });
        }
        State = "connecting";
        return Qr is null ? Json(200, new JsonObject { ["count"] = 0 })
            : Json(200, new JsonObject { ["pairingCode"] = PairingCode, ["code"] = Qr, ["base64"] = "data:image/png;base64,iVBOR", ["count"] = 1 });
    }

    private FakeAnswer Delete(string instance)
    {
        Instances.Remove(instance);
        (State, IsPaired) = ("close", false);
        return Json(200, new JsonObject { ["status"] = "SUCCESS", ["error"] = false, ["response"] = new JsonObject { ["message"] = "Instance deleted" } });
    }

    private JsonObject Row(string name) => new()
    {
        ["id"] = "0b3c", ["name"] = name, ["connectionStatus"] = State, ["ownerJid"] = IsPaired ? $"{Own}@s.whatsapp.net" : null, ["profileName"] = IsPaired ? "Loja" : null,
        ["integration"] = Integration, ["disconnectionReasonCode"] = EndCode, ["disconnectionAt"] = EndedAt?.ToString("O"),
    };

    private FakeAnswer Set(JsonObject body, bool isWebhook)
    {
        if (isWebhook)
        {
            if (body["webhook"] is not JsonObject webhook || webhook["enabled"] is null || webhook["url"] is null) return Error(400, "webhook is required");
            if (webhook["events"]!.AsArray().Any(e => !Events.Contains((string)e!))) return Error(400, "events is not one of enum values");
            Webhook = webhook.DeepClone().AsObject();
            return Json(201, Webhook.DeepClone());
        }
        if (new[] { "rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory" }.Any(n => body[n] is not JsonValue value || value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)))
            return Error(400, "requires property");
        Settings = body.DeepClone().AsObject();
        return Json(201, Settings.DeepClone());
    }

    private static readonly string[] Events =
    [
        "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE", "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "CONTACTS_SET", "CONTACTS_UPSERT",
        "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET", "CHATS_UPSERT", "CHATS_UPDATE", "CHATS_DELETE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE", "LABELS_EDIT", "LABELS_ASSOCIATION",
        "CALL", "TYPEBOT_START", "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE", "LOGOUT_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "STATUS_INSTANCE",
    ];

    private FakeAnswer Send(GatewayCall call)
    {
        if (State != "open") return Error(400, "Error: Connection Closed");
        var number = (string)call.Body["number"]!;
        var jid = number.Contains('@', StringComparison.Ordinal) ? number : number + "@s.whatsapp.net";
        if (Known.Count > 0 && !Known.Contains(jid.Split('@')[0])) return Error(400, new JsonArray(new JsonObject { ["jid"] = jid, ["exists"] = false, ["number"] = number }));
        if (call.Action == "sendText" && string.IsNullOrWhiteSpace((string?)call.Body["text"])) return Error(400, "Text is required");
        if (call.Action == "sendLocation" && (call.Body["name"] is null || call.Body["address"] is null)) return Error(400, "requires property \"name\"");
        var content = ContentOf(call);
        var row = Keep(jid, content, $"3EB0OUT{Interlocked.Increment(ref ids)}", fromMe: true);
        accepted.Enqueue(call with { Id = (string)row["key"]!["id"]! });
        var answer = row.DeepClone().AsObject();
        (answer["status"], answer["pushName"]) = ("PENDING", "Você");
        return Json(201, answer);
    }

    private static JsonObject ContentOf(GatewayCall call) => call.Action switch
    {
        "sendText" => new JsonObject { ["conversation"] = call.Body["text"]!.DeepClone() },
        "sendMedia" => new JsonObject { [$"{call.Body["mediatype"]}Message"] = new JsonObject { ["caption"] = call.Body["caption"]?.DeepClone() } },
        "sendWhatsAppAudio" => new JsonObject { ["audioMessage"] = new JsonObject { ["ptt"] = true } },
        "sendSticker" => new JsonObject { ["stickerMessage"] = new JsonObject() },
        "sendLocation" => new JsonObject { ["locationMessage"] = new JsonObject { ["degreesLatitude"] = call.Body["latitude"]!.DeepClone(), ["degreesLongitude"] = call.Body["longitude"]!.DeepClone() } },
        _ => new JsonObject { ["contactMessage"] = new JsonObject { ["displayName"] = call.Body["contact"]![0]!["fullName"]!.DeepClone() } },
    };

    /// <summary>A row of the gateway's database. Each is a second younger than the one before.</summary>
    public JsonObject Keep(string jid, JsonObject content, string id, bool fromMe = false, long? at = null)
    {
        var row = new JsonObject
        {
            ["id"] = "cm" + id, ["key"] = new JsonObject { ["id"] = id, ["fromMe"] = fromMe, ["remoteJid"] = jid }, ["pushName"] = fromMe ? "Você" : "Maria", ["messageType"] = content.First().Key, ["message"] = content,
            ["messageTimestamp"] = at ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds() + Interlocked.Increment(ref stamps), ["instanceId"] = "0b3c", ["source"] = "web", ["contextInfo"] = null, ["MessageUpdate"] = new JsonArray(),
        };
        Messages.Add(row);
        return row;
    }

    private FakeAnswer Find(JsonObject body)
    {
        var key = body["where"]?["key"];
        var (jid, alt) = ((string?)key?["remoteJid"], (string?)key?["remoteJidAlt"]);
        // Each that is missing leaves an empty filter in the OR, and with it everything.
        var rows = Messages.Where(m => FiltersNothing || jid is null || alt is null || (string?)m["key"]!["remoteJid"] == jid || (string?)m["key"]!["remoteJidAlt"] == alt)
            .OrderByDescending(m => (long)m["messageTimestamp"]!).ToList();
        var (page, size) = ((int?)body["page"] ?? 1, (int?)body["offset"] ?? 50);
        return Json(200, new JsonObject { ["messages"] = new JsonObject
        {
            ["total"] = rows.Count, ["pages"] = (rows.Count + size - 1) / size, ["currentPage"] = page, ["records"] = new JsonArray([.. rows.Skip((page - 1) * size).Take(size).Select(r => r.DeepClone())]),
        } });
    }

    private FakeAnswer Base64(string id) => Files.TryGetValue(id, out var bytes)
        ? Json(201, new JsonObject { ["mediaType"] = "imageMessage", ["fileName"] = id + ".jpeg", ["caption"] = "diz \"base64\":\"nada\"", ["size"] = new JsonObject { ["fileLength"] = new JsonObject { ["low"] = bytes.Length, ["high"] = 0, ["unsigned"] = true } }, ["mimetype"] = "image/jpeg", ["base64"] = Convert.ToBase64String(bytes), ["buffer"] = null })
        : Error(400, "Message not found");

    private FakeAnswer Update(JsonObject body)
    {
        var number = (string)body["number"]!;
        var jid = number.Contains('@', StringComparison.Ordinal) ? number : number + "@s.whatsapp.net";
        return (string?)body["key"]!["remoteJid"] == jid ? Json(201, new JsonObject { ["key"] = body["key"]!.DeepClone(), ["status"] = "PENDING" }) : Error(400, "RemoteJid does not match");
    }

    private FakeAnswer Group(GatewayCall call)
    {
        if (call.Action == "create")
        {
            var made = new JsonObject { ["id"] = $"120363{Interlocked.Increment(ref ids)}@g.us", ["subject"] = call.Body["subject"]!.DeepClone(), ["desc"] = call.Body["description"]?.DeepClone(),
                ["participants"] = new JsonArray([.. call.Body["participants"]!.AsArray().Select(p => (JsonNode)new JsonObject { ["id"] = $"{p}@s.whatsapp.net", ["admin"] = null })]) };
            Groups[(string)made["id"]!] = made;
            return Json(201, made.DeepClone());
        }
        if (call.Action == "fetchAllGroups") return call.Query.ContainsKey("getParticipants") ? Json(200, new JsonArray([.. Groups.Values.OrderBy(g => (string?)g["id"]).Select(g => g.DeepClone())])) : Error(400, "The getParticipants needs to be informed in the query");
        if (call.Query.GetValueOrDefault("groupJid") is not { } jid) return Error(400, "The group id needs to be informed in the query");
        if (!Groups.TryGetValue(jid, out var group)) return Error(404, "Error fetching group", "Error: item-not-found");
        switch (call.Action)
        {
            case "findGroupInfos":
                return Json(200, group.DeepClone());
            case "updateParticipant":
                return Json(201, new JsonObject { ["updateParticipants"] = new JsonArray([.. call.Body["participants"]!.AsArray().Select(p => (JsonNode)new JsonObject { ["status"] = ((string)p!).EndsWith('3') ? "403" : "200", ["jid"] = $"{p}@s.whatsapp.net" })]) });
            case "updateGroupSubject":
                group["subject"] = call.Body["subject"]!.DeepClone();
                return Json(201, new JsonObject { ["update"] = "success" });
            case "updateGroupDescription" or "updateGroupPicture":
                return Json(201, new JsonObject { ["update"] = "success" });
            case "updateSetting":
                return Json(201, new JsonObject { ["updateSetting"] = null });
            case "inviteCode":
                return Json(200, new JsonObject { ["inviteUrl"] = "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", ["inviteCode"] = "AbCdEfGhIjKlMnOpQrStUv" });
            case "revokeInviteCode":
                return Json(201, new JsonObject { ["revoked"] = true, ["inviteCode"] = "NewNewNewNewNewNewNewN" });
            case "leaveGroup":
                Groups.TryRemove(jid, out _);
                return Json(200, new JsonObject { ["groupJid"] = jid, ["leave"] = true });
            default:
                return Error(404, "Cannot find it");
        }
    }

    // ---- What it calls us with ----

    /// <summary>A call of the gateway's.</summary>
    public static string Event(string name, JsonNode data, string instance) => new JsonObject
    {
        ["event"] = name, ["instance"] = instance, ["data"] = data, ["destination"] = "https://desk.example/hooks/whatsapp", ["date_time"] = "2026-05-11T10:20:30.123Z",
        ["sender"] = $"{Own}@s.whatsapp.net", ["server_url"] = "http://evo:8080", ["apikey"] = "INSTANCE-TOKEN",
    }.ToJsonString();

    /// <summary>Calls whoever it was told to call, as it was told to.</summary>
    public async Task<System.Net.HttpStatusCode> TellAsync(string name, JsonNode data, string? instance = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, (string)Webhook!["url"]!) { Content = new StringContent(Event(name, data, instance ?? Instances.Single()), System.Text.Encoding.UTF8, "application/json") };
        foreach (var (header, value) in Webhook["headers"]!.AsObject()) request.Headers.TryAddWithoutValidation(header, (string?)value);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A message, as messages.upsert and send.message bring it.</summary>
    public static JsonObject Message(string jid, JsonObject content, string id, bool fromMe = false, string? quoted = null, string? alt = null, string? participant = null) => new()
    {
        ["key"] = new JsonObject { ["remoteJid"] = jid, ["remoteJidAlt"] = alt, ["fromMe"] = fromMe, ["id"] = id, ["participant"] = participant ?? "" },
        ["pushName"] = fromMe ? "Você" : "Maria", ["status"] = fromMe ? "PENDING" : "DELIVERY_ACK", ["message"] = content, ["contextInfo"] = quoted is null ? null : new JsonObject { ["stanzaId"] = quoted },
        ["messageType"] = content.First().Key, ["messageTimestamp"] = 1770000000, ["instanceId"] = "0b3c", ["source"] = "android",
    };

    /// <summary>How far a message of ours came.</summary>
    public static JsonObject Status(string id, string jid, string status) => new()
    {
        ["keyId"] = id, ["remoteJid"] = jid, ["fromMe"] = true, ["participant"] = null, ["status"] = status, ["instanceId"] = "0b3c", ["messageId"] = "cm4db0id",
    };

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>One call of the gateway's API.</summary>
internal sealed record GatewayCall(string Method, string Action, string? Instance, IReadOnlyDictionary<string, string> Query, JsonObject Body)
{
    /// <summary>Which message became of it.</summary>
    public string? Id { get; init; }
}
