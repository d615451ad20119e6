using Inforzap.Sdk;

namespace Inforzap.Plugins.Echo;

/// <summary>The sample: a channel that posts what is sent to an address of your choice, and takes signed events back.</summary>
public sealed class EchoPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.echo", "Echo");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<EchoAdapter, EchoSettings>("echo", "Echo (exemplo)");
}

/// <summary>What an administrator fills in.</summary>
public sealed record EchoSettings
{
    /// <summary>Where messages are posted; without it nothing leaves the house and every send succeeds.</summary>
    [Label("Endereço de envio"), Hint("Cada mensagem é enviada para cá em JSON. Vazio: nada sai do sistema."), Url]
    public string? BaseUrl { get; init; }

    /// <summary>Where the account's history and address book are asked for; without it there is none.</summary>
    [Label("Endereço da memória"), Hint("Onde o histórico (/history) e a agenda (/contacts) são lidos em JSON. Vazio: o canal não tem nenhum."), Url]
    public string? MemoryUrl { get; init; }

    /// <summary>Signs what comes in; without it nothing is taken.</summary>
    [Label("Segredo do webhook"), Hint("Assina cada chamada recebida (HMAC-SHA256 no cabeçalho X-Echo-Signature). Vazio: toda chamada é recusada."), Secret]
    public string? Secret { get; init; }

    /// <summary>A text that is sent comes back as if the customer had said it.</summary>
    [Label("Responder com o mesmo texto"), Hint("Só sem endereço de envio: o texto enviado volta como mensagem do cliente.")]
    public bool Reply { get; init; }
}
