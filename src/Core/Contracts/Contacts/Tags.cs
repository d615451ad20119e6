using System.ComponentModel.DataAnnotations;
using Inforzap.Requests;

namespace Inforzap.Contracts.Contacts;

/// <summary>A tag that a contact has, whether it is still in use or not.</summary>
public sealed record ContactTagView
{
    /// <summary>Who has it.</summary>
    public Guid ContactId { get; init; }
    /// <summary>Which tag.</summary>
    public Guid TagId { get; init; }
    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";
    /// <summary>#rrggbb.</summary>
    public string Color { get; init; } = "";
    /// <summary>Small numbers come first; then by <see cref="SearchText"/>.</summary>
    public int Order { get; init; }
    /// <summary>Lower case, without accents.</summary>
    public string SearchText { get; init; } = "";
    /// <summary>Only those whom it is for put it on and take it off: see <see cref="TagQueueView"/>.</summary>
    public bool IsForQueues { get; init; }
}

/// <summary>A queue whose members use a tag.</summary>
public sealed record TagQueueView
{
    /// <summary>The tag.</summary>
    public Guid TagId { get; init; }
    /// <summary>The queue.</summary>
    public Guid QueueId { get; init; }
}

/// <summary>The tags that the caller may put on contacts, in order: those in use, of the company and of the caller's queues.</summary>
[Allow("tags.use"), Reads]
public sealed record OfferTags : IRequest<IReadOnlyList<TagChoice>>;

/// <summary>A tag to choose.</summary>
public sealed record TagChoice(Guid Id, string Name, string Color);

/// <summary>Puts a tag on a contact. Answers with its name, or with null where the contact had it already.</summary>
[Allow("tags.use")]
public sealed record AddTag([property: NotEmpty] Guid ContactId, [property: NotEmpty] Guid TagId) : IRequest<string?>;

/// <summary>Takes a tag off a contact, also one that is no longer in use. Answers with its name, or with null where the contact did not have it.</summary>
[Allow("tags.use")]
public sealed record RemoveTag([property: NotEmpty] Guid ContactId, [property: NotEmpty] Guid TagId) : IRequest<string?>;

/// <summary>Makes a tag of the company with a colour that few have; finds the one that has this name already.</summary>
[Allow("tags.edit")]
public sealed record MakeTag([property: NotEmpty, StringLength(40)] string Name) : IRequest<Guid>;
