using Inforzap.Sdk;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Requests.Abstractions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.ReplyMarkups;

namespace Inforzap.Plugins.Telegram;

/// <summary>Sends one message to one chat.</summary>
/// <param name="bot">Speaks with Telegram.</param>
/// <param name="media">Opens files.</param>
/// <param name="message">What to send.</param>
/// <param name="chat">To whom.</param>
internal sealed class Sending(TelegramBotClient bot, IMediaReader media, OutboundMessage message, long chat)
{
    public const long MaxFile = 50L * 1024 * 1024;
    public const long MaxPhoto = 10L * 1024 * 1024;
    public const int MaxText = 4096;
    public const int MaxCaption = 1024;

    /// <summary>The first message that Telegram took, of several that one of ours became.</summary>
    private Message? first;

    private ReplyParameters? Reply => first is null ? ReplyTo(message, bot, chat) : null;

    /// <summary>Whoever deleted the quoted message still gets the answer.</summary>
    public static ReplyParameters? ReplyTo(OutboundMessage message, ITelegramBotClient bot, long chat) =>
        ProviderIds.MessageOf(message.QuotedProviderId, bot.BotId, chat) is { } quoted ? new ReplyParameters { MessageId = quoted, AllowSendingWithoutReply = true } : null;

    /// <exception cref="RequestException">It did not work; <see cref="IsPartly"/> says whether something was sent before.</exception>
    public async Task<SendResult> SendAsync(CancellationToken ct)
    {
        switch (message.Content)
        {
            case TextContent text:
                if (string.IsNullOrWhiteSpace(text.Body)) return SendResult.Refused(Failures.Words(400, "message text is empty"));
                await TextAsync(text.Body, ct);
                break;
            case MediaContent { Source.FileId: { } file } content:
                if (await FileAsync(content, file, ct) is { } refused) return refused;
                break;
            case OfferContent offer:
                Took(await bot.SendRequest(new SendMessageRequest
                {
                    ChatId = chat, Text = offer.Body, ReplyParameters = Reply,
                    ReplyMarkup = new InlineKeyboardMarkup(offer.Choices.Select(c => new[] { InlineKeyboardButton.WithCallbackData(c.Title, c.Id) })),
                }, ct));
                break;
            case LocationContent { Name: { Length: > 0 } name } place:
                Took(await bot.SendRequest(new SendVenueRequest { ChatId = chat, Latitude = place.Latitude, Longitude = place.Longitude, Title = name, Address = place.Street ?? name, ReplyParameters = Reply }, ct));
                break;
            case LocationContent place:
                Took(await bot.SendRequest(new SendLocationRequest { ChatId = chat, Latitude = place.Latitude, Longitude = place.Longitude, ReplyParameters = Reply }, ct));
                break;
            case ContactContent { Phones: [var phone, ..] } card:
                Took(await bot.SendRequest(new SendContactRequest { ChatId = chat, PhoneNumber = phone, FirstName = card.Name, ReplyParameters = Reply }, ct));
                break;
            default:
                return SendResult.Refused("O Telegram não tem este tipo de mensagem.");
        }
        return SendResult.Sent(ProviderIds.Message(bot.BotId, first!.Chat.Id, first.Id));
    }

    /// <summary>A part of it was sent: what failed afterwards does not undo that.</summary>
    public bool IsPartly => first is not null;

    private void Took(Message sent) => first ??= sent;

    private async Task TextAsync(string body, CancellationToken ct)
    {
        var (text, entities) = Marks.Read(body);
        foreach (var piece in Marks.Cut(text, entities, MaxText))
            Took(await bot.SendRequest(new SendMessageRequest { ChatId = chat, Text = piece.Text, Entities = piece.Entities, ReplyParameters = Reply }, ct));
    }

    private async Task<SendResult?> FileAsync(MediaContent content, Guid fileId, CancellationToken ct)
    {
        var (caption, entities) = Marks.Read(content.Caption ?? "");
        // A text that does not fit below a file follows it.
        var below = caption.Length is > 0 and <= MaxCaption;
        try
        {
            if (await FileAsync(content, fileId, below ? caption : null, below ? entities : null, asDocument: false, ct) is { } refused) return refused;
        }
        catch (ApiRequestException e) when (Failures.IsAboutTheFile(e))
        {
            // It was refused for what it is, so nothing was sent; as a document it is always taken.
            if (await FileAsync(content, fileId, below ? caption : null, below ? entities : null, asDocument: true, ct) is { } refused) return refused;
        }
        if (caption.Length > MaxCaption) await TextAsync(content.Caption!, ct);
        return null;
    }

    private async Task<SendResult?> FileAsync(MediaContent content, Guid fileId, string? caption, List<MessageEntity>? entities, bool asDocument, CancellationToken ct)
    {
        await using var file = await media.OpenAsync(fileId, ct);
        if (file.Size > MaxFile) return SendResult.Refused(Failures.Words(413, ""));
        var input = new InputFileStream(file.Content, content.FileName ?? file.FileName);
        // Telegram looks at the form of a picture or recording, and at most at so much of it; a document may be anything.
        FileRequestBase<Message> request = (asDocument ? MediaKind.Document : content.Kind, file.MimeType) switch
        {
            (MediaKind.Image, "image/gif") => new SendAnimationRequest { ChatId = chat, Animation = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply },
            (MediaKind.Image, "image/jpeg" or "image/png" or "image/webp") when file.Size <= MaxPhoto
                => new SendPhotoRequest { ChatId = chat, Photo = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply },
            (MediaKind.Voice, "audio/ogg" or "audio/mpeg" or "audio/mp4")
                => new SendVoiceRequest { ChatId = chat, Voice = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply },
            (MediaKind.Audio or MediaKind.Voice, "audio/mpeg" or "audio/mp4")
                => new SendAudioRequest { ChatId = chat, Audio = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply },
            (MediaKind.Video, "video/mp4")
                => new SendVideoRequest { ChatId = chat, Video = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply, SupportsStreaming = true },
            (MediaKind.Sticker, "image/webp") => new SendStickerRequest { ChatId = chat, Sticker = input, ReplyParameters = Reply },
            _ => new SendDocumentRequest { ChatId = chat, Document = input, Caption = caption, CaptionEntities = entities, ReplyParameters = Reply },
        };
        Took(await bot.SendRequest((IRequest<Message>)request, ct));
        return null;
    }
}
