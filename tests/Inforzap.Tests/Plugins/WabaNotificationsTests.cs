using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Plugins.Waba;
using Inforzap.Sdk;
using Inforzap.Tests.Architecture;

namespace Inforzap.Tests.Plugins;

/// <summary>What each kind of notification means. They are those of Meta's documents, with what they come to beside them.</summary>
public sealed class WabaNotificationsTests
{
    private static readonly Guid Channel = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly string File = Path.Combine(House.Root, "tests/Inforzap.Tests/Plugins/WabaNotifications.json");
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private static JsonArray Golden() => JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsArray();

    /// <summary>The notifications, by what they are.</summary>
    public static TheoryData<string> Names() => [.. Golden().Select(g => (string)g!["name"]!)];

    [Theory, MemberData(nameof(Names))]
    public void A_notification_means(string name)
    {
        var all = Golden();
        var one = all.Single(g => (string)g!["name"]! == name)!.AsObject();
        var happened = Read(one);
        var now = new JsonArray([.. happened.Select(e => JsonNode.Parse(JsonSerializer.Serialize(e, Web)))]);
        if (Environment.GetEnvironmentVariable("INFORZAP_UPDATE_SNAPSHOTS") == "1")
        {
            one["means"] = now;
            System.IO.File.WriteAllText(File, all.ToJsonString(Pretty) + "\n");
        }
        Assert.True(JsonNode.DeepEquals(one["means"], now), $"{name} means now:\n{now.ToJsonString(Pretty)}");
        Assert.All(happened, e => Assert.InRange(e.EventId.Length, 1, 300));
        Assert.Equal(happened.Count, happened.Select(e => e.EventId).Distinct().Count());
    }

    [Fact]
    public void Every_event_has_the_bytes_that_it_came_from()
    {
        var one = Golden().Single(g => (string)g!["name"]! == "two contacts")!.AsObject();
        var happened = Read(one);
        Assert.Equal(2, happened.Count);
        Assert.Equal(one["message"]!.ToJsonString(), JsonNode.Parse(happened[0].Raw.Span)!.ToJsonString());
        Assert.Equal(0, happened[1].Raw.Length);
    }

    private static List<InboundEvent> Read(JsonObject one)
    {
        var value = one["value"]?.DeepClone().AsObject() ?? new JsonObject
        {
            ["messaging_product"] = "whatsapp", ["metadata"] = new JsonObject { ["display_phone_number"] = "551140028922", ["phone_number_id"] = FakeMeta.Phone },
            ["contacts"] = JsonNode.Parse("""[{"profile":{"name":"Maria","username":"maria.s"},"wa_id":"5511988887777","user_id":"BR.1502576394655843"}]"""),
            ["messages"] = new JsonArray(one["message"]!.DeepClone()),
        };
        var body = new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray(new JsonObject { ["id"] = "1", ["changes"] = new JsonArray(new JsonObject { ["field"] = (string?)one["field"] ?? "messages", ["value"] = value }) }) };
        var change = Assert.Single(Notifications.Read(Encoding.UTF8.GetBytes(body.ToJsonString())));
        Assert.Equal(FakeMeta.Phone, change.PhoneNumberId);
        return [.. new Notifications(Channel).Of(change)];
    }
}
