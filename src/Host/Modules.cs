using System.Reflection;
using Inforzap.Data;

namespace Inforzap.Host;

/// <summary>THE list of modules. Deleting a module is deleting its folder, its contracts and its line here.</summary>
internal static class Modules
{
    public static ModuleList All { get; } = new(
    [
        new Settings.SettingsModule(),
        new Identity.IdentityModule(),
        new Contacts.ContactsModule(),
        new Channels.ChannelsModule(),
        new Tickets.TicketsModule(),
    ]);

    /// <summary>Where their pages and handlers lie.</summary>
    public static Assembly[] Assemblies { get; } = [.. All.Select(m => m.GetType().Assembly)];
}
