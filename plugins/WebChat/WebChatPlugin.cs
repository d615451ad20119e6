using Inforzap.Sdk;

namespace Inforzap.Plugins.WebChat;

/// <summary>The company's own chat: a page, and a button for any site.</summary>
public sealed class WebChatPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.webchat", "WebChat");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<WebChatAdapter, WebChatSettings>("webchat", "WebChat");
}

/// <summary>What an administrator fills in. Texts left empty are filled by the page in the visitor's own language.</summary>
public sealed record WebChatSettings
{
    /// <summary>The colour of a channel that chose none.</summary>
    public const string DefaultColor = "#0B7A75";

    /// <summary>Origins that may show the chat.</summary>
    [Label("Sites que podem mostrar o chat"), Hint("Um por linha, como https://loja.exemplo. Vazio: só o endereço do próprio sistema. Um * permite qualquer site."), Lines]
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>Stands at the top of the chat.</summary>
    [Label("Título"), Hint("No alto do chat. Vazio: um título pronto, no idioma do visitante.")]
    public string? Title { get; init; }

    /// <summary>Stands under the title.</summary>
    [Label("Linha abaixo do título"), Hint("Por exemplo, o horário de atendimento. Vazio: um texto pronto, no idioma do visitante.")]
    public string? Subtitle { get; init; }

    /// <summary>The first bubble; it is not stored as a message.</summary>
    [Label("Saudação"), Hint("O primeiro balão da conversa. Vazio: uma saudação pronta, no idioma do visitante."), Lines]
    public string? Greeting { get; init; }

    /// <summary>Colour of header, button and the visitor's bubbles.</summary>
    [Label("Cor"), Hint("Seis dígitos hexadecimais, como #0B7A75.")]
    public string Color { get; init; } = DefaultColor;

    /// <summary>Asks for a name before the first message.</summary>
    [Label("Perguntar o nome"), Hint("Antes da primeira mensagem. O visitante pode pular.")]
    public bool AskName { get; init; }
}
