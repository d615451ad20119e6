using System.Globalization;
using System.Text.Json;

namespace Inforzap.Plugins.Sms;

/// <summary>What Comtele answered: of either API, since both wrap it in the same way under other names.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Said">Its envelope could be read, and says yes or no.</param>
/// <param name="Object">What is in it.</param>
/// <param name="Message">What it says, for people.</param>
internal sealed record Answer(int Status, bool? Said, JsonElement Object, string Message)
{
    /// <summary>A success in the status is none in itself: what is wrong with a message may come under 200.</summary>
    public bool IsOk => Status is >= 200 and < 300 && Said == true;

    public static Answer Read(int status, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var json = JsonElement.ParseValue(ref reader);
            if (json.ValueKind != JsonValueKind.Object) return new(status, null, default, "");
            var said = json.Find("hasError") is { ValueKind: JsonValueKind.True or JsonValueKind.False } error ? error.ValueKind == JsonValueKind.False
                : json.Find("success") is { ValueKind: JsonValueKind.True or JsonValueKind.False } success ? success.ValueKind == JsonValueKind.True : (bool?)null;
            return new(status, said, json.Find("object") ?? default, Words(json));
        }
        catch (JsonException)
        {
            return new(status, null, default, "");
        }
    }

    /// <summary>Errors are texts, or objects with one.</summary>
    private static string Words(JsonElement json)
    {
        var errors = json.Find("errors") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.Whole() : e.Text("message")) : [];
        return string.Join(" ", new[] { json.Text("message") }.Concat(errors).OfType<string>().Select(w => w.Trim()).Where(w => w.Length > 0).Distinct());
    }
}

internal static class Json
{
    /// <summary>A member, whatever its letters' case; null when it is missing or null.</summary>
    public static JsonElement? Find(this JsonElement json, string name)
    {
        if (json.ValueKind == JsonValueKind.Object)
            foreach (var member in json.EnumerateObject())
                if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Null) return member.Value;
        return null;
    }

    /// <summary>A member as text, also when it is a number.</summary>
    public static string? Text(this JsonElement json, string name) => json.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.Whole(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>A text. An emoji that was cut in the middle is no character, and must not lose what stands around it.</summary>
    public static string Whole(this JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText().Trim('"');
        }
    }

    public static decimal? Amount(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetDecimal(out var number) => number,
        JsonValueKind.String when decimal.TryParse(json.Whole(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
