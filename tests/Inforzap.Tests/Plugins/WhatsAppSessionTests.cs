using System.Text.Json.Nodes;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Plugins;

/// <summary>From nothing to a paired telephone, and how it ends.</summary>
public sealed class WhatsAppSessionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs the session until what was to be seen was seen.</summary>
    private static async Task RunAsync(WhatsAppBench it, Func<Task> during)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = it.Adapter.RunAsync(it.On, it, stop.Token);
        var seen = during();
        if (await Task.WhenAny(running, seen) == running) await running;
        await seen;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task<SessionEndedException> EndAsync(WhatsAppBench it, Func<Task>? during = null)
    {
        var running = it.Adapter.RunAsync(it.On, it, Ct);
        if (during is not null) await during();
        return await Assert.ThrowsAsync<SessionEndedException>(() => running);
    }

    private static JsonObject Code(string code) => new() { ["qrcode"] = new JsonObject { ["code"] = code, ["pairingCode"] = null } };

    private static JsonObject Connection(string state, int reason) => new() { ["instance"] = WhatsAppBench.Instance, ["state"] = state, ["statusReason"] = reason };

    [Fact]
    public async Task A_new_channel_makes_its_instance_and_shows_a_code_until_a_telephone_reads_it()
    {
        await using var it = await WhatsAppBench.StartAsync(s => s with { InstanceName = null, FullHistory = true, RejectCalls = true, RejectText = "Só por mensagem." }, isPaired: false);
        var name = $"inf-{it.On.Id:N}";
        await RunAsync(it, async () =>
        {
            await it.SaidAsync("connecting");
            it.Gateway.Qr = "2@primeiro";
            await it.SaidAsync("code 2@primeiro");
            Assert.InRange(it.CodeUntil!.Value, DateTime.UtcNow.AddSeconds(40), DateTime.UtcNow.AddSeconds(61));
            // The webhook is faster than asking.
            it.Gateway.Qr = "2@segundo";
            await it.TellAsync("qrcode.updated", Code("2@segundo"), instance: name);
            await it.SaidAsync("code 2@segundo");
            it.Gateway.Pair();
            await it.TellAsync("connection.update", Connection("open", 200), instance: name);
            await it.SaidAsync($"connected Loja · +{FakeEvolution.Own} https://wa.me/{FakeEvolution.Own}");
        });
        var made = it.Gateway.Of("create")[0].Body;
        Assert.Equal((name, "WHATSAPP-BAILEYS", true, true), ((string)made["instanceName"]!, (string)made["integration"]!, (bool)made["syncFullHistory"]!, (bool)made["rejectCall"]!));
        Assert.Equal(("https://desk.example/hooks/whatsapp", FakeEvolution.Secret, true, false), ((string)it.Gateway.Webhook!["url"]!, (string)it.Gateway.Webhook["headers"]![WhatsAppAdapter.SecretHeader]!, (bool)it.Gateway.Webhook["enabled"]!, (bool)it.Gateway.Webhook["base64"]!));
        Assert.DoesNotContain("MESSAGES_SET", it.Gateway.Webhook["events"]!.AsArray().Select(e => (string)e!));
        Assert.Equal((true, "Só por mensagem.", true), ((bool)it.Gateway.Settings!["rejectCall"]!, (string)it.Gateway.Settings["msgCall"]!, (bool)it.Gateway.Settings["groupsIgnore"]!));
        Assert.Equal(["code 2@primeiro", "code 2@segundo"], it.Said.Where(s => s.StartsWith("code", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_code_that_expires_is_renewed_by_asking_alone()
    {
        await using var it = await WhatsAppBench.StartAsync(isPaired: false);
        it.Gateway.Qr = "2@primeiro";
        await RunAsync(it, async () =>
        {
            await it.SaidAsync("code 2@primeiro");
            it.Gateway.Qr = "2@segundo";
            await it.SaidAsync("code 2@segundo");
            it.Gateway.Pair();
            await it.SaidAsync("connected");
        });
        Assert.Empty(it.Gateway.Of("create"));
    }

    [Fact]
    public async Task A_number_is_paired_by_a_code_that_is_typed()
    {
        await using var it = await WhatsAppBench.StartAsync(s => s with { PairingNumber = "+55 (11) 99999-0000" }, isPaired: false);
        (it.Gateway.Qr, it.Gateway.PairingCode) = ("2@x", "ABCD1234");
        await RunAsync(it, () => it.SaidAsync("retrying Para parear, digite ABCD-1234 no celular"));
        Assert.Equal("5511999990000", it.Gateway.Of("connect")[0].Query["number"]);
    }

    [Fact]
    public async Task A_paired_telephone_needs_no_code()
    {
        await using var it = await WhatsAppBench.StartAsync();
        (it.Gateway.State, it.Gateway.Qr) = ("close", "2@never");
        await RunAsync(it, () => it.SaidAsync("connected"));
        Assert.DoesNotContain(it.Said, s => s.StartsWith("code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_words_about_the_connection_asks_the_gateway_no_more_often()
    {
        await using var it = await WhatsAppBench.StartAsync();
        await RunAsync(it, async () =>
        {
            await it.SaidAsync("connected");
            var before = it.Gateway.Of("connectionState").Count;
            for (var i = 0; i < 500; i++) await it.TellAsync("connection.update", Connection("connecting", 200));
            await Task.Delay(700, Ct);
            Assert.InRange(it.Gateway.Of("connectionState").Count - before, 1, 12);
        });
        Assert.Single(it.Said, s => s.StartsWith("connected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_lost_for_a_while_comes_back_by_itself()
    {
        await using var it = await WhatsAppBench.StartAsync();
        await RunAsync(it, async () =>
        {
            await it.SaidAsync("connected");
            it.Gateway.State = "connecting";
            await it.TellAsync("connection.update", Connection("connecting", 200));
            await it.SaidAsync("retrying A conexão com o WhatsApp caiu");
            it.Gateway.State = "open";
            await it.SaidAsync("connected", 2);
        });
    }

    [Theory]
    [InlineData(401, true, "desconectado no celular")]
    [InlineData(401, false, "desconectado no celular")]
    [InlineData(403, true, "bloqueou este número")]
    [InlineData(403, false, "bloqueou este número")]
    [InlineData(402, true, "código 402")]
    [InlineData(406, false, "código 406")]
    public async Task What_is_over_for_good_is_said_and_not_tried_again(int code, bool isHeard, string words)
    {
        await using var it = await WhatsAppBench.StartAsync();
        var end = await EndAsync(it, async () =>
        {
            await it.SaidAsync("connected");
            it.Gateway.Unpair(code);
            // Any word makes it look, also one that says nothing of the end; without one it looks after half a minute.
            await it.TellAsync("connection.update", isHeard ? Connection("close", code) : Connection("connecting", 200));
        });
        Assert.True(end.IsFinal);
        Assert.Contains(words, end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(428)]
    [InlineData(440)]
    [InlineData(515)]
    public async Task Other_ends_are_none(int code)
    {
        await using var it = await WhatsAppBench.StartAsync();
        await RunAsync(it, async () =>
        {
            await it.SaidAsync("connected");
            (it.Gateway.State, it.Gateway.EndCode) = ("close", code);
            await it.TellAsync("connection.update", Connection("close", code));
            await it.SaidAsync("connected", 2);
        });
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(0, true)]
    public async Task The_reason_of_an_earlier_end_is_none_of_this_one(int minutes, bool isOver)
    {
        await using var it = await WhatsAppBench.StartAsync();
        (it.Gateway.EndCode, it.Gateway.EndedAt) = (401, DateTime.UtcNow.AddMinutes(minutes));
        async Task LoseAsync()
        {
            await it.SaidAsync("connected");
            it.Gateway.State = "close";
            await it.TellAsync("connection.update", Connection("connecting", 200));
        }
        if (isOver) Assert.True((await EndAsync(it, LoseAsync)).IsFinal);
        else
            await RunAsync(it, async () =>
            {
                await LoseAsync();
                await it.SaidAsync("connected", 2);
            });
    }

    [Fact]
    public async Task Switched_on_anew_after_the_end_it_shows_a_code()
    {
        await using var it = await WhatsAppBench.StartAsync();
        it.Gateway.Unpair(401);
        it.Gateway.Qr = "2@novo";
        // What was heard before is over.
        await it.TellAsync("connection.update", Connection("close", 401));
        await RunAsync(it, () => it.SaidAsync("code 2@novo"));
    }

    [Fact]
    public async Task Another_number_on_the_same_channel_is_noted()
    {
        await using var it = await WhatsAppBench.StartAsync();
        it.Store.Values[$"number/{it.On.Id:N}"] = "5511900001111";
        await RunAsync(it, () => it.SaidAsync("connected"));
        Assert.Contains(it.Diary.Lines, l => l.IsTrouble && l.Text.Contains("Outro número", StringComparison.Ordinal));
        Assert.Equal(FakeEvolution.Own, it.Store.Values[$"number/{it.On.Id:N}"]);
    }

    [Fact]
    public async Task What_nobody_here_can_mend_ends_for_good()
    {
        await using var it = await WhatsAppBench.StartAsync();
        it.Gateway.IsLocked = true;
        var end = await EndAsync(it);
        Assert.Equal((true, Failures.BadKey), (end.IsFinal, end.Message));
        it.Gateway.IsLocked = false;
        it.Gateway.Integration = "WHATSAPP-BUSINESS";
        Assert.True((await EndAsync(it)).IsFinal);
        it.On = it.On with { PublicUrl = null };
        Assert.Contains("endereço", (await EndAsync(it)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trouble_of_the_gateway_is_told_and_tried_again()
    {
        await using var it = await WhatsAppBench.StartAsync(isPaired: false);
        it.Gateway.Refuse("connect", new FakeAnswer(200, """{"error":true,"message":"Error: cannot open socket"}"""));
        var end = await EndAsync(it);
        Assert.Equal((false, "O gateway respondeu com erro: Error: cannot open socket"), (end.IsFinal, end.Message));
        it.Gateway.Refuse("connectionState", new FakeAnswer(502, "<html>") { ContentType = "text/html" }, FakeAnswer.Drop);
        Assert.False((await EndAsync(it)).IsFinal);
        Assert.False((await EndAsync(it)).IsFinal);
        it.Gateway.Instances.Clear();
        it.Gateway.Refuse("create", FakeEvolution.Error(403, "This name \"loja\" is already in use."));
        Assert.Contains("já tem uma instância", (await EndAsync(it)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_in_the_own_network_that_the_operator_did_not_allow_is_named()
    {
        await using var it = await WhatsAppBench.StartAsync(isAllowed: false);
        Assert.Contains("Http__Allow", (await EndAsync(it)).Message, StringComparison.Ordinal);
        var probe = await it.Adapter.ProbeAsync(it.On, Ct);
        Assert.False(probe.Ok);
        Assert.Contains("Http__Allow", probe.Message, StringComparison.Ordinal);
        Assert.Empty(it.Gateway.Server.Requests);
    }

    [Fact]
    public async Task The_gateway_may_be_told_another_address_of_ours()
    {
        await using var it = await WhatsAppBench.StartAsync(s => s with { CallbackUrl = "http://10.0.0.4:8080/" });
        it.On = it.On with { PublicUrl = null };
        await RunAsync(it, () => it.SaidAsync("connected"));
        Assert.Equal("http://10.0.0.4:8080/hooks/whatsapp", (string)it.Gateway.Webhook!["url"]!);
    }

    // ---- Leaving ----

    [Fact]
    public async Task Switched_off_the_telephone_stays_paired()
    {
        await using var it = await WhatsAppBench.StartAsync(s => s with { InstanceName = null });
        await RunAsync(it, () => it.SaidAsync("connected"));
        it.All = [it.All[0] with { IsOn = false }];
        await it.Adapter.LeaveAsync(it.On, Ct);
        Assert.False((bool)it.Gateway.Webhook!["enabled"]!);
        Assert.Empty(it.Gateway.Of("logout"));
        Assert.Empty(it.Gateway.Of("delete"));
    }

    [Fact]
    public async Task With_other_settings_of_the_same_instance_nothing_is_missed_in_between()
    {
        await using var it = await WhatsAppBench.StartAsync();
        await RunAsync(it, () => it.SaidAsync("connected"));
        it.All = [it.All[0] with { On = it.On with { Form = it.On.Settings<WhatsAppSettings>() with { AllowGroups = true } } }];
        await it.Adapter.LeaveAsync(it.On, Ct);
        Assert.True((bool)it.Gateway.Webhook!["enabled"]!);
        it.All = [it.All[0] with { On = it.On with { Form = it.On.Settings<WhatsAppSettings>() with { InstanceName = "outra" } } }];
        await it.Adapter.LeaveAsync(it.On, Ct);
        Assert.False((bool)it.Gateway.Webhook!["enabled"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_what_we_made_goes_and_what_was_there_before_stays(bool isOurs)
    {
        await using var it = await WhatsAppBench.StartAsync(s => isOurs ? s with { InstanceName = null } : s);
        await RunAsync(it, () => it.SaidAsync(isOurs ? "connecting" : "connected"));
        it.All = [];
        await it.Adapter.LeaveAsync(it.On, Ct);
        Assert.Equal(isOurs ? 1 : 0, it.Gateway.Of("delete").Count);
        Assert.Equal(isOurs, (bool)it.Gateway.Webhook!["enabled"]!);
        Assert.Empty(it.Store.Values);
    }

    // ---- 'Test now' ----

    [Fact]
    public async Task A_test_says_how_it_stands()
    {
        await using var it = await WhatsAppBench.StartAsync();
        async Task<(bool, string)> ProbeAsync() => await it.Adapter.ProbeAsync(it.On, Ct) is var p ? (p.Ok, p.Message) : default;
        Assert.Equal((true, "Evolution API 2.3.7, conectada ao WhatsApp."), await ProbeAsync());
        it.Gateway.State = "close";
        Assert.Equal((true, "Evolution API 2.3.7. O celular ainda não está pareado, ou está desconectado."), await ProbeAsync());
        it.Gateway.Instances.Clear();
        Assert.Equal((true, "Evolution API 2.3.7. A instância é criada quando o canal liga."), await ProbeAsync());
        it.Gateway.IsLocked = true;
        Assert.Equal((false, Failures.BadKey), await ProbeAsync());
        it.Gateway.Refuse("root", new FakeAnswer(200, "<html>") { ContentType = "text/html" });
        Assert.Equal((false, "O endereço não respondeu como a Evolution API."), await ProbeAsync());
        Assert.Empty(it.Gateway.Of("create"));
    }
}
