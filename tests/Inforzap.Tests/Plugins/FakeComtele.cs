using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace Inforzap.Tests.Plugins;

/// <summary>
/// Comtele's two APIs, near enough: envelopes, keys, forms of numbers, reports. Those of the new panel stand under its own paths, those of
/// the old one under <c>/v2/</c>. What it takes turns up in its report, without an id at first, as it does there.
/// </summary>
internal sealed class FakeComtele : IAsyncDisposable
{
    public const string Key = "0f8fad5b-d9cb-469f-a165-70867728950e";
    public const int Route = 17;

    private readonly ConcurrentQueue<SmsTaken> taken = new();
    private readonly ConcurrentQueue<SmsReply> replies = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<FakeAnswer>>> planned = new();
    private readonly TimeProvider clock;
    private int numbers;

    private FakeComtele(FakeServer server, TimeProvider clock) => (Server, this.clock) = (server, clock);

    public FakeServer Server { get; }

    /// <summary>The address of the old panel's API.</summary>
    public Uri Old => new(Server.Url, "v2");

    public decimal Balance { get; set; } = 123.45m;

    /// <summary>What was taken and will reach people, oldest first.</summary>
    public IReadOnlyList<SmsTaken> Taken => [.. taken];

    public static async Task<FakeComtele> StartAsync(TimeProvider? clock = null)
    {
        var comtele = new FakeComtele(await FakeServer.StartAsync(), clock ?? TimeProvider.System);
        comtele.Server.Otherwise = comtele.Answer;
        return comtele;
    }

    /// <summary>The next calls of a path that ends so are not taken, and get these, one each.</summary>
    public void Refuse(string path, params IEnumerable<FakeAnswer> answers)
    {
        foreach (var answer in answers) planned.GetOrAdd(path, _ => new()).Enqueue(() => answer);
    }

    /// <summary>The next call is taken all the same, and the answer is lost.</summary>
    public void TakeAndDrop(string path) => planned.GetOrAdd($"taken {path}", _ => new()).Enqueue(() => FakeAnswer.Drop);

    /// <summary>An envelope of the new panel.</summary>
    public static FakeAnswer Envelope(JsonNode? content, bool hasError = false, string? message = null, int status = 200, JsonArray? errors = null) =>
        new(status, new JsonObject { ["hasError"] = hasError, ["message"] = message, ["object"] = content, ["totalRecords"] = 0, ["errors"] = errors }.ToJsonString());

    /// <summary>An envelope of the old one.</summary>
    public static FakeAnswer OldEnvelope(JsonNode? content, bool success = true, string? message = null, int status = 200) =>
        new(status, new JsonObject { ["Success"] = success, ["Object"] = content, ["Message"] = message }.ToJsonString());

    /// <summary>Something becomes of what was taken.</summary>
    public static void Becomes(SmsTaken message, string status, string? details = null) => (message.Status, message.Details) = (status, details);

    /// <summary>Somebody writes back.</summary>
    public SmsReply Says(string phone, string text, DateTime? at = null)
    {
        var reply = new SmsReply(phone, text, at ?? clock.GetUtcNow().UtcDateTime, $"mo-{Interlocked.Increment(ref numbers)}");
        replies.Enqueue(reply);
        return reply;
    }

    /// <summary>Waits until so many were taken.</summary>
    public async Task<SmsTaken> TakenAsync(int n = 1)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); taken.Count < n; await Task.Delay(20))
            if (DateTime.UtcNow > end) throw new TimeoutException($"{taken.Count} of {n} SMS came.");
        return Taken[n - 1];
    }

    /// <summary>How often a path was asked for.</summary>
    public int Calls(string path) => Server.Requests.Count(r => PathOf(r).EndsWith(path, StringComparison.Ordinal));

    private static string PathOf(FakeRequest request) => request.Path.Split('?')[0];

    private FakeAnswer Answer(FakeRequest request)
    {
        var path = PathOf(request);
        foreach (var (end, answers) in planned)
            if (path.EndsWith(end, StringComparison.Ordinal) && answers.TryDequeue(out var answer)) return answer();
        var isOld = path.StartsWith("/v2/", StringComparison.Ordinal);
        if (!request.Headers.TryGetValue(isOld ? "auth-key" : "x-api-key", out var key) || key != Key)
            return isOld ? new(401, "A chave de acesso informada é inválida") { ContentType = "text/plain" } : Envelope(null, true, "Chave inválida", 401);
        var query = QueryHelpers.ParseQuery(request.Path.Contains('?', StringComparison.Ordinal) ? request.Path[request.Path.IndexOf('?', StringComparison.Ordinal)..] : "");
        var given = isOld ? OldAnswer(path[4..], request, query) : NewAnswer(path[1..], request, query);
        return planned.TryGetValue($"taken {path.Split('/')[^1]}", out var lost) && lost.TryDequeue(out var drop) ? drop() : given;
    }

    private FakeAnswer NewAnswer(string path, FakeRequest request, Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query)
    {
        bool Within(DateTime at) => at >= Iso(query["startDate"]!) && at <= Iso(query["endDate"]!).AddSeconds(1);
        JsonArray Page<T>(IEnumerable<T> rows, Func<T, JsonNode> write) => new([.. rows.Skip(int.Parse(query["skip"]!, CultureInfo.InvariantCulture)).Take(int.Parse(query["limit"]!, CultureInfo.InvariantCulture)).Select(write)]);
        switch (path)
        {
            case "balance":
                return Envelope(new JsonObject { ["balance"] = Balance });
            case "routes":
                return Envelope(new JsonArray(
                    new JsonObject { ["id"] = 16, ["displayName"] = "SMS Marketing", ["farePrice"] = 0.07, ["productName"] = "SMS" },
                    new JsonObject { ["id"] = Route, ["displayName"] = "SMS Premium", ["farePrice"] = 0.09, ["productName"] = "SMS" }));
            case "messages/sms/send":
                var body = JsonNode.Parse(request.Body)!.AsObject();
                if (body["receivers"] is not JsonArray { Count: 1 } to || body["route"] is not JsonValue) return new(400, "The JSON value could not be converted") { ContentType = "text/plain" };
                if ((string)to[0]! is not { Length: 13 } phone) return Envelope(null, true, "Número inválido");
                taken.Enqueue(new(phone, (string)body["message"]!, (string)body["custom"]!, clock.GetUtcNow().UtcDateTime));
                return Envelope(null, message: "A mensagem foi enviada para processamento com sucesso e logo será entregue.");
            case "reports/messages/sent":
                return Envelope(Page(taken.Where(t => Within(t.At)), t => new JsonObject
                {
                    ["id"] = $"{t.GetHashCode()}", ["receiver"] = t.Phone, ["content"] = t.Text, ["createdAt"] = Iso(t.At), ["custom"] = t.Tag, ["tag"] = "inforzap", ["status"] = t.Status, ["statusDetails"] = t.Details,
                }));
            case "reports/messages/received":
                return Envelope(Page(replies.Where(r => Within(r.At)), r => new JsonObject { ["sender"] = r.Phone, ["content"] = r.Text, ["receivedAt"] = Iso(r.At), ["messageId"] = r.Id }));
            default:
                return new(404, "Not Found") { ContentType = "text/plain" };
        }
    }

    private FakeAnswer OldAnswer(string path, FakeRequest request, Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query)
    {
        bool Within(DateTime at) => at >= Brazilian(query["startDate"]!) && at <= Brazilian(query["endDate"]!).AddSeconds(1);
        switch (path)
        {
            case "credits":
                return OldEnvelope(Balance.ToString(CultureInfo.InvariantCulture));
            case "send":
                var body = JsonNode.Parse(request.Body)!.AsObject();
                if ((string)body["Receivers"]! is not { Length: 11 } phone) return OldEnvelope(null, false, "Número inválido", 400);
                taken.Enqueue(new("55" + phone, (string)body["Content"]!, (string)body["Sender"]!, clock.GetUtcNow().UtcDateTime));
                return OldEnvelope(new JsonObject { ["requestUniqueId"] = Guid.NewGuid().ToString() }, message: "A requisição foi encaminhada.");
            case "detailedreporting":
                return OldEnvelope(new JsonArray([.. taken.Where(t => Within(t.At)).Select(t => new JsonObject
                {
                    ["Receiver"] = t.Phone[2..], ["Content"] = t.Text, ["Status"] = "Processado", ["RequestDate"] = Brazilian(t.At), ["SystemMessage"] = t.Details, ["DlrStatus"] = t.Status, ["Sender"] = t.Tag,
                })]));
            case "replyreporting":
                return OldEnvelope(new JsonArray([.. replies.Where(r => Within(r.At)).Select(r => new JsonObject
                {
                    ["Sender"] = r.Phone[2..], ["SenderName"] = "out:1", ["SentContent"] = "Oi", ["ReceivedDate"] = Brazilian(r.At), ["ReceivedContent"] = r.Text,
                })]));
            default:
                return new(404, "Not Found") { ContentType = "text/plain" };
        }
    }

    private static string Iso(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTime Iso(string at) => DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private static string Brazilian(DateTime at) => at.AddHours(-3).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static DateTime Brazilian(string at) => DateTime.SpecifyKind(DateTime.ParseExact(at, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture).AddHours(3), DateTimeKind.Utc);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>An SMS that Comtele took.</summary>
internal sealed class SmsTaken(string phone, string text, string tag, DateTime at)
{
    public string Phone { get; } = phone;
    public string Text { get; } = text;
    public string Tag { get; } = tag;
    public DateTime At { get; } = at;
    public string? Status { get; set; } = "Processing";
    public string? Details { get; set; }
}

/// <summary>An SMS that somebody sent.</summary>
internal sealed record SmsReply(string Phone, string Text, DateTime At, string Id);
