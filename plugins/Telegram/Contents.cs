using System.Globalization;
using Inforzap.Sdk;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Plugins.Telegram;

/// <summary>What a message of Telegram says, in the product's words.</summary>
internal static class Contents
{
    /// <summary>What happens to a chat rather than is said in it.</summary>
    private static readonly HashSet<MessageType> Housekeeping =
    [
        MessageType.PinnedMessage, MessageType.MessageAutoDeleteTimerChanged, MessageType.ChatBackgroundSet, MessageType.WriteAccessAllowed,
        MessageType.NewChatMembers, MessageType.LeftChatMember, MessageType.NewChatTitle, MessageType.NewChatPhoto, MessageType.DeleteChatPhoto,
        MessageType.GroupChatCreated, MessageType.SupergroupChatCreated, MessageType.ChannelChatCreated,
    ];

    /// <summary>Null: nobody said anything. Which field is filled decides the kind; of two the narrower one.</summary>
    public static Content? Of(Message message)
    {
        if (message.Type != MessageType.Unknown && message.IsServiceMessage && (message.Chat.Type != ChatType.Private || Housekeeping.Contains(message.Type))) return null;
        var (id, caption) = (message.Id, Caption(message));
        return message switch
        {
            { Text: { } text } => new TextContent(Marks.Write(text, message.Entities)),
            { Animation: { } a } => Media(MediaKind.Video, a, a.FileName ?? $"animacao-{id}.mp4", a.MimeType, caption),
            { Venue: { } v } => new LocationContent(v.Location.Latitude, v.Location.Longitude, v.Title, v.Address),
            { Location: { } l } => new LocationContent(l.Latitude, l.Longitude),
            { Contact: { } c } => new ContactContent(NameOf(c.FirstName, c.LastName) ?? c.PhoneNumber, [c.PhoneNumber]),
            { Photo: [.., var largest] } => Media(MediaKind.Image, largest, $"foto-{id}.jpg", "image/jpeg", caption),
            { Voice: { } v } => Media(MediaKind.Voice, v, $"audio-{id}.ogg", v.MimeType ?? "audio/ogg", caption),
            { Audio: { } a } => Media(MediaKind.Audio, a, a.FileName ?? $"{a.Title ?? $"audio-{id}"}.mp3", a.MimeType, caption),
            { Video: { } v } => Media(MediaKind.Video, v, v.FileName ?? $"video-{id}.mp4", v.MimeType, caption),
            { VideoNote: { } n } => Media(MediaKind.Video, n, $"video-{id}.mp4", "video/mp4", null),
            { Document: { } d } => Media(MediaKind.Document, d, d.FileName, d.MimeType, caption),
            { Sticker: { } s } => StickerOf(s, id),
            { Dice: { } d } => new TextContent(string.Create(CultureInfo.InvariantCulture, $"{d.Emoji} {d.Value}")),
            { Poll: { } p } => new TextContent($"{p.Question}\n{string.Join('\n', p.Options.Select(o => $"• {o.Text}"))}"),
            _ => new UnsupportedContent(Snake(message.Type)),
        };
    }

    /// <summary>What an edit may have changed: the text, or the text below a file.</summary>
    public static string? Text(Message message) => message.Text is { } text ? Marks.Write(text, message.Entities) : Caption(message);

    /// <summary>The person's name as they write it.</summary>
    public static string? NameOf(string? first, string? last) =>
        string.Join(' ', new[] { first, last }.Where(n => !string.IsNullOrWhiteSpace(n))) is { Length: > 0 } name ? name : null;

    private static string? Caption(Message message) => message.Caption is { } caption ? Marks.Write(caption, message.CaptionEntities) : null;

    private static MediaContent Media(MediaKind kind, FileBase file, string? name, string? type, string? caption) =>
        new(kind, new MediaRef(Reference: file.FileId), name, caption, type, file.FileSize);

    /// <summary>A sticker that moves is a format of Telegram's own or a silent film: its still picture says the same, with its emoji.</summary>
    private static MediaContent StickerOf(Sticker sticker, int id) =>
        (sticker.IsAnimated || sticker.IsVideo) && sticker.Thumbnail is { } still
            ? Media(MediaKind.Sticker, still, $"figurinha-{id}.webp", null, sticker.Emoji)
            : Media(MediaKind.Sticker, sticker, sticker.IsAnimated ? $"figurinha-{id}.tgs" : sticker.IsVideo ? $"figurinha-{id}.webm" : $"figurinha-{id}.webp", null,
                sticker.IsAnimated ? sticker.Emoji : null);

    private static string Snake(MessageType type) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString());
}
