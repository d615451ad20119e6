using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>WhatsApp through Meta's own Cloud API.</summary>
public sealed class WabaPlugin : IPlugin
{
    /// <summary>The kind of its channels.</summary>
    public const string Kind = "waba";

    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.waba", "WhatsApp (API oficial)");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<WabaAdapter, WabaSettings>(Kind, "WhatsApp (API oficial)");
}

/// <summary>What an administrator fills in: one number.</summary>
public sealed record WabaSettings
{
    /// <summary>Meta's own address.</summary>
    public const string DefaultBaseUrl = "https://graph.facebook.com";

    /// <summary>The version that this was written against.</summary>
    public const string DefaultVersion = "v23.0";

    /// <summary>Meta's id of the number; not the number.</summary>
    [Label("ID do número de telefone"), Hint("Em developers.facebook.com: WhatsApp → Configuração da API. Não é o número em si."), Required]
    public string PhoneNumberId { get; init; } = "";

    /// <summary>Meta's id of the account that the number belongs to.</summary>
    [Label("ID da conta do WhatsApp Business"), Hint("Fica na mesma página, ao lado do ID do número."), Required]
    public string BusinessAccountId { get; init; } = "";

    /// <summary>Of a system user, so that it does not end.</summary>
    [Label("Token de acesso"), Hint("De um usuário do sistema, com whatsapp_business_messaging e whatsapp_business_management. O token da página de teste vale só 24 horas."), Required, Secret]
    public string AccessToken { get; init; } = "";

    /// <summary>Signs what Meta calls us with.</summary>
    [Label("Chave secreta do aplicativo"), Hint("Configurações → Básico, “Chave secreta do aplicativo” (App Secret). Com ela se confere a assinatura de cada chamada da Meta."), Required, Secret]
    public string AppSecret { get; init; } = "";

    /// <summary>What Meta says when it first tries our address.</summary>
    [Label("Token de verificação"), Hint("O mesmo texto vai na configuração do webhook na Meta; depois de salvar, ele aparece no cartão do canal."), Secret, Generated]
    public string? VerifyToken { get; init; }

    /// <summary>What Meta lets through.</summary>
    [Label("Mensagens por segundo"), Hint("O que a Meta permite ao número: 80 de início, 20 quando o número também está no aplicativo do celular."), Between(1, 1000)]
    public int PerSecond { get; init; } = 80;

    /// <summary>Another server that speaks the Graph API.</summary>
    [Label("Endereço da API"), Hint("Mude só se há um intermediário entre este sistema e a Meta."), Url]
    public string BaseUrl { get; init; } = DefaultBaseUrl;

    /// <summary>Each lives about two years.</summary>
    [Label("Versão da Graph API")]
    public string GraphVersion { get; init; } = DefaultVersion;
}
