using Inforzap.Sdk;

namespace Inforzap.Plugins.Telegram;

/// <summary>Telegram through the Bot API.</summary>
public sealed class TelegramPlugin : IPlugin
{
    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.telegram", "Telegram");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<TelegramAdapter, TelegramSettings>("telegram", "Telegram");
}

/// <summary>How updates come in.</summary>
public enum TelegramMode
{
    /// <summary>We ask for them; works without an address that the world can reach.</summary>
    Polling,
    /// <summary>Telegram brings them to our address.</summary>
    Webhook,
}

/// <summary>What an administrator fills in.</summary>
public sealed record TelegramSettings
{
    /// <summary>Telegram's own server.</summary>
    public const string DefaultBaseUrl = "https://api.telegram.org";

    /// <summary>What @BotFather gave.</summary>
    [Label("Token do bot"), Hint("O que o @BotFather entregou, como 123456789:AAE…"), Required, Secret]
    public string BotToken { get; init; } = "";

    /// <summary>How updates come in.</summary>
    [Label("Como receber"), Hint("Polling: o sistema busca as mensagens e não precisa de endereço público. Webhook: o Telegram as entrega no endereço público do sistema, que precisa de https.")]
    public TelegramMode Mode { get; init; }

    /// <summary>What Telegram says with each call.</summary>
    [Label("Segredo do webhook"), Hint("De 1 a 256 letras sem acento, números, _ e -."), Secret, Generated]
    public string? WebhookSecret { get; init; }

    /// <summary>Groups become conversations too.</summary>
    [Label("Atender grupos"), Hint("Cada grupo em que o bot está vira uma conversa. Desligado: só conversas particulares.")]
    public bool AllowGroups { get; init; }

    /// <summary>Another server that speaks the Bot API.</summary>
    [Label("Endereço da API"), Hint("Mude só se você hospeda o seu próprio servidor da Bot API."), Url]
    public string BaseUrl { get; init; } = DefaultBaseUrl;
}
