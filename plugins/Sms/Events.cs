using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Sms;

/// <summary>
/// Makes events of rows. A reply may come by a call and again by a report, so both give it the same id: Comtele's own, or a hash of
/// who wrote what and when.
/// </summary>
internal static class Events
{
    private const int LongestId = 200;

    /// <summary>Null when it can't be told from the same words said again: the report brings it with its time.</summary>
    public static InboundEvent? Reply(Guid channel, Row row, ReadOnlyMemory<byte> raw = default)
    {
        if (string.IsNullOrWhiteSpace(row.Text) || IdOf(row) is not { } id) return null;
        return new InboundMessage(channel, id, new Address(row.Phone), new TextContent(row.Text)) { At = row.At, Raw = raw };
    }

    /// <summary>Null for a message that is not ours, or a word that nobody knows.</summary>
    public static InboundReceipt? Receipt(Guid channel, Row row, ReadOnlyMemory<byte> raw = default)
    {
        if (Tags.AttemptOf(row.Tag) is not { } attempt || States.Of(row.Status) is not { } state) return null;
        var tag = Tags.Of(attempt);
        return new(channel, $"{tag}/{state}", new Address(row.Phone), tag, state)
        {
            AttemptId = attempt, Raw = raw, Reason = state == ReceiptState.Failed ? Why(row) : null, Code = state == ReceiptState.Failed ? Cut(row.Status!, 40) : null,
        };
    }

    /// <summary>What Comtele posts to one of our addresses, or asks for with it: JSON, a form, or the query; one thing or a list of them.</summary>
    public static IEnumerable<Row> Read(WebhookRequest request, bool isReply, TimeSpan clock)
    {
        foreach (var fields in FieldsOf(request))
        {
            string? Of(params ReadOnlySpan<string> names)
            {
                foreach (var name in names)
                    if (fields.TryGetValue(name, out var value) && value.Trim().Length > 0) return value.Trim();
                return null;
            }
            // The sender is who wrote, or our label, as it comes; a label is no number.
            var label = Of("custom", "sender");
            var phone = Phones.Read(Of("phoneNumber", "phone", "receiver")) ?? (Tags.AttemptOf(label) is null ? Phones.Read(Of("sender")) : null);
            if (phone is null) continue;
            var at = Comtele.Moment(Of("receivedAt", "receivedDate", "receiveDate", "statusDate", "date"), clock);
            yield return isReply ? new Row(phone, Of("receivedContent", "content", "message") ?? "") { Id = Of("messageId"), At = at }
                : new Row(phone, null) { Tag = label, Status = Of("dlrStatus", "status"), Details = Of("statusDetails", "systemMessage"), At = at };
        }
    }

    private static IEnumerable<Dictionary<string, string>> FieldsOf(WebhookRequest request)
    {
        if (request.Body.Length == 0) return [new(request.Query, StringComparer.OrdinalIgnoreCase)];
        if (FirstOf(request.Body.Span) is not ((byte)'{' or (byte)'[')) return [Form(Encoding.UTF8.GetString(request.Body.Span))];
        try
        {
            using var json = JsonDocument.Parse(request.JsonBody);
            var root = json.RootElement.Find("object") ?? json.RootElement;
            return [.. (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root]).Where(e => e.ValueKind == JsonValueKind.Object).Select(Members)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static byte FirstOf(ReadOnlySpan<byte> body) => body.TrimStart(" \r\n\t\uFEFF"u8) is [var first, ..] ? first : (byte)0;

    private static Dictionary<string, string> Members(JsonElement json)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.EnumerateObject())
            if (json.Text(member.Name) is { } text) fields[member.Name] = text;
        return fields;
    }

    private static Dictionary<string, string> Form(string body)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in body.Split('&'))
            if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) fields[WebUtility.UrlDecode(pair[..at])] = WebUtility.UrlDecode(pair[(at + 1)..]);
        return fields;
    }

    private static string? IdOf(Row row)
    {
        if (row.Id is { Length: > 0 and <= LongestId } id) return $"in:{id}";
        if (row.At is not { } at) return null;
        var whole = string.Create(CultureInfo.InvariantCulture, $"{row.Phone}\n{at:yyyyMMddHHmmss}\n{row.Text!.Trim()}");
        return $"in:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))}";
    }

    private static string Why(Row row) =>
        row.Details is { Length: > 0 } details && !details.Equals(row.Status, StringComparison.OrdinalIgnoreCase) ? $"O SMS não foi entregue: {Cut(details, 200)}" : $"O SMS não foi entregue ({Cut(row.Status!, 100)}).";

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;
}
