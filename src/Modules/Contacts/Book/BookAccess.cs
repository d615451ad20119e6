using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Book;

/// <summary>Who may leaf through the address book. One contact to begin a conversation with is another matter: see LookUpContacts.</summary>
internal static class BookAccess
{
    public static bool ListsContacts(this IActor actor, ISettings settings) => !settings.Is(Setting.ContactsForLeads) || actor.May("contacts.list-all");

    /// <exception cref="Refusal">The caller may not.</exception>
    public static void RequireList(this IActor actor, ISettings settings, IStringLocalizer<Texts> t)
    {
        if (!actor.ListsContacts(settings)) throw Refusal.Forbidden(t["ContactsForLeads"]);
    }
}
