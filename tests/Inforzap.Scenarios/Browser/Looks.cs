using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>
/// Looks at what a screen shows now, light and dark: a picture of each for people, and what a program can judge: nothing sticks
/// out at the side, no key stands where a text should, and nobody is kept out by how it is made.
/// </summary>
internal sealed class Looks(Screen screen, string device)
{
    private readonly List<string> faults = [];

    /// <summary>All that was found, on all screens that were looked at.</summary>
    public IReadOnlyList<string> Faults => faults;

    public async Task AtAsync(string name)
    {
        foreach (var (scheme, word) in new[] { (ColorScheme.Dark, "dark"), (ColorScheme.Light, "light") })
        {
            await screen.Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await screen.Page.EvaluateAsync(Settled);
            await screen.ShootAsync($"{name}-{device}-{word}");
            if (Rules(word) is not { } rules) continue;
            var found = await screen.Page.RunAxe(rules);
            faults.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical")
                .SelectMany(v => v.Nodes.Select(n => $"{name}, {device}, {word}: {v.Help}: {n.Html} {n.Any.Select(a => a.Message).FirstOrDefault()}")));
        }
        faults.AddRange((await screen.Page.EvaluateAsync<string[]>(Overflow)).Select(o => $"{name}, {device}: wider than its place: {o}"));
        faults.AddRange((await screen.Page.EvaluateAsync<string[]>(Words)).Where(IsKey).Distinct().Select(k => $"{name}, {device}: a key and no text: {k}"));
    }

    // Colours move from element to element within; a picture on the way would show half of each.
    private const string Settled = """
        async () => {
          for (let calm = 0, frame = 0; calm < 3 && frame < 60; frame++) {
            await new Promise(requestAnimationFrame);
            calm = document.getAnimations().some(a => a instanceof CSSTransition) ? 0 : calm + 1;
          }
        }
        """;

    // A scrolling part of the page may be longer than its place, never wider.
    private const string Overflow = """
        () => [document.documentElement, ...document.querySelectorAll('body, .stage, .page, .panel, .list, .rows, .talk, .history, .composer, .side, .drawer, .drawer-body, .mud-dialog, .mud-dialog-content, .plain-card, #app, #log')]
          .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
          .map(e => `${e.tagName.toLowerCase()}.${e.className} (${e.scrollWidth} in ${e.clientWidth})`)
        """;

    private const string Words = """
        () => {
          const words = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('script, style')) words.push(walk.currentNode.data.trim());
          for (const e of document.querySelectorAll('[title], [aria-label], [placeholder], [alt]')) words.push(e.title, e.ariaLabel, e.placeholder, e.alt);
          return words.filter(w => w);
        }
        """;

    // Colours don't depend on the width, nor all else on the colours: what was judged once is not judged again. Two rules copy style
    // sheets into the page to read them, which our policy refuses and reports.
    private AxeRunOptions? Rules(string scheme) => (device, scheme) switch
    {
        ("desk", "light") => Without("css-orientation-lock", "no-autoplay-audio"),
        ("desk", _) => new() { ResultTypes = [ResultType.Violations], RunOnly = new() { Type = "rule", Values = ["color-contrast"] } },
        (_, "light") => Without("css-orientation-lock", "no-autoplay-audio", "color-contrast"),
        _ => null,
    };

    private static AxeRunOptions Without(params string[] rules) =>
        new() { ResultTypes = [ResultType.Violations], Rules = rules.ToDictionary(r => r, _ => new RuleOptions { Enabled = false }) };

    // A key that no language has shows itself: LikeThis, in one word.
    private static bool IsKey(string word) => word is not ("WebChat" or "WhatsApp") && Regex.IsMatch(word, "^[A-Z][a-z]+([A-Z][a-z]+)+$");
}
