using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Inforzap.Host.Shell;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Inforzap.Host.Help;

/// <summary>
/// The guide for users, docs/guia, at <c>/help/{page}</c>: plain pages without a circuit, so that one stays open beside the screen
/// that it explains.
/// </summary>
internal sealed class HelpPages(ThemeSheet sheet)
{
    /// <summary>The page that lists the others.</summary>
    public const string Contents = "index";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "guia");
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().DisableHtml().Build();
    private readonly ConcurrentDictionary<string, (string Title, string Body)?> pages = new(StringComparer.Ordinal);

    public static void Map(WebApplication app) =>
        app.MapGet("/help/{page?}", (string? page, HttpContext context, HelpPages help) => help.ServeAsync(page ?? Contents, context)).RequireAuthorization();

    private async Task<IResult> ServeAsync(string name, HttpContext context)
    {
        if (pages.GetOrAdd(name, Read) is not { } page) return Results.NotFound();
        var theme = context.Request.Cookies["inforzap-theme"] switch { "light" => "light", "dark" => "dark", _ => "system" };
        return Results.Content($"""
            <!DOCTYPE html>
            <html lang="pt-BR" data-theme="{theme}">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="robots" content="noindex" />
                <title>{HtmlEncoder.Default.Encode(page.Title)} · Inforzap</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/theme.css?v={await sheet.VersionAsync()}" />
                <link rel="stylesheet" href="/_content/Inforzap.Core/ui.css" />
                <link rel="stylesheet" href="/help.css" />
            </head>
            <body class="guide">
                <nav><a href="/help">Ajuda</a> <a href="/">Voltar ao Inforzap</a></nav>
                <main>{page.Body}</main>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }

    /// <summary>Title and body of a page; null when there is none of that name.</summary>
    internal static (string Title, string Body)? Read(string name)
    {
        if (!name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return null;
        var file = Path.Combine(Folder, name + ".md");
        if (!File.Exists(file)) return null;
        var document = Markdown.Parse(File.ReadAllText(file), Pipeline);
        // Written so that the files link to each other wherever they are read.
        foreach (var link in document.Descendants<LinkInline>())
            if (link.Url is { } url && !url.Contains(':', StringComparison.Ordinal)) link.Url = "/help/" + url.Replace(".md", "", StringComparison.Ordinal);
        var title = document.Descendants<HeadingBlock>().First().Inline!.Descendants<LiteralInline>().Select(l => l.Content.ToString());
        return (string.Concat(title), document.ToHtml(Pipeline));
    }
}
