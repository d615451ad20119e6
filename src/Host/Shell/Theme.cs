using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Collections.Concurrent;
using Inforzap.Contracts.Settings;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace Inforzap.Host.Shell;

/// <summary>
/// Colours, type and shape of the product, light and dark alike. It reaches the browser as a style sheet of its own:
/// MudBlazor's provider would write style elements into the page, which our content security policy refuses, and the
/// right colours are there before the first paint.
/// </summary>
internal static class Theme
{
    private const string Light = ":root";
    private const string Dark = ":root[data-theme=\"dark\"]";
    private const string SystemDark = ":root:not([data-theme=\"light\"])";

    /// <summary>The colours that a company may choose, the product's own first. Tests hold each to what can be read.</summary>
    public static IReadOnlyDictionary<string, Hue> Hues { get; } = new Dictionary<string, Hue>
    {
        ["Teal"] = new("#0B7A75", "#D8EFEC", "#3BB8B0", "#06211F", "#12413F"),
        ["Blue"] = new("#1D63B8", "#DCE9F9", "#6FAEF2", "#071A2E", "#17385E"),
        ["Violet"] = new("#6A45C2", "#E7E0F9", "#B39AF5", "#160B33", "#33275C"),
        ["Green"] = new("#2B7A3B", "#DCEFE0", "#6CC27E", "#08210E", "#173F20"),
        ["Rose"] = new("#B8325F", "#F8DFE7", "#F08AAB", "#330817", "#521F34"),
        ["Orange"] = new("#A34D0A", "#F9E6D6", "#F0A860", "#2B1503", "#4F2E10"),
        ["Graphite"] = new("#3D4C5A", "#E3E9EE", "#A9BBCB", "#101820", "#2A3843"),
    };

    private static MudTheme For(string scope, Hue hue) => new()
    {
        PseudoCss = new() { Scope = scope },
        PaletteLight = new PaletteLight
        {
            Primary = hue.Light, PrimaryContrastText = "#FFFFFF", Secondary = "#45566A", SecondaryContrastText = "#FFFFFF", Tertiary = "#3F6FB5",
            Info = "#2F6FB0", Success = "#23845B", Warning = "#D98A04", Error = "#C43D3D", Dark = "#1B2730",
            Black = "#141C23", White = "#FFFFFF",
            Background = "#F6F8F9", BackgroundGray = "#EDF1F3", Surface = "#FFFFFF",
            DrawerBackground = "#FFFFFF", DrawerText = "#3A4854", DrawerIcon = "#5B6B78",
            AppbarBackground = "#FFFFFF", AppbarText = "#17212A",
            TextPrimary = "#17212A", TextSecondary = "#576672", TextDisabled = "#95A1AB",
            ActionDefault = "#5B6B78", ActionDisabled = "#A9B4BC", ActionDisabledBackground = "#E6EBEE",
            LinesDefault = "#DDE3E7", LinesInputs = "#B9C4CC", Divider = "#DDE3E7", DividerLight = "#EBEFF2",
            TableLines = "#EBEFF2", TableHover = "#F3F6F7", TableStriped = "#F8FAFB", OverlayDark = "rgba(10,18,24,.32)",
            HoverOpacity = 0.06, RippleOpacity = 0.06,
        },
        PaletteDark = new PaletteDark
        {
            Primary = hue.Dark, PrimaryContrastText = hue.OnDark, Secondary = "#9FB0BF", SecondaryContrastText = "#101820", Tertiary = "#83A9E2",
            Info = "#6CA7E0", Success = "#4CB88A", Warning = "#E9A63A", Error = "#EC7474", ErrorContrastText = "#2B0A0A", Dark = "#0C1216",
            Black = "#0C1216", White = "#FFFFFF",
            Background = "#10171C", BackgroundGray = "#0C1216", Surface = "#172027",
            DrawerBackground = "#141C22", DrawerText = "#C4CED6", DrawerIcon = "#94A3AF",
            AppbarBackground = "#141C22", AppbarText = "#E6ECF0",
            TextPrimary = "#E6ECF0", TextSecondary = "#9BA9B4", TextDisabled = "#63717C",
            ActionDefault = "#9BA9B4", ActionDisabled = "#55626C", ActionDisabledBackground = "#232E36",
            LinesDefault = "#29353D", LinesInputs = "#43525D", Divider = "#29353D", DividerLight = "#222C33",
            TableLines = "#222C33", TableHover = "#1C262D", TableStriped = "#1A232A", OverlayDark = "rgba(4,8,11,.55)",
            HoverOpacity = 0.08, RippleOpacity = 0.08,
        },
        LayoutProperties = new() { DefaultBorderRadius = "8px" },
        Typography = new()
        {
            Default = new DefaultTypography { FontFamily = ["Inter", "system-ui", "sans-serif"], FontSize = "14px", LineHeight = "1.5", LetterSpacing = "0" },
            H1 = new H1Typography { FontSize = "22px", FontWeight = "650", LineHeight = "1.25", LetterSpacing = "-.015em" },
            H6 = new H6Typography { FontSize = "16px", FontWeight = "620", LetterSpacing = "-.01em" },
            Body1 = new Body1Typography { FontSize = "14px", LetterSpacing = "0" },
            Body2 = new Body2Typography { FontSize = "13px", LetterSpacing = "0" },
            Button = new ButtonTypography { FontSize = "14px", FontWeight = "550", LetterSpacing = "0", TextTransform = "none" },
            Caption = new CaptionTypography { FontSize = "12px", LetterSpacing = "0" },
        },
    };

    /// <summary>What MudBlazor has no name for.</summary>
    private static string Own(bool dark, Hue hue) => dark
        ? $"--bubble-out:{hue.DarkBubble};--chart-1:{hue.Dark};--scrollbar:#3A4750;--skeleton:#26323A;--input-border:#3B4953;--amber-text:#F0B860;--logo-check:#0C1A1C;--bubble-in:#1F2A32;--chart-2:#83A9E2;--chart-3:#E9B04C;--chart-4:#B697DE;--chart-5:#E68A9B;--chart-6:#8FBF62;--chart-7:#5FC0E0;--chart-8:#D19A6A;--chart-others:#6B7984;"
        : $"--bubble-out:{hue.LightBubble};--chart-1:{hue.Light};--scrollbar:#C2CBD2;--skeleton:#E6EBEE;--input-border:#C6D0D7;--amber-text:#8A5600;--logo-check:#FFFFFF;--bubble-in:#FFFFFF;--chart-2:#4A78BD;--chart-3:#D99A1C;--chart-4:#8A62B5;--chart-5:#C65C72;--chart-6:#63923A;--chart-7:#2E97BD;--chart-8:#A3703F;--chart-others:#A3AFB8;";

    /// <summary>The whole style sheet.</summary>
    public static async Task<string> SheetAsync(IServiceProvider services, Hue hue)
    {
        var light = await PartAsync(services, hue, Light, dark: false);
        var system = await PartAsync(services, hue, SystemDark, dark: true);
        var dark = await PartAsync(services, hue, Dark, dark: true);
        return $"{light}\n@media (prefers-color-scheme: dark) {{\n{system}\n}}\n{dark}\n";
    }

    private static async Task<string> PartAsync(IServiceProvider services, Hue hue, string scope, bool dark)
    {
        await using var scoped = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scoped.ServiceProvider, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = For(scope, hue), [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true, [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
        }))).ToHtmlString());
        var css = string.Concat(Regex.Matches(html, "<style[^>]*>(.*?)</style>", RegexOptions.Singleline).Select(m => m.Groups[1].Value.Trim()));
        return $"{css}\n{scope} {{{Own(dark, hue)}}}";
    }
}

/// <summary>A colour as it is used.</summary>
/// <param name="Light">Of buttons and links on light ground; white stands on it.</param>
/// <param name="LightBubble">Behind our own messages there.</param>
/// <param name="Dark">The same on dark ground.</param>
/// <param name="OnDark">What stands on it there.</param>
/// <param name="DarkBubble">Behind our own messages there.</param>
internal sealed record Hue(string Light, string LightBubble, string Dark, string OnDark, string DarkBubble);

/// <summary>The style sheet of the theme in the company's colour, each made once.</summary>
internal sealed class ThemeSheet(IServiceProvider services, ISettings settings)
{
    private readonly ConcurrentDictionary<Hue, Lazy<Task<(string Css, string Version)>>> sheets = new();

    /// <summary>Changes when its content does, so that browsers may keep it for good.</summary>
    public async ValueTask<string> VersionAsync() => (await NowAsync()).Version;

    /// <summary>Answers /theme.css.</summary>
    public async Task<IResult> ServeAsync(HttpContext context)
    {
        var (css, version) = await NowAsync();
        // Where the colour was changed between the page and this, the browser asks again with the next page.
        context.Response.Headers.CacheControl = context.Request.Query["v"] == version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Text(css, "text/css; charset=utf-8");
    }

    private Task<(string Css, string Version)> NowAsync() =>
        sheets.GetOrAdd(Theme.Hues.GetValueOrDefault(settings.Get(Setting.CompanyColor)) ?? Theme.Hues[Setting.CompanyColor.Default], hue => new(() => MakeAsync(hue))).Value;

    private async Task<(string Css, string Version)> MakeAsync(Hue hue)
    {
        var css = await Theme.SheetAsync(services, hue);
        return (css, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(css)))[..12]);
    }
}
