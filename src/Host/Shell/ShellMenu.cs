using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Host.Shell;

/// <summary>The menu, put together from what the modules declare.</summary>
internal sealed class ShellMenu(ModuleList modules, ISettings settings, IStringLocalizerFactory texts)
{
    /// <summary>From this order on an entry stands under 'Administrador'.</summary>
    public const int Administration = 100;

    /// <summary>What this person may open, in order, in the language of the caller.</summary>
    public IReadOnlyList<ShellMenuItem> For(IActor actor) =>
        [.. modules.SelectMany(m => m.Menu.Where(i => Shows(i, actor)).Select(i => (Module: m, Item: i)))
            .OrderBy(e => e.Item.Order)
            .Select(e => new ShellMenuItem(texts.Create(TextsOf(e.Module))[e.Item.Text], e.Item.Href, e.Item.Icon, e.Item.Order >= Administration, e.Item.Badge, texts.Create(TextsOf(e.Module))[e.Item.Short ?? e.Item.Text], e.Item.IsHome))];

    private bool Shows(MenuItem item, IActor actor) => actor.May(item.Permission) && (item.Narrowed is not { } narrowed || !settings.Is(narrowed.Switch) || actor.May(narrowed.Permission));

    private static Type TextsOf(Module module) => module.GetType().Assembly.GetType($"{module.GetType().Namespace}.Texts", throwOnError: true)!;
}

/// <summary>An entry as it is drawn.</summary>
internal sealed record ShellMenuItem(string Text, string Href, string Icon, bool IsAdministration, Type? Badge, string Short, bool IsHome);
