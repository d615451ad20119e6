using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>WhatsApp through a telephone that reads a QR code, by way of a gateway of the company's own: the Evolution API.</summary>
public sealed class WhatsAppPlugin : IPlugin
{
    /// <summary>The kind of its channels.</summary>
    public const string Kind = "whatsapp";

    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.whatsapp", "WhatsApp (QR code)");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<WhatsAppAdapter, WhatsAppSettings>(Kind, "WhatsApp (QR code)");
}

/// <summary>What an administrator fills in: the gateway, and how one number behaves.</summary>
public sealed record WhatsAppSettings
{
    /// <summary>Where the gateway is.</summary>
    [Label("Endereço do gateway"), Hint("Onde a Evolution API atende, como http://10.0.0.5:8080. Na rede interna, o operador precisa liberar este endereço em Http__Allow."), Required, Url]
    public string BaseUrl { get; init; } = "";

    /// <summary>The gateway's own key, or that of one instance.</summary>
    [Label("Chave da API"), Hint("A AUTHENTICATION_API_KEY do gateway. O token de uma instância também serve, se ela já existe."), Required, Secret]
    public string ApiKey { get; init; } = "";

    /// <summary>An instance that is there already.</summary>
    [Label("Nome da instância"), Hint("Deixe vazio: o sistema cria uma para este canal. Preencha para usar uma que já existe.")]
    public string? InstanceName { get; init; }

    /// <summary>What the gateway says with each call.</summary>
    [Label("Segredo do webhook"), Hint("O sistema o entrega ao gateway por conta própria."), Secret, Generated]
    public string? WebhookSecret { get; init; }

    /// <summary>Where the gateway reaches us, when that is not the public address.</summary>
    [Label("Endereço deste sistema para o gateway"), Hint("Só se o gateway não alcança o endereço público, como http://10.0.0.4:8080."), Url]
    public string? CallbackUrl { get; init; }

    /// <summary>Groups become conversations too.</summary>
    [Label("Atender grupos"), Hint("Cada grupo em que o número está vira uma conversa. Desligado: só conversas particulares.")]
    public bool AllowGroups { get; init; }

    /// <summary>Calls are rejected.</summary>
    [Label("Recusar chamadas"), Hint("O WhatsApp encerra a chamada na hora e manda o texto abaixo.")]
    public bool RejectCalls { get; init; }

    /// <summary>What a caller reads.</summary>
    [Label("Texto ao recusar uma chamada"), Lines]
    public string? RejectText { get; init; }

    /// <summary>All that the telephone has comes over when it is paired.</summary>
    [Label("Trazer todo o histórico ao parear"), Hint("Vale para o próximo QR code. Sem isto vêm cerca de três meses.")]
    public bool FullHistory { get; init; }

    /// <summary>Whoever writes too fast is banned.</summary>
    [Label("Segundos entre mensagens"), Hint("O WhatsApp bloqueia números que enviam rápido demais: 2 segundos é um ritmo cuidadoso."), Between(0.2, 60)]
    public double SecondsBetween { get; init; } = 2;

    /// <summary>Pairs by a code that is typed on the telephone.</summary>
    [Label("Parear pelo número"), Hint("Com DDI e DDD, só dígitos: em vez do QR code o cartão mostra um código para digitar no celular. Vazio: QR code.")]
    public string? PairingNumber { get; init; }
}
