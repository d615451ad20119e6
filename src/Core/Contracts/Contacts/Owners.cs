using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Contracts.Contacts;

/// <summary>Carteira: that a user looks after a contact.</summary>
public sealed record ContactOwnerView
{
    /// <summary>Who is looked after.</summary>
    public Guid ContactId { get; init; }
    /// <summary>Who looks after them.</summary>
    public Guid UserId { get; init; }
    /// <summary>The smallest is the one who is asked first; the others stand in for them. There may be gaps.</summary>
    public int Order { get; init; }
}

/// <summary>Says who looks after contacts: the first of these users, and the others in their order when that one can't. Returns of how many that was a change.</summary>
/// <param name="ContactIds">Whom.</param>
/// <param name="UserIds">By whom; none of them: nobody in particular.</param>
[Allow("owners.edit")]
public sealed record SetOwners([property: NotEmpty, Called("Contacts")] IReadOnlyList<Guid> ContactIds, IReadOnlyList<Guid> UserIds) : IRequest<int>
{
    /// <summary>So many may look after one contact.</summary>
    public const int Most = 10;
}

/// <summary>The users who can look after contacts, by name.</summary>
[Allow("contacts.see"), Reads]
public sealed record OfferOwners : IRequest<IReadOnlyList<OwnerChoice>>;

/// <summary>Somebody to choose.</summary>
public sealed record OwnerChoice(Guid Id, string Name, bool IsOnline, Guid? PhotoId);

/// <summary>For whom contacts that somebody looks after are. Every query of contacts or tickets for a caller asks here.</summary>
public static class OwnersPrivacy
{
    /// <summary>The caller sees, of the contacts that somebody looks after, only their own.</summary>
    public static bool SeesOwnOnly(this IActor actor, ISettings settings) => settings.Is(Setting.OwnersOnly) && !actor.May("owners.see-all");

    /// <summary>Only those whom the caller may know.</summary>
    public static IQueryable<ContactView> KnownTo(this IQueryable<ContactView> contacts, IActor actor, ISettings settings, InforzapDb db)
    {
        if (!actor.SeesOwnOnly(settings)) return contacts;
        var me = actor.Id;
        return contacts.Where(c => !db.Set<ContactOwnerView>().Any(o => o.ContactId == c.Id) || db.Set<ContactOwnerView>().Any(o => o.ContactId == c.Id && o.UserId == me));
    }
}
