using System.Globalization;
using System.Text.RegularExpressions;
using Telegram.Bot;

namespace Inforzap.Plugins.Telegram;

/// <summary>What follows from a channel's settings.</summary>
internal static partial class Bot
{
    /// <summary>The client for these settings. It never repeats a request by itself: that is the host's to decide.</summary>
    /// <exception cref="BadTokenException">The token can't be one.</exception>
    public static TelegramBotClient Of(TelegramSettings settings, HttpClient http)
    {
        // The token becomes a part of addresses: what is no token must not choose where they lead.
        if (!Token().IsMatch(settings.BotToken.Trim())) throw new BadTokenException();
        return new TelegramBotClient(new TelegramBotClientOptions(settings.BotToken.Trim(), BaseUrl(settings)) { RetryCount = 0, RetryThreshold = 0 }, http);
    }

    /// <summary>Where a file of the bot is fetched.</summary>
    public static Uri FileUrl(TelegramSettings settings, string path) => new($"{BaseUrl(settings)}/file/bot{settings.BotToken.Trim()}/{path}");

    /// <summary>The bot's number, which the token begins with. Ids of chats and messages mean something only together with it.</summary>
    public static long Id(TelegramSettings settings) =>
        Token().IsMatch(settings.BotToken.Trim()) ? long.Parse(settings.BotToken.AsSpan().Trim()[..settings.BotToken.Trim().IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture) : 0;

    /// <summary>Whether Telegram takes this as a secret.</summary>
    public static bool IsSecret(string secret) => Secret().IsMatch(secret);

    private static string BaseUrl(TelegramSettings settings) =>
        Uri.TryCreate(settings.BaseUrl, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}" : TelegramSettings.DefaultBaseUrl;

    [GeneratedRegex("^[0-9]{3,16}:[A-Za-z0-9_-]{20,120}$")]
    private static partial Regex Token();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,256}$")]
    private static partial Regex Secret();
}

/// <summary>The token can't be one of Telegram's. It is not in the message.</summary>
internal sealed class BadTokenException() : Exception("O token não tem a forma de um token do Telegram. Copie de novo do @BotFather.");
