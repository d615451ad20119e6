using Inforzap.Sdk;
using Telegram.Bot;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;

namespace Inforzap.Plugins.Telegram;

/// <summary>Several pictures and films that are shown as one.</summary>
internal sealed class Album(TelegramBotClient bot, IMediaReader media, IReadOnlyList<OutboundMessage> messages, long chat)
{
    /// <summary>Null: Telegram would not take them together, and nothing was sent.</summary>
    public async Task<IReadOnlyList<SendResult>?> SendAsync(CancellationToken ct)
    {
        var open = new List<OutboundFile>();
        try
        {
            var parts = new List<IAlbumInputMedia>();
            foreach (var message in messages)
            {
                if (message.Content is not MediaContent { Source.FileId: { } id } content) return null;
                var (caption, entities) = Marks.Read(content.Caption ?? "");
                if (caption.Length > Sending.MaxCaption) return null;
                var file = await media.OpenAsync(id, ct);
                open.Add(file);
                // Names tell the parts apart.
                var input = new InputFileStream(file.Content, $"{parts.Count + 1}-{content.FileName ?? file.FileName}");
                IAlbumInputMedia? part = (content.Kind, file.MimeType) switch
                {
                    (MediaKind.Image, "image/jpeg" or "image/png" or "image/webp") when file.Size <= Sending.MaxPhoto => new InputMediaPhoto(input) { Caption = caption, CaptionEntities = [.. entities ?? []] },
                    (MediaKind.Video, "video/mp4") when file.Size <= Sending.MaxFile => new InputMediaVideo(input) { Caption = caption, CaptionEntities = [.. entities ?? []], SupportsStreaming = true },
                    _ => null,
                };
                if (part is null) return null;
                parts.Add(part);
            }
            var sent = await bot.SendRequest(new SendMediaGroupRequest { ChatId = chat, Media = parts, ReplyParameters = Sending.ReplyTo(messages[0], bot, chat) }, ct);
            return [.. sent.Select(m => SendResult.Sent(ProviderIds.Message(bot.BotId, m.Chat.Id, m.Id)))];
        }
        finally
        {
            foreach (var file in open) await file.DisposeAsync();
        }
    }
}
