using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Inforzap.Tests.Architecture;

namespace Inforzap.Tests.Plugins;

/// <summary>What each kind of event means. They are in the gateway's shapes, with what they come to beside them.</summary>
public sealed class WhatsAppEventsTests
{
    private static readonly Guid Channel = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly string File = Path.Combine(House.Root, "tests/Inforzap.Tests/Plugins/WhatsAppEvents.json");
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private static JsonArray Golden() => JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsArray();

    /// <summary>The events, by what they are.</summary>
    public static TheoryData<string> Names() => [.. Golden().Select(g => (string)g!["name"]!)];

    [Theory, MemberData(nameof(Names))]
    public void An_event_means(string name)
    {
        var all = Golden();
        var one = all.Single(g => (string)g!["name"]! == name)!.AsObject();
        var read = Read(one);
        var now = new JsonObject();
        void Put(string what, IEnumerable<JsonNode?> nodes)
        {
            if (nodes.ToArray() is { Length: > 0 } list) now[what] = new JsonArray(list);
        }
        Put("happened", read.Happened.Select(Node));
        Put("returned", read.Returned.Select(r => (JsonNode)new JsonObject
        {
            ["id"] = r.Id, ["to"] = new JsonArray([.. r.To.Select(a => (JsonNode)$"{a.Kind}:{a.Value}")]), ["shape"] = r.Shape, ["isOfGateway"] = r.IsOfGateway, ["events"] = new JsonArray([.. r.Events.Select(Node)]),
        }));
        Put("typing", read.Typing.Select(t => (JsonNode)$"{t.From.Value}: {t.Typing}"));
        Put("heard", read.Heard.Select(h => JsonNode.Parse(JsonSerializer.Serialize(h, Web))));
        if (Environment.GetEnvironmentVariable("INFORZAP_UPDATE_SNAPSHOTS") == "1")
        {
            one["means"] = now;
            System.IO.File.WriteAllText(File, all.ToJsonString(Pretty) + "\n");
        }
        Assert.True(JsonNode.DeepEquals(one["means"], now), $"{name} means now:\n{now.ToJsonString(Pretty)}");
        List<InboundEvent> events = [.. read.Happened, .. read.Returned.SelectMany(r => r.Events)];
        Assert.All(events, e => Assert.InRange(e.EventId.Length, 1, 300));
        Assert.Equal(events.Count, events.Select(e => e.EventId).Distinct().Count());
    }

    [Fact]
    public void Every_event_has_the_bytes_that_it_came_from_and_not_the_gateways_key()
    {
        var read = Read(Golden().Single(g => (string)g!["name"]! == "contact cards")!.AsObject());
        Assert.Equal("3EB0AAA111", (string?)JsonNode.Parse(read.Happened[0].Raw.Span)!["key"]!["id"]);
        Assert.DoesNotContain("apikey", Encoding.UTF8.GetString(read.Happened[0].Raw.Span), StringComparison.Ordinal);
        Assert.Equal(0, read.Happened[1].Raw.Length);
    }

    [Fact]
    public void What_once_came_with_a_number_is_known_by_its_id_alone()
    {
        var memory = new Memory(TimeProvider.System);
        Read(Golden().Single(g => (string)g!["name"]! == "text of somebody with an id and a number")!.AsObject(), memory);
        var said = Assert.IsType<InboundMessage>(Assert.Single(Read(Golden().Single(g => (string)g!["name"]! == "text of somebody with an id alone")!.AsObject(), memory).Happened));
        Assert.Equal((AddressKind.Phone, "5511988887777"), (said.From.Kind, said.From.Value));
        Assert.Equal("184467440737@lid", Assert.Single(said.AlsoKnownAs).Value);
        // And an edit that names us instead of them goes where the message is.
        Read(Golden().Single(g => (string)g!["name"]! == "text")!.AsObject(), memory);
        var edit = JsonNode.Parse("""{"event":"messages.edited","data":{"key":{"remoteJid":"5511999990000@s.whatsapp.net","fromMe":false,"id":"3EB0AAA111"},"type":14,"editedMessage":{"conversation":"novo"}}}""")!.AsObject();
        Assert.Equal("5511988887777", Assert.Single(Read(edit, memory).Happened).From.Value);
    }

    [Fact]
    public void The_same_change_of_a_group_is_one_event_and_another_one_is_another()
    {
        var join = Golden().Single(g => (string)g!["name"]! == "somebody comes into a group")!.AsObject();
        Assert.Equal(Assert.Single(Read(join).Happened).EventId, Assert.Single(Read(join).Happened).EventId);
        Assert.NotEqual(Assert.Single(Read(join).Happened).EventId, Assert.Single(Read(join, date: "2026-05-12T10:20:30.123Z").Happened).EventId);
    }

    /// <summary>Whatever is cut out of an event, or put in its place, nothing of it throws.</summary>
    [Fact]
    public void No_shape_throws()
    {
        JsonNode?[] wrong = [null, 7, "x", true, new JsonArray(), new JsonArray(7, "x"), new JsonObject()];
        foreach (var one in Golden())
        {
            var paths = new List<string[]>();
            Walk(one!["data"], [], paths);
            foreach (var path in paths)
                foreach (var value in wrong)
                {
                    var changed = one.DeepClone().AsObject();
                    changed["groups"] = true;
                    JsonNode at = changed;
                    foreach (var step in path.Prepend("data").SkipLast(1)) at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
                    var last = path.Length == 0 ? "data" : path[^1];
                    if (at is JsonArray array) array[int.Parse(last, System.Globalization.CultureInfo.InvariantCulture)] = value?.DeepClone();
                    else at[last] = value?.DeepClone();
                    var events = Read(changed);
                    Assert.All(events.Happened, e => Assert.NotEmpty(e.From.Value));
                }
        }
    }

    private static void Walk(JsonNode? node, string[] path, List<string[]> all)
    {
        all.Add(path);
        if (node is JsonObject fields) foreach (var (name, value) in fields) Walk(value, [.. path, name], all);
        else if (node is JsonArray list) for (var i = 0; i < list.Count; i++) Walk(list[i], [.. path, $"{i}"], all);
    }

    private static JsonNode? Node(InboundEvent happened) => JsonNode.Parse(JsonSerializer.Serialize(happened, Web));

    private static Events Read(JsonObject one, Memory? memory = null, string date = "2026-05-11T10:20:30.123Z")
    {
        var body = new JsonObject
        {
            ["event"] = (string)one["event"]!, ["instance"] = "loja", ["data"] = one["data"]?.DeepClone(), ["date_time"] = date, ["sender"] = "5511999990000@s.whatsapp.net", ["apikey"] = "INSTANCE-TOKEN",
        };
        var events = new Events(Channel, new WhatsAppSettings { AllowGroups = (bool?)one["groups"] == true, RejectCalls = (bool?)one["rejects"] == true, RejectText = "Não atendemos ligações." }, memory ?? new Memory(TimeProvider.System));
        events.Read(Envelope.Read(Encoding.UTF8.GetBytes(body.ToJsonString())));
        return events;
    }
}
