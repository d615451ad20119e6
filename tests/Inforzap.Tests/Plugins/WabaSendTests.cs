using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Inforzap.Http;
using Inforzap.Plugins.Waba;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>What goes out to Meta for each kind of message, and what each of its answers means, through the client that plugins really get.</summary>
public sealed class WabaSendTests : IAsyncLifetime
{
    private const string Maria = "5511988887777";
    private static readonly Guid File = Guid.NewGuid();

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeMedia media = new();
    private FakeMeta meta = null!;

    public async ValueTask InitializeAsync() => meta = await FakeMeta.StartAsync(clock);

    public async ValueTask DisposeAsync() => await meta.DisposeAsync();

    // ---- What goes out ----

    [Fact]
    public async Task A_text_carries_our_id_and_names_whom_it_answers()
    {
        var message = Message(new TextContent("Olá, *Maria* 👍")) with { QuotedProviderId = "wamid.IN7" };
        Assert.Equal(SendResult.Sent("wamid.OUT1"), await SendAsync(message));
        Require($$"""
            {"messaging_product":"whatsapp","recipient_type":"individual","to":"{{Maria}}","type":"text","text":{"body":"Olá, *Maria* 👍","preview_url":false},
             "context":{"message_id":"wamid.IN7"},"biz_opaque_callback_data":"inforzap:{{message.AttemptId:N}}"}
            """);
        Assert.Equal("/v23.0/106540352242922/messages", meta.Server.Requests[0].Path);
    }

    [Fact]
    public async Task A_part_of_a_message_is_quoted_by_the_whole()
    {
        await SendAsync(Message(new TextContent("este cartão")) with { QuotedProviderId = "wamid.IN7#2" });
        Assert.Equal("wamid.IN7", (string?)Assert.Single(meta.Accepted).Body["context"]!["message_id"]);
    }

    [Fact]
    public async Task A_link_is_shown_with_its_picture()
    {
        await SendAsync(Message(new TextContent("veja https://loja.example")));
        Assert.True((bool)Assert.Single(meta.Accepted).Content["preview_url"]!);
    }

    [Fact]
    public async Task Somebody_without_a_number_is_written_to_by_their_id()
    {
        await SendAsync(Message(new TextContent("Olá")) with { To = new Address("BR.1502576394655843", AddressKind.WhatsAppUser) });
        var sent = Assert.Single(meta.Accepted).Body;
        Assert.Equal("BR.1502576394655843", (string?)sent["recipient"]);
        Assert.Null(sent["to"]);
    }

    [Fact]
    public async Task A_group_is_written_to_as_a_group()
    {
        await SendAsync(Message(new TextContent("Olá a todos")) with { To = new Address("Y2FwaV9ncm91cDox", Kinds.Group) });
        var sent = Assert.Single(meta.Accepted).Body;
        Assert.Equal(("group", "Y2FwaV9ncm91cDox"), ((string?)sent["recipient_type"], (string?)sent["to"]));
    }

    [Fact]
    public async Task A_few_short_choices_are_buttons_and_others_a_list()
    {
        await SendAsync(Message(new OfferContent("Entrega ou retirada?", [new("choice:1", "Entrega"), new("choice:2", "Retirada")])));
        RequireContent("""{"type":"button","body":{"text":"Entrega ou retirada?"},"action":{"buttons":[{"type":"reply","reply":{"id":"choice:1","title":"Entrega"}},{"type":"reply","reply":{"id":"choice:2","title":"Retirada"}}]}}""");
        Assert.Equal("interactive", (string?)meta.Accepted[0].Body["type"]);
    }

    [Theory]
    [InlineData(4, "Opção")]
    [InlineData(2, "Vinte e três caracteres")]
    public async Task More_or_longer_choices_are_a_list(int count, string title)
    {
        await SendAsync(Message(new OfferContent("Qual?", [.. Enumerable.Range(1, count).Select(i => new Offer($"c{i}", $"{title}{i}"))])));
        var content = Assert.Single(meta.Accepted).Content;
        Assert.Equal(("list", "Ver opções"), ((string?)content["type"], (string?)content["action"]!["button"]));
        var rows = Assert.Single(content["action"]!["sections"]!.AsArray())!["rows"]!.AsArray();
        Assert.Equal((count, "c1", $"{title}1"), (rows.Count, (string?)rows[0]!["id"], (string?)rows[0]!["title"]));
    }

    [Theory]
    [InlineData("👍")]
    [InlineData(null)]
    public async Task A_reaction_goes_out_and_an_empty_one_takes_it_back(string? emoji)
    {
        var (adapter, on, http) = Adapter(Settings);
        using var _ = http;
        var result = await adapter.ReactAsync(on, new KnownMessage(Guid.NewGuid(), new Address(Maria), "wamid.IN7#2", false), emoji, TestContext.Current.CancellationToken);
        Assert.Equal(SendOutcome.Sent, result.Outcome);
        Require($$$"""
            {"messaging_product":"whatsapp","recipient_type":"individual","to":"{{{Maria}}}","type":"reaction","reaction":{"message_id":"wamid.IN7","emoji":"{{{emoji}}}"}}
            """);
    }

    [Fact]
    public async Task A_place_goes_out()
    {
        await SendAsync(Message(new LocationContent(-23.55, -46.633, "Loja", "Av. Paulista, 1")));
        RequireContent("""{"latitude":"-23.55","longitude":"-46.633","name":"Loja","address":"Av. Paulista, 1"}""");
    }

    [Fact]
    public async Task A_contact_card_goes_out_so_that_it_can_be_written_to()
    {
        await SendAsync(Message(new ContactContent("João da Silva", ["+55 11 97777-6666", ""])));
        RequireContent("""[{"name":{"formatted_name":"João da Silva","first_name":"João"},"phones":[{"phone":"+55 11 97777-6666","type":"CELL","wa_id":"5511977776666"}]}]""");
    }

    [Theory]
    [InlineData(MediaKind.Image, "image/jpeg", 5, "image", """{"id":"MEDIA1","caption":"veja"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Image, "image/png", 5, "image", """{"id":"MEDIA1","caption":"veja"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Image, "image/jpeg", 5_242_881, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Image, "image/gif", 5, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Video, "video/mp4", 5, "video", """{"id":"MEDIA1","caption":"veja"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Video, "video/mp4", 16_777_217, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Video, "video/webm", 5, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Document, "application/pdf", 5, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "arquivo.jpg")]
    [InlineData(MediaKind.Audio, "audio/mpeg", 5, "document", """{"id":"MEDIA1","caption":"veja","filename":"foto.jpg"}""", "audio.mp3")]
    public async Task A_file_goes_out_as_what_WhatsApp_takes_it_for_and_its_caption_is_never_lost(MediaKind kind, string mime, long size, string type, string content, string uploadedAs)
    {
        (media.Type, media.Size) = (mime, size);
        Assert.Equal(SendOutcome.Sent, (await SendAsync(Message(new MediaContent(kind, new MediaRef(FileId: File), "foto.jpg", "veja", mime, size)))).Outcome);
        Assert.Equal(type, Assert.Single(meta.Accepted).Type);
        RequireContent(content);
        var upload = Assert.Single(meta.Uploads);
        Assert.Equal((uploadedAs, mime), (upload.FileName, upload.MimeType));
        Assert.Equal(media.Bytes, upload.Bytes);
    }

    [Theory]
    [InlineData(MediaKind.Voice, "audio/ogg", "audio", """{"id":"MEDIA1","voice":true}""", "audio.ogg", "audio/ogg; codecs=opus")]
    [InlineData(MediaKind.Audio, "audio/ogg", "audio", """{"id":"MEDIA1"}""", "audio.ogg", "audio/ogg; codecs=opus")]
    [InlineData(MediaKind.Audio, "audio/mp4", "audio", """{"id":"MEDIA1"}""", "audio.m4a", "audio/mp4")]
    [InlineData(MediaKind.Voice, "audio/webm", "document", """{"id":"MEDIA1","filename":"gravacao.bin"}""", "arquivo.bin", "audio/webm")]
    [InlineData(MediaKind.Sticker, "image/webp", "sticker", """{"id":"MEDIA1"}""", "arquivo.bin", "image/webp")]
    [InlineData(MediaKind.Image, "image/webp", "document", """{"id":"MEDIA1","filename":"gravacao.bin"}""", "arquivo.bin", "image/webp")]
    public async Task Recordings_and_stickers_go_out(MediaKind kind, string mime, string type, string content, string uploadedAs, string uploadedMime)
    {
        media.Type = mime;
        await SendAsync(Message(new MediaContent(kind, new MediaRef(FileId: File), "gravacao.bin", null, mime)));
        Assert.Equal(type, Assert.Single(meta.Accepted).Type);
        RequireContent(content);
        Assert.Equal((uploadedAs, uploadedMime), (meta.Uploads[0].FileName, meta.Uploads[0].MimeType));
    }

    [Fact]
    public async Task A_file_that_lies_elsewhere_is_fetched_by_Meta()
    {
        await SendAsync(Message(new MediaContent(MediaKind.Image, new MediaRef(new Uri("https://loja.example/a.jpg")), MimeType: "image/jpeg", Caption: "veja")));
        RequireContent("""{"link":"https://loja.example/a.jpg","caption":"veja"}""");
        Assert.Empty(meta.Uploads);
    }

    // ---- What is refused before it leaves ----

    public static TheoryData<string, string> TooMuch => new()
    {
        { "text", "4.096" }, { "emoji", "" }, { "caption", "1.024" }, { "file", "100 MB" }, { "blank", "vazia" }, { "choice", "tipo" }, { "nowhere", "guardado" }, { "lost", "guardado" },
    };

    [Theory, MemberData(nameof(TooMuch))]
    public async Task What_WhatsApp_does_not_take_is_refused_here_with_a_reason(string what, string words)
    {
        media.Size = what == "file" ? 101L * 1024 * 1024 : null;
        media.IsLost = what == "lost";
        var result = await SendAsync(Message(what switch
        {
            "text" => new TextContent(new string('a', 4097)),
            "emoji" => new TextContent(string.Concat(Enumerable.Repeat("👍", 4096))),
            "caption" => new MediaContent(MediaKind.Image, new MediaRef(FileId: File), Caption: new string('a', 1025)),
            "file" => new MediaContent(MediaKind.Document, new MediaRef(FileId: File)),
            "blank" => new TextContent(" \n"),
            "choice" => new ChoiceContent("1", "um"),
            "lost" => new MediaContent(MediaKind.Image, new MediaRef(FileId: File)),
            _ => new MediaContent(MediaKind.Image, new MediaRef(new Uri("http://inside.example/a.jpg"))),
        }));
        // Emoji count as characters, not as the two halves that they are stored in: Meta has the last word there.
        if (what == "emoji")
        {
            Assert.Single(meta.Server.Requests);
            return;
        }
        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Contains(words, result.Reason);
        Assert.Empty(meta.Server.Requests);
    }

    // ---- What an answer means ----

    [Theory]
    [InlineData(0, 401, SendOutcome.Later, true, "token de acesso")]
    [InlineData(190, 401, SendOutcome.Later, true, "token de acesso")]
    [InlineData(3, 403, SendOutcome.Later, true, "permissão")]
    [InlineData(10, 403, SendOutcome.Later, true, "permissão")]
    [InlineData(200, 403, SendOutcome.Later, true, "permissão")]
    [InlineData(294, 403, SendOutcome.Later, true, "permissão")]
    [InlineData(131005, 403, SendOutcome.Later, true, "permissão")]
    [InlineData(33, 400, SendOutcome.Later, true, "ID do número")]
    [InlineData(133010, 400, SendOutcome.Later, true, "registrado")]
    [InlineData(133016, 400, SendOutcome.Later, true, "registro")]
    [InlineData(4, 400, SendOutcome.Later, true, "ritmo")]
    [InlineData(80007, 400, SendOutcome.Later, true, "ritmo")]
    [InlineData(130429, 429, SendOutcome.Later, true, "ritmo")]
    [InlineData(131056, 400, SendOutcome.Later, false, "mesma pessoa")]
    [InlineData(131057, 500, SendOutcome.Later, false, "manutenção")]
    [InlineData(1, 500, SendOutcome.Unknown, false, "pode ter sido entregue")]
    [InlineData(2, 503, SendOutcome.Unknown, false, "pode ter sido entregue")]
    [InlineData(131000, 500, SendOutcome.Unknown, false, "pode ter sido entregue")]
    [InlineData(131016, 503, SendOutcome.Unknown, false, "pode ter sido entregue")]
    [InlineData(999999, 500, SendOutcome.Unknown, false, "pode ter sido entregue")]
    [InlineData(368, 403, SendOutcome.Refused, true, "restringiu")]
    [InlineData(131031, 403, SendOutcome.Refused, true, "restringiu")]
    [InlineData(131042, 400, SendOutcome.Refused, true, "pagamento")]
    [InlineData(131048, 400, SendOutcome.Refused, true, "denunciaram")]
    [InlineData(100, 400, SendOutcome.Refused, false, "The details.")]
    [InlineData(131009, 400, SendOutcome.Refused, false, "The details.")]
    [InlineData(131026, 400, SendOutcome.Refused, false, "não tem WhatsApp")]
    [InlineData(131030, 400, SendOutcome.Refused, false, "teste")]
    [InlineData(131047, 400, SendOutcome.Refused, false, "24 horas")]
    [InlineData(131051, 400, SendOutcome.Refused, false, "tipo de mensagem")]
    [InlineData(131053, 400, SendOutcome.Refused, false, "formato")]
    [InlineData(132001, 404, SendOutcome.Refused, false, "modelo")]
    [InlineData(999999, 400, SendOutcome.Refused, false, "The details.")]
    public async Task An_error_means(int code, int status, SendOutcome outcome, bool ofChannel, string words)
    {
        meta.Refuse("messages", FakeMeta.Error(code, status, "The details."));
        var result = await SendAsync(Message(new TextContent("x")));
        Assert.Equal((outcome, ofChannel, $"{code}"), (result.Outcome, result.OfChannel, result.Code));
        Assert.Contains(words, result.Reason);
        // A sentence, and not a number alone.
        Assert.Matches(@"^\p{Lu}\p{Ll}* .*[.]$", result.Reason);
    }

    [Fact]
    public async Task A_parameter_that_is_the_number_itself_is_a_fault_of_the_channel()
    {
        meta.Refuse("messages", FakeMeta.Error(100, 400, subcode: 33));
        var result = await SendAsync(Message(new TextContent("x")));
        Assert.Equal((SendOutcome.Later, true), (result.Outcome, result.OfChannel));
        Assert.Contains("ID do número", result.Reason);
    }

    [Theory]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(401, SendOutcome.Later)]
    [InlineData(404, SendOutcome.Later)]
    [InlineData(308, SendOutcome.Later)]
    [InlineData(408, SendOutcome.Unknown)]
    [InlineData(429, SendOutcome.Later)]
    [InlineData(500, SendOutcome.Unknown)]
    [InlineData(502, SendOutcome.Unknown)]
    [InlineData(200, SendOutcome.Unknown)]
    public async Task An_answer_that_is_not_Metas_is_judged_by_its_status(int status, SendOutcome outcome)
    {
        meta.Refuse("messages", new FakeAnswer(status, "<html>a proxy</html>"));
        Assert.Equal(outcome, (await SendAsync(Message(new TextContent("x")))).Outcome);
    }

    [Theory]
    [InlineData(130429, 1, null, 1)]
    [InlineData(130429, 2, null, 4)]
    [InlineData(130429, 3, null, 16)]
    [InlineData(130429, 9, null, 300)]
    [InlineData(130429, 1, "7", 7)]
    [InlineData(130429, 1, "0", 1)]
    [InlineData(130429, 1, "Mon, 04 May 2026 12:01:30 GMT", 90)]
    [InlineData(130429, 1, "999999", 3600)]
    [InlineData(130429, 2, "soon", 4)]
    [InlineData(131056, 1, null, 6)]
    [InlineData(131056, 2, null, 24)]
    [InlineData(131056, 3, null, 96)]
    [InlineData(131056, 20, null, 1800)]
    [InlineData(190, 1, null, 60)]
    [InlineData(190, 50, null, 300)]
    public async Task A_message_waits_as_long_as_Meta_asks_or_longer_each_time(int code, int tries, string? retryAfter, double seconds)
    {
        meta.Refuse("messages", FakeMeta.Error(code, 429, retryAfter: retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(seconds), (await SendAsync(Message(new TextContent("x")) with { Try = tries })).After);
    }

    // ---- When the line is bad ----

    public static TheoryData<string, bool> Accidents => new()
    {
        { "500 before", false }, { "500 after", true }, { "dropped before", false }, { "dropped after", true }, { "cut", true }, { "garbage", true }, { "without an id", true }, { "dripping", true },
    };

    [Theory, MemberData(nameof(Accidents))]
    public async Task Whatever_happens_to_the_answer_the_message_is_asked_for_once_and_nobody_claims_to_know(string what, bool accepted)
    {
        var answer = what switch
        {
            "500 before" or "500 after" => new FakeAnswer(500, ""),
            "dropped before" or "dropped after" => FakeAnswer.Drop,
            "cut" => new FakeAnswer(200, """{"messages":[{"id":"wamid.OUT1"}]}""") { CutAfter = 12 },
            "garbage" => new FakeAnswer(200, "\u0000\u0001"),
            "without an id" => new FakeAnswer(200, """{"messages":[{"message_status":"accepted"}]}"""),
            _ => new FakeAnswer(200, """{"messages":[{"id":"wamid.OUT1"}]}""") { BytesPerSecond = 200 },
        };
        if (accepted) meta.AcceptAnd("messages", answer);
        else meta.Refuse("messages", answer);
        var result = await SendAsync(Message(new TextContent("x")));
        Assert.Equal(what == "dripping" ? SendOutcome.Sent : SendOutcome.Unknown, result.Outcome);
        Assert.Equal(accepted ? 1 : 0, meta.Accepted.Count);
        Assert.Single(meta.Server.Requests);
    }

    /// <summary>The client's own limit, which is 55 seconds, made short.</summary>
    [Theory]
    [InlineData("nothing comes")]
    [InlineData("the body never ends")]
    public async Task An_answer_that_takes_too_long_proves_nothing(string what)
    {
        var sent = new FakeAnswer(200, """{"messages":[{"id":"wamid.OUT1"}]}""");
        meta.AcceptAnd("messages", what == "nothing comes" ? sent with { Delay = TimeSpan.FromMinutes(5) } : sent with { BytesPerSecond = 10, Bytes = new byte[10_000] });
        var (adapter, on, http) = Adapter(Settings);
        using var _ = http;
        Assert.Equal(TimeSpan.FromSeconds(55), http.Timeout);
        http.Timeout = TimeSpan.FromMilliseconds(500);
        var result = await adapter.SendAsync(on, Message(new TextContent("x")), TestContext.Current.CancellationToken);
        Assert.Equal(SendOutcome.Unknown, result.Outcome);
        Assert.Contains("não respondeu a tempo", result.Reason);
        Assert.Single(meta.Accepted);
    }

    [Theory]
    [InlineData("5531988887777", "553188887777", AddressKind.Phone)]
    [InlineData("5531988887777", "BR.1502576394655843", AddressKind.WhatsAppUser)]
    [InlineData("5531988887777", "5531988887777", null)]
    [InlineData("5531988887777", "+5531988887777", null)]
    [InlineData("5531988887777", "", null)]
    public async Task Whom_Meta_took_it_for_is_told_when_it_is_written_otherwise(string to, string waId, string? kind)
    {
        meta.WaIds[to] = waId;
        var result = await SendAsync(Message(new TextContent("x")) with { To = new Address(to) });
        Assert.Equal((SendOutcome.Sent, kind is null ? null : new Address(waId, kind)), (result.Outcome, result.Reached));
    }

    [Fact]
    public async Task Somebody_known_by_an_id_is_reached_under_the_number_that_Meta_tells_and_a_group_under_nothing_else()
    {
        meta.WaIds["BR.7"] = meta.WaIds["Y2FwaV9ncm91cDox"] = "5531988887777";
        Assert.Equal(new Address("5531988887777"), (await SendAsync(Message(new TextContent("x")) with { To = new Address("BR.7", AddressKind.WhatsAppUser) })).Reached);
        Assert.Null((await SendAsync(Message(new TextContent("x")) with { To = new Address("Y2FwaV9ncm91cDox", Kinds.Group) })).Reached);
    }

    [Fact]
    public async Task A_connection_that_was_refused_or_a_name_that_was_not_found_sent_nothing()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var free = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/";
        socket.Stop();
        foreach (var url in new[] { free, "http://nobody.invalid/" })
        {
            var result = await SendAsync(Message(new TextContent("x")), Settings with { BaseUrl = url });
            Assert.Equal(SendOutcome.Later, result.Outcome);
        }
    }

    [Theory]
    [InlineData(1, SendOutcome.Later)]
    [InlineData(3, SendOutcome.Later)]
    [InlineData(4, SendOutcome.Refused)]
    public async Task An_upload_that_fails_reached_nobody_and_is_tried_again_a_few_times(int tries, SendOutcome outcome)
    {
        foreach (var answer in new[] { new FakeAnswer(500, ""), FakeAnswer.Drop, new FakeAnswer(200, "{}"), FakeMeta.Error(131000, 500) })
        {
            meta.Refuse("media", answer);
            Assert.Equal(outcome, (await SendAsync(Message(new MediaContent(MediaKind.Image, new MediaRef(FileId: File))) with { Try = tries })).Outcome);
        }
        Assert.Empty(meta.Accepted);
    }

    [Fact]
    public async Task A_file_that_Meta_does_not_take_is_refused_and_a_limit_is_obeyed_there_too()
    {
        meta.Refuse("media", FakeMeta.Error(131053), FakeMeta.Error(130429, 429, retryAfter: "9"));
        var picture = Message(new MediaContent(MediaKind.Image, new MediaRef(FileId: File)));
        Assert.Equal(SendOutcome.Refused, (await SendAsync(picture)).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(9), (await SendAsync(picture)).After);
        Assert.Empty(meta.Accepted);
    }

    [Theory]
    [InlineData("v25.0", "v25.0")]
    [InlineData("25.0", "v25.0")]
    [InlineData(" ", "v23.0")]
    [InlineData("v1/../../x", "v1%2F..%2F..%2Fx")]
    public async Task The_version_is_part_of_the_address_and_nothing_else(string version, string part)
    {
        await SendAsync(Message(new TextContent("x")), Settings with { GraphVersion = version });
        Assert.Equal($"/{part}/{FakeMeta.Phone}/messages", Assert.Single(meta.Server.Requests).Path);
    }

    // ---- Reading and typing ----

    [Fact]
    public async Task Reading_is_told_and_typing_hangs_on_what_was_read()
    {
        var (adapter, on, http) = Adapter(Settings);
        using var _ = http;
        var maria = new Address(Maria);
        await adapter.TypingAsync(on, maria, true, TestContext.Current.CancellationToken);
        Assert.Empty(meta.Server.Requests);
        await adapter.ReadAsync(on, maria, "wamid.IN1#2", TestContext.Current.CancellationToken);
        await adapter.TypingAsync(on, maria, true, TestContext.Current.CancellationToken);
        await adapter.TypingAsync(on, maria, false, TestContext.Current.CancellationToken);
        Assert.Equal(["""{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN1"}""",
            """{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN1","typing_indicator":{"type":"text"}}"""], meta.Marks.Select(m => m.ToJsonString()));
        Assert.Empty(meta.Accepted);
        // Best effort: that Meta minds is nobody's trouble.
        meta.Refuse("marks", FakeMeta.Error(131009));
        await adapter.ReadAsync(on, maria, "wamid.IN2", TestContext.Current.CancellationToken);
    }

    // ---- Support ----

    private WabaSettings Settings => new()
    {
        PhoneNumberId = FakeMeta.Phone, BusinessAccountId = FakeMeta.Account, AccessToken = FakeMeta.Token, AppSecret = FakeMeta.AppSecret, BaseUrl = meta.Server.Url.ToString(),
    };

    private static OutboundMessage Message(Content content) => new(Guid.NewGuid(), Guid.NewGuid(), new Address(Maria), content);

    private void Require(string body) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), Assert.Single(meta.Accepted).Body), meta.Accepted[0].Body.ToJsonString());

    private void RequireContent(string content) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(content), Assert.Single(meta.Accepted).Content), meta.Accepted[0].Content.ToJsonString());

    private (WabaAdapter Adapter, ChannelRef On, HttpClient Http) Adapter(WabaSettings settings)
    {
        var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", new Uri(settings.BaseUrl).Authority)]).Build());
        var http = safe.Create();
        return (new WabaAdapter(http, new FakeInbox(), media, new NoSiblings(), new FakeDiary(), clock, NullLogger<WabaAdapter>.Instance), new ChannelRef(Guid.NewGuid(), "whatsapp", "WhatsApp", null, settings), http);
    }

    private async Task<SendResult> SendAsync(OutboundMessage message, WabaSettings? settings = null)
    {
        var (adapter, on, http) = Adapter(settings ?? Settings);
        using var _ = http;
        return await adapter.SendAsync(on, message, TestContext.Current.CancellationToken);
    }

    private sealed class NoSiblings : IOwnChannels
    {
        public IReadOnlyList<OwnChannel> All => [];
    }
}
