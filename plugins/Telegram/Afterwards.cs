using Inforzap.Sdk;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Inforzap.Plugins.Telegram;

/// <summary>Changes one message that both sides know.</summary>
/// <param name="bot">Speaks with Telegram.</param>
/// <param name="message">Which.</param>
internal sealed class Afterwards(TelegramBotClient bot, KnownMessage message)
{
    /// <summary>The only ones that a bot may set, as Telegram writes them.</summary>
    public static readonly IReadOnlyList<string> Emojis =
    [
        "👍", "❤", "🔥", "🥰", "👏", "😁", "🎉", "🙏", "👎", "🤔", "😢", "😱", "🤩", "👌", "😍", "💯", "🤣", "⚡", "🏆", "💔", "🤨", "😐", "🍾", "💋", "😴", "😭", "🤓",
        "👻", "👀", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿", "🆒", "💘", "🦄", "😘", "😎", "🤷", "😡", "🤯", "🥱", "🥴", "🐳", "🌚", "🍓",
    ];

    public Task<SendResult> ReactAsync(string? emoji, CancellationToken ct) => AskAsync((chat, number) =>
        bot.SendRequest(new SetMessageReactionRequest { ChatId = chat, MessageId = number, Reaction = emoji is null ? [] : [new ReactionTypeEmoji { Emoji = emoji }] }, ct));

    public Task<SendResult> EditAsync(string body, CancellationToken ct)
    {
        var (text, entities) = Marks.Read(body);
        var longest = message.File is null ? Sending.MaxText : Sending.MaxCaption;
        if (text.Length > longest) return Task.FromResult(SendResult.Refused($"O Telegram aceita até {longest} caracteres aqui."));
        return AskAsync((chat, number) => message.File is null
            ? bot.SendRequest(new EditMessageTextRequest { ChatId = chat, MessageId = number, Text = text, Entities = entities }, ct)
            : bot.SendRequest(new EditMessageCaptionRequest { ChatId = chat, MessageId = number, Caption = text, CaptionEntities = entities }, ct));
    }

    public Task<SendResult> RevokeAsync(CancellationToken ct) => AskAsync((chat, number) => bot.SendRequest(new DeleteMessageRequest { ChatId = chat, MessageId = number }, ct));

    private async Task<SendResult> AskAsync(Func<long, int, Task> ask)
    {
        if (ProviderIds.ChatOf(message.To.Value) is not { } chat || ProviderIds.MessageOf(message.ProviderId, bot.BotId, chat) is not { } number)
            return SendResult.Refused("A mensagem é de outro bot ou de outra conversa.");
        try
        {
            await ask(chat, number);
            return SendResult.Sent(message.ProviderId);
        }
        catch (ApiRequestException e) when (Failures.IsSoAlready(e))
        {
            return SendResult.Sent(message.ProviderId);
        }
        catch (RequestException e)
        {
            return Failures.Of(e);
        }
    }
}
