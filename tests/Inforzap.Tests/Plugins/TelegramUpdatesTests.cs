using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Architecture;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Tests.Plugins;

/// <summary>What each kind of update means. The updates are those of Telegram's documents, with what they come to beside them.</summary>
public sealed class TelegramUpdatesTests
{
    private static readonly Guid Channel = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly string File = Path.Combine(House.Root, "tests/Inforzap.Tests/Plugins/TelegramUpdates.json");
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The updates, by what they are.</summary>
    public static TheoryData<string> Names() => [.. Golden().Select(g => (string)g!["name"]!)];

    [Theory, MemberData(nameof(Names))]
    public void An_update_means(string name)
    {
        var all = Golden();
        var one = all.Single(g => (string)g!["name"]! == name)!.AsObject();
        var read = Read(one["update"]!.ToJsonString());
        Assert.Equal((int)one["update"]!["update_id"]!, read.Id);
        var now = read.Happened is null ? null : JsonNode.Parse(JsonSerializer.Serialize(read.Happened, Web));
        if (Environment.GetEnvironmentVariable("INFORZAP_UPDATE_SNAPSHOTS") == "1")
        {
            one["means"] = now;
            System.IO.File.WriteAllText(File, all.ToJsonString(Pretty) + "\n");
        }
        Assert.True(JsonNode.DeepEquals(one["means"], now), $"{name} means now:\n{now?.ToJsonString(Pretty)}");
        if (read.Happened is { } happened) Assert.Equal(one["update"]!.ToJsonString(), Encoding.UTF8.GetString(happened.Raw.Span));
    }

    [Fact]
    public void Without_groups_only_private_conversations_are_read()
    {
        foreach (var one in Golden())
        {
            var update = one!["update"]!.ToJsonString();
            if (update.Contains("group\",\"title", StringComparison.Ordinal)) Assert.Null(Read(update, groups: false).Happened);
            else Assert.Equal(Read(update).Happened?.EventId, Read(update, groups: false).Happened?.EventId);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"update_id":"1"}""")]
    [InlineData("""{"message":{"message_id":1}}""")]
    [InlineData("""{"update_id":99999999999}""")]
    public void What_is_no_update_is_passed_over(string body) => Assert.Equal(new Translated(null), Read(body));

    [Theory]
    [InlineData("""{"update_id":1,"message":null}""")]
    [InlineData("""{"update_id":1,"message":{}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":5,"chat":{"id":7}}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":5,"chat":{"type":"private"},"text":"x"}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":5,"date":-1,"text":"x"}}""")]
    [InlineData("""{"update_id":1,"callback_query":{"id":"7"}}""")]
    [InlineData("""{"update_id":1,"message_reaction":{"message_id":5}}""")]
    [InlineData("""{"update_id":1,"edited_message":{"message_id":5,"text":"x"}}""")]
    public void What_has_nobody_to_belong_to_is_passed_over_and_never_throws(string body)
    {
        var read = Read(body);
        Assert.Equal(1, read.Id);
        Assert.Null(read.Happened);
    }

    [Fact]
    public void What_can_not_be_read_is_still_shown_as_something()
    {
        var read = Read("""{"update_id":1,"message":{"message_id":5,"chat":{"id":7,"type":"private"},"date":-1,"photo":"not a list"}}""");
        Assert.Equal(("123456789/7/5", new UnsupportedContent("unknown")), (read.Happened!.EventId, ((InboundMessage)read.Happened).Content));
    }

    [Fact]
    public void A_deep_body_is_no_update() => Assert.Null(Read("{\"update_id\":1,\"message\":" + new string('[', 10_000)).Id);

    [Theory]
    [InlineData("private", "/start promo_maio", "promo_maio")]
    [InlineData("private", "/start  promo_maio ", "promo_maio")]
    [InlineData("private", "/start", null)]
    [InlineData("private", "/started promo_maio", null)]
    [InlineData("private", "veja /start promo_maio", null)]
    [InlineData("group", "/start promo_maio", null)]
    public void A_link_that_brought_somebody_is_named_by_its_first_command(string type, string text, string? cameFrom)
    {
        var update = new JsonObject
        {
            ["update_id"] = 1, ["message"] = new JsonObject
            {
                ["message_id"] = 5, ["date"] = 1770000000, ["text"] = text, ["chat"] = new JsonObject { ["id"] = type == "group" ? -7 : 7, ["type"] = type },
                ["from"] = new JsonObject { ["id"] = 7, ["is_bot"] = false, ["first_name"] = "Maria" },
            },
        };
        var said = (InboundMessage)Read(update.ToJsonString()).Happened!;
        Assert.Equal((cameFrom, text), (said.CameFrom, ((TextContent)said.Content).Body));
    }

    [Fact]
    public void What_the_bot_itself_wrote_is_no_news()
    {
        var update = JsonNode.Parse("""{"update_id":1,"message":{"message_id":5,"from":{"id":123456789,"is_bot":true,"first_name":"Loja"},"chat":{"id":7,"type":"private"},"date":1770000000,"text":"x"}}""")!;
        Assert.Null(Read(update.ToJsonString()).Happened);
    }

    [Theory]
    [InlineData("*Ana:*\nOlá", "Ana:\nOlá", "Bold 0 4")]
    [InlineData("um _dois_ ~três~", "um dois três", "Italic 3 4, Strikethrough 8 4")]
    [InlineData("*um _dois_*", "um dois", "Bold 0 7, Italic 3 4")]
    [InlineData("```a\nb```", "a\nb", "Pre 0 3")]
    [InlineData("```x```", "x", "Code 0 1")]
    [InlineData("2*3*4 e snake_case_name", "2*3*4 e snake_case_name", "")]
    [InlineData("* nada * e *aberto", "* nada * e *aberto", "")]
    [InlineData("<b>&amp;</b> [x](y) \\_", "<b>&amp;</b> [x](y) \\_", "")]
    [InlineData("👍🏽 *forte*", "👍🏽 forte", "Bold 5 5")]
    public void Marks_become_entities_counted_as_Telegram_counts(string body, string text, string entities)
    {
        var read = Marks.Read(body);
        Assert.Equal((text, entities), (read.Text, string.Join(", ", read.Entities.Select(e => $"{e.Type} {e.Offset} {e.Length}"))));
    }

    [Theory]
    [InlineData("forte e fraco", "Bold 0 5, Italic 8 5", "*forte* e _fraco_")]
    [InlineData("tudo junto", "Bold 0 10, Italic 5 5", "*tudo _junto_*")]
    [InlineData("borda ", "Bold 0 6", "*borda* ")]
    [InlineData("duas\nlinhas", "Bold 0 11", "duas\nlinhas")]
    [InlineData("código\nlongo", "Pre 0 12", "```código\nlongo```")]
    [InlineData("fora", "Bold 2 99", "fora")]
    public void Entities_become_marks(string text, string entities, string written) =>
        Assert.Equal(written, Marks.Write(text, [.. entities.Split(", ").Select(e => e.Split(' ')).Select(e => new MessageEntity
        {
            Type = Enum.Parse<MessageEntityType>(e[0]), Offset = int.Parse(e[1]), Length = int.Parse(e[2]),
        })]));

    [Fact]
    public void A_long_text_is_cut_between_words_and_loses_nothing_but_the_space_there()
    {
        var words = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"palavra{i}"));
        var (text, entities) = Marks.Read($"*{words}*");
        var pieces = Marks.Cut(text, entities, 4096);
        Assert.All(pieces, p => Assert.InRange(p.Text.Length, 1, 4096));
        Assert.All(pieces, p => Assert.Equal((0, p.Text.Length), (Assert.Single(p.Entities).Offset, p.Entities[0].Length)));
        Assert.Equal(words, string.Join(' ', pieces.Select(p => p.Text)));
    }

    [Fact]
    public void A_text_without_any_space_is_cut_between_characters()
    {
        var pieces = Marks.Cut(string.Concat(Enumerable.Repeat("👍", 5000)), [], 4095);
        Assert.All(pieces, p => Assert.False(char.IsHighSurrogate(p.Text[^1])));
        Assert.Equal(10_000, pieces.Sum(p => p.Text.Length));
    }

    private static JsonArray Golden() => JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsArray();

    private static Translated Read(string update, bool groups = true) => new Updates(Channel, FakeTelegram.Bot, groups).Read(Encoding.UTF8.GetBytes(update));
}
