using System.Net;
using Inforzap.Sdk;
using Telegram.Bot.Exceptions;

namespace Inforzap.Plugins.Telegram;

/// <summary>What an answer of Telegram means for a message. Codes decide first; texts change and are asked last.</summary>
internal static class Failures
{
    public const string TokenRefused = "O Telegram não aceita mais o token do bot. Peça outro ao @BotFather e troque nas configurações do canal.";

    public const string AskedToWait = "O Telegram pediu para esperar.";

    /// <summary>How long to wait where it is not said.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The end of an attempt that failed like this.</summary>
    public static SendResult Of(Exception e) => e switch
    {
        BadTokenException => SendResult.LaterForAll(TimeSpan.FromMinutes(1), e.Message),
        ApiRequestException { ErrorCode: 429 } busy => SendResult.LaterForAddress(PauseOf(busy), AskedToWait),
        // Nothing is wrong with the message; it waits for a token that works.
        ApiRequestException { ErrorCode: 401 or 404 } => SendResult.LaterForAll(TimeSpan.FromMinutes(1), TokenRefused),
        ApiRequestException { ErrorCode: >= 400 and < 500 } no => SendResult.Refused(Words(no.ErrorCode, no.Message), $"{no.ErrorCode}"),
        // Not in Telegram's own words, but a no all the same: whoever stands before it let nothing through.
        RequestException { HttpStatusCode: HttpStatusCode.TooManyRequests } => SendResult.Later(Pause, AskedToWait),
        RequestException { HttpStatusCode: HttpStatusCode.RequestEntityTooLarge } => SendResult.Refused(Words(413, ""), "413"),
        RequestException { HttpStatusCode: >= HttpStatusCode.MultipleChoices and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout and var status } =>
            SendResult.Later(TimeSpan.FromMinutes(1), $"Quem respondeu não foi o Telegram (HTTP {(int)status}). Confira o endereço da API nas configurações do canal."),
        RequestException { InnerException: HttpRequestException inner } when NeverConnected(inner) => SendResult.Later(TimeSpan.FromSeconds(10), "Sem conexão com o Telegram."),
        RequestException { InnerException: TaskCanceledException } => SendResult.Unknown("O Telegram não respondeu a tempo; a mensagem pode ter sido entregue."),
        ApiRequestException trouble => SendResult.Unknown($"O Telegram respondeu com erro {trouble.ErrorCode}; a mensagem pode ter sido entregue."),
        RequestException { HttpStatusCode: { } status } => SendResult.Unknown($"O Telegram deu uma resposta que não se entende (HTTP {(int)status}); a mensagem pode ter sido entregue."),
        _ => SendResult.Unknown("A conexão com o Telegram caiu durante o envio; a mensagem pode ter sido entregue."),
    };

    /// <summary>How long Telegram asks to wait; it is asked again within the hour, however long that is.</summary>
    public static TimeSpan PauseOf(ApiRequestException busy) =>
        busy.Parameters?.RetryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestPause.TotalSeconds)) : Pause;

    /// <summary>The person, or the group, can't be reached any more: they blocked the bot, or it was put out.</summary>
    public static bool IsUnreachable(ApiRequestException e) => e.ErrorCode == 403 || Has(e.Message, "chat not found", "user is deactivated", "bot was blocked", "bot was kicked");

    /// <summary>Another form of the same file may be taken.</summary>
    public static bool IsAboutTheFile(ApiRequestException e) => e.ErrorCode == 400
        && Has(e.Message, "PHOTO_", "IMAGE_PROCESS", "VOICE_MESSAGES_FORBIDDEN", "STICKER_", "wrong type of", "wrong file", "can't use file of type", "VIDEO_");

    /// <summary>A message is as it was to become, or is gone as it was to be.</summary>
    public static bool IsSoAlready(ApiRequestException e) => e.ErrorCode == 400 && Has(e.Message, "message is not modified", "message to delete not found");

    /// <summary>A refusal, for the agent.</summary>
    public static string Words(int code, string description) =>
        Has(description, "bot was blocked by the user") ? "Esta pessoa bloqueou o bot. Ela precisa desbloqueá-lo no Telegram para receber mensagens."
        : Has(description, "user is deactivated") ? "Esta conta do Telegram foi desativada."
        : Has(description, "can't initiate conversation", "chat not found") ? "No Telegram quem começa a conversa é o cliente: ele precisa escrever primeiro ao bot."
        : Has(description, "bot was kicked", "bot is not a member", "group chat was deleted") ? "O bot não está mais neste grupo."
        : Has(description, "not enough rights", "CHAT_WRITE_FORBIDDEN", "have no rights") ? "O bot não tem permissão para escrever neste grupo."
        : Has(description, "file is too big", "Request Entity Too Large") || code == 413 ? "O arquivo passa do que o Telegram aceita de um bot (50 MB)."
        : Has(description, "message is too long", "caption is too long") ? "O texto é longo demais para o Telegram."
        : Has(description, "REACTION_INVALID") ? "O Telegram não aceita esta reação."
        : Has(description, "message can't be deleted") ? "O Telegram só deixa apagar mensagens de até 48 horas."
        : Has(description, "message can't be edited", "message to edit not found") ? "O Telegram não deixa mais editar esta mensagem."
        : Has(description, "message to react not found") ? "A mensagem não existe mais no Telegram."
        : Has(description, "message text is empty", "text must be non-empty") ? "O Telegram não aceita mensagem vazia."
        : code == 403 ? "O Telegram não deixa o bot escrever nesta conversa."
        : $"O Telegram recusou a mensagem: {Cut(description)}";

    /// <summary>There was never a connection, so nothing can have left.</summary>
    public static bool NeverConnected(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static bool Has(string text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static string Cut(string text) => text.Length > 200 ? text[..200] : text;
}
