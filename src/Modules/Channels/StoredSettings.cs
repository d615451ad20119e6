using System.Text.Json.Nodes;
using Inforzap.Security;

namespace Inforzap.Channels;

/// <summary>
/// Settings as a channel's row keeps them: JSON of the fields' text; a secret stands there as <c>{"secret": cipher}</c>, under a
/// purpose of its own, so that one channel's cipher is of no use in another's row.
/// </summary>
internal static class StoredSettings
{
    /// <summary>Seals the secrets.</summary>
    public static string Close(IReadOnlyDictionary<string, string> values, Func<string, bool> isSecret, Guid channelId, Secrets secrets)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values)
            json[name] = !isSecret(name) ? value : value.Length == 0 ? "" : new JsonObject { ["secret"] = secrets.Protect(Purpose(channelId, name), value) };
        return json.ToJsonString();
    }

    /// <summary>All values in clear. Secrets whose key is lost are missing, and <paramref name="isLost"/> is true.</summary>
    public static Dictionary<string, string> Open(string stored, Guid channelId, Secrets secrets, out bool isLost)
    {
        isLost = false;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, node) in JsonNode.Parse(stored)!.AsObject())
        {
            if (node is JsonObject sealedValue && sealedValue["secret"] is { } cipher)
            {
                if (secrets.Unprotect(Purpose(channelId, name), cipher.GetValue<string>()) is { } clear) values[name] = clear;
                else isLost = true;
            }
            else values[name] = node?.GetValue<string>() ?? "";
        }
        return values;
    }

    private static string Purpose(Guid channelId, string name) => $"channel/{channelId}/{name}";
}
