using Inforzap.Contracts.Settings;
using Inforzap.Host.Shell;

namespace Inforzap.Tests.Shell;

/// <summary>WCAG 2.2, 1.4.3: text is read at 4.5 to 1.</summary>
public sealed class HueTests
{
    public static TheoryData<string> Colours => [.. Setting.CompanyColor.Choices];

    [Theory(DisplayName = "Whatever colour a company chooses, what stands on it and beside it can be read"), MemberData(nameof(Colours))]
    public void Read(string name)
    {
        var hue = Theme.Hues[name];
        foreach (var (text, ground) in new[]
        {
            ("#FFFFFF", hue.Light), (hue.Light, "#FFFFFF"), (hue.Light, "#EDF1F3"), ("#576672", hue.LightBubble), ("#17212A", hue.LightBubble),
            (hue.OnDark, hue.Dark), (hue.Dark, "#172027"), (hue.Dark, "#10171C"), ("#9BA9B4", hue.DarkBubble), ("#E6ECF0", hue.DarkBubble),
        })
            Assert.True(Contrast(text, ground) >= 4.5, $"{text} on {ground}: {Contrast(text, ground):0.00}");
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var parts = Enumerable.Range(0, 3).Select(i => Convert.ToInt32(colour.Substring(1 + (i * 2), 2), 16) / 255.0).Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
