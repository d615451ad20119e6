using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings;

/// <summary>Which values a setting takes: whoever changes one is asked the same.</summary>
internal static class SettingValues
{
    /// <summary>The value as it is kept. It may still be wrong: see <see cref="Problem"/>.</summary>
    public static string Clean(Setting setting, string value) => setting.Kind switch
    {
        SettingKind.Url => CleanText.Of(value.Trim()).TrimEnd('/'),
        SettingKind.Number => int.TryParse(value.Trim().TrimStart('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : value.Trim(),
        SettingKind.Choices or SettingKind.Emails => string.Join(',', Parts(value).Distinct(StringComparer.OrdinalIgnoreCase)),
        _ => CleanText.Of(value.Trim()),
    };

    /// <summary>What is wrong with it, in the caller's language; null when it is taken.</summary>
    public static string? Problem(Setting setting, string value, IStringLocalizer<Texts> t) => setting.Kind switch
    {
        SettingKind.Switch => value is "true" or "false" ? null : t["SettingSwitch"].Value,
        SettingKind.Number => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= setting.Least && number <= setting.Most
            ? null : t["SettingNumber", setting.Least, setting.Most].Value,
        SettingKind.Choice => setting.Choices.Contains(value) ? null : t["SettingChoice"].Value,
        SettingKind.Choices => Parts(value).All(setting.Choices.Contains) ? null : t["SettingChoice"].Value,
        SettingKind.TimeZone => TimeZoneInfo.TryFindSystemTimeZoneById(value, out _) ? null : t["UnknownTimeZone", value].Value,
        SettingKind.Url when setting.IsSecure && value.Length > 0 && !value.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => t["SettingSecureUrl"].Value,
        SettingKind.Url => value.Length == 0 || IsSite(value) ? Length(setting, value, t) : t["SettingUrl"].Value,
        SettingKind.Emails => Parts(value).FirstOrDefault(p => !IsEmail(p)) is { } wrong ? t["SettingEmail", wrong].Value : Length(setting, value, t),
        _ => Length(setting, value, t),
    };

    /// <summary>The parts of a list that is kept as one text.</summary>
    public static string[] Parts(string value) => value.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Something that mail can be sent to: one address, with a name before the sign and a host after it.</summary>
    public static bool IsEmail(string text) => text.Length <= 256 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"') && new EmailAddressAttribute().IsValid(text);

    private static string? Length(Setting setting, string value, IStringLocalizer<Texts> t) =>
        value.Length > setting.Most ? t["SettingLong", setting.Most].Value : value.Length < setting.Least ? t["SettingEmpty"].Value : value.Any(char.IsControl) ? t["SettingLine"].Value : null;

    /// <summary>Links are made by putting paths behind it, so it brings neither query nor fragment, nor a name and password.</summary>
    private static bool IsSite(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, Host.Length: > 0 } && !value.Any(char.IsWhiteSpace);
}
