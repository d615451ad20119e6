using System.Text;
using System.Text.Json;
using Inforzap.Plugins.WebChat;
using Inforzap.Sdk;

namespace Inforzap.Tests.Plugins;

/// <summary>The rules of the page's calls: whose token, whose conversation, and nothing twice.</summary>
public sealed class WebChatTests
{
    private readonly FakeInbox inbox = new();
    private readonly FakeConversations conversations = new();
    private readonly WebChatAdapter adapter;
    private WebChatSettings settings = new();

    public WebChatTests() => adapter = new WebChatAdapter(inbox, conversations);

    private ChannelRef On => new(Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "webchat", "WebChat", null, settings);

    [Fact]
    public async Task Each_session_gets_256_bits_and_only_their_hash_becomes_the_address()
    {
        var (one, two) = (await TokenAsync(), await TokenAsync());
        Assert.NotEqual(one, two);
        Assert.Equal(43, one.Length);
        await SendAsync(one, Guid.NewGuid(), "oi");
        var from = Assert.Single(inbox.Events).From;
        Assert.Equal(AddressKind.Visitor, from.Kind);
        Assert.Matches("^[0-9a-f]{40}$", from.Value);
        Assert.DoesNotContain(one, from.Value, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa é")]
    [InlineData("../../../../../../../../../../../../etc/pass")]
    public async Task Without_a_token_of_ours_only_session_and_config_answer(string? token)
    {
        foreach (var route in new[] { "GET messages", "GET events", "POST messages", "POST files", "POST typing", "POST read", $"GET files/{Guid.NewGuid()}" })
            Assert.Equal(401, Status(await CallAsync(route, token, "{}")));
        Assert.Equal(200, Status(await CallAsync("GET config", token)));
        Assert.Empty(inbox.Calls);
    }

    [Fact]
    public async Task A_text_that_is_sent_again_carries_the_same_event_id()
    {
        var (token, id) = (await TokenAsync(), Guid.NewGuid());
        Assert.Equal(200, Status(await SendAsync(token, id, "oi")));
        Assert.Equal(200, Status(await SendAsync(token, id, "oi")));
        Assert.Equal(2, inbox.Calls.Count);
        Assert.Equal(id.ToString(), Assert.Single(inbox.Events).EventId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"id":"no guid","text":"x"}""")]
    [InlineData("""{"text":"without id"}""")]
    [InlineData("""{"id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","text":"  "}""")]
    [InlineData("""{"id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""")]
    public async Task A_message_that_makes_no_sense_is_a_bad_request(string body)
    {
        Assert.Equal(400, Status(await CallAsync("POST messages", await TokenAsync(), body)));
        Assert.Empty(inbox.Calls);
    }

    [Fact]
    public async Task Name_and_quote_go_along()
    {
        var body = JsonSerializer.Serialize(new { id = Guid.NewGuid(), text = "sim", quoted = "p-1", name = " Ana " + new string('a', 200) });
        await CallAsync("POST messages", await TokenAsync(), body);
        var message = Assert.IsType<InboundMessage>(Assert.Single(inbox.Events));
        Assert.Equal("p-1", message.QuotedProviderId);
        Assert.StartsWith("Ana aaa", message.From.Name);
        Assert.Equal(100, message.From.Name!.Length);
    }

    [Fact]
    public async Task A_file_is_stored_before_its_message_and_a_large_one_is_refused()
    {
        var (token, id) = (await TokenAsync(), Guid.NewGuid());
        Assert.Equal(200, Status(await CallAsync("POST files", token, "bytes", new() { ["id"] = $"{id}" }, "foto.png", "image/png")));
        var message = Assert.IsType<InboundMessage>(Assert.Single(inbox.Events));
        var media = Assert.IsType<MediaContent>(message.Content);
        Assert.Equal((MediaKind.Image, "foto.png", id.ToString()), (media.Kind, media.FileName, message.EventId));
        Assert.Equal("bytes"u8.ToArray(), inbox.Files[media.Source.FileId!.Value]);
        inbox.MaxBytes = 3;
        Assert.Equal(413, Status(await CallAsync("POST files", token, "bytes", new() { ["id"] = $"{Guid.NewGuid()}" })));
        Assert.Equal(400, Status(await CallAsync("POST files", token, "bytes")));
        Assert.Single(inbox.Events);
    }

    [Fact]
    public async Task A_full_inbox_is_said_so()
    {
        inbox.Fails = new InboxFullException();
        Assert.Equal(503, Status(await SendAsync(await TokenAsync(), Guid.NewGuid(), "oi")));
    }

    [Fact]
    public async Task A_visitor_sees_only_their_own_conversation_and_files()
    {
        var (mine, theirs) = (await TokenAsync(), await TokenAsync());
        await SendAsync(mine, Guid.NewGuid(), "oi");
        var me = inbox.Events[0].From;
        var file = Guid.NewGuid();
        conversations.Add(me, new MediaContent(MediaKind.Image, new MediaRef(FileId: file), "foto.png"));
        conversations.Files.Add((me.Value, file));
        Assert.Single(Messages(await CallAsync("GET messages", mine)));
        Assert.Empty(Messages(await CallAsync("GET messages", theirs)));
        Assert.Equal(new PageFile(file), await CallAsync($"GET files/{file}", mine));
        Assert.Equal(404, Status(await CallAsync($"GET files/{file}", theirs)));
        Assert.Equal(404, Status(await CallAsync("GET files/..%2f..%2fetc%2fpasswd", mine)));
    }

    [Fact]
    public async Task What_was_deleted_says_nothing_any_more()
    {
        var token = await TokenAsync();
        await SendAsync(token, Guid.NewGuid(), "oi");
        conversations.Add(inbox.Events[0].From, new TextContent("segredo"), deleted: true);
        var page = JsonSerializer.Serialize(((PageJson)await CallAsync("GET messages", token)).Body);
        Assert.DoesNotContain("segredo", page, StringComparison.Ordinal);
        Assert.Contains("\"Deleted\":true", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_brings_all_pages_then_ready_then_only_what_is_new()
    {
        var token = await TokenAsync();
        await SendAsync(token, Guid.NewGuid(), "oi");
        var me = inbox.Events[0].From;
        for (var i = 0; i < 450; i++) conversations.Add(me, new TextContent($"{i}"));
        var stream = Assert.IsType<PageEvents>(await CallAsync("GET events", token, query: new() { ["since"] = "10" }));
        Assert.Equal(me.Value, stream.Address.Value);
        var first = await stream.Next(default);
        Assert.Equal(["messages", "messages", "messages", "ready"], first.Select(e => e.Name));
        Assert.Equal(["210", "410", "450"], first.Take(3).Select(e => e.Id));
        Assert.Empty(await stream.Next(default));
        conversations.Add(me, new TextContent("nova"));
        Assert.Equal("451", Assert.Single(await stream.Next(default)).Id);
        Assert.Equal("typing", stream.OnTyping!(true).Name);
    }

    [Fact]
    public async Task Reading_is_told_once_per_place_and_names_the_visitor()
    {
        var (one, two) = (await TokenAsync(), await TokenAsync());
        foreach (var token in new[] { one, one, two }) Assert.Equal(204, Status(await CallAsync("POST read", token, """{"seq":7}""")));
        await CallAsync("POST read", one, """{"seq":7,"delivered":true}""");
        Assert.Equal(400, Status(await CallAsync("POST read", one, """{"seq":0}""")));
        var receipts = inbox.Events.Cast<InboundReceipt>().ToList();
        Assert.Equal([ReceiptState.Read, ReceiptState.Read, ReceiptState.Delivered], receipts.Select(r => r.State));
        Assert.All(receipts, r => Assert.Equal(7, r.UpToSeq));
        Assert.NotEqual(receipts[0].From, receipts[1].From);
    }

    [Fact]
    public async Task Typing_is_passed_on()
    {
        await CallAsync("POST typing", await TokenAsync(), """{"typing":true}""");
        Assert.True(Assert.Single(inbox.Typings).Typing);
    }

    [Fact]
    public async Task Origins_are_written_as_browsers_do_and_a_wrong_one_is_named()
    {
        settings = new() { AllowedOrigins = [" https://Loja.Example/ ", "http://localhost:8080", "https://loja.example", "loja.example", "https://x.example/path", "javascript:alert(1)", ""] };
        Assert.Equal(["https://loja.example", "http://localhost:8080"], adapter.AllowedOrigins(On));
        var probe = await adapter.ProbeAsync(On, default);
        Assert.False(probe.Ok);
        Assert.Contains("loja.example", probe.Message, StringComparison.Ordinal);
        settings = new() { AllowedOrigins = ["*"] };
        Assert.Equal(["*"], adapter.AllowedOrigins(On));
        Assert.True((await adapter.ProbeAsync(On, default)).Ok);
    }

    [Fact]
    public async Task A_colour_that_is_none_never_reaches_the_page()
    {
        settings = new() { Color = "red;}*{background:url(//evil)" };
        Assert.Contains(WebChatSettings.DefaultColor, JsonSerializer.Serialize(((PageJson)await CallAsync("GET config", null)).Body), StringComparison.Ordinal);
        Assert.False((await adapter.ProbeAsync(On, default)).Ok);
    }

    [Fact]
    public async Task A_message_is_sent_once_it_is_stored()
    {
        var message = new OutboundMessage(Guid.NewGuid(), Guid.NewGuid(), new Address("v", AddressKind.Visitor), new TextContent("oi"));
        Assert.Equal(SendResult.Sent(message.MessageId.ToString()), await adapter.SendAsync(On, message, default));
    }

    [Fact]
    public void The_page_weighs_at_most_60_kilobytes()
    {
        var folder = new DirectoryInfo(Path.Combine(Repository(), "plugins", "WebChat", "wwwroot"));
        Assert.InRange(folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length), 1, 60_000);
    }

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Inforzap.sln"))) at = at.Parent!;
        return at.FullName;
    }

    private async Task<string> TokenAsync() =>
        JsonSerializer.SerializeToElement(((PageJson)await CallAsync("POST session", null, "{}")).Body).GetProperty("token").GetString()!;

    private Task<PageReply> SendAsync(string token, Guid id, string text) => CallAsync("POST messages", token, JsonSerializer.Serialize(new { id, text }));

    private async Task<PageReply> CallAsync(
        string route, string? token, string body = "", Dictionary<string, string>? query = null, string? fileName = null, string? contentType = null)
    {
        var parts = route.Split(' ', 2);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return await adapter.HandleAsync(On, new PageRequest(parts[0], parts[1], query ?? [], token, fileName, contentType, stream), TestContext.Current.CancellationToken);
    }

    private static int Status(PageReply reply) => reply switch { PageJson json => json.Code, PageStatus status => status.Code, _ => 200 };

    private static List<JsonElement> Messages(PageReply reply) =>
        [.. JsonSerializer.SerializeToElement(((PageJson)reply).Body).GetProperty("Messages").EnumerateArray()];
}
