using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>The message templates of an account: what Meta tells of them, and how one is handed in, sent and taken away.</summary>
internal sealed class Templates(Graph graph)
{
    private const int PerPage = 100;
    /// <summary>Meta lets an account have 6,000 with translations; nobody leafs through more.</summary>
    private const int MostPages = 60;
    /// <summary>Meta takes ten.</summary>
    private const int MostCards = 20;

    public async Task<IReadOnlyList<MessageTemplate>> ListAsync(CancellationToken ct)
    {
        var found = new List<MessageTemplate>();
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            // By the cursor and not by the address that Meta names, which another host could take the token from.
            var answer = await graph.GetAsync(string.Create(CultureInfo.InvariantCulture,
                $"{graph.Account}/message_templates?fields=id,name,language,status,category,components,parameter_format,rejected_reason,quality_score&limit={PerPage}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}"), ct);
            if (!answer.IsOk || answer.Body is not { } body) throw new TemplateException(Words(answer));
            found.AddRange(body.Items("data").Select(Read).OfType<MessageTemplate>());
            after = body.Child("paging") is { } paging && paging.String("next") is not null ? paging.Child("cursors")?.String("after") : null;
            if (after is null) break;
        }
        return found;
    }

    public async Task CreateAsync(MessageTemplate template, CancellationToken ct)
    {
        var answer = await graph.PostAsync($"{graph.Account}/message_templates", Definition(template), ct);
        if (!answer.IsOk) throw new TemplateException(Words(answer));
    }

    public async Task DeleteAsync(MessageTemplate template, CancellationToken ct)
    {
        // By the name alone Meta would take all of its languages away. Of one that was just handed in only the list tells the id.
        var id = template.ProviderId ?? (await ListAsync(ct)).FirstOrDefault(x => x.Name == template.Name && x.Language == template.Language)?.ProviderId;
        if (id is null) return;
        var answer = await graph.DeleteAsync($"{graph.Account}/message_templates?name={Uri.EscapeDataString(template.Name)}&hsm_id={Uri.EscapeDataString(id)}", ct);
        // Whoever deleted it in Meta's own pages wanted the same.
        if (!answer.IsOk && !Failures.IsNotFound(answer)) throw new TemplateException(Words(answer));
    }

    /// <summary>What goes out: only parts that have variables.</summary>
    public static JsonObject Message(TemplateContent template, JsonObject? file)
    {
        var components = new JsonArray();
        if (file is not null) components.Add(new JsonObject { ["type"] = "header", ["parameters"] = new JsonArray(file) });
        else if (template.HeaderValues.Count > 0) components.Add(Part("header", template.HeaderValues, template.IsNamed));
        if (template.BodyValues.Count > 0) components.Add(Part("body", template.BodyValues, template.IsNamed));
        foreach (var button in template.ButtonValues)
            components.Add(new JsonObject
            {
                ["type"] = "button", ["sub_type"] = button.Kind == TemplateButtonKind.Code ? "copy_code" : "url", ["index"] = button.Index.ToString(CultureInfo.InvariantCulture),
                ["parameters"] = new JsonArray(button.Kind == TemplateButtonKind.Code
                    ? new JsonObject { ["type"] = "coupon_code", ["coupon_code"] = button.Value } : new JsonObject { ["type"] = "text", ["text"] = button.Value }),
            });
        var json = new JsonObject { ["name"] = template.Name, ["language"] = new JsonObject { ["code"] = template.Language } };
        if (components.Count > 0) json["components"] = components;
        return json;
    }

    private static JsonObject Part(string type, IReadOnlyList<TemplateValue> values, bool isNamed) => new()
    {
        ["type"] = type,
        ["parameters"] = new JsonArray([.. values.Select(JsonNode (v) =>
        {
            var parameter = new JsonObject { ["type"] = "text" };
            if (isNamed) parameter["parameter_name"] = v.Name;
            parameter["text"] = v.Value;
            return parameter;
        })]),
    };

    /// <summary>A new one, as Meta wants it: with an example for each variable.</summary>
    private static JsonObject Definition(MessageTemplate template)
    {
        string Example(string name) => template.Examples.GetValueOrDefault(name) is { Length: > 0 } example ? example : "exemplo";
        JsonArray Examples(string text) => new([.. TemplateVariables.NamesIn(text).Select(JsonNode (n) => template.IsNamed ? new JsonObject { ["param_name"] = n, ["example"] = Example(n) } : JsonValue.Create(Example(n)))]);
        var components = new JsonArray();
        if (template.Header is { Kind: TemplateHeaderKind.Text, Text: { Length: > 0 } head })
        {
            var header = new JsonObject { ["type"] = "HEADER", ["format"] = "TEXT", ["text"] = head };
            if (TemplateVariables.NamesIn(head).Any()) header["example"] = new JsonObject { [template.IsNamed ? "header_text_named_params" : "header_text"] = Examples(head) };
            components.Add(header);
        }
        var body = new JsonObject { ["type"] = "BODY", ["text"] = template.Body };
        if (TemplateVariables.NamesIn(template.Body).Any()) body["example"] = template.IsNamed ? new JsonObject { ["body_text_named_params"] = Examples(template.Body) } : new JsonObject { ["body_text"] = new JsonArray(Examples(template.Body)) };
        components.Add(body);
        if (!string.IsNullOrWhiteSpace(template.Footer)) components.Add(new JsonObject { ["type"] = "FOOTER", ["text"] = template.Footer });
        if (template.Buttons.Count > 0) components.Add(new JsonObject { ["type"] = "BUTTONS", ["buttons"] = new JsonArray([.. template.Buttons.Select(Button)]) });
        return new()
        {
            ["name"] = template.Name, ["language"] = template.Language, ["category"] = template.Category.ToString().ToUpperInvariant(),
            ["parameter_format"] = template.IsNamed ? "NAMED" : "POSITIONAL", ["components"] = components,
        };

        JsonNode Button(TemplateButton button)
        {
            switch (button.Kind)
            {
                case TemplateButtonKind.Url:
                    var url = new JsonObject { ["type"] = "URL", ["text"] = button.Text, ["url"] = button.Value };
                    if (TemplateVariables.NamesIn(button.Value ?? "").FirstOrDefault() is { } name) url["example"] = new JsonArray(TemplateVariables.Fill(button.Value!, Example));
                    return url;
                case TemplateButtonKind.Phone:
                    return new JsonObject { ["type"] = "PHONE_NUMBER", ["text"] = button.Text, ["phone_number"] = button.Value };
                case TemplateButtonKind.Code:
                    return new JsonObject { ["type"] = "COPY_CODE", ["example"] = button.Value };
                default:
                    return new JsonObject { ["type"] = "QUICK_REPLY", ["text"] = button.Text };
            }
        }
    }

    private static MessageTemplate? Read(JsonElement json)
    {
        if (json.String("name") is not { } name || json.String("language") is not { } language) return null;
        var parts = json.Items("components").ToList();
        JsonElement? Of(string type) => parts.Where(p => p.String("type")?.ToUpperInvariant() == type).Select(p => (JsonElement?)p).FirstOrDefault();
        var (header, isForeign) = HeaderOf(Of("HEADER"));
        var buttons = Of("BUTTONS")?.Items("buttons").Select(ButtonOf).ToList() ?? [];
        // Carousels and offers with a clock have parts that each want something of their own; codes for signing in have a text that only Meta knows.
        isForeign |= parts.Exists(p => p.String("type")?.ToUpperInvariant() is not ("HEADER" or "BODY" or "FOOTER" or "BUTTONS")) || buttons.Contains(null) || Of("BODY")?.String("text") is null;
        var body = Of("BODY");
        return new(name, language, CategoryOf(json.String("category")), StateOf(json.String("status")), body?.String("text") ?? "")
        {
            ProviderId = json.String("id"), Header = header, Footer = Of("FOOTER")?.String("text"), Buttons = [.. buttons.OfType<TemplateButton>()], Cards = [.. Of("CAROUSEL")?.Items("cards").Take(MostCards).Select(CardOf) ?? []],
            IsNamed = json.String("parameter_format")?.ToUpperInvariant() == "NAMED", Examples = ExamplesOf(body), IsForeign = isForeign,
            Reason = ReasonOf(json.String("rejected_reason")), Quality = QualityOf(json.Child("quality_score")?.String("score")),
        };
    }

    /// <summary>A card is built like a template. What we don't know of it stays away: it is only looked at.</summary>
    private static TemplateCard CardOf(JsonElement card)
    {
        var parts = card.Items("components").ToLookup(p => p.String("type")?.ToUpperInvariant());
        return new(parts["HEADER"].Select(h => HeaderOf(h).Item1).FirstOrDefault(), parts["BODY"].Select(b => b.String("text")).FirstOrDefault(),
            [.. parts["BUTTONS"].SelectMany(b => b.Items("buttons")).Select(ButtonOf).OfType<TemplateButton>()]);
    }

    private static (TemplateHeader?, bool IsForeign) HeaderOf(JsonElement? header) => header?.String("format")?.ToUpperInvariant() switch
    {
        null => (null, header is not null),
        "TEXT" => (new(TemplateHeaderKind.Text, header?.String("text")), false),
        "IMAGE" => (new(TemplateHeaderKind.Image), false),
        "VIDEO" => (new(TemplateHeaderKind.Video), false),
        "DOCUMENT" => (new(TemplateHeaderKind.Document), false),
        _ => (null, true),
    };

    private static TemplateButton? ButtonOf(JsonElement button) => (button.String("type")?.ToUpperInvariant(), button.String("text")) switch
    {
        ("QUICK_REPLY", { } text) => new(TemplateButtonKind.Reply, text),
        ("URL", { } text) => new(TemplateButtonKind.Url, text, button.String("url")),
        ("PHONE_NUMBER", { } text) => new(TemplateButtonKind.Phone, text, button.String("phone_number")),
        ("COPY_CODE", var text) => new(TemplateButtonKind.Code, text ?? "Copiar código"),
        _ => null,
    };

    private static Dictionary<string, string> ExamplesOf(JsonElement? body)
    {
        var examples = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body?.Child("example") is not { } given) return examples;
        foreach (var named in given.Items("body_text_named_params")) if (named.String("param_name") is { } name && named.String("example") is { } value) examples[name] = value;
        if (given.Child("body_text") is { ValueKind: JsonValueKind.Array } lists && lists.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Array } first)
            foreach (var (index, value) in first.EnumerateArray().Index()) if (value.ValueKind == JsonValueKind.String) examples[(index + 1).ToString(CultureInfo.InvariantCulture)] = value.GetString()!;
        return examples;
    }

    private static TemplateCategory CategoryOf(string? category) => category?.ToUpperInvariant() switch
    {
        "UTILITY" => TemplateCategory.Utility,
        "AUTHENTICATION" => TemplateCategory.Authentication,
        _ => TemplateCategory.Marketing,
    };

    private static TemplateState StateOf(string? status) => status?.ToUpperInvariant() switch
    {
        "APPROVED" or "UNARCHIVED" => TemplateState.Approved,
        "PENDING" or "IN_APPEAL" => TemplateState.Pending,
        "REJECTED" => TemplateState.Rejected,
        "PAUSED" or "FLAGGED" or "LIMIT_EXCEEDED" => TemplateState.Paused,
        _ => TemplateState.Off,
    };

    private static TemplateQuality QualityOf(string? score) => score?.ToUpperInvariant() switch
    {
        "GREEN" => TemplateQuality.High,
        "YELLOW" => TemplateQuality.Medium,
        "RED" => TemplateQuality.Low,
        _ => TemplateQuality.Unknown,
    };

    private static string? ReasonOf(string? reason) => reason?.ToUpperInvariant() switch
    {
        null or "NONE" => null,
        "ABUSIVE_CONTENT" => "A Meta viu conteúdo abusivo.",
        "INVALID_FORMAT" => "A Meta diz que o formato está errado: confira as variáveis e os exemplos.",
        "PROMOTIONAL" or "TAG_CONTENT_MISMATCH" or "INCORRECT_CATEGORY" => "A categoria não combina com o texto.",
        "SCAM" => "A Meta o tomou por golpe.",
        var other => $"Motivo da Meta: {other}.",
    };

    /// <summary>Why not. Of a wording Meta says it in a sentence for people, in the language of the account.</summary>
    private static string Words(Answer answer) => answer.Error switch
    {
        { Code: 0 or 190 } => "A Meta não aceita o token de acesso deste canal: ele venceu ou foi revogado.",
        { Code: 3 or 10 or 200 } => "O token de acesso não tem permissão para os modelos. Ele precisa de whatsapp_business_management.",
        { Code: 4 or 80007 or 80008 or 130429 } => "A Meta limita quantas vezes por hora os modelos são consultados. Tente mais tarde.",
        { } error => answer.Body?.Child("error")?.String("error_user_msg") ?? $"A Meta recusou: {error.Details}",
        null => string.Create(CultureInfo.InvariantCulture, $"A Meta respondeu {answer.Status}."),
    };
}
