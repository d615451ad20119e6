using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>The number as Meta sees it, and whether Meta would call us: for 'test now', and for the watch that runs all the time.</summary>
internal sealed class Number(Graph graph)
{
    /// <summary>What Meta tells of it; not ok when it is not there or not ours.</summary>
    public Task<Answer> LookAsync(CancellationToken ct) =>
        graph.GetAsync($"{graph.Number}?fields=display_phone_number,verified_name,quality_rating,throughput,status", ct);

    /// <summary>
    /// How many people a day may be written to first, in words; null when Meta does not tell, for whatever reason. It is asked
    /// apart and one field after the other: Graph refuses a whole request for one field that its version no longer has.
    /// </summary>
    public async Task<string?> LimitAsync(CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(TimeForLimit);
        try
        {
            foreach (var field in LimitFields)
                if (await graph.GetAsync($"{graph.Number}?fields={field}", soon.Token) is { IsOk: true } answer && answer.Body?.String(field) is { } tier) return Limit(tier);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // The rest is known, and says more.
        }
        return null;
    }

    /// <summary>Of the whole business since October 2025; of the number alone before.</summary>
    private static readonly string[] LimitFields = ["whatsapp_business_manager_messaging_limit", "messaging_limit_tier"];

    private static readonly TimeSpan TimeForLimit = TimeSpan.FromSeconds(4);

    /// <summary>How the subscription of the app to the account stands.</summary>
    public enum Subscription
    {
        /// <summary>It is there.</summary>
        There,
        /// <summary>It was made just now.</summary>
        MadeNow,
        /// <summary>It is missing, and could not be made.</summary>
        Missing,
        /// <summary>Meta does not tell us.</summary>
        Unknown,
    }

    /// <summary>Without it messages go out and none comes in, which is what most people first ask about; so it is made here.</summary>
    public async Task<Subscription> SubscribeAsync(CancellationToken ct)
    {
        var apps = await graph.GetAsync($"{graph.Account}/subscribed_apps", ct);
        if (!apps.IsOk) return Subscription.Unknown;
        if (apps.Body?.Items("data").Any() == true) return Subscription.There;
        return (await graph.PostAsync($"{graph.Account}/subscribed_apps", new JsonObject(), ct)).IsOk ? Subscription.MadeNow : Subscription.Missing;
    }

    /// <summary>Why it does not work, or not wholly, though it is there.</summary>
    public static string? Trouble(JsonElement number) => number.String("status")?.ToUpperInvariant() switch
    {
        null or "CONNECTED" or "UNKNOWN" or Flagged => null,
        "RESTRICTED" => "A Meta dá a este número o estado RESTRICTED: ele responde a quem escreve, mas não começa conversas.",
        "PENDING" or "UNVERIFIED" => $"A Meta dá a este número o estado {number.String("status")}: ele ainda não envia nem recebe.",
        _ => $"A Meta dá a este número o estado {number.String("status")}: ele pode não enviar nem receber.",
    };

    /// <summary>What to know of it though it works: it is watched for its low quality, and goes on sending and receiving.</summary>
    public static string? Remark(JsonElement number) => number.String("status")?.ToUpperInvariant() == Flagged
        ? "A Meta sinalizou este número (FLAGGED) pela qualidade baixa: ele envia e recebe, mas se ela não melhorar em alguns dias o limite diminui." : null;

    private const string Flagged = "FLAGGED";

    /// <summary>As whom we are connected, with the address under which customers write to it.</summary>
    public static SessionAccount AccountOf(JsonElement number)
    {
        var (phone, name) = (number.String("display_phone_number"), number.String("verified_name"));
        var digits = new string([.. (phone ?? "").Where(char.IsAsciiDigit)]);
        return new SessionAccount(string.Join(" · ", new[] { name, phone }.OfType<string>()), digits.Length > 0 ? new Uri($"https://wa.me/{digits}") : null);
    }

    /// <summary>In one line, for an administrator.</summary>
    /// <param name="number">As Meta sees it.</param>
    /// <param name="limit">In words, if it is known.</param>
    public static string Describe(JsonElement number, string? limit)
    {
        List<string?> facts =
        [
            number.String("display_phone_number"), number.String("verified_name"),
            number.String("quality_rating")?.ToUpperInvariant() switch { "GREEN" => "qualidade alta", "YELLOW" => "qualidade média", "RED" => "qualidade baixa", _ => null },
            limit,
            number.Child("throughput")?.String("level")?.ToUpperInvariant() switch { "STANDARD" => "80 mensagens por segundo", "HIGH" => "até 1.000 mensagens por segundo", _ => null },
        ];
        return string.Join(" · ", facts.OfType<string>()) + ".";
    }

    /// <summary>How many people a day may be written to first.</summary>
    private static string? Limit(string tier) => tier.ToUpperInvariant() switch
    {
        "TIER_NOT_SET" => null,
        "TIER_UNLIMITED" => "sem limite de clientes por dia",
        var named when named.StartsWith("TIER_", StringComparison.Ordinal) => $"até {named["TIER_".Length..].Replace("K", ".000", StringComparison.Ordinal)} clientes novos por dia",
        _ => null,
    };
}

/// <summary>'Test now'.</summary>
/// <param name="number">Of the channel.</param>
/// <param name="publicUrl">Our own address.</param>
/// <param name="stranger">A number that Meta called us for and that no channel has.</param>
internal sealed class Probe(Number number, Uri? publicUrl, string? stranger)
{
    public async Task<ProbeResult> RunAsync(CancellationToken ct)
    {
        var answer = await number.LookAsync(ct);
        if (!answer.IsOk || answer.Body is not { } told) return new ProbeResult(false, Failures.OfChannel(answer));
        var subscription = await number.SubscribeAsync(ct);
        var problem = Number.Trouble(told) ?? subscription switch
        {
            Number.Subscription.Unknown => "O ID da conta do WhatsApp Business está errado, ou o token não tem a permissão whatsapp_business_management.",
            Number.Subscription.Missing => NotSubscribed,
            _ when publicUrl is not { Scheme: "https" } => "Para receber mensagens, o sistema precisa de um endereço público com https.",
            _ => null,
        };
        var remark = subscription == Number.Subscription.MadeNow ? "O aplicativo não estava inscrito na conta, e sem isso nada chega; ele foi inscrito agora."
            : stranger is not null ? $"A Meta também chamou para o número de ID {stranger}, que nenhum canal daqui tem: confira se o ID deste canal está certo."
            : Number.Remark(told);
        return new ProbeResult(problem is null, string.Join(" ", new[] { Number.Describe(told, await number.LimitAsync(ct)), problem ?? remark }.OfType<string>()));
    }

    /// <summary>What most people first ask about.</summary>
    public const string NotSubscribed = "O aplicativo não está inscrito na conta do WhatsApp Business, e sem isso nenhuma mensagem chega.";
}

/// <summary>
/// Looks at the number now and then: a token that was revoked and a number that was restricted are seen before somebody writes,
/// and the app is subscribed as soon as the channel is there.
/// </summary>
internal sealed class Watch(Number number, TimeProvider clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);

    /// <exception cref="SessionEndedException">It can't go on, with the reason for people.</exception>
    public async Task RunAsync(ISessionReport report, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await LookAsync(report, ct);
            }
            catch (HttpRequestException e)
            {
                throw new SessionEndedException("Sem conexão com a Meta.", e);
            }
            catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw new SessionEndedException("A Meta não respondeu a tempo.", e);
            }
            await Task.Delay(Period, clock, ct);
        }
    }

    private async Task LookAsync(ISessionReport report, CancellationToken ct)
    {
        var answer = await number.LookAsync(ct);
        // A token may become valid again by itself: an app that was restored, a system user that got its right back.
        if (!answer.IsOk || answer.Body is not { } told) throw new SessionEndedException(Failures.OfChannel(answer)) { After = answer.Status < 500 ? AfterTrouble : null };
        var subscription = await number.SubscribeAsync(ct);
        if (Number.Trouble(told) is { } trouble) report.Retrying(trouble);
        else if (subscription == Number.Subscription.Missing) report.Retrying(Probe.NotSubscribed);
        else report.Connected(Number.AccountOf(told));
    }
}
