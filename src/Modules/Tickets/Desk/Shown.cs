using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Inforzap.Tickets.Desk;

/// <summary>Times, sizes and names as people read them.</summary>
internal static class Shown
{
    /// <summary>The company's local time.</summary>
    public static DateTime Local(this ISettings settings, DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, settings.TimeZone);

    /// <summary>Short in lists: the time today, the weekday this week, else the date.</summary>
    public static string When(DateTime local, DateTime now, IStringLocalizer<Texts> t)
    {
        if (local.Date == now.Date) return local.ToString("t", CultureInfo.CurrentCulture);
        if (local.Date == now.Date.AddDays(-1)) return t["Yesterday"];
        if (local > now.AddDays(-6)) return local.ToString("ddd", CultureInfo.CurrentCulture);
        return local.ToString("d", CultureInfo.CurrentCulture);
    }

    /// <summary>Over a day's messages.</summary>
    public static string Day(DateTime local, DateTime now, IStringLocalizer<Texts> t) =>
        local.Date == now.Date ? t["Today"] : local.Date == now.Date.AddDays(-1) ? t["Yesterday"]
        : local.ToString(local.Year == now.Year ? "dddd, d MMMM" : "D", CultureInfo.CurrentCulture);

    /// <summary>How long somebody waits.</summary>
    public static string Wait(TimeSpan time) => time.TotalMinutes < 1 ? "<1 min" : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min"
        : time.TotalDays < 1 ? $"{(int)time.TotalHours} h {time.Minutes:00}" : $"{(int)time.TotalDays} d";

    public static string Size(long bytes) => bytes < 1024 ? $"{bytes} B" : bytes < 1024 * 1024 ? string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0:0} kB")
        : string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0 / 1024.0:0.0} MB");

    /// <inheritdoc cref="ContactWords.Phone"/>
    public static string Phone(string digits) => ContactWords.Phone(digits);

    /// <summary>As a provider charges a text: 142/160 · 1 SMS.</summary>
    public static string Count(Sdk.TextCount count) => $"{count.Used}/{count.Room} · {count.Parts} {count.Unit}";

    /// <summary>The beginning of a body, where it is quoted: without signature and marks.</summary>
    public static string Quote(string body)
    {
        var text = BodyText.Plain(body[BodyText.SignatureOf(body).Length..]);
        return text.Length <= 140 ? text : text[..140] + "…";
    }

    /// <summary>Degrees as maps write them, in every language alike.</summary>
    public static string Degrees(double latitude, double longitude) => FormattableString.Invariant($"{latitude:0.######}, {longitude:0.######}");

    /// <summary>A map with a pin.</summary>
    public static string Map(double latitude, double longitude) => FormattableString.Invariant($"https://www.openstreetmap.org/?mlat={latitude:0.######}&mlon={longitude:0.######}#map=16/{latitude:0.######}/{longitude:0.######}");

    /// <inheritdoc cref="ContactWords.Name"/>
    public static string Name(string name) => ContactWords.Name(name);

    /// <summary>Nothing of what was said last is to be told: it was taken away, or is not for the caller.</summary>
    public static bool SaysNothing(TicketRow row) => row.LastText.Length == 0 && row.LastKind == MessageKind.Text;

    public static string KindIcon(MessageKind kind) => kind switch
    {
        MessageKind.Image => Icons.Material.Outlined.Image,
        MessageKind.Video => Icons.Material.Outlined.Videocam,
        MessageKind.Audio => Icons.Material.Outlined.AudioFile,
        MessageKind.Voice => Icons.Material.Outlined.Mic,
        MessageKind.Document => Icons.Material.Outlined.Description,
        MessageKind.Sticker => Icons.Material.Outlined.EmojiEmotions,
        MessageKind.Location => Icons.Material.Outlined.LocationOn,
        MessageKind.Contact => Icons.Material.Outlined.ContactPage,
        MessageKind.Template => Icons.Material.Outlined.DynamicForm,
        _ => "",
    };

    public static string ChannelIcon(string? kind) => kind switch
    {
        "webchat" => Icons.Material.Outlined.Language,
        "waba" or "whatsapp" => Icons.Material.Outlined.Chat,
        "telegram" => Icons.Material.Outlined.Send,
        "sms" => Icons.Material.Outlined.Sms,
        _ => Icons.Material.Outlined.Forum,
    };

    public static string Tick(MessageState state) => state switch
    {
        MessageState.Queued or MessageState.Sending => Icons.Material.Outlined.Schedule,
        MessageState.Sent => Icons.Material.Filled.Done,
        MessageState.Delivered or MessageState.Read or MessageState.Played => Icons.Material.Filled.DoneAll,
        MessageState.Unknown => Icons.Material.Outlined.HelpOutline,
        _ => Icons.Material.Filled.ErrorOutline,
    };

    public static bool IsChannelUp(this Contracts.Channels.ChannelInfo channel) => channel.State is Contracts.Channels.ChannelState.Connected or Contracts.Channels.ChannelState.Connecting;
}
