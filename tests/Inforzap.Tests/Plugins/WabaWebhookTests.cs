using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Lanes;
using Inforzap.Tickets;

namespace Inforzap.Tests.Plugins;

/// <summary>S-40 at the real door: who may speak for Meta, and where what Meta says ends up.</summary>
public sealed class WabaWebhookTests(WabaWebhookTests.Door door) : IClassFixture<WabaWebhookTests.Door>
{
    /// <summary>One door for all of them; each brings somebody of its own.</summary>
    public sealed class Door : IAsyncLifetime
    {
        private int people;

        internal WabaDesk Desk { get; private set; } = null!;

        internal string NewPerson() => $"55119{Interlocked.Increment(ref people):00000000}";

        public async ValueTask InitializeAsync() => Desk = await WabaDesk.OpenAsync();

        public async ValueTask DisposeAsync()
        {
            Desk.RequireCleanLog();
            await Desk.DisposeAsync();
        }
    }

    private readonly WabaDesk it = door.Desk;
    private readonly string maria = door.NewPerson();

    private Task<int> EventsAsync() => it.Desk.ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Lane.StartsWith("in/") && i.Lane.EndsWith(maria)));

    [Fact]
    public async Task The_handshake_gives_the_challenge_back_without_a_signature()
    {
        using var answer = await it.Http.GetAsync($"{WabaDesk.Key}?hub.mode=subscribe&hub.verify_token={FakeMeta.VerifyToken}&hub.challenge=1158201444");
        Assert.Equal((HttpStatusCode.OK, "1158201444", "text/plain"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("nosniff", answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("hub.mode=subscribe&hub.verify_token=errado&hub.challenge=1")]
    [InlineData("hub.mode=subscribe&hub.verify_token=&hub.challenge=1")]
    [InlineData("hub.mode=subscribe&hub.challenge=1")]
    [InlineData("hub.mode=unsubscribe&hub.verify_token=" + FakeMeta.VerifyToken + "&hub.challenge=1")]
    [InlineData("hub.verify_token=" + FakeMeta.VerifyToken + "&hub.challenge=1")]
    [InlineData("hub.mode=subscribe&hub.verify_token=" + FakeMeta.VerifyToken)]
    [InlineData("")]
    public async Task A_handshake_that_is_not_Metas_gets_nothing_back(string query)
    {
        using var answer = await it.Http.GetAsync($"{WabaDesk.Key}?{query}");
        Assert.Equal((HttpStatusCode.Forbidden, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    public static TheoryData<string> Forgeries => ["missing", "empty", "no prefix", "wrong prefix", "prefix only", "truncated", "re-serialised JSON", "another app", "no secret at all", "two headers", "two in one", "of another body"];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_forgery_is_refused_and_nothing_of_it_is_kept(string what)
    {
        // Meta writes accents and slashes in its own way: a signature over what a parser makes of them is another one.
        var body = it.Meta.Says(maria, "Olá, veja http://loja.example 👍");
        var good = FakeMeta.Sign(body);
        string[] signatures = what switch
        {
            "missing" => [],
            "empty" => [""],
            "no prefix" => [good["sha256=".Length..]],
            "wrong prefix" => ["sha1=" + good["sha256=".Length..]],
            "prefix only" => ["sha256="],
            "truncated" => [good[..^1]],
            "re-serialised JSON" => [FakeMeta.Sign(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(body)))],
            "another app" => [FakeMeta.Sign(body, "the secret of another app")],
            "no secret at all" => [FakeMeta.Sign(body, "")],
            "two headers" => [good, good],
            "two in one" => [$"{good},{good}"],
            _ => [FakeMeta.Sign(body + " ")],
        };
        Assert.Equal(HttpStatusCode.Forbidden, await it.PostAsync(Encoding.UTF8.GetBytes(body), signatures));
        Assert.Equal(0, await EventsAsync());
        Assert.Equal(HttpStatusCode.OK, await it.PostAsync(Encoding.UTF8.GetBytes(body), [good]));
        Assert.Equal(1, await EventsAsync());
    }

    [Fact]
    public async Task Upper_case_hexadecimal_is_the_same_signature()
    {
        var body = it.Meta.Says(maria, "Olá");
        var upper = "sha256=" + FakeMeta.Sign(body)["sha256=".Length..].ToUpperInvariant();
        Assert.Equal(HttpStatusCode.OK, await it.PostAsync(Encoding.UTF8.GetBytes(body), [upper]));
    }

    [Fact]
    public async Task A_replay_is_answered_and_changes_nothing_however_often_and_however_many_at_once()
    {
        var body = it.Meta.Says(maria, "só uma vez", "wamid.REPLAY");
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => it.CallAsync(body))), status => Assert.Equal(HttpStatusCode.OK, status));
        await it.Desk.SettleAsync();
        Assert.Equal("só uma vez", Assert.Single(await it.MessagesAsync(await it.TicketOfAsync(maria))).Body);
    }

    [Fact]
    public async Task A_packed_body_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(Encoding.UTF8.GetBytes(it.Meta.Says(maria, "Olá")));
        Assert.Equal(HttpStatusCode.Forbidden, await it.PostAsync(packed.ToArray(), ["sha256=" + new string('0', 64)], encoding: "gzip"));
        Assert.Equal(HttpStatusCode.BadRequest, await it.PostAsync(packed.ToArray(), [FakeMeta.Sign(packed.ToArray())], encoding: "gzip"));
        Assert.Equal(0, await EventsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("""{"entry":[{"changes":[{"value":{"messages":[""")]
    public async Task A_body_of_another_shape_is_a_bad_request(string body) => Assert.Equal(HttpStatusCode.BadRequest, await it.CallAsync(body));

    [Fact]
    public async Task A_body_of_ten_thousand_levels_is_a_bad_request() =>
        Assert.Equal(HttpStatusCode.BadRequest, await it.CallAsync("""{"entry":""" + new string('[', 10_000) + new string(']', 10_000) + "}"));

    [Theory]
    [InlineData("""{"entry":[]}""")]
    [InlineData("""{"entry":[7,null,{"changes":7},{"changes":[null,7,{"field":"messages"},{"field":"messages","value":7}]}]}""")]
    [InlineData("""{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"messages":[7,null,"x",{}],"statuses":[7,{},{"id":7,"status":7}],"contacts":7,"errors":[7,{"code":"x"}]}}]}]}""")]
    [InlineData("""{"entry":[{"changes":[{"field":"message_template_status_update","value":{"event":"APPROVED"}},{"field":"account_update","value":{"event":"DISABLED_UPDATE"}}]}]}""")]
    public async Task What_says_nothing_to_anybody_is_taken_all_the_same(string body)
    {
        var before = await it.Desk.ReadAsync(db => db.Set<LaneItem>().CountAsync());
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(body));
        Assert.Equal(before, await it.Desk.ReadAsync(db => db.Set<LaneItem>().CountAsync()));
    }

    [Fact]
    public async Task A_bad_message_costs_only_itself()
    {
        var value = FakeMeta.Value(FakeMeta.Phone, maria);
        value["messages"] = JsonNode.Parse($$"""
            [{"from":"{{maria}}","id":"wamid.A","timestamp":"x","type":"text","text":{"body":"antes"} },
             {"id":"wamid.NOBODY","type":"text","text":{"body":"de ninguém"} },
             {"from":"{{maria}}","id":"wamid.B","type":"text","text":"não é um objeto"},
             {"from":"{{maria}}","type":"text","text":{"body":"sem id"} },
             {"from":"{{maria}}","id":"wamid.C","type":"text","text":{"body":"depois"} }]
            """);
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(value)));
        await it.Desk.SettleAsync();
        var messages = await it.MessagesAsync(await it.TicketOfAsync(maria));
        // 'De ninguém' belongs to the only person that the call names.
        Assert.Equal(["antes", "de ninguém", null, "sem id", "depois"], messages.Select(m => m.Body));
        Assert.Equal(MessageKind.Unsupported, messages[2].Kind);
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(value)));
        await it.Desk.SettleAsync();
        Assert.Equal(5, (await it.MessagesAsync(messages[0].TicketId)).Count);
    }

    [Fact]
    public async Task Several_accounts_changes_and_numbers_come_in_one_call_each_to_its_channel()
    {
        var second = await it.AnotherAsync("loja-a", "2221");
        JsonObject Says(string phone, string id, string text) => FakeMeta.Value(phone, maria, new JsonObject
        {
            ["from"] = maria, ["id"] = id, ["timestamp"] = "1770000000", ["type"] = "text", ["text"] = new JsonObject { ["body"] = text },
        });
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(Says(FakeMeta.Phone, "wamid.SEV1", "um"), Says("2221", "wamid.SEV2", "dois"), Says(FakeMeta.Phone, "wamid.SEV3", "três"))));
        await it.Desk.SettleAsync();
        var messages = await it.Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ProviderId!.StartsWith("wamid.SEV")).OrderBy(m => m.TicketId).ThenBy(m => m.Seq).ToListAsync());
        Assert.Equal(["um", "três"], messages.Where(m => m.ChannelId == it.Channel).Select(m => m.Body));
        Assert.Equal(["dois"], messages.Where(m => m.ChannelId == second).Select(m => m.Body));
        // The same at the other channel's address is the same event.
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(Says("2221", "wamid.SEV2", "dois")), "loja-a"));
        await it.Desk.SettleAsync();
        Assert.Equal(3, await it.Desk.ReadAsync(db => db.Set<Message>().CountAsync(m => m.ProviderId!.StartsWith("wamid.SEV"))));
    }

    [Fact]
    public async Task An_app_does_not_speak_for_the_number_of_another_app()
    {
        await it.AnotherAsync("outra", "2222", "another app's secret");
        var body = it.Meta.Says(maria, "de contrabando", phone: "2222");
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(body));
        Assert.Equal(0, await EventsAsync());
        Assert.Equal(HttpStatusCode.OK, await it.PostAsync(Encoding.UTF8.GetBytes(body), [FakeMeta.Sign(body, "another app's secret")], "outra"));
        Assert.Equal(1, await EventsAsync());
    }

    [Fact]
    public async Task What_is_for_a_channel_that_is_off_is_brought_again_and_the_rest_is_kept()
    {
        var second = await it.AnotherAsync("loja-c", "2223");
        await it.Desk.SendAsSystem(new SwitchChannel(second, false));
        await it.Directory.LoadAsync();
        var off = JsonNode.Parse(it.Meta.Says(maria, "para a desligada", phone: "2223"))!["entry"]![0]!;
        var on = JsonNode.Parse(it.Meta.Says(maria, "para a ligada"))!.AsObject();
        on["entry"]!.AsArray().Insert(0, off.DeepClone());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await it.CallAsync(on.ToJsonString()));
        Assert.Equal(1, await EventsAsync());
        await it.Desk.SendAsSystem(new SwitchChannel(second, true));
        await it.Directory.LoadAsync();
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(on.ToJsonString()));
        Assert.Equal(2, await EventsAsync());
    }

    [Fact]
    public async Task A_number_that_no_channel_has_is_passed_over_and_the_test_of_the_channel_tells()
    {
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(it.Meta.Says(maria, "para ninguém", phone: "999")));
        Assert.Equal(0, await EventsAsync());
        var probe = await it.Desk.SendAs(it.Ana, new ProbeChannel(it.Channel));
        Assert.Contains("999", probe.Message);
        var told = it.Desk.Log.Count(l => l.Contains("no channel here has", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(it.Meta.Says(maria, "e de novo", phone: "999")));
        Assert.Equal(told, it.Desk.Log.Count(l => l.Contains("no channel here has", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_GET_and_POST_are_Metas() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await it.Http.SendAsync(new HttpRequestMessage(HttpMethod.Put, WabaDesk.Key))).StatusCode);

    [Theory]
    [InlineData("account_update", """{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE","waba_ban_date":"x"}}""", "A Meta avisa de uma mudança na conta do WhatsApp Business: DISABLED_UPDATE, SCHEDULE_FOR_DISABLE.", true)]
    [InlineData("account_update", """{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"},{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]}""", "A Meta avisa de uma mudança na conta do WhatsApp Business: ACCOUNT_RESTRICTION, RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE_NUMBER_ACTION.", true)]
    [InlineData("account_update", """{"event":"VERIFIED_ACCOUNT","phone_number":"5511988887777"}""", "A Meta avisa de uma mudança na conta do WhatsApp Business: VERIFIED_ACCOUNT.", false)]
    [InlineData("account_update", """{"event":"Maria escreveu: canário","phone_number":"5511988887777"}""", "A Meta avisa de uma mudança na conta do WhatsApp Business: sem dizer o quê.", true)]
    [InlineData("phone_number_quality_update", """{"display_phone_number":"551140028922","event":"FLAGGED","current_limit":"TIER_2K"}""", "A Meta avisa de uma mudança na qualidade ou no limite do número: FLAGGED, TIER_2K.", true)]
    [InlineData("phone_number_quality_update", """{"display_phone_number":"551140028922","event":"UPGRADE","max_daily_conversations_per_business":"TIER_10K"}""", "A Meta avisa de uma mudança na qualidade ou no limite do número: UPGRADE, TIER_10K.", false)]
    [InlineData("account_alerts", """{"entity_type":"BUSINESS","alert_info":{"alert_type":"INCREASED_CAPABILITIES_ELIGIBILITY_FAILED","alert_severity":"CRITICAL","alert_status":"ACTIVE","alert_description":"canário"}}""", "A Meta dá um alerta sobre a conta: INCREASED_CAPABILITIES_ELIGIBILITY_FAILED, CRITICAL, ACTIVE.", true)]
    [InlineData("account_review_update", """{"decision":"REJECTED"}""", "A Meta analisou a conta do WhatsApp Business: REJECTED.", true)]
    [InlineData("account_review_update", """{"decision":"APPROVED"}""", "A Meta analisou a conta do WhatsApp Business: APPROVED.", false)]
    [InlineData("messages", """{"metadata":{"phone_number_id":"106540352242922"},"errors":[{"code":130429,"title":"Rate limit hit","message":"canário","error_data":{"details":"canário 5511988887777"}}]}""", "A Meta avisa do erro 130429 (Rate limit hit).", true)]
    [InlineData("messages", """{"metadata":{"phone_number_id":"106540352242922"},"errors":[{"code":131000,"title":"5511988887777: canário"}]}""", "A Meta avisa do erro 131000.", true)]
    public async Task What_concerns_the_account_stands_in_the_diary_of_the_channel(string field, string value, string line, bool isTrouble)
    {
        await it.Desk.RunJobAsync<WriteChannelLog>();
        var before = await DiaryAsync();
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync($$"""{"entry":[{"changes":[{"field":"{{field}}","value":{{value}}}]}]}"""));
        await it.Desk.RunJobAsync<WriteChannelLog>();
        var row = Assert.Single((await DiaryAsync()).ExceptBy(before.Select(r => r.Position), r => r.Position));
        Assert.Equal((line, isTrouble ? "warned" : "noted", null), (row.Detail, row.Outcome, row.Payload));
    }

    private async Task<List<ChannelLogRow>> DiaryAsync() => [.. (await it.Desk.SendAs(it.Ana, new ReadChannelLog(it.Channel))).Where(r => r.Kind == "provider")];

    [Fact]
    public async Task What_concerns_the_account_is_told_in_the_log()
    {
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync("""{"entry":[{"changes":[{"field":"phone_number_quality_update","value":{"event":"FLAGGED","display_phone_number":"551140028922"}}]}]}"""));
        Assert.Contains(it.Desk.Log, l => l.Contains("phone_number_quality_update FLAGGED", StringComparison.Ordinal));
        var value = FakeMeta.Value(FakeMeta.Phone);
        value["errors"] = JsonNode.Parse("""[{"code":130429,"title":"Rate limit hit"}]""");
        Assert.Equal(HttpStatusCode.OK, await it.CallAsync(FakeMeta.Call(value)));
        Assert.Contains(it.Desk.Log, l => l.Contains("reports error 130429", StringComparison.Ordinal));
    }
}
