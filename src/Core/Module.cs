using Inforzap.Data;
using Inforzap.Files;
using Microsoft.AspNetCore.Routing;

namespace Inforzap;

/// <summary>A part of the product: its tables, its screens, its use cases. Host/Modules.cs lists them all.</summary>
public abstract class Module
{
    /// <summary>Lower case; the schema of its tables and the first half of its permissions.</summary>
    public abstract string Name { get; }

    /// <summary>Maps its entities. Pure: called once per model.</summary>
    public virtual void Map(ModelBuilder model, DatabaseProvider provider) { }

    /// <summary>Adds its services. Handlers are found by the host's scan.</summary>
    public virtual void Register(IServiceCollection services) { }

    /// <summary>Maps its HTTP endpoints, if it has any beside pages.</summary>
    public virtual void MapEndpoints(IEndpointRouteBuilder routes) { }

    /// <summary>Its entries in the menu, each with the permission that shows it.</summary>
    public virtual IEnumerable<MenuItem> Menu => [];

    /// <summary>Key of the words that stand over its permissions.</summary>
    public virtual string PermissionsTitle => Name;

    /// <summary>The permissions that it checks.</summary>
    public virtual IEnumerable<Permission> Permissions => [];

    /// <summary>What it publishes for other modules to join.</summary>
    public virtual IEnumerable<ReadView> Views => [];

    /// <summary>The stored files that it uses.</summary>
    public virtual IEnumerable<FileUse> FileUses => [];

    /// <summary>Database objects that no migration can make: full-text tables, triggers.</summary>
    public virtual IEnumerable<DatabaseObject> Objects(DatabaseProvider provider) => [];
}

/// <summary>An entry of the menu.</summary>
/// <param name="Text">Key of its name in the module's texts.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Icon">A MudBlazor icon.</param>
/// <param name="Permission">Who may see it.</param>
/// <param name="Order">Small numbers come first; from 100 on it stands under 'Administrador'.</param>
/// <param name="Badge">A component drawn on the entry: what waits there. Its parameter Speaks is true in one place of each page.</param>
/// <param name="Short">Key of a shorter name, for where there is little room.</param>
public sealed record MenuItem(string Text, string Href, string Icon, string Permission, int Order, Type? Badge = null, string? Short = null)
{
    /// <summary>Whoever comes in may be led here: the first such entry is where people begin.</summary>
    public bool IsHome { get; init; } = true;

    /// <summary>A switch that keeps it from many of those who hold its permission; null: none does.</summary>
    public MenuNarrowing? Narrowed { get; init; }
}

/// <summary>While the switch is on, an entry needs this permission, too.</summary>
public sealed record MenuNarrowing(Contracts.Settings.Setting Switch, string Permission);

/// <summary>Something that a role may allow.</summary>
/// <param name="Name">module.verb; never changes, since it is stored.</param>
/// <param name="Roles">Built-in roles that have it.</param>
public sealed record Permission(string Name, BuiltInRoles Roles);

/// <summary>The roles that the product ships.</summary>
[Flags]
public enum BuiltInRoles
{
    /// <summary>Nobody by default.</summary>
    None = 0,
    /// <summary>Administrador.</summary>
    Administrator = 1,
    /// <summary>Supervisor.</summary>
    Supervisor = 2,
    /// <summary>Usuário.</summary>
    Agent = 4,
    /// <summary>Administrators and supervisors.</summary>
    Leads = Administrator | Supervisor,
    /// <summary>Everybody who signs in.</summary>
    Everyone = Administrator | Supervisor | Agent,
}
