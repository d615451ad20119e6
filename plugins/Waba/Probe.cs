using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>'Test now': the number as Meta sees it, and whether Meta would call us.</summary>
/// <param name="graph">Of the channel.</param>
/// <param name="publicUrl">Our own address.</param>
/// <param name="stranger">A number that Meta called us for and that no channel has.</param>
internal sealed class Probe(Graph graph, Uri? publicUrl, string? stranger)
{
    public async Task<ProbeResult> RunAsync(CancellationToken ct)
    {
        var number = await graph.GetAsync($"{graph.Number}?fields=display_phone_number,verified_name,quality_rating,messaging_limit_tier,throughput,status", ct);
        if (!number.IsOk || number.Body is not { } told) return new ProbeResult(false, Failures.OfChannel(number));
        var (problem, remark) = await SubscribeAsync(ct);
        var parts = new List<string> { Describe(told) };
        if (told.String("status") is { } status && status is not ("CONNECTED" or "UNKNOWN")) problem ??= $"A Meta dá a este número o estado {status}: ele ainda não envia nem recebe.";
        if (publicUrl is not { Scheme: "https" }) problem ??= "Para receber mensagens, o sistema precisa de um endereço público com https.";
        if (stranger is not null) remark ??= $"A Meta também chamou para o número de ID {stranger}, que nenhum canal daqui tem: confira se o ID deste canal está certo.";
        if (problem is not null) parts.Add(problem);
        else if (remark is not null) parts.Add(remark);
        return new ProbeResult(problem is null, string.Join(" ", parts));
    }

    private static string Describe(JsonElement number)
    {
        List<string?> facts =
        [
            number.String("display_phone_number"), number.String("verified_name"),
            number.String("quality_rating")?.ToUpperInvariant() switch { "GREEN" => "qualidade alta", "YELLOW" => "qualidade média", "RED" => "qualidade baixa", _ => null },
            Limit(number.String("messaging_limit_tier")),
            number.Child("throughput")?.String("level")?.ToUpperInvariant() switch { "STANDARD" => "80 mensagens por segundo", "HIGH" => "até 1.000 mensagens por segundo", _ => null },
        ];
        return string.Join(" · ", facts.OfType<string>()) + ".";
    }

    /// <summary>How many people a day may be written to first.</summary>
    private static string? Limit(string? tier) => tier?.ToUpperInvariant() switch
    {
        null or "" or "TIER_NOT_SET" => null,
        "TIER_UNLIMITED" => "sem limite de clientes por dia",
        var named when named.StartsWith("TIER_", StringComparison.Ordinal) => $"até {named["TIER_".Length..].Replace("K", ".000", StringComparison.Ordinal)} clientes novos por dia",
        _ => null,
    };

    /// <summary>Without it messages go out and none comes in, which is what most people first ask about; so it is done here.</summary>
    private async Task<(string? Problem, string? Remark)> SubscribeAsync(CancellationToken ct)
    {
        var apps = await graph.GetAsync($"{graph.Account}/subscribed_apps", ct);
        if (!apps.IsOk) return ("O ID da conta do WhatsApp Business está errado, ou o token não tem a permissão whatsapp_business_management.", null);
        if (apps.Body?.Items("data").Any() == true) return (null, null);
        var made = await graph.PostAsync($"{graph.Account}/subscribed_apps", new JsonObject(), ct);
        return made.IsOk ? (null, "O aplicativo não estava inscrito na conta, e sem isso nada chega; ele foi inscrito agora.")
            : ("O aplicativo não está inscrito na conta do WhatsApp Business, e sem isso nada chega.", null);
    }
}
