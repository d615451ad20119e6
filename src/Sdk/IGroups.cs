namespace Inforzap.Sdk;

/// <summary>
/// Ability: looks after the groups that the channel's account is in. What the account may do, the provider decides: mostly it has to
/// be an administrator of the group. Providers take many changes in a row for abuse, so whoever makes them goes slowly.
/// </summary>
public interface IGroups
{
    /// <summary>All of them, without who is in them.</summary>
    /// <exception cref="ProviderException">The provider did not tell, and why.</exception>
    Task<IReadOnlyList<ChannelGroup>> GroupsAsync(ChannelRef on, CancellationToken ct);

    /// <summary>One, with who is in it.</summary>
    /// <exception cref="ProviderException">The provider did not tell, and why.</exception>
    Task<ChannelGroup> GroupAsync(ChannelRef on, Address group, CancellationToken ct);

    /// <summary>Makes one. Whom the provider does not let in is left out; the result says who is in it.</summary>
    /// <exception cref="ProviderException">There is none, and why.</exception>
    Task<ChannelGroup> CreateGroupAsync(ChannelRef on, NewGroup group, CancellationToken ct);

    /// <summary>Changes who is in it, or what they may do there.</summary>
    /// <returns>How it went with each, in the same order.</returns>
    /// <exception cref="ProviderException">It went with nobody, and why.</exception>
    Task<IReadOnlyList<MemberResult>> ChangeMembersAsync(ChannelRef on, Address group, MemberChange change, IReadOnlyList<Address> members, CancellationToken ct);

    /// <summary>Changes what it says of itself and who may do what; what is null stays.</summary>
    /// <exception cref="ProviderException">Something was not changed, and why; what stands before it in <see cref="GroupChange"/> was.</exception>
    Task ChangeGroupAsync(ChannelRef on, Address group, GroupChange change, CancellationToken ct);

    /// <summary>The link by which people come in.</summary>
    /// <param name="on">The channel.</param>
    /// <param name="group">Which.</param>
    /// <param name="anew">Another link; the one before leads nowhere from then on.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ProviderException">There is none, and why.</exception>
    Task<Uri> InviteLinkAsync(ChannelRef on, Address group, bool anew, CancellationToken ct);

    /// <summary>The account goes.</summary>
    /// <exception cref="ProviderException">It is still there, and why.</exception>
    Task LeaveGroupAsync(ChannelRef on, Address group, CancellationToken ct);
}

/// <summary>A group.</summary>
/// <param name="Address">Where it is written to; its name is what the group is called.</param>
public sealed record ChannelGroup(Address Address)
{
    /// <summary>What it says of itself.</summary>
    public string? Description { get; init; }
    /// <summary>Its picture; the address holds for some hours.</summary>
    public Uri? Picture { get; init; }
    /// <summary>Who made it.</summary>
    public Address? Owner { get; init; }
    /// <summary>When it was made, UTC.</summary>
    public DateTime? CreatedAt { get; init; }
    /// <summary>How many are in it.</summary>
    public int? Count { get; init; }
    /// <summary>Only administrators write.</summary>
    public bool OnlyAdministratorsWrite { get; init; }
    /// <summary>Only administrators change its name, picture and description.</summary>
    public bool OnlyAdministratorsChange { get; init; }
    /// <summary>The account is an administrator; null when the provider does not say.</summary>
    public bool? WeAreAdministrator { get; init; }
    /// <summary>Who is in it; empty where it was not asked for.</summary>
    public IReadOnlyList<GroupMember> Members { get; init; } = [];
}

/// <summary>Somebody in a group.</summary>
/// <param name="Address">Where they are written to; somebody who shows no number has an id.</param>
/// <param name="IsAdministrator">They may change the group.</param>
public sealed record GroupMember(Address Address, bool IsAdministrator)
{
    /// <summary>They made it, and nobody can put them out.</summary>
    public bool IsOwner { get; init; }
    /// <summary>Further addresses of the same person.</summary>
    public IReadOnlyList<Address> AlsoKnownAs { get; init; } = [];
}

/// <summary>A group to be made.</summary>
/// <param name="Subject">What it is called.</param>
/// <param name="Members">Who shall be in it, beside the account itself.</param>
/// <param name="Description">What it says of itself.</param>
public sealed record NewGroup(string Subject, IReadOnlyList<Address> Members, string? Description = null);

/// <summary>What shall be different of a group, in the order in which it is done; null stays as it is.</summary>
public sealed record GroupChange
{
    /// <summary>What it is called.</summary>
    public string? Subject { get; init; }
    /// <summary>What it says of itself; empty: nothing.</summary>
    public string? Description { get; init; }
    /// <summary>Only administrators write.</summary>
    public bool? OnlyAdministratorsWrite { get; init; }
    /// <summary>Only administrators change its name, picture and description.</summary>
    public bool? OnlyAdministratorsChange { get; init; }
    /// <summary>A stored picture: <see cref="IMediaReader"/> opens it.</summary>
    public Guid? PictureFileId { get; init; }
}

/// <summary>What shall happen to members.</summary>
public enum MemberChange
{
    /// <summary>They come in.</summary>
    Add,
    /// <summary>They go.</summary>
    Remove,
    /// <summary>They become administrators.</summary>
    Promote,
    /// <summary>They are administrators no longer.</summary>
    Demote,
}

/// <summary>How it went with one.</summary>
/// <param name="Address">Who, as they were named.</param>
/// <param name="Outcome">How.</param>
/// <param name="Reason">Why not, in one sentence.</param>
public sealed record MemberResult(Address Address, MemberOutcome Outcome, string? Reason = null);

/// <summary>How a change of a member went.</summary>
public enum MemberOutcome
{
    /// <summary>It is so now.</summary>
    Done,
    /// <summary>It was so already.</summary>
    Already,
    /// <summary>They let nobody put them into groups: an invitation may bring them.</summary>
    NeedsInvitation,
    /// <summary>It was refused.</summary>
    Refused,
}
