using Inforzap.Sdk;

namespace Inforzap.Plugins.Sms;

/// <summary>SMS through Comtele.</summary>
public sealed class SmsPlugin : IPlugin
{
    /// <summary>The kind of its channels.</summary>
    public const string Kind = "sms";

    /// <inheritdoc/>
    public PluginInfo Info => new("inforzap.sms", "SMS (Comtele)");

    /// <inheritdoc/>
    public void Register(IPluginRegistry plugin) => plugin.Channel<SmsAdapter, SmsSettings>(Kind, "SMS (Comtele)");
}

/// <summary>Comtele has two APIs, and the keys of one are refused by the other.</summary>
public enum ComteleApi
{
    /// <summary>Of the new panel, portal.comtele.com.br.</summary>
    Novo,
    /// <summary>Of the old one, sms.comtele.com.br.</summary>
    Antigo,
}

/// <summary>What an administrator fills in.</summary>
public sealed record SmsSettings
{
    /// <summary>Where the new panel's API is.</summary>
    public const string NewBaseUrl = "https://api.comtele.com.br";

    /// <summary>Where the old panel's API is.</summary>
    public const string OldBaseUrl = "https://sms.comtele.com.br/api/v2";

    /// <summary>Which API the key is for.</summary>
    [Label("Painel da Comtele"), Hint("Novo: portal.comtele.com.br. Antigo: sms.comtele.com.br. A chave de um não serve no outro.")]
    public ComteleApi Panel { get; init; }

    /// <summary>What the panel shows.</summary>
    [Label("Chave da API"), Hint("No painel da Comtele, em integrações ou API."), Required, Secret]
    public string ApiKey { get; init; } = "";

    /// <summary>By which of the account's routes; the new panel wants one.</summary>
    [Label("Rota"), Hint("O número da rota, no painel novo. “Testar agora” lista as rotas da sua conta com o preço."), Between(0, 1_000_000)]
    public int Route { get; init; }

    /// <summary>So that a text fits the small alphabet.</summary>
    [Label("Tirar acentos e emojis"), Hint("Sem acentos cabem 160 caracteres em cada SMS; com acentos, 70. Muitas operadoras trocam letras acentuadas por outros sinais.")]
    public bool StripAccents { get; init; } = true;

    /// <summary>Longer texts are refused.</summary>
    [Label("SMS por mensagem, no máximo"), Hint("Um texto longo é cobrado como vários SMS. Acima disto ele é recusado, e quem escreveu pode encurtar."), Between(1, 20)]
    public int MostParts { get; init; } = 4;

    /// <summary>Somebody is told when less is left; 0: nobody is.</summary>
    [Label("Avisar com saldo abaixo de"), Hint("Em reais no painel novo, em créditos no antigo. 0 não avisa."), Between(0, 1_000_000)]
    public int LowBalance { get; init; } = 20;

    /// <summary>How often replies and reports are asked for.</summary>
    [Label("Buscar respostas a cada (segundos)"), Hint("A Comtele pede pelo menos 30 segundos entre duas consultas."), Between(30, 3600)]
    public int PollSeconds { get; init; } = 60;

    /// <summary>Stands in the addresses that Comtele calls; it signs nothing.</summary>
    [Label("Segredo do endereço de retorno"), Hint("Faz parte dos endereços que você registra no painel da Comtele; eles aparecem no cartão do canal."), Secret, Generated]
    public string? WebhookSecret { get; init; }

    /// <summary>Another server that speaks the same API.</summary>
    [Label("Endereço da API"), Hint("Deixe vazio. Mude só se há um intermediário entre este sistema e a Comtele."), Url]
    public string? BaseUrl { get; init; }
}
