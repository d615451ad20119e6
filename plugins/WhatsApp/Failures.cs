using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>What the gateway's errors mean. Almost everything that goes wrong is a 400 with WhatsApp's own words in it.</summary>
internal static class Failures
{
    /// <summary>What follows from an answer to a send.</summary>
    public enum Then
    {
        /// <summary>The message is refused.</summary>
        Refuse,
        /// <summary>Nothing is wrong with the message: it waits until somebody corrects the channel.</summary>
        WaitForCorrection,
        /// <summary>The connection to WhatsApp was in trouble: nothing was sent.</summary>
        Wait,
        /// <summary>It proves nothing.</summary>
        Unsure,
    }

    public const string BadKey = "O gateway não aceita a chave da API deste canal. Um administrador precisa trocá-la nas configurações do canal.";
    public const string NoInstance = "O gateway não tem a instância deste canal; a mensagem espera.";
    public const string NoConnection = "Sem conexão com o gateway do WhatsApp.";
    public const string NotConnected = "O WhatsApp deste canal está desconectado; a mensagem espera.";
    public const string Nobody = "Este número não tem WhatsApp.";
    public const string TooLarge = "O arquivo é grande demais para o gateway.";

    /// <summary>An answer that is no success.</summary>
    public static Then Judge(Answer answer) => answer switch
    {
        { IsNobody: true } => Then.Refuse,
        { Code: 401 } or { IsNoInstance: true } => Then.WaitForCorrection,
        { Code: 429 } => Then.Wait,
        { Code: 400 or 500 } when answer.Says("Connection Closed", "not connected", "Media upload failed on all hosts") => Then.Wait,
        // What the gateway does with a message that has left already, such as keeping it, fails under the same number.
        { Code: 400 } when answer.Says("Timed Out", "prisma", "TypeError", "ReferenceError") => Then.Unsure,
        { Code: 408 } => Then.Unsure,
        { Code: >= 300 and < 500 } => Then.Refuse,
        _ => Then.Unsure,
    };

    /// <summary>A refusal, for the agent.</summary>
    public static string Words(Answer answer) =>
        answer.IsNobody ? Nobody
        : answer.Code == 413 || answer.Says("entity too large") ? TooLarge
        : answer.Code == 403 ? "O gateway não deixa este canal fazer isso."
        : answer.Says("not-authorized", "forbidden", "not-acceptable") ? "O WhatsApp não permite escrever aqui: o grupo pode aceitar só administradores, ou o número não está mais nele."
        : answer.Says("group not found", "item-not-found") ? "O número deste canal não está mais neste grupo."
        : answer.Says("text is required") ? "O WhatsApp não aceita mensagem vazia."
        : answer.Words is { Length: > 0 } words ? $"O gateway recusou: {words}"
        : $"O gateway recusou (HTTP {answer.Code}).";

    /// <summary>What keeps the whole channel from working, for administrators.</summary>
    public static string OfChannel(Answer answer) => answer switch
    {
        { Code: 401 } => BadKey,
        { IsNoInstance: true } => "O gateway não tem esta instância.",
        { Status: >= 200 and < 300 } when answer.Words is { Length: > 0 } words => $"O gateway respondeu com erro: {words}",
        { Body: null } => $"Quem respondeu não foi a Evolution API (HTTP {answer.Status}). Confira o endereço do gateway.",
        _ => answer.Words is { Length: > 0 } words ? $"O gateway respondeu com erro {answer.Code}: {words}" : $"O gateway respondeu com erro {answer.Code}.",
    };

    /// <summary>There was never a connection, so nothing can have left.</summary>
    public static bool NeverConnected(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    /// <summary>Why there is no connection, for whoever may do something about it.</summary>
    public static string Reach(HttpRequestException e) => e.HttpRequestError == HttpRequestError.NameResolutionError ? "O endereço do gateway não foi encontrado."
        : "Sem conexão com o gateway. Confira o endereço e se ele está ligado; na rede interna, o operador também precisa liberá-lo em Http__Allow.";
}
