using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
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

    private static MudTheme For(string scope) => new()
    {
        PseudoCss = new() { Scope = scope },
        PaletteLight = new PaletteLight
        {
            Primary = "#0B7A75", PrimaryContrastText = "#FFFFFF", Secondary = "#45566A", SecondaryContrastText = "#FFFFFF", Tertiary = "#3F6FB5",
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
            Primary = "#3BB8B0", PrimaryContrastText = "#06211F", Secondary = "#9FB0BF", SecondaryContrastText = "#101820", Tertiary = "#83A9E2",
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
    private static string Own(bool dark) => dark
        ? "--scrollbar:#3A4750;--skeleton:#26323A;--input-border:#3B4953;--amber-text:#F0B860;--logo-check:#0C1A1C;--bubble-out:#12413F;--bubble-in:#1F2A32;--chart-1:#3BB8B0;--chart-2:#83A9E2;--chart-3:#E9B04C;--chart-4:#B697DE;--chart-5:#E68A9B;--chart-6:#8FBF62;--chart-7:#5FC0E0;--chart-8:#D19A6A;--chart-others:#6B7984;"
        : "--scrollbar:#C2CBD2;--skeleton:#E6EBEE;--input-border:#C6D0D7;--amber-text:#8A5600;--logo-check:#FFFFFF;--bubble-out:#D8EFEC;--bubble-in:#FFFFFF;--chart-1:#0B7A75;--chart-2:#4A78BD;--chart-3:#D99A1C;--chart-4:#8A62B5;--chart-5:#C65C72;--chart-6:#63923A;--chart-7:#2E97BD;--chart-8:#A3703F;--chart-others:#A3AFB8;";

    /// <summary>The whole style sheet.</summary>
    public static async Task<string> SheetAsync(IServiceProvider services)
    {
        var light = await PartAsync(services, Light, dark: false);
        var system = await PartAsync(services, SystemDark, dark: true);
        var dark = await PartAsync(services, Dark, dark: true);
        return $"{light}\n@media (prefers-color-scheme: dark) {{\n{system}\n}}\n{dark}\n";
    }

    private static async Task<string> PartAsync(IServiceProvider services, string scope, bool dark)
    {
        await using var scoped = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scoped.ServiceProvider, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = For(scope), [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true, [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
        }))).ToHtmlString());
        var css = string.Concat(Regex.Matches(html, "<style[^>]*>(.*?)</style>", RegexOptions.Singleline).Select(m => m.Groups[1].Value.Trim()));
        return $"{css}\n{scope} {{{Own(dark)}}}";
    }
}

/// <summary>The style sheet of the theme, made once.</summary>
internal sealed class ThemeSheet(IServiceProvider services)
{
    private readonly Lazy<Task<string>> css = new(() => Theme.SheetAsync(services));
    private string? version;

    /// <summary>Changes when its content does, so that browsers may keep it for good.</summary>
    public async ValueTask<string> VersionAsync() =>
        version ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await css.Value)))[..12];

    /// <summary>Answers /theme.css.</summary>
    public async Task<IResult> ServeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Text(await css.Value, "text/css; charset=utf-8");
    }
}
