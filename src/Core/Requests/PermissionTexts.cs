using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Requests;

/// <summary>What permissions are called. Each module says it in its own texts: the permission's name is the key, and the module says which that of their title is.</summary>
public sealed class PermissionTexts(ModuleList modules, IStringLocalizerFactory texts)
{
    /// <summary>All there are, by module, in the caller's language.</summary>
    public IReadOnlyList<PermissionGroup> Groups =>
        [.. modules.Where(m => m.Permissions.Any()).Select(m => new PermissionGroup(m.Name, Of(m)[m.PermissionsTitle], [.. m.Permissions.Select(p => new PermissionRow(p.Name, Of(m)[p.Name]))]))];

    private IStringLocalizer Of(Module module) => texts.Create(module.GetType().Assembly.GetType($"{module.GetType().Namespace}.Texts", throwOnError: true)!);
}

/// <summary>The permissions of a module.</summary>
/// <param name="Module">Its name.</param>
/// <param name="Title">Its title, in the caller's language.</param>
/// <param name="Permissions">In the order in which it declares them.</param>
public sealed record PermissionGroup(string Module, string Title, IReadOnlyList<PermissionRow> Permissions);

/// <summary>A permission in words.</summary>
public sealed record PermissionRow(string Name, string Text);
