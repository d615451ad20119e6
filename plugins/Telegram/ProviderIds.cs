using System.Globalization;

namespace Inforzap.Plugins.Telegram;

/// <summary>
/// Names of messages as the product keeps them: bot, chat and message. A message's number means something only within its chat,
/// and a chat's only for its bot: a channel may get another bot's token one day.
/// </summary>
internal static class ProviderIds
{
    public static string Message(long bot, long chat, int message) => string.Create(CultureInfo.InvariantCulture, $"{bot}/{chat}/{message}");

    public static string Chat(long chat) => chat.ToString(CultureInfo.InvariantCulture);

    /// <summary>The chat of an address, or null when it is none.</summary>
    public static long? ChatOf(string address) => long.TryParse(address, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var chat) && chat != 0 ? chat : null;

    public static string Update(long bot, int update) => string.Create(CultureInfo.InvariantCulture, $"{bot}/u{update}");

    /// <summary>The message's number, if the name is one of this bot and chat.</summary>
    public static int? MessageOf(string? id, long bot, long chat) =>
        id?.Split('/') is [var b, var c, var m]
        && long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var itsBot) && itsBot == bot
        && long.TryParse(c, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var itsChat) && itsChat == chat
        && int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
