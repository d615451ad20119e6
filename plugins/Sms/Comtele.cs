using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inforzap.Plugins.Sms;

/// <summary>Something that happened to a message of ours, or a message of somebody's, as a report or a call tells it.</summary>
/// <param name="Phone">Whose, in E.164 digits.</param>
/// <param name="Text">What they wrote; null when it is about a message of ours.</param>
internal sealed record Row(string Phone, string? Text)
{
    /// <summary>Comtele's id of what they wrote, where it gives one.</summary>
    public string? Id { get; init; }
    /// <summary>Our tag.</summary>
    public string? Tag { get; init; }
    /// <summary>What became of ours, in Comtele's words.</summary>
    public string? Status { get; init; }
    /// <summary>Why.</summary>
    public string? Details { get; init; }
    /// <summary>When, UTC.</summary>
    public DateTime? At { get; init; }
}

/// <summary>A route of the account.</summary>
internal sealed record Route(int Id, string Name, decimal? Price);

/// <summary>One of Comtele's two APIs. A failed connection is an exception, anything else an answer.</summary>
internal abstract class Comtele(HttpClient http, SmsSettings settings)
{
    /// <summary>Comtele's clocks run in Brasília's time where they say no other.</summary>
    private protected static readonly TimeSpan Brasilia = TimeSpan.FromHours(-3);

    private static readonly string[] Brazilian = ["dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm"];

    public static Comtele Of(HttpClient http, SmsSettings settings) => settings.Panel == ComteleApi.Antigo ? new OldPanel(http, settings) : new NewPanel(http, settings);

    /// <summary>How far apart two reports are to be asked for.</summary>
    public abstract TimeSpan Cooldown { get; }

    public abstract Task<Answer> SendAsync(string mobile, string text, string tag, CancellationToken ct);

    /// <summary>What is left, in <see cref="Money"/>; null with the answer when it is not told.</summary>
    public abstract Task<(decimal? Left, Answer Answer)> BalanceAsync(CancellationToken ct);

    public abstract string Money(decimal amount);

    public abstract Task<(IReadOnlyList<Row> Rows, Answer Answer)> RepliesAsync(DateTime from, DateTime to, CancellationToken ct);

    public abstract Task<(IReadOnlyList<Row> Rows, Answer Answer)> ReportAsync(DateTime from, DateTime to, CancellationToken ct);

    /// <summary>None where the panel has none.</summary>
    public virtual Task<IReadOnlyList<Route>> RoutesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<Route>>([]);

    private protected SmsSettings Settings => settings;

    private protected abstract string Base { get; }

    private protected abstract string Header { get; }

    /// <summary>The moment that is written there; <paramref name="clock"/> counts where none is said.</summary>
    internal static DateTime? Moment(string? text, TimeSpan clock)
    {
        if (!DateTime.TryParseExact(text, Brazilian, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            && !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out at)) return null;
        return at.Kind == DateTimeKind.Utc ? at : DateTime.SpecifyKind(at - clock, DateTimeKind.Utc);
    }

    private protected Task<Answer> GetAsync(string path, CancellationToken ct) => CallAsync(HttpMethod.Get, path, null, ct);

    private protected async Task<Answer> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        var address = string.IsNullOrWhiteSpace(settings.BaseUrl) ? Base : settings.BaseUrl.Trim();
        using var request = new HttpRequestMessage(method, $"{address.TrimEnd('/')}/{path}");
        request.Headers.TryAddWithoutValidation(Header, settings.ApiKey.Trim());
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, ct);
        return Answer.Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct));
    }

    private protected static IEnumerable<JsonElement> Items(Answer answer) => answer is { IsOk: true, Object.ValueKind: JsonValueKind.Array } ? answer.Object.EnumerateArray() : [];
}

/// <summary>The API of the new panel.</summary>
internal sealed class NewPanel(HttpClient http, SmsSettings settings) : Comtele(http, settings)
{
    private const int Page = 100;
    private const int MostPages = 100;

    public override TimeSpan Cooldown => TimeSpan.Zero;

    private protected override string Base => SmsSettings.NewBaseUrl;

    private protected override string Header => "x-api-key";

    public override async Task<Answer> SendAsync(string mobile, string text, string tag, CancellationToken ct)
    {
        JsonObject Body(JsonNode route) => new()
        {
            ["receivers"] = new JsonArray(mobile), ["contactGroups"] = new JsonArray(), ["message"] = text, ["route"] = route, ["tag"] = "inforzap", ["custom"] = tag, ["scheduleDate"] = null,
        };
        var answer = await CallAsync(HttpMethod.Post, "messages/sms/send", Body(Settings.Route), ct);
        // Comtele's documents disagree on whether the route is a number or a text; a refusal of the form proves that nothing was sent.
        return answer.Status is 400 or 422 && answer.Said is null ? await CallAsync(HttpMethod.Post, "messages/sms/send", Body($"{Settings.Route}"), ct) : answer;
    }

    public override async Task<(decimal? Left, Answer Answer)> BalanceAsync(CancellationToken ct)
    {
        var answer = await GetAsync("balance", ct);
        return (answer.IsOk ? answer.Object.Find("balance")?.Amount() : null, answer);
    }

    public override string Money(decimal amount) => amount.ToString("'R$ '#,##0.00", CultureInfo.GetCultureInfo("pt-BR"));

    public override async Task<IReadOnlyList<Route>> RoutesAsync(CancellationToken ct) =>
        [.. Items(await GetAsync("routes", ct)).Select(r => (Json: r, Id: (int?)r.Find("id")?.Amount())).Where(r => r.Id is not null)
            .Select(r => new Route(r.Id!.Value, r.Json.Text("displayName") ?? "", r.Json.Find("farePrice")?.Amount()))];

    public override Task<(IReadOnlyList<Row> Rows, Answer Answer)> RepliesAsync(DateTime from, DateTime to, CancellationToken ct) =>
        PagesAsync($"reports/messages/received?{Span(from, to)}", r => Phones.Read(r.Text("sender")) is { } phone
            ? new Row(phone, r.Text("content") ?? "") { Id = r.Text("messageId"), At = Moment(r.Text("receivedAt"), TimeSpan.Zero) } : null, ct);

    public override Task<(IReadOnlyList<Row> Rows, Answer Answer)> ReportAsync(DateTime from, DateTime to, CancellationToken ct) =>
        PagesAsync($"reports/messages/sent?{Span(from, to)}&tag=inforzap", r => Phones.Read(r.Text("receiver")) is { } phone
            ? new Row(phone, null) { Tag = r.Text("custom"), Status = r.Text("status"), Details = r.Text("statusDetails"), At = Moment(r.Text("createdAt"), TimeSpan.Zero) } : null, ct);

    private async Task<(IReadOnlyList<Row> Rows, Answer Answer)> PagesAsync(string path, Func<JsonElement, Row?> read, CancellationToken ct)
    {
        var rows = new List<Row>();
        for (var page = 0; ; page++)
        {
            var answer = await GetAsync($"{path}&skip={page * Page}&limit={Page}", ct);
            var items = Items(answer).ToList();
            rows.AddRange(items.Select(read).OfType<Row>());
            if (!answer.IsOk || items.Count < Page || page + 1 == MostPages) return (rows, answer);
        }
    }

    private static string Span(DateTime from, DateTime to) => $"startDate={from:yyyy-MM-dd'T'HH:mm:ss'Z'}&endDate={to:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}

/// <summary>The API of the old panel.</summary>
internal sealed class OldPanel(HttpClient http, SmsSettings settings) : Comtele(http, settings)
{
    public override TimeSpan Cooldown => TimeSpan.FromSeconds(30);

    private protected override string Base => SmsSettings.OldBaseUrl;

    private protected override string Header => "auth-key";

    public override Task<Answer> SendAsync(string mobile, string text, string tag, CancellationToken ct) =>
        CallAsync(HttpMethod.Post, "send", new JsonObject { ["Sender"] = tag, ["Receivers"] = Phones.Local(mobile), ["Content"] = text }, ct);

    public override async Task<(decimal? Left, Answer Answer)> BalanceAsync(CancellationToken ct)
    {
        var answer = await GetAsync("credits", ct);
        return (answer.IsOk ? answer.Object.Amount() : null, answer);
    }

    public override string Money(decimal amount) => $"{amount.ToString("#,##0.##", CultureInfo.GetCultureInfo("pt-BR"))} créditos";

    public override async Task<(IReadOnlyList<Row> Rows, Answer Answer)> RepliesAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var answer = await GetAsync($"replyreporting?{Span(from, to)}", ct);
        return ([.. Items(answer).Select(r => Phones.Read(r.Text("sender")) is { } phone
            ? new Row(phone, r.Text("receivedContent") ?? "") { At = Moment(r.Text("receivedDate"), Brasilia) } : null).OfType<Row>()], answer);
    }

    public override async Task<(IReadOnlyList<Row> Rows, Answer Answer)> ReportAsync(DateTime from, DateTime to, CancellationToken ct)
    {
        var answer = await GetAsync($"detailedreporting?{Span(from, to)}&delivered=all", ct);
        return ([.. Items(answer).Select(r => Phones.Read(r.Text("receiver")) is { } phone
            ? new Row(phone, null)
            {
                // The network's own word comes later than the panel's, and says more.
                Tag = r.Text("sender"), Status = r.Text("dlrStatus") is { Length: > 0 } dlr && States.Of(dlr) is not null ? dlr : r.Text("status"), Details = r.Text("systemMessage"),
                At = Moment(r.Text("requestDate"), Brasilia),
            } : null).OfType<Row>()], answer);
    }

    private static string Span(DateTime from, DateTime to) => $"startDate={Local(from)}&endDate={Local(to)}";

    private static string Local(DateTime at) => Uri.EscapeDataString((at + Brasilia).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
}
