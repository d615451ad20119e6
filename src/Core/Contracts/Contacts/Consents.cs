using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Contracts.Contacts;

/// <summary>For what somebody may be written to.</summary>
public enum ConsentPurpose
{
    /// <summary>What they asked for: the service itself.</summary>
    Service,
    /// <summary>What we want to sell.</summary>
    Marketing,
    /// <summary>What we want to know.</summary>
    Research,
}

/// <summary>By what somebody's consent came to us.</summary>
public enum ConsentSource
{
    /// <summary>A colleague wrote it down.</summary>
    Manual,
    /// <summary>A table told it.</summary>
    Import,
    /// <summary>They wrote it themselves.</summary>
    Inbound,
    /// <summary>Another program told it.</summary>
    Api,
}

/// <summary>Something that somebody said once about being written to; what they said last holds.</summary>
public sealed record ConsentView
{
    /// <summary>The order in which it was said.</summary>
    public long Position { get; init; }
    /// <summary>Who.</summary>
    public Guid ContactId { get; init; }
    /// <summary>For what.</summary>
    public ConsentPurpose Purpose { get; init; }
    /// <summary>On which channel; an empty id is all of them.</summary>
    public Guid ChannelId { get; init; }
    /// <summary>They agreed, or took it back.</summary>
    public bool IsGranted { get; init; }
}

/// <summary>Whom may be written to. Who sends to many asks here, in the statement that makes its list, and again before each is sent.</summary>
public static class Consents
{
    /// <summary>
    /// The contacts who agreed to this purpose on this channel: what each said last, of it or of all channels, was yes. Who said
    /// nothing has not agreed; nor may anybody be written to who is blocked, or who was erased. A part of other queries: nothing is read here.
    /// </summary>
    public static IQueryable<Guid> Agreed(this InforzapDb db, ConsentPurpose purpose, Guid channelId) =>
        from c in db.Set<ContactView>()
        where !c.Blocked && !c.IsErased
            && db.Set<ConsentView>().Where(x => x.ContactId == c.Id && x.Purpose == purpose && (x.ChannelId == channelId || x.ChannelId == Guid.Empty))
                .OrderByDescending(x => x.Position).Select(x => (bool?)x.IsGranted).FirstOrDefault() == true
        select c.Id;
}

/// <summary>A customer asks in their own words to be sent no more advertising on a channel. False: they had asked already.</summary>
[AllowSystem]
public sealed record OptOut(Guid ContactId, Guid ChannelId) : IRequest<bool>;
