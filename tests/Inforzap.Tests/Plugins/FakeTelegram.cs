using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Inforzap.Tests.Plugins;

/// <summary>
/// Telegram's Bot API as its documents and its server's source describe it: the envelope, the errors, one consumer of updates at a
/// time, confirmation by offset. It takes one bot, remembers each call and what it accepted, and fails as told, before or after accepting.
/// </summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    public const string Token = "123456789:AAFake_fake-fakefakefakefakefakefake0";
    public const long Bot = 123456789;

    private static readonly JsonSerializerOptions Lean = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly Lock sync = new();
    private readonly SortedDictionary<int, JsonObject> pending = [];
    private readonly ConcurrentQueue<BotCall> calls = new();
    private readonly ConcurrentQueue<BotCall> accepted = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Plan>> planned = new();
    private readonly ConcurrentDictionary<string, byte[]> files = new();
    private readonly ConcurrentDictionary<string, bool> expired = new();
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? poll;
    private int nextUpdate = 1000;
    private int nextMessage = 5000;
    private int polls;

    private FakeTelegram(FakeServer server) => Server = server;

    public FakeServer Server { get; }

    /// <summary>The calls, oldest first; files are left out of <see cref="BotCall.Body"/>.</summary>
    public IReadOnlyList<BotCall> Calls => [.. calls];

    /// <summary>The sends that would reach people, oldest first.</summary>
    public IReadOnlyList<BotCall> Accepted => [.. accepted];

    /// <summary>Whether the bot may read everything in groups.</summary>
    public bool ReadsGroups { get; set; }

    /// <summary>What setWebhook said; empty without one.</summary>
    public string WebhookUrl { get; set; } = "";
    public string? WebhookSecret { get; private set; }
    public string[] WebhookUpdates { get; private set; } = [];
    public string? LastWebhookError { get; set; }

    /// <summary>How many polls waited at once, at most. Telegram itself ends all but the last.</summary>
    public int MostPolls { get; private set; }

    /// <summary>How many polls wait now.</summary>
    public int Polls { get { lock (sync) return polls; } }

    /// <summary>The token was taken back.</summary>
    public bool IsRevoked { get; set; }

    public int Pending { get { lock (sync) return pending.Count; } }

    public static async Task<FakeTelegram> StartAsync()
    {
        var telegram = new FakeTelegram(await FakeServer.StartAsync());
        telegram.Server.OtherwiseAsync = telegram.AnswerAsync;
        return telegram;
    }

    /// <summary>The calls of one method.</summary>
    public IReadOnlyList<BotCall> Of(string method) => [.. calls.Where(c => c.Method == method)];

    /// <summary>Waits for the n-th call of a method.</summary>
    public async Task<BotCall> CallAsync(string method, int n = 1)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (Of(method).Count < n)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException($"{Of(method).Count} of {n} calls of {method} came.");
            await Task.Delay(10);
        }
        return Of(method)[n - 1];
    }

    /// <summary>The next calls of a method, or fetches of a 'file', are not accepted and get these, one each.</summary>
    public void Answer(string method, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(method, _ => new()).Enqueue(new Plan(false, _ => answer));
    }

    /// <summary>The next calls are accepted all the same, and get what is made of Telegram's own answer.</summary>
    public void AcceptAnd(string method, params IEnumerable<Func<FakeAnswer, FakeAnswer>> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(method, _ => new()).Enqueue(new Plan(true, answer));
    }

    /// <summary>An error in Telegram's envelope.</summary>
    public static FakeAnswer Error(int code, string description, object? parameters = null) =>
        new(code, JsonSerializer.Serialize(new { ok = false, error_code = code, description, parameters }, Lean));

    /// <summary>A success in Telegram's envelope.</summary>
    public static FakeAnswer Result(JsonNode result) => new(200, new JsonObject { ["ok"] = true, ["result"] = result }.ToJsonString());

    /// <summary>Something happens at Telegram and waits to be fetched. Returns the whole update.</summary>
    public string Happens(string kind, string json)
    {
        lock (sync)
        {
            var update = new JsonObject { ["update_id"] = ++nextUpdate, [kind] = JsonNode.Parse(json) };
            pending[nextUpdate] = update;
            news.TrySetResult();
            news = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return update.ToJsonString();
        }
    }

    /// <summary>A customer writes to the bot.</summary>
    public string Says(long person, string text, int? id = null) => Happens("message", Message(person, id ?? Interlocked.Increment(ref nextMessage), new JsonObject { ["text"] = text }).ToJsonString());

    /// <summary>A file that can be fetched.</summary>
    public void Keeps(string fileId, byte[] bytes) => files[fileId] = bytes;

    /// <summary>The path under which a file was last found leads nowhere any more.</summary>
    public void Expire(string fileId) => expired[fileId] = true;

    /// <summary>A message of a private chat, as Telegram writes it.</summary>
    public static JsonObject Message(long person, int id, JsonObject content)
    {
        var message = new JsonObject
        {
            ["message_id"] = id,
            ["from"] = new JsonObject { ["id"] = person, ["is_bot"] = false, ["first_name"] = "Maria", ["last_name"] = "Souza" },
            ["chat"] = new JsonObject { ["id"] = person, ["type"] = "private", ["first_name"] = "Maria", ["last_name"] = "Souza" },
            ["date"] = 1770000000,
        };
        foreach (var (name, value) in content) message[name] = value?.DeepClone();
        return message;
    }

    private async Task<FakeAnswer> AnswerAsync(FakeRequest request, CancellationToken ct)
    {
        var path = request.Path.Split('?')[0].TrimStart('/').Split('/', 3);
        if (path is ["file", var owner, var file]) return owner == "bot" + Token ? await PlannedAsync("file", () => Task.FromResult(Download(file))) : Error(404, "Not Found");
        if (path is not [var bot, var method] || !bot.StartsWith("bot", StringComparison.Ordinal)) return Error(404, "Not Found");
        if (bot != "bot" + Token || IsRevoked) return Error(401, "Unauthorized");
        var call = await ReadAsync(method, request);
        calls.Enqueue(call);
        return await PlannedAsync(method, () => DoAsync(call, ct));
    }

    private async Task<FakeAnswer> PlannedAsync(string method, Func<Task<FakeAnswer>> accept)
    {
        if (!planned.TryGetValue(method, out var plans) || !plans.TryDequeue(out var plan)) return await accept();
        return plan.Answer(plan.Accepts ? await accept() : new FakeAnswer());
    }

    private async Task<FakeAnswer> DoAsync(BotCall call, CancellationToken ct) => call.Method switch
    {
        "getMe" => Result(new JsonObject { ["id"] = Bot, ["is_bot"] = true, ["first_name"] = "Loja", ["username"] = "loja_bot", ["can_join_groups"] = true, ["can_read_all_group_messages"] = ReadsGroups, ["supports_inline_queries"] = false }),
        "setWebhook" => SetWebhook(call.Body),
        "deleteWebhook" => DeleteWebhook(),
        "getWebhookInfo" => Result(WebhookInfo()),
        "getUpdates" => await PollAsync(call.Body, ct),
        "getFile" => GetFile(call.Body),
        "sendChatAction" or "answerCallbackQuery" or "setMessageReaction" or "deleteMessage" => Result(true),
        // Telegram's answer is the whole message; what is read of it is only that it came.
        "editMessageText" or "editMessageCaption" => Result(Message((long)call.Body["chat_id"]!, (int)call.Body["message_id"]!, new JsonObject { ["text"] = "x", ["edit_date"] = 1770000400 })),
        "sendMediaGroup" => SendAlbum(call),
        _ when call.Method.StartsWith("send", StringComparison.Ordinal) => Send(call),
        _ => Error(404, "Not Found: method not found"),
    };

    private FakeAnswer SetWebhook(JsonObject body)
    {
        var url = (string?)body["url"] ?? "";
        if (url.Length > 0 && (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "https")) return Error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
        if (url.Length > 0 && new Uri(url).Port is not (443 or 80 or 88 or 8443)) return Error(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
        var secret = (string?)body["secret_token"];
        if (secret?.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') == false) return Error(400, "Bad Request: secret token contains unallowed characters");
        (WebhookUrl, WebhookSecret) = (url, secret);
        if (body["allowed_updates"] is JsonArray kinds) WebhookUpdates = [.. kinds.Select(k => (string)k!)];
        // Setting a webhook ends a poll.
        lock (sync) poll?.Cancel();
        return Result(true);
    }

    private FakeAnswer DeleteWebhook()
    {
        (WebhookUrl, WebhookSecret) = ("", null);
        return Result(true);
    }

    private JsonObject WebhookInfo()
    {
        var info = new JsonObject { ["url"] = WebhookUrl, ["has_custom_certificate"] = false, ["pending_update_count"] = Pending, ["max_connections"] = 40 };
        if (WebhookUpdates.Length > 0) info["allowed_updates"] = new JsonArray([.. WebhookUpdates.Select(u => (JsonNode)u)]);
        if (LastWebhookError is { } error) (info["last_error_date"], info["last_error_message"]) = (DateTimeOffset.UtcNow.ToUnixTimeSeconds(), error);
        return info;
    }

    private async Task<FakeAnswer> PollAsync(JsonObject body, CancellationToken ct)
    {
        if (WebhookUrl.Length > 0) return Error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (sync)
        {
            poll?.Cancel();
            poll = mine;
            MostPolls = Math.Max(MostPolls, ++polls);
            var offset = (int?)body["offset"] ?? 0;
            foreach (var id in pending.Keys.Where(id => id < offset).ToList()) pending.Remove(id);
        }
        try
        {
            var end = DateTime.UtcNow.AddSeconds((int?)body["timeout"] ?? 0);
            while (true)
            {
                Task more;
                lock (sync)
                {
                    if (pending.Count > 0 || DateTime.UtcNow >= end) return Result(new JsonArray([.. pending.Values.Take((int?)body["limit"] ?? 100).Select(u => u.DeepClone())]));
                    more = news.Task;
                }
                await Task.WhenAny(more, Task.Delay(end - DateTime.UtcNow + TimeSpan.FromMilliseconds(5), mine.Token));
                mine.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Error(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
        }
        finally
        {
            lock (sync)
            {
                polls--;
                if (poll == mine) poll = null;
            }
        }
    }

    private FakeAnswer GetFile(JsonObject body)
    {
        var id = (string)body["file_id"]!;
        if (!files.TryGetValue(id, out var bytes)) return Error(400, "Bad Request: invalid file_id");
        return bytes.Length > 20 << 20 ? Error(400, "Bad Request: file is too big")
            : Result(new JsonObject { ["file_id"] = id, ["file_unique_id"] = "u" + id, ["file_size"] = bytes.Length, ["file_path"] = $"files/{id}" });
    }

    private FakeAnswer Download(string path) => path.Split('/') is ["files", var id] && !expired.TryRemove(id, out _) && files.TryGetValue(id, out var bytes)
        ? new FakeAnswer { Bytes = bytes, ContentType = "application/octet-stream" } : Error(404, "Not Found");

    private FakeAnswer SendAlbum(BotCall call)
    {
        var parts = call.Body["media"]!.AsArray();
        if (parts.Count is < 2 or > 10) return Error(400, "Bad Request: there must be 2-10 media in the group");
        if (parts.Any(p => call.Files.All(f => (string?)p!["media"] != $"attach://{f.Part}"))) return Error(400, "Bad Request: wrong file identifier/HTTP URL specified");
        accepted.Enqueue(call);
        var chat = long.Parse(call.Body["chat_id"]!.ToString(), CultureInfo.InvariantCulture);
        return Result(new JsonArray([.. parts.Select(_ => (JsonNode)new JsonObject
        {
            ["message_id"] = Interlocked.Increment(ref nextMessage), ["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private" }, ["date"] = 1770000100, ["media_group_id"] = "13370001",
        })]));
    }

    private FakeAnswer Send(BotCall call)
    {
        var body = call.Body;
        if (((string?)body["text"])?.Length > 4096) return Error(400, "Bad Request: message is too long");
        if (((string?)body["caption"])?.Length > 1024) return Error(400, "Bad Request: message caption is too long");
        var chat = long.Parse(body["chat_id"]!.ToString(), CultureInfo.InvariantCulture);
        accepted.Enqueue(call);
        return Result(new JsonObject
        {
            ["message_id"] = Interlocked.Increment(ref nextMessage),
            ["from"] = new JsonObject { ["id"] = Bot, ["is_bot"] = true, ["first_name"] = "Loja" },
            ["chat"] = new JsonObject { ["id"] = chat, ["type"] = chat > 0 ? "private" : "supergroup" },
            ["date"] = 1770000100,
        });
    }

    private static async Task<BotCall> ReadAsync(string method, FakeRequest request)
    {
        var type = request.Headers.GetValueOrDefault("Content-Type") ?? "";
        if (!type.StartsWith("multipart/", StringComparison.Ordinal))
            return new BotCall(method, request.Bytes.Length == 0 ? [] : JsonNode.Parse(request.Bytes)!.AsObject(), []);
        var body = new JsonObject();
        var sent = new List<(string, string, byte[])>();
        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(type).Boundary).ToString(), new MemoryStream(request.Bytes));
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            using var bytes = new MemoryStream();
            await section.Body.CopyToAsync(bytes);
            var place = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            if (place.FileName.HasValue) sent.Add((HeaderUtilities.RemoveQuotes(place.FileName).ToString(), HeaderUtilities.RemoveQuotes(place.Name).ToString(), bytes.ToArray()));
            else body[HeaderUtilities.RemoveQuotes(place.Name).ToString()] = Value(Encoding.UTF8.GetString(bytes.ToArray()));
        }
        return new BotCall(method, body, sent);
    }

    /// <summary>Whatever has a structure travels as JSON inside the form.</summary>
    private static JsonNode? Value(string text) => text is ['{' or '[', ..] ? JsonNode.Parse(text) : text;

    /// <summary>What becomes of a call.</summary>
    private sealed record Plan(bool Accepts, Func<FakeAnswer, FakeAnswer> Answer);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>One call of the Bot API.</summary>
internal sealed record BotCall(string Method, JsonObject Body, IReadOnlyList<(string Name, string Part, byte[] Bytes)> Files);
