using System.Text.Json.Nodes;
using Inforzap.Plugins.Sms;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>What is sent, and what Comtele's answers mean for it.</summary>
public sealed class SmsSendTests : IAsyncLifetime
{
    private readonly FakeDiary diary = new();
    private readonly HttpClient http = new();
    private FakeComtele comtele = null!;

    public async ValueTask InitializeAsync()
    {
        comtele = await FakeComtele.StartAsync();
        Adapter = new(http, new FakeInbox(), new FakeStore(), diary, new NoSiblings(), TimeProvider.System, NullLogger<SmsAdapter>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await comtele.DisposeAsync();
    }

    private SmsAdapter Adapter { get; set; } = null!;

    private sealed class NoSiblings : IOwnChannels
    {
        public IReadOnlyList<OwnChannel> All => [];
    }

    private SmsSettings Settings => new() { ApiKey = FakeComtele.Key, Route = FakeComtele.Route, WebhookSecret = "s", BaseUrl = comtele.Server.Url.ToString() };

    private SmsSettings Old => Settings with { Panel = ComteleApi.Antigo, Route = 0, BaseUrl = comtele.Old.ToString() };

    private static ChannelRef On(SmsSettings settings) => new(Guid.NewGuid(), "sms", "SMS", new Uri("https://desk.example"), settings);

    private Task<SendResult> SendAsync(string text = "Olá", string to = SmsDesk.Maria, SmsSettings? settings = null, int tries = 1, Content? content = null) =>
        Adapter.SendAsync(On(settings ?? Settings), new(Guid.NewGuid(), Guid.NewGuid(), new Address(to), content ?? new TextContent(text)) { Try = tries }, default);

    [Fact]
    public async Task The_new_panel_gets_one_receiver_with_its_country_our_tag_and_the_route_as_a_number()
    {
        var result = await SendAsync("*Ana:*\nOlá, João 😀", "551188887777");
        var sent = Assert.Single(comtele.Taken);
        Assert.Equal((SendOutcome.Sent, sent.Tag), (result.Outcome, result.ProviderId));
        Assert.Equal((SmsDesk.Maria, "Ana:\nOla, Joao"), (sent.Phone, sent.Text));
        var body = JsonNode.Parse((await comtele.Server.RequestAsync()).Body)!;
        Assert.Equal((FakeComtele.Route, "inforzap"), ((int)body["route"]!, (string)body["tag"]!));
        Assert.Matches("^out:[0-9a-f]{32}$", sent.Tag);
    }

    [Fact]
    public async Task The_old_panel_gets_area_and_number_and_the_tag_as_its_label()
    {
        var result = await SendAsync("Olá", settings: Old with { StripAccents = false });
        Assert.Equal(("Olá", result.ProviderId), (Assert.Single(comtele.Taken).Text, comtele.Taken[0].Tag));
        Assert.Equal("11988887777", (string)JsonNode.Parse((await comtele.Server.RequestAsync()).Body)!["Receivers"]!);
        Assert.Equal("/v2/send", (await comtele.Server.RequestAsync()).Path);
    }

    [Fact]
    public async Task A_route_is_tried_as_a_text_when_its_form_was_refused()
    {
        comtele.Refuse("/send", new FakeAnswer(400, "The JSON value could not be converted") { ContentType = "text/plain" });
        Assert.Equal(SendOutcome.Sent, (await SendAsync()).Outcome);
        Assert.Equal("17", JsonNode.Parse((await comtele.Server.RequestAsync(2)).Body)!["route"]!.GetValue<string>());
        Assert.Single(comtele.Taken);
    }

    public static TheoryData<string, SendOutcome, bool, string> Answers => new()
    {
        { "200 error", SendOutcome.Refused, false, "A Comtele recusou o SMS: Texto proibido" },
        { "400 errors as objects", SendOutcome.Refused, false, "A Comtele recusou o SMS: Parâmetro ausente" },
        { "200 no money", SendOutcome.Later, true, Failures.NoCredits },
        { "400 no money", SendOutcome.Later, true, Failures.NoCredits },
        { "401", SendOutcome.Later, true, Failures.KeyRefused },
        { "403", SendOutcome.Later, true, Failures.KeyRefused },
        { "404", SendOutcome.Later, true, Failures.NotComtele },
        { "429", SendOutcome.Later, true, Failures.AskedToWait },
        { "500", SendOutcome.Unknown, false, "A Comtele respondeu com erro 500" },
        { "503", SendOutcome.Unknown, false, "A Comtele respondeu com erro 503" },
        { "408", SendOutcome.Unknown, false, "não respondeu a tempo" },
        { "200 of nobody", SendOutcome.Unknown, false, "não se entende" },
        { "drop", SendOutcome.Unknown, false, "caiu durante o envio" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task Each_answer_means_what_it_proves(string what, SendOutcome outcome, bool ofChannel, string reason)
    {
        comtele.Refuse("/send", what switch
        {
            "200 error" => FakeComtele.Envelope(null, true, "Texto proibido"),
            "400 errors as objects" => FakeComtele.Envelope(null, true, null, 400, [new JsonObject { ["message"] = "Parâmetro ausente" }]),
            "200 no money" => FakeComtele.Envelope(null, true, "Saldo insuficiente para o envio"),
            "400 no money" => FakeComtele.OldEnvelope(null, false, "A conta não possui créditos", 400),
            "200 of nobody" => new FakeAnswer(200, "<html>") { ContentType = "text/html" },
            "drop" => FakeAnswer.Drop,
            _ => new FakeAnswer(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), "") { ContentType = "text/plain" },
        });
        var result = await SendAsync();
        Assert.Equal((outcome, ofChannel), (result.Outcome, result.OfChannel));
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.Equal(reason == Failures.NoCredits, diary.Lines.Exists(l => l.IsTrouble));
        Assert.Empty(comtele.Taken);
    }

    [Fact]
    public async Task The_longer_it_is_told_to_wait_the_longer_it_waits()
    {
        comtele.Refuse("/send", Enumerable.Range(0, 4).Select(_ => new FakeAnswer(429, "")));
        var waits = new List<double>();
        for (var i = 1; i <= 4; i++) waits.Add((await SendAsync(tries: i)).After!.Value.TotalSeconds);
        Assert.Equal([30, 120, 600, 600], waits);
    }

    [Fact]
    public async Task Where_nobody_listens_it_waits_and_nothing_has_left() =>
        Assert.Equal(SendOutcome.Later, (await SendAsync(settings: Settings with { BaseUrl = "http://127.0.0.1:1/" })).Outcome);

    [Theory]
    [InlineData("Olá", "551133334444", "celular")]
    [InlineData("Olá", "14155550100", "celular")]
    [InlineData("😀🙏", SmsDesk.Maria, "não sobra nada")]
    public async Task What_can_t_be_sent_is_refused_before_anybody_is_asked(string text, string to, string why)
    {
        var result = await SendAsync(text, to);
        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Contains(why, result.Reason, StringComparison.Ordinal);
        Assert.Empty(comtele.Server.Requests);
    }

    [Fact]
    public async Task A_text_of_too_many_parts_and_other_things_than_text_are_refused_and_a_missing_route_is_waited_for()
    {
        Assert.Contains("5 SMS", (await SendAsync(new string('a', 613))).Reason, StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Sent, (await SendAsync(new string('a', 612))).Outcome);
        Assert.Equal(SendOutcome.Refused, (await SendAsync(content: new LocationContent(1, 2))).Outcome);
        Assert.True((await SendAsync(settings: Settings with { Route = 0 })).OfChannel);
        Assert.Single(comtele.Taken);
    }

    [Fact]
    public void The_composer_counts_what_will_be_sent()
    {
        var (plain, marked) = (On(Settings), On(Settings with { StripAccents = false }));
        Assert.Equal((4, 160, 1, "SMS", false), Adapter.Count(plain, "ação") is var c ? (c.Used, c.Room, c.Parts, c.Unit, c.IsTooLong) : default);
        Assert.Equal((4, 70, 1), Adapter.Count(marked, "ação") is var d ? (d.Used, d.Room, d.Parts) : default);
        Assert.Contains("70 caracteres", Adapter.Count(marked, "ação").Hint, StringComparison.Ordinal);
        Assert.True(Adapter.Count(plain, new string('a', 613)).IsTooLong);
        Assert.Equal(0, Adapter.Count(plain, "😀").Parts);
    }

    [Fact]
    public async Task The_test_tells_the_balance_and_the_routes()
    {
        async Task<(bool, string)> ProbeAsync(SmsSettings settings) => await Adapter.ProbeAsync(On(settings), default) is var r ? (r.Ok, r.Message) : default;
        Assert.Equal((true, "Saldo: R$ 123,45. Rota 17: SMS Premium (R$ 0,09)."), await ProbeAsync(Settings));
        Assert.Equal((false, "Saldo: R$ 123,45. Escolha a rota: 16 SMS Marketing (R$ 0,07); 17 SMS Premium (R$ 0,09)."), await ProbeAsync(Settings with { Route = 0 }));
        Assert.Equal((true, "Saldo: 123,45 créditos."), await ProbeAsync(Old));
        comtele.Balance = 0;
        Assert.Equal((false, "Saldo: 0 créditos."), await ProbeAsync(Old));
        Assert.Equal((false, Failures.KeyRefused), await ProbeAsync(Settings with { ApiKey = "outra" }));
        Assert.Equal((false, Failures.KeyRefused), await ProbeAsync(Old with { ApiKey = "outra" }));
        Assert.Equal((false, Failures.NotComtele), await ProbeAsync(Settings with { BaseUrl = new Uri(comtele.Server.Url, "nada").ToString() }));
        Assert.False((await ProbeAsync(Settings with { BaseUrl = "http://127.0.0.1:1/" })).Item1);
    }
}
