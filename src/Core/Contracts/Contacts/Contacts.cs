using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Contracts.Contacts;

/// <summary>A contact as other modules may read it.</summary>
public sealed record ContactView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>What agents call them.</summary>
    public string Name { get; init; } = "";
    /// <summary>E.164 digits without plus, if known.</summary>
    public string? Phone { get; init; }
    /// <summary>Their e-mail, if known.</summary>
    public string? Email { get; init; }
    /// <summary>Nothing from them is taken in.</summary>
    public bool Blocked { get; init; }
    /// <summary>Nothing of them may be taken away.</summary>
    public bool IsHeld { get; init; }
    /// <summary>They had themselves erased: nothing is begun with them any more.</summary>
    public bool IsErased { get; init; }
    /// <summary>What brought them, if it is known.</summary>
    public string? CameFrom { get; init; }
    /// <summary>CPF or CNPJ without points, if known.</summary>
    public string? Document { get; init; }
    /// <summary>When they were born, if known.</summary>
    public DateOnly? BirthDate { get; init; }
    /// <summary>Since when we know them, UTC.</summary>
    public DateTime CreatedAt { get; init; }
    /// <summary>Lower case, without accents: name and addresses.</summary>
    public string SearchText { get; init; } = "";
}

/// <summary>Something else that is known of a contact.</summary>
public sealed record ContactFieldView
{
    /// <summary>Of whom.</summary>
    public Guid ContactId { get; init; }
    /// <summary>As texts name it between the braces.</summary>
    public string Key { get; init; } = "";
    /// <summary>As people name it.</summary>
    public string Label { get; init; } = "";
    /// <summary>What is known.</summary>
    public string Value { get; init; } = "";
    /// <summary>Small numbers come first.</summary>
    public int Position { get; init; }
}

/// <summary>A name under which contacts have such fields.</summary>
public sealed record FieldKeyView
{
    /// <summary>As texts name it between the braces.</summary>
    public string Key { get; init; } = "";
    /// <summary>As people name it.</summary>
    public string Label { get; init; } = "";
    /// <summary>Some contact has it now; one that nobody has any more is still known, so that texts that name it are sent.</summary>
    public bool IsUsed { get; init; }
}

/// <summary>One address of a contact.</summary>
public sealed record ContactAddressView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>Whose it is.</summary>
    public Guid ContactId { get; init; }
    /// <summary>Kind, as <see cref="AddressKind"/>.</summary>
    public string Kind { get; init; } = "";
    /// <summary>The normalised address.</summary>
    public string Value { get; init; } = "";
    /// <summary>Since when nothing can be sent there.</summary>
    public DateTime? UnreachableSince { get; init; }
    /// <summary>Why, for agents.</summary>
    public string? UnreachableReason { get; init; }
}

/// <summary>Finds the contacts of these addresses and makes those that are missing. Asking twice is harmless.</summary>
[AllowSystem]
public sealed record ResolveContacts(IReadOnlyCollection<Address> Addresses) : IRequest<IReadOnlyDictionary<string, ResolvedContact>>
{
    /// <summary>
    /// Further addresses of the same people: an address that nobody has leads to whom the other leads to. Two that lead to
    /// different contacts stay apart: joining people is a person's decision.
    /// </summary>
    public IReadOnlyCollection<Alias> Aliases { get; init; } = [];

    /// <summary>These have just written, so they can be reached, whatever was known before.</summary>
    public IReadOnlyCollection<Address> Wrote { get; init; } = [];

    /// <summary>What brought these people, by <see cref="KeyOf"/>; kept for those of whom it is not known yet.</summary>
    public IReadOnlyDictionary<string, string> CameFrom { get; init; } = new Dictionary<string, string>();

    /// <summary>Under which key the answer holds an address.</summary>
    public static string KeyOf(Address address) => $"{address.Kind}:{address.Value}";
}

/// <summary>Notes that an address can't be written to, or can again. One that nobody has is passed over.</summary>
[AllowSystem]
public sealed record NoteReach(Address Address, bool IsReachable, string? Reason) : IRequest;

/// <summary>Gives the former address's place to a new one. Null: the former is nobody's, or the new one is somebody's already, and nothing was changed.</summary>
[AllowSystem]
public sealed record MoveAddress(Address Former, Address Address) : IRequest<Guid?>;

/// <summary>
/// Gives a contact one more address. False: it is somebody's already, in this spelling or with the ninth digit or without it, and
/// stays there; or the contact is gone.
/// </summary>
[AllowSystem]
public sealed record LearnAddress(Guid ContactId, Address Address) : IRequest<bool>;

/// <summary>Two addresses of one person.</summary>
/// <param name="Address">One of those that are resolved.</param>
/// <param name="Other">Another one.</param>
public sealed record Alias(Address Address, Address Other);

/// <summary>A contact that an address led to.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">What agents call them.</param>
/// <param name="Blocked">Nothing from them is taken in.</param>
/// <param name="IsNew">It was made just now.</param>
/// <param name="Address">The address as we keep it; it may differ from the one asked for in Brazil's ninth digit.</param>
public sealed record ResolvedContact(Guid Id, string Name, bool Blocked, bool IsNew, Address Address);

/// <summary>Looks contacts up by name, number or e-mail, for people who choose one. At most 30.</summary>
[Allow("contacts.see"), Reads]
public sealed record LookUpContacts([property: System.ComponentModel.DataAnnotations.StringLength(200)] string? Text) : IRequest<IReadOnlyList<ContactCard>>;

/// <summary>A contact to choose.</summary>
public sealed record ContactCard(Guid Id, string Name, string? Phone, IReadOnlyList<Address> Addresses);

/// <summary>A contact in full, for the side panel.</summary>
[Allow("contacts.see"), Reads]
public sealed record ReadContact([property: NotEmpty] Guid Id) : IRequest<ContactDetails>;

/// <summary>What the side panel shows and edits.</summary>
public sealed record ContactDetails(
    Guid Id, string Name, string? Email, string? Company, string? Notes, bool Blocked, DateTime CreatedAt, IReadOnlyList<Address> Addresses, int Version)
{
    /// <summary>CPF or CNPJ without points.</summary>
    public string? Document { get; init; }

    /// <summary>When they were born.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>What else is known, in order.</summary>
    public IReadOnlyList<ContactFieldValue> Fields { get; init; } = [];

    /// <summary>Who looks after them, the first one first.</summary>
    public IReadOnlyList<Guid> Owners { get; init; } = [];
}

/// <summary>A field of a contact, as people name it.</summary>
public sealed record ContactFieldValue(string Label, string Value);

/// <summary>The names of fields that contacts have, for whoever adds one.</summary>
[Allow("contacts.see"), Reads]
public sealed record OfferFieldNames : IRequest<IReadOnlyList<string>>;

/// <summary>What a form tells of a contact beside name and number; what is missing in it is taken away.</summary>
/// <param name="Document">CPF or CNPJ, with points or without.</param>
/// <param name="BirthDate">When they were born.</param>
/// <param name="Fields">All that they shall have, in order. Those without a value are left out.</param>
public sealed record ContactExtras([property: System.ComponentModel.DataAnnotations.StringLength(30)] string? Document, DateOnly? BirthDate, IReadOnlyList<ContactFieldValue> Fields);

/// <summary>Makes a contact, or changes one. Refuses an address that another contact has.</summary>
[Allow("contacts.edit")]
public sealed record SaveContact(
    Guid? Id,
    [property: NotEmpty, System.ComponentModel.DataAnnotations.StringLength(120)] string Name,
    [property: System.ComponentModel.DataAnnotations.StringLength(20)] string? Phone,
    [property: System.ComponentModel.DataAnnotations.StringLength(200), System.ComponentModel.DataAnnotations.EmailAddress] string? Email,
    [property: System.ComponentModel.DataAnnotations.StringLength(120)] string? Company,
    int? Version) : IRequest<Guid>
{
    /// <summary>What colleagues know of them; null: as it is.</summary>
    [System.ComponentModel.DataAnnotations.StringLength(4000)]
    public string? Notes { get; init; }

    /// <summary>Document, birth date and further fields; null: as they are.</summary>
    [Form]
    public ContactExtras? Extras { get; init; }

    /// <summary>Who looks after them, see <see cref="SetOwners"/>; null: as it is.</summary>
    public IReadOnlyList<Guid>? Owners { get; init; }
}

/// <summary>While blocked, nothing from the contact is taken in.</summary>
[Allow("contacts.block")]
public sealed record BlockContact([property: NotEmpty] Guid Id, bool Blocked) : IRequest;
