using System.Text.Json;
using Inforzap.Sdk;
using Telegram.Bot;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Inforzap.Plugins.Telegram;

/// <summary>What an update came to.</summary>
/// <param name="Id">Its number; null when the update is none.</param>
/// <param name="Happened">What it means for a conversation; null when nothing.</param>
/// <param name="Query">A pressed button that waits for an answer.</param>
internal sealed record Translated(int? Id, InboundEvent? Happened = null, string? Query = null);

/// <summary>Translates updates of one bot. Whatever comes, it does not throw: an update that is refused comes again and holds up its chat.</summary>
/// <param name="channel">The channel.</param>
/// <param name="bot">Whose updates they are.</param>
/// <param name="groups">Groups are conversations too.</param>
internal sealed class Updates(Guid channel, long bot, bool groups)
{
    /// <summary>The kinds that we ask for. Reactions come only when they are named.</summary>
    public static readonly UpdateType[] Wanted =
        [UpdateType.Message, UpdateType.EditedMessage, UpdateType.CallbackQuery, UpdateType.MessageReaction, UpdateType.MyChatMember];

    /// <summary>Translates one.</summary>
    public Translated Read(ReadOnlyMemory<byte> raw)
    {
        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(raw.Span);
        }
        catch (JsonException)
        {
            return new Translated(null);
        }
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("update_id", out var number)
            || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var id)) return new Translated(null);
        try
        {
            var update = json.Deserialize<Update>(JsonBotAPI.Options)!;
            var happened = Happened(update);
            return new Translated(id, happened is null ? null : happened with { Raw = raw }, update.CallbackQuery?.Id);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            // A kind that is younger than our library: people see at least that something came.
            return new Translated(id, Something(json) is { } something ? something with { Raw = raw } : null);
        }
    }

    private InboundEvent? Happened(Update update) => update switch
    {
        { Message: { MigrateFromChatId: { } former } message } => Moved(message.Chat.Id, former),
        { Message: { MigrateToChatId: { } now } message } => Moved(now, message.Chat.Id),
        { Message: { } message } => Said(message),
        { EditedMessage: { } message } => Edited(update, message),
        { CallbackQuery: { } query } => Chosen(query),
        { MessageReaction: { } reaction } => Reacted(update, reaction),
        { MyChatMember: { } membership } => Joined(update, membership),
        _ => null,
    };

    private bool IsConversation(Chat chat) => chat.Id != 0 && (chat.Type == ChatType.Private || (groups && chat.Type is ChatType.Group or ChatType.Supergroup));

    private InboundMessage? Said(Message message)
    {
        if (!IsConversation(message.Chat) || message.From?.Id == bot || Contents.Of(message) is not { } content) return null;
        return new InboundMessage(channel, ProviderIds.Message(bot, message.Chat.Id, message.Id), AddressOf(message.Chat), content)
        {
            At = message.Date,
            QuotedProviderId = message.ReplyToMessage is { } quoted && quoted.Chat.Id == message.Chat.Id ? ProviderIds.Message(bot, quoted.Chat.Id, quoted.Id) : null,
            Participant = message.Chat.Type == ChatType.Private ? null : Writer(message.From, message.SenderChat),
            CameFrom = message.Chat.Type == ChatType.Private && message.Text is { } text && text.StartsWith("/start ", StringComparison.Ordinal) ? text["/start ".Length..].Trim() : null,
            AlsoKnownAs = OwnPhone(message),
        };
    }

    /// <summary>Only a card of the sender's own says that the number is theirs.</summary>
    private static IReadOnlyList<Address> OwnPhone(Message message) =>
        message is { Contact: { } card, From: { } from } && card.UserId == from.Id && new string([.. card.PhoneNumber.Where(char.IsAsciiDigit)]) is { Length: >= 8 and <= 15 } digits
            ? [new Address(digits)] : [];

    /// <summary>Both chats tell of it. Either way it is an event of the new one, before its first message, and the same event.</summary>
    private InboundMove? Moved(long now, long former) => !groups ? null
        : new InboundMove(channel, $"{bot}/{former}>{now}", new Address(ProviderIds.Chat(now), AddressKind.Telegram), new Address(ProviderIds.Chat(former), AddressKind.Telegram));

    private InboundReach? Joined(Update update, ChatMemberUpdated membership)
    {
        if (!IsConversation(membership.Chat)) return null;
        var isIn = membership.NewChatMember.IsInChat;
        return new InboundReach(channel, ProviderIds.Update(bot, update.Id), AddressOf(membership.Chat), isIn)
        {
            At = membership.Date,
            Reason = isIn ? null : Failures.Words(403, membership.Chat.Type == ChatType.Private ? "bot was blocked by the user" : "bot was kicked"),
        };
    }

    private InboundEdit? Edited(Update update, Message message) =>
        IsConversation(message.Chat) && message.From?.Id != bot && Contents.Text(message) is { } text
            ? new InboundEdit(channel, ProviderIds.Update(bot, update.Id), AddressOf(message.Chat), ProviderIds.Message(bot, message.Chat.Id, message.Id), text) { At = message.EditDate ?? message.Date }
            : null;

    private InboundMessage? Chosen(CallbackQuery query)
    {
        if (query is not { Message: { } on, Data: { } data } || !IsConversation(on.Chat)) return null;
        var title = on.ReplyMarkup is InlineKeyboardMarkup markup
            ? markup.InlineKeyboard.SelectMany(row => row).FirstOrDefault(b => b.CallbackData == data)?.Text : null;
        return new InboundMessage(channel, $"{bot}/q{query.Id}", on.Chat.Type == ChatType.Private ? Named(AddressOf(on.Chat), query.From) : AddressOf(on.Chat), new ChoiceContent(data, title ?? data))
        {
            QuotedProviderId = ProviderIds.Message(bot, on.Chat.Id, on.Id),
            Participant = on.Chat.Type == ChatType.Private ? null : Writer(query.From, null),
        };
    }

    private InboundReaction? Reacted(Update update, MessageReactionUpdated reaction) => !IsConversation(reaction.Chat) ? null
        : new InboundReaction(channel, ProviderIds.Update(bot, update.Id), AddressOf(reaction.Chat), ProviderIds.Message(bot, reaction.Chat.Id, reaction.MessageId), reaction.NewReaction switch
        {
            [] or null => "",
            [ReactionTypeEmoji emoji, ..] => emoji.Emoji,
            // Paid and custom ones have no character of their own.
            _ => "⭐",
        })
        { At = reaction.Date };

    private static Address AddressOf(Chat chat) => new(ProviderIds.Chat(chat.Id), AddressKind.Telegram,
        chat.Title ?? Contents.NameOf(chat.FirstName, chat.LastName) ?? chat.Username);

    private static Address Named(Address address, User user) => address.Name is not null ? address : address with { Name = Contents.NameOf(user.FirstName, user.LastName) };

    /// <summary>Who wrote in a group: a person, or a chat that speaks for itself.</summary>
    private static Address? Writer(User? from, Chat? chat) =>
        chat is not null ? AddressOf(chat)
        : from is not null ? new Address(ProviderIds.Chat(from.Id), AddressKind.Telegram, Contents.NameOf(from.FirstName, from.LastName) ?? from.Username)
        : null;

    /// <summary>A message of which only the bones could be read.</summary>
    private InboundMessage? Something(JsonElement update)
    {
        if (!update.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("message_id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number)
            || !message.TryGetProperty("chat", out var chat) || chat.ValueKind != JsonValueKind.Object
            || !chat.TryGetProperty("id", out var chatId) || chatId.ValueKind != JsonValueKind.Number || !chatId.TryGetInt64(out var of)
            || !chat.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) return null;
        if (!type.ValueEquals("private") && !(groups && (type.ValueEquals("group") || type.ValueEquals("supergroup")))) return null;
        var text = message.TryGetProperty("text", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
        return new InboundMessage(channel, ProviderIds.Message(bot, of, number), new Address(ProviderIds.Chat(of), AddressKind.Telegram),
            text is null ? new UnsupportedContent("unknown") : new TextContent(text));
    }
}
