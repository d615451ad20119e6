using System.Text.RegularExpressions;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Sms;

/// <summary>What an answer of Comtele means for a message.</summary>
internal static partial class Failures
{
    public const string KeyRefused = "A Comtele não aceita a chave deste canal. Confira a chave e o painel (novo ou antigo) nas configurações do canal.";
    public const string NotComtele = "No endereço da API deste canal não responde a Comtele. Confira o endereço nas configurações.";
    public const string NoCredits = "Os créditos da Comtele acabaram; os SMS esperam até que alguém compre mais.";
    public const string AskedToWait = "A Comtele pediu para esperar.";
    public const string NoConnection = "Sem conexão com a Comtele.";

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>The end of an attempt that was answered like this.</summary>
    public static SendResult Of(Answer answer, string tag, int tries) => answer switch
    {
        { IsOk: true } => SendResult.Sent(tag),
        // Nothing is wrong with the message: it waits for money, or for a key that works.
        { Status: < 500, Said: false } when IsAboutCredits(answer) => SendResult.LaterForAll(TimeSpan.FromMinutes(15), NoCredits),
        { Status: 400 or 402 } when IsAboutCredits(answer) => SendResult.LaterForAll(TimeSpan.FromMinutes(15), NoCredits),
        { Status: 401 or 403 } => SendResult.LaterForAll(TimeSpan.FromMinutes(1), KeyRefused),
        { Status: 404 or (>= 300 and < 400) } => SendResult.LaterForAll(TimeSpan.FromMinutes(1), NotComtele),
        { Status: 429 } => SendResult.LaterForAll(Pauses[Math.Clamp(tries, 1, Pauses.Length) - 1], AskedToWait),
        { Status: 408 } => SendResult.Unknown("A Comtele não respondeu a tempo; o SMS pode ter sido enviado."),
        { Status: >= 500 } => SendResult.Unknown($"A Comtele respondeu com erro {answer.Status}; o SMS pode ter sido enviado."),
        { Status: >= 200 and < 300, Said: null } => SendResult.Unknown("A resposta da Comtele não se entende; o SMS pode ter sido enviado."),
        _ => SendResult.Refused(answer.Message.Length > 0 ? $"A Comtele recusou o SMS: {Cut(answer.Message)}" : $"A Comtele recusou o SMS (HTTP {answer.Status}).", $"{answer.Status}"),
    };

    /// <summary>A connection that failed; null when that is not what it is.</summary>
    public static SendResult? Of(Exception e, CancellationToken ct) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError } =>
            SendResult.Later(TimeSpan.FromSeconds(10), NoConnection),
        HttpRequestException or IOException => SendResult.Unknown("A conexão com a Comtele caiu durante o envio; o SMS pode ter sido enviado."),
        TaskCanceledException when !ct.IsCancellationRequested => SendResult.Unknown("A Comtele não respondeu a tempo; o SMS pode ter sido enviado."),
        _ => null,
    };

    /// <summary>The end of a session, or of a test, that was answered like this; null when it may go on.</summary>
    public static SessionEndedException? EndOf(Answer answer) => answer switch
    {
        { IsOk: true } => null,
        { Status: 401 or 403 } => new(KeyRefused) { IsFinal = true },
        { Status: 404 or (>= 300 and < 400) } => new(NotComtele) { IsFinal = true },
        { Status: 429 } => new(AskedToWait) { After = Pauses[0] },
        { Status: >= 500 } => new($"A Comtele respondeu com erro {answer.Status}."),
        { Message.Length: > 0 } => new($"A Comtele respondeu: {Cut(answer.Message)}"),
        _ => new("A resposta da Comtele não se entende."),
    };

    private static bool IsAboutCredits(Answer answer) => Credits().IsMatch(answer.Message);

    private static string Cut(string text) => text.Length > 200 ? text[..200] : text;

    [GeneratedRegex(@"(saldo|cr[eé]dito)s?\b.*(insuficiente|esgotad|acab)|(insuficiente|sem|n[aã]o possui|insufficient)\b.*(saldo|cr[eé]dito|credit|balance|funds)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Credits();
}
