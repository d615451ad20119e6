using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Inforzap.Tests.Plugins;

/// <summary>
/// Meta's Graph API for one number of WhatsApp, in the shapes of its documents, and what Meta calls us with. It remembers what it
/// accepted, and fails as told, before or after accepting.
/// </summary>
internal sealed class FakeMeta : IAsyncDisposable
{
    public const string Phone = "106540352242922";
    public const string Account = "102290129340398";
    public const string Token = "EAAGm0PX4ZCpsBAKfake-token-CANARIO";
    public const string AppSecret = "5f4dcc3b5aa765d61d8327deb882cf99-CANARIO";
    public const string VerifyToken = "verifica-CANARIO";

    private readonly ConcurrentQueue<MetaMessage> accepted = new();
    private readonly ConcurrentQueue<JsonObject> marks = new();
    private readonly ConcurrentQueue<MetaUpload> uploads = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(bool Accepts, FakeAnswer Answer)>> planned = new();
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string MimeType)> files = new();
    private readonly ConcurrentDictionary<string, bool> expired = new();
    private int ids;
    private int addresses;

    private FakeMeta(FakeServer server, TimeProvider clock) => (Server, Clock) = (server, clock);

    public FakeServer Server { get; }

    /// <summary>Stamps what customers write.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What would reach people, oldest first.</summary>
    public IReadOnlyList<MetaMessage> Accepted => [.. accepted];

    /// <summary>Read marks, with or without 'is typing'.</summary>
    public IReadOnlyList<JsonObject> Marks => [.. marks];

    public IReadOnlyList<MetaUpload> Uploads => [.. uploads];

    /// <summary>The templates of the account, as Meta writes them.</summary>
    public List<JsonObject> Templates { get; } = [];

    /// <summary>So many stand on a page of them.</summary>
    public int TemplatesPerPage { get; set; } = 2;

    /// <summary>The token was taken back.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>The app is subscribed to the account.</summary>
    public bool IsSubscribed { get; set; } = true;

    /// <summary>How Meta writes these people, when not as they are written to.</summary>
    public ConcurrentDictionary<string, string> WaIds { get; } = new();

    /// <summary>Where the address of a file leads, when not here.</summary>
    public string? MediaHost { get; set; }

    /// <summary>What Meta says of the number, beside its name. Each call gets what it asks for.</summary>
    public JsonObject Number { get; } = new()
    {
        ["id"] = Phone, ["display_phone_number"] = "+55 11 4002-8922", ["verified_name"] = "Loja Exemplo", ["quality_rating"] = "GREEN",
        [NewLimit] = "TIER_2K", [OldLimit] = null, ["throughput"] = new JsonObject { ["level"] = "STANDARD" }, ["status"] = "CONNECTED",
    };

    public const string NewLimit = "whatsapp_business_manager_messaging_limit";
    public const string OldLimit = "messaging_limit_tier";

    /// <summary>The version of Graph does not have these: whoever asks for one gets nothing at all.</summary>
    public HashSet<string> Nonexisting { get; } = [];

    public static async Task<FakeMeta> StartAsync(TimeProvider? clock = null)
    {
        var meta = new FakeMeta(await FakeServer.StartAsync(), clock ?? TimeProvider.System);
        meta.Server.OtherwiseAsync = (request, _) => meta.AnswerAsync(request);
        return meta;
    }

    // ---- What goes wrong ----

    /// <summary>The next calls of a route (messages, marks, media, file, download, number, limit) are not accepted and get these, one each.</summary>
    public void Refuse(string route, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(route, _ => new()).Enqueue((false, answer));
    }

    /// <summary>The next calls are accepted all the same, whatever they get for an answer.</summary>
    public void AcceptAnd(string route, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(route, _ => new()).Enqueue((true, answer));
    }

    /// <summary>An error in Meta's envelope.</summary>
    public static FakeAnswer Error(int code, int status = 400, string? details = null, int? subcode = null, string? retryAfter = null)
    {
        var error = new JsonObject { ["message"] = $"(#{code}) An error", ["type"] = "OAuthException", ["code"] = code, ["fbtrace_id"] = "AbC" };
        if (details is not null) error["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = details };
        if (subcode is not null) error["error_subcode"] = subcode;
        return new FakeAnswer(status, new JsonObject { ["error"] = error }.ToJsonString()) { Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter } };
    }

    /// <summary>The address under which a file was last found leads nowhere any more.</summary>
    public void Expire(string mediaId) => expired[mediaId] = true;

    /// <summary>A file that somebody sent.</summary>
    public void Keeps(string mediaId, byte[] bytes, string mimeType) => files[mediaId] = (bytes, mimeType);

    /// <summary>It is deleted, after thirty days for instance.</summary>
    public void Forgets(string mediaId) => files.TryRemove(mediaId, out _);

    // ---- The API ----

    private async Task<FakeAnswer> AnswerAsync(FakeRequest request)
    {
        var path = request.Path.Split('?')[0].Trim('/').Split('/');
        if (path is ["download", var address, var file]) return await PlannedAsync("download", () => Download(request, address, file));
        if (path is not ["v23.0", .. var rest]) return Error(2500, 400, "Unknown path components");
        if (request.Headers.GetValueOrDefault("Authorization") != "Bearer " + Token || IsRevoked) return Error(190, 401);
        return (request.Method, rest) switch
        {
            ("POST", [Phone, "messages"]) when JsonNode.Parse(request.Bytes) is JsonObject body => await PlannedAsync(body["status"] is null ? "messages" : "marks", () => Message(body)),
            ("POST", [Phone, "media"]) => await PlannedAsync("media", () => UploadAsync(request)),
            ("GET", [Phone]) => await PlannedAsync(request.Path.Contains("limit", StringComparison.Ordinal) ? "limit" : "number", () => Look(request.Path)),
            ("GET", [Account, "subscribed_apps"]) => new FakeAnswer(200, IsSubscribed ? """{"data":[{"whatsapp_business_api_data":{"id":"1","name":"Loja"}}]}""" : """{"data":[]}"""),
            ("POST", [Account, "subscribed_apps"]) => Subscribe(),
            ("GET", [Account, "message_templates"]) => await PlannedAsync("templates", () => TemplatesFrom(request.Path)),
            ("POST", [Account, "message_templates"]) when JsonNode.Parse(request.Bytes) is JsonObject made => await PlannedAsync("templates", () => Template(made)),
            ("DELETE", [Account, "message_templates"]) => Delete(request.Path),
            ("GET", [var id]) when files.TryGetValue(id, out var kept) => await PlannedAsync("file", () => Found(id, kept)),
            _ => Error(100, 400, subcode: 33),
        };
    }

    private Task<FakeAnswer> PlannedAsync(string route, Func<FakeAnswer> accept) => PlannedAsync(route, () => Task.FromResult(accept()));

    private async Task<FakeAnswer> PlannedAsync(string route, Func<Task<FakeAnswer>> accept)
    {
        if (!planned.TryGetValue(route, out var answers) || !answers.TryDequeue(out var next)) return await accept();
        if (next.Accepts) await accept();
        return next.Answer;
    }

    private FakeAnswer Message(JsonObject body)
    {
        if ((string?)body["messaging_product"] != "whatsapp") return Error(131009, 400, "messaging_product");
        if ((string?)body["status"] == "read")
        {
            marks.Enqueue(body);
            return new FakeAnswer(200, """{"success":true}""");
        }
        if ((string?)body["type"] is not { } type || body[type] is null) return Error(131008, 400, "type");
        if (((string?)body["text"]?["body"])?.Length > 4096) return Error(100, 400, "Param text['body'] must be at most 4096 characters long.");
        if (((string?)body["biz_opaque_callback_data"])?.Length > 512) return Error(131009, 400, "biz_opaque_callback_data");
        if (((string?)body["to"] ?? (string?)body["recipient"]) is not { Length: > 0 } to) return Error(131008, 400, "The parameter to is required.");
        // Somebody without a number in the place of a number: taken, and never heard of again.
        var isLost = body["to"] is not null && !to.All(char.IsAsciiDigit) && (string?)body["recipient_type"] != "group";
        var message = new MetaMessage($"wamid.OUT{Interlocked.Increment(ref ids)}", to, type, body);
        if (!isLost) accepted.Enqueue(message);
        return new FakeAnswer(200, new JsonObject
        {
            ["messaging_product"] = "whatsapp", ["contacts"] = new JsonArray(new JsonObject { ["input"] = to, ["wa_id"] = WaIds.GetValueOrDefault(to, to) }),
            ["messages"] = new JsonArray(new JsonObject { ["id"] = message.Id, ["message_status"] = "accepted" }),
        }.ToJsonString());
    }

    private async Task<FakeAnswer> UploadAsync(FakeRequest request)
    {
        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.Headers["Content-Type"]).Boundary).ToString(), new MemoryStream(request.Bytes));
        var fields = new Dictionary<string, string>();
        MetaUpload? upload = null;
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            var place = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            using var bytes = new MemoryStream();
            await section.Body.CopyToAsync(bytes);
            if (place.FileName.HasValue) upload = new MetaUpload($"MEDIA{Interlocked.Increment(ref ids)}", HeaderUtilities.RemoveQuotes(place.FileName).ToString(), section.ContentType!, bytes.ToArray());
            else fields[HeaderUtilities.RemoveQuotes(place.Name).ToString()] = Encoding.UTF8.GetString(bytes.ToArray());
        }
        if (upload is null || fields.GetValueOrDefault("messaging_product") != "whatsapp" || fields.GetValueOrDefault("type") != upload.MimeType) return Error(131053, 400, "Media upload error");
        uploads.Enqueue(upload);
        return new FakeAnswer(200, $$"""{"id":"{{upload.Id}}"}""");
    }

    private FakeAnswer Look(string path)
    {
        var fields = path.Split("fields=")[1].Split('&')[0].Split(',');
        if (fields.FirstOrDefault(Nonexisting.Contains) is { } unknown)
            return new FakeAnswer(400, $$$"""{"error":{"message":"(#100) Tried accessing nonexisting field ({{{unknown}}})","type":"OAuthException","code":100,"fbtrace_id":"AbC"}}""");
        return new FakeAnswer(200, new JsonObject(fields.Append("id").Distinct().Select(f => new KeyValuePair<string, JsonNode?>(f, Number[f]?.DeepClone()))).ToJsonString());
    }

    /// <summary>Page by page, with a cursor to the next one.</summary>
    private FakeAnswer TemplatesFrom(string path)
    {
        var query = QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        var from = query.TryGetValue("after", out var after) ? int.Parse(after!, CultureInfo.InvariantCulture) : 0;
        var fields = query["fields"].ToString().Split(',');
        var page = Templates.Skip(from).Take(TemplatesPerPage).Select(t => (JsonNode)new JsonObject(t.Where(p => fields.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())))).ToArray();
        var end = from + page.Length;
        var paging = new JsonObject { ["cursors"] = new JsonObject { ["before"] = $"{from}", ["after"] = $"{end}" } };
        // Another host on purpose: who followed it would give the token away.
        if (end < Templates.Count) paging["next"] = $"https://elsewhere.example/v23.0/{Account}/message_templates?after={end}";
        return new FakeAnswer(200, new JsonObject { ["data"] = new JsonArray(page), ["paging"] = paging }.ToJsonString());
    }

    private FakeAnswer Template(JsonObject made)
    {
        if ((string?)made["name"] is not { } name || Templates.Exists(t => (string?)t["name"] == name && (string?)t["language"] == (string?)made["language"]))
            return new FakeAnswer(400, """{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"error_subcode":2388024,"error_user_title":"Já existe","error_user_msg":"Já existe conteúdo neste idioma para este modelo."}}""");
        var kept = (JsonObject)made.DeepClone();
        (kept["id"], kept["status"]) = ($"{9000 + Interlocked.Increment(ref ids)}", "PENDING");
        Templates.Add(kept);
        return new FakeAnswer(200, new JsonObject { ["id"] = kept["id"]!.DeepClone(), ["status"] = "PENDING", ["category"] = made["category"]?.DeepClone() }.ToJsonString());
    }

    private FakeAnswer Delete(string path)
    {
        var query = QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        var gone = Templates.RemoveAll(t => (string?)t["name"] == query["name"] && (!query.ContainsKey("hsm_id") || (string?)t["id"] == query["hsm_id"]));
        return gone > 0 ? new FakeAnswer(200, """{"success":true}""") : Error(100, 400, subcode: 33);
    }

    private FakeAnswer Subscribe()
    {
        IsSubscribed = true;
        return new FakeAnswer(200, """{"success":true}""");
    }

    private FakeAnswer Found(string id, (byte[] Bytes, string MimeType) file) => new(200, new JsonObject
    {
        ["messaging_product"] = "whatsapp", ["url"] = $"{MediaHost ?? Server.Url.ToString().TrimEnd('/')}/download/{Interlocked.Increment(ref addresses)}/{id}", ["mime_type"] = file.MimeType,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Bytes)), ["file_size"] = file.Bytes.Length.ToString(CultureInfo.InvariantCulture), ["id"] = id,
    }.ToJsonString());

    private FakeAnswer Download(FakeRequest request, string address, string id)
    {
        if (request.Headers.GetValueOrDefault("Authorization") != "Bearer " + Token) return new FakeAnswer(401);
        if (string.IsNullOrEmpty(request.Headers.GetValueOrDefault("User-Agent"))) return new FakeAnswer(403);
        if (expired.TryRemove(id, out _) || !files.TryGetValue(id, out var file)) return new FakeAnswer(404);
        return new FakeAnswer(200) { Bytes = file.Bytes, ContentType = file.MimeType };
    }

    // ---- What Meta calls us with ----

    /// <summary>A new id of a customer's message.</summary>
    public string NewId() => $"wamid.IN{Interlocked.Increment(ref ids)}";

    private string Stamp => StampOf(Clock.GetUtcNow());

    private static string StampOf(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A message of a customer, alone in its call.</summary>
    public string Says(string who, string text, string? id = null, string phone = Phone, string name = "Maria", DateTimeOffset? at = null) => Call(Value(phone, who, name: name, message: new JsonObject
    {
        ["from"] = who, ["id"] = id ?? NewId(), ["timestamp"] = at is { } then ? StampOf(then) : Stamp, ["type"] = "text", ["text"] = new JsonObject { ["body"] = text },
    }));

    /// <summary>A message of any kind.</summary>
    public string Brings(string who, string type, JsonNode content, string? id = null, string? quoted = null)
    {
        var message = new JsonObject { ["from"] = who, ["id"] = id ?? NewId(), ["timestamp"] = Stamp, ["type"] = type, [type] = content };
        if (quoted is not null) message["context"] = new JsonObject { ["from"] = "551140028922", ["id"] = quoted };
        return Call(Value(Phone, who, message: message));
    }

    /// <summary>How far a message of ours came.</summary>
    public JsonObject Status(MetaMessage message, string status, int? code = null, bool withOurId = true)
    {
        var json = new JsonObject
        {
            ["id"] = message.Id, ["status"] = status, ["timestamp"] = Stamp, ["recipient_id"] = message.To,
            ["conversation"] = new JsonObject { ["id"] = "c1", ["origin"] = new JsonObject { ["type"] = "service" } },
            ["pricing"] = new JsonObject { ["billable"] = true, ["pricing_model"] = "PMP", ["category"] = "service" },
        };
        if (withOurId) json["biz_opaque_callback_data"] = (string?)message.Body["biz_opaque_callback_data"];
        if (code is not null) json["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["title"] = "An error", ["message"] = "An error", ["error_data"] = new JsonObject { ["details"] = "Details." } });
        return json;
    }

    /// <summary>A call with these receipts.</summary>
    public static string Statuses(params IEnumerable<JsonObject> statuses)
    {
        var value = Value(Phone);
        value["statuses"] = new JsonArray([.. statuses]);
        return Call(value);
    }

    /// <summary>What stands in a change: the number, who wrote, and what.</summary>
    public static JsonObject Value(string phone, string? who = null, JsonObject? message = null, string name = "Maria")
    {
        var value = new JsonObject { ["messaging_product"] = "whatsapp", ["metadata"] = new JsonObject { ["display_phone_number"] = "551140028922", ["phone_number_id"] = phone } };
        if (who is not null) value["contacts"] = new JsonArray(new JsonObject { ["profile"] = new JsonObject { ["name"] = name }, ["wa_id"] = who });
        if (message is not null) value["messages"] = new JsonArray(message);
        return value;
    }

    /// <summary>A whole call, with accents and slashes written as Meta writes them.</summary>
    public static string Call(params IEnumerable<JsonObject> values) => new JsonObject
    {
        ["object"] = "whatsapp_business_account",
        ["entry"] = new JsonArray([.. values.Select(v => (JsonNode)new JsonObject { ["id"] = Account, ["changes"] = new JsonArray(new JsonObject { ["field"] = "messages", ["value"] = v.DeepClone() }) })]),
    }.ToJsonString().Replace("/", "\\/", StringComparison.Ordinal);

    /// <summary>The signature of a body under an app's secret.</summary>
    public static string Sign(byte[] body, string secret = AppSecret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static string Sign(string body, string secret = AppSecret) => Sign(Encoding.UTF8.GetBytes(body), secret);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A message that Meta took.</summary>
internal sealed record MetaMessage(string Id, string To, string Type, JsonObject Body)
{
    public JsonNode Content => Body[Type]!;
}

/// <summary>A file that was uploaded.</summary>
internal sealed record MetaUpload(string Id, string FileName, string MimeType, byte[] Bytes);
