using System.Globalization;
using System.Text.RegularExpressions;

namespace Inforzap.Tickets.Desk;

/// <summary>Finds a place in what people paste: a link of a map, or latitude and longitude.</summary>
public static partial class PlaceText
{
    /// <summary>Degrees; null when there is no place in the text, or none on earth.</summary>
    public static (double Latitude, double Longitude)? Find(string? text)
    {
        var given = Uri.UnescapeDataString((text ?? "").Trim());
        foreach (var form in (Regex[])[Pinned(), Named(), Marked(), Hash(), At(), Bare()])
            if (form.Match(given) is { Success: true } match && Degrees(match.Groups[1].Value, 90) is { } latitude && Degrees(match.Groups[2].Value, 180) is { } longitude)
                return (latitude, longitude);
        return null;
    }

    private static double? Degrees(string text, double most) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= most ? value : null;

    /// <summary>Google: where the pin is, which may be beside the middle of the map.</summary>
    [GeneratedRegex(@"!3d(-?\d{1,2}(?:\.\d+)?)!4d(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"[?&](?:q|query|ll|daddr|destination)=(?:loc:)?(-?\d{1,2}(?:\.\d+)?)\s*,\s*\+?(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex Named();

    /// <summary>OpenStreetMap.</summary>
    [GeneratedRegex(@"mlat=(-?\d{1,2}(?:\.\d+)?)&mlon=(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex Marked();

    [GeneratedRegex(@"#map=\d+/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex Hash();

    [GeneratedRegex(@"/@(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex At();

    /// <summary>Two numbers and nothing else; where the comma marks decimals, something else stands between them.</summary>
    [GeneratedRegex(@"^\s*(-?\d{1,2}(?:[.]\d+)?|-?\d{1,2},\d+(?=\s*[;\s]))\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$")]
    private static partial Regex Bare();
}
