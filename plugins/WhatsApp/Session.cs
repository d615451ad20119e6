using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>
/// What the webhook hears of the connection, for the session, when both are on the same node. Elsewhere the session finds the same
/// out by asking, a little later.
/// </summary>
internal sealed class Line
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    /// <summary>A flood pushes the oldest out: the newest word counts.</summary>
    private readonly Channel<Heard> heard = Channel.CreateBounded<Heard>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Tell(Heard what) => heard.Writer.TryWrite(what);

    public void Forget()
    {
        while (heard.Reader.TryRead(out _)) { }
    }

    /// <summary>What is heard within that time; after the first word a moment longer, since they come in swarms.</summary>
    public async Task<IReadOnlyList<Heard>> ListenAsync(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task waiting = heard.Reader.WaitToReadAsync(enough.Token).AsTask();
        await Task.WhenAny(waiting, Task.Delay(time, clock, enough.Token));
        if (!waiting.IsCompleted) await enough.CancelAsync();
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (enough.IsCancellationRequested) return [];
        await Task.Delay(Gather, clock, ct);
        await enough.CancelAsync();
        var all = new List<Heard>();
        while (heard.Reader.TryRead(out var one)) all.Add(one);
        return all;
    }
}

/// <summary>
/// What runs all the time for a number: it makes the instance, tells the gateway where to call, shows the QR code, and watches the
/// connection. It repeats nothing that failed: that ends it, and the host starts it again.
/// </summary>
internal sealed class Session(Evolution evolution, Line line, IPluginStore store, IOwnChannels own, IChannelDiary diary, TimeProvider clock, ILogger log)
{
    /// <summary>The header in which the gateway says the secret.</summary>
    public const string SecretHeader = "X-Inforzap-Secret";

    /// <summary>Not <c>MESSAGES_SET</c>: what was said before is asked for, and comes in bodies that no door takes.</summary>
    public static readonly string[] Events =
    [
        "QRCODE_UPDATED", "CONNECTION_UPDATE", "STATUS_INSTANCE", "LOGOUT_INSTANCE", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE",
        "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "PRESENCE_UPDATE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CALL",
    ];

    private static readonly TimeSpan WhileOpen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WhileNot = TimeSpan.FromSeconds(3);
    /// <summary>A code holds for 45 seconds, and the next is on its way then.</summary>
    private static readonly TimeSpan CodeHolds = TimeSpan.FromSeconds(60);
    /// <summary>So long codes are asked for that nobody reads.</summary>
    private static readonly TimeSpan LongestPairing = TimeSpan.FromMinutes(45);

    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    private bool wasOpen;
    private string? code;
    private DateTime codeUntil;
    private DateTime? pairingSince;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <exception cref="SessionEndedException">It can't go on, with the reason for people.</exception>
    public async Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct)
    {
        try
        {
            line.Forget();
            await PrepareAsync(on, ct);
            while (true)
            {
                var isOpen = await LookAsync(on, report, ct);
                foreach (var heard in await line.ListenAsync(isOpen ? WhileOpen : WhileNot, clock, ct)) Hear(heard, report);
            }
        }
        catch (HttpRequestException e)
        {
            throw new SessionEndedException(Failures.Reach(e), e);
        }
        catch (TimeoutException e)
        {
            throw new SessionEndedException("O gateway não respondeu a tempo.", e);
        }
    }

    // ---- Before ----

    private async Task PrepareAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<WhatsAppSettings>();
        if (AddressOf(on) is not { } address) throw Final("O gateway precisa de um endereço para chamar este sistema: defina o endereço público, ou o endereço deste sistema para o gateway.");
        var state = await evolution.GetAsync("instance/connectionState", ct);
        if (state.Code == 404) await CreateAsync(on, settings, address, ct);
        else if (!state.IsOk) throw EndOf(state);
        else if (await RowAsync(ct) is { } row && row.String("integration") is { } integration && integration != "WHATSAPP-BAILEYS")
            throw Final("Esta instância do gateway não é de QR code. Use outro nome de instância.");
        await MustAsync(evolution.PostAsync("settings/set", Behaviour(settings), ct));
        await MustAsync(evolution.PostAsync("webhook/set", new JsonObject { ["webhook"] = WebhookOf(settings, address, true) }, ct));
        log.LogInformation("Channel {Channel}: the gateway has our address", on.Key);
    }

    private async Task CreateAsync(ChannelRef on, WhatsAppSettings settings, string address, CancellationToken ct)
    {
        var body = Behaviour(settings);
        (body["instanceName"], body["integration"], body["qrcode"], body["webhook"]) = (evolution.Instance, "WHATSAPP-BAILEYS", false, WebhookOf(settings, address, true));
        var answer = await evolution.OfGatewayAsync(HttpMethod.Post, "instance/create", ct, body);
        if (answer.IsOk)
        {
            // What we made we may take away again.
            await store.SetAsync(MadeKey(on), evolution.Instance, ct);
            return;
        }
        if (answer.Code == 401) throw Final("O gateway não tem esta instância, e a chave da API não permite criá-la. Use a chave geral do gateway.");
        if (answer.Code == 403) throw new SessionEndedException($"O gateway já tem uma instância {evolution.Instance}, mas não a abre. Reinicie-a no gateway, ou use outro nome.");
        throw EndOf(answer);
    }

    private static JsonObject Behaviour(WhatsAppSettings settings) => new()
    {
        ["rejectCall"] = settings.RejectCalls, ["msgCall"] = settings.RejectCalls ? settings.RejectText?.Trim() ?? "" : "", ["groupsIgnore"] = !settings.AllowGroups,
        ["alwaysOnline"] = false, ["readMessages"] = false, ["readStatus"] = false, ["syncFullHistory"] = settings.FullHistory,
    };

    private static JsonObject WebhookOf(WhatsAppSettings settings, string address, bool isOn) => new()
    {
        ["enabled"] = isOn, ["url"] = address, ["byEvents"] = false, ["base64"] = false,
        ["headers"] = new JsonObject { [SecretHeader] = settings.WebhookSecret?.Trim() ?? "" },
        ["events"] = new JsonArray([.. Events.Select(e => (JsonNode)e)]),
    };

    /// <summary>Where the gateway calls us.</summary>
    public static string? AddressOf(ChannelRef on)
    {
        var settings = on.Settings<WhatsAppSettings>();
        var root = string.IsNullOrWhiteSpace(settings.CallbackUrl) ? on.PublicUrl?.AbsoluteUri : settings.CallbackUrl.Trim();
        return root is null ? null : $"{root.TrimEnd('/')}/hooks/{on.Key}";
    }

    // ---- Watching ----

    /// <summary>Asks how it stands, and says so.</summary>
    private async Task<bool> LookAsync(ChannelRef on, ISessionReport report, CancellationToken ct)
    {
        var answer = await evolution.GetAsync("instance/connectionState", ct);
        if (!answer.IsOk) throw EndOf(answer);
        var state = answer.Body?.Child("instance")?.String("state") ?? answer.Body?.String("state");
        if (state == "open")
        {
            if (!wasOpen) (account, openSince) = (await AccountAsync(on, ct), Now);
            (wasOpen, code, pairingSince) = (true, null, null);
            report.Connected(account);
            return true;
        }
        if (wasOpen)
        {
            if (state == "close" && EndFor(ReasonOf(await RowAsync(ct))) is { } end) throw end;
            report.Retrying("A conexão com o WhatsApp caiu; o gateway está tentando de novo.");
            if (state != "close") return false;
        }
        await PairAsync(on.Settings<WhatsAppSettings>(), report, ct);
        return false;
    }

    private SessionAccount? account;
    private DateTime openSince;

    /// <summary>Why it ended. The gateway keeps the reason of an earlier end, also after the telephone was paired anew.</summary>
    private int? ReasonOf(JsonElement? row) =>
        DateTimeOffset.TryParse(row?.String("disconnectionAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.UtcDateTime < openSince - ClocksDiffer ? null : (int?)row?.Number("disconnectionReasonCode");

    private async Task<SessionAccount?> AccountAsync(ChannelRef on, CancellationToken ct)
    {
        if (await RowAsync(ct) is not { } row) return null;
        var phone = Jids.Address(row.String("ownerJid")) is { Kind: AddressKind.Phone } number ? number.Value : null;
        if (phone is not null)
        {
            var before = await store.GetAsync(NumberKey(on), ct);
            if (before is not null && before != phone) diary.Note(on.Id, "Outro número foi pareado neste canal: as conversas seguem pelo número novo.", isTrouble: true);
            if (before != phone) await store.SetAsync(NumberKey(on), phone, ct);
        }
        return (phone, row.String("profileName")) is (null, null) ? null
            : new SessionAccount(string.Join(" · ", new[] { row.String("profileName"), phone is null ? null : "+" + phone }.OfType<string>()), phone is null ? null : new Uri($"https://wa.me/{phone}"));
    }

    private async Task<JsonElement?> RowAsync(CancellationToken ct)
    {
        var answer = await evolution.OfGatewayAsync(HttpMethod.Get, $"instance/fetchInstances?instanceName={Uri.EscapeDataString(evolution.Instance)}", ct);
        if (!answer.IsOk || answer.Body is not { } body) return null;
        // With the key of one instance it gives that one; others are not ours.
        var rows = body.OneOrMany().Select(r => r.Child("instance") ?? r).ToList();
        return rows.Find(r => (r.String("name") ?? r.String("instanceName")) == evolution.Instance) is { ValueKind: JsonValueKind.Object } row ? row : null;
    }

    /// <summary>Asking is what starts the connection, and what brings the code.</summary>
    private async Task PairAsync(WhatsAppSettings settings, ISessionReport report, CancellationToken ct)
    {
        var number = Jids.Digits(settings.PairingNumber ?? "");
        var answer = await evolution.GetAsync("instance/connect", ct, number.Length > 0 ? $"?number={number}" : "");
        if (!answer.IsOk) throw EndOf(answer);
        var told = answer.Body is { } body ? body.Child("qrcode") ?? body : default;
        Show(told.String("code"), number.Length > 0 ? told.String("pairingCode") : null, report);
        if (code is null && !wasOpen) report.Connecting();
        if (pairingSince is { } since && Now - since > LongestPairing) throw Final("Ninguém leu o QR code a tempo. Desligue e ligue o canal para receber outro.");
    }

    private void Show(string? shown, string? typed, ISessionReport report)
    {
        if (shown is null && typed is null) return;
        // A code after the connection was there: the telephone has to be paired anew.
        wasOpen = false;
        pairingSince ??= Now;
        if ((typed ?? shown) != code) (code, codeUntil) = (typed ?? shown, Now + CodeHolds);
        else if (Now > codeUntil) return;
        if (typed is not null) report.Retrying($"Para parear, digite {(typed.Length == 8 ? $"{typed[..4]}-{typed[4..]}" : typed)} no celular, em Aparelhos conectados, Conectar com número de telefone.");
        else report.NeedsPairing(shown!, codeUntil);
    }

    /// <summary>A new code is shown at once; whatever else was heard, the next look finds out how it stands.</summary>
    private void Hear(Heard heard, ISessionReport report)
    {
        if (!wasOpen && (heard.Code ?? heard.PairingCode) is not null) Show(heard.Code, heard.PairingCode, report);
        else if (wasOpen && heard.State == "close" && EndFor(heard.Reason) is { } end) throw end;
    }

    // ---- Ends ----

    /// <summary>What WhatsApp's code of an end means for good; null when the gateway connects again by itself.</summary>
    private static SessionEndedException? EndFor(int? reason) => reason switch
    {
        401 => Final("O aparelho foi desconectado no celular, em Aparelhos conectados. Desligue e ligue o canal para ler um novo QR code."),
        403 => Final("O WhatsApp bloqueou este número. Veja no celular o que ele diz; aqui não há o que tentar de novo."),
        402 or 406 => Final($"O WhatsApp encerrou a sessão deste número (código {reason}). Veja o aplicativo no celular, e depois desligue e ligue o canal."),
        _ => null,
    };

    private static SessionEndedException EndOf(Answer answer) => answer.Code == 401 ? Final(Failures.BadKey) : new SessionEndedException(Failures.OfChannel(answer));

    private static async Task MustAsync(Task<Answer> asked)
    {
        var answer = await asked;
        if (!answer.IsOk) throw EndOf(answer);
    }

    private static SessionEndedException Final(string reason) => new(reason) { IsFinal = true };

    // ---- After ----

    /// <summary>
    /// Off, the telephone stays paired: switched on again, it is there at once. Deleted, what we made at the gateway goes, and the
    /// telephone with it. With other settings of the same instance nothing is taken away, so that nothing is missed in between.
    /// </summary>
    public async Task LeaveAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<WhatsAppSettings>();
        var now = own.All.FirstOrDefault(c => c.On.Id == on.Id);
        if (now is { IsOn: true, On.Form: WhatsAppSettings next } && next.BaseUrl.Trim() == settings.BaseUrl.Trim() && Evolution.NameOf(next, on.Id) == evolution.Instance) return;
        if (now is null)
        {
            var made = await store.GetAsync(MadeKey(on), ct);
            await store.SetAsync(MadeKey(on), null, ct);
            await store.SetAsync(NumberKey(on), null, ct);
            if (made == evolution.Instance)
            {
                await evolution.DeleteAsync("instance/delete", ct);
                return;
            }
        }
        if (AddressOf(on) is { } address) await evolution.PostAsync("webhook/set", new JsonObject { ["webhook"] = WebhookOf(settings, address, false) }, ct);
    }

    private static string MadeKey(ChannelRef on) => $"made/{on.Id:N}";

    private static string NumberKey(ChannelRef on) => $"number/{on.Id:N}";
}
