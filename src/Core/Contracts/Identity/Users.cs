using Inforzap.Requests;

namespace Inforzap.Contracts.Identity;

/// <summary>A user as other modules may read it.</summary>
public sealed record UserView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>What colleagues call them.</summary>
    public string Name { get; init; } = "";
    /// <summary>Where they are written to, and their name for signing in.</summary>
    public string Email { get; init; } = "";
    /// <summary>Text that their messages begin with, when <see cref="SignatureOn"/>.</summary>
    public string? Signature { get; init; }
    /// <summary>Whether their messages begin with the signature.</summary>
    public bool SignatureOn { get; init; }
    /// <summary>May sign in.</summary>
    public bool IsActive { get; init; }
    /// <summary>A screen of theirs is connected, or was until a minute ago.</summary>
    public bool IsOnline { get; init; }
    /// <summary>What they say of themselves; counts only while <see cref="IsOnline"/>.</summary>
    public Presence Presence { get; init; }
    /// <summary>Changes with their picture; null without one.</summary>
    public Guid? PhotoId { get; init; }
    /// <summary>The most tickets that they serve at once; 0 is no limit.</summary>
    public int MaxOpenTickets { get; init; }
    /// <summary>The channel that is proposed when they begin a conversation.</summary>
    public Guid? DefaultChannelId { get; init; }
}

/// <summary>A channel through which a user may begin conversations. Who has none of these may through all.</summary>
public sealed record UserChannelView
{
    /// <summary>The user.</summary>
    public Guid UserId { get; init; }
    /// <summary>The channel.</summary>
    public Guid ChannelId { get; init; }
}

/// <summary>How far somebody can be counted on.</summary>
public enum Presence
{
    /// <summary>No screen is open. Nobody says that of themselves.</summary>
    Offline,
    /// <summary>Takes new tickets.</summary>
    Online,
    /// <summary>Not at the desk.</summary>
    Away,
    /// <summary>At the desk, and takes nothing new.</summary>
    Busy,
}

/// <summary>What one says of oneself: online, away or busy.</summary>
[Allow]
public sealed record SetMyPresence(Presence Presence) : IRequest;

/// <summary>Says of somebody else whether they can be counted on: who went home and forgot to say so gets nothing new then.</summary>
[Allow("users.edit")]
public sealed record SetPresenceOf([property: NotEmpty] Guid Id, Presence Presence) : IRequest;

/// <summary>A screen of this user was connected just now.</summary>
[AllowSystem]
public sealed record NoteSeen([property: NotEmpty] Guid UserId) : IRequest;

/// <summary>Which of these users hold a permission, and are within their hours of access now.</summary>
[AllowSystem, Reads]
public sealed record WhoMayNow(string Permission, IReadOnlyCollection<Guid> UserIds) : IRequest<IReadOnlySet<Guid>>
{
    /// <summary>Their hours of access don't matter: what waits for them waits until they come.</summary>
    public bool AtAnyHour { get; init; }
}

/// <summary>
/// What of a module belongs to a user, so that nothing is left without anybody when they go. Collected from the container:
/// tickets, and whatever else comes to have an owner.
/// </summary>
public interface IBelongings
{
    /// <summary>What it is, in the caller's language, with its number: '3 open tickets'. Null when there is nothing.</summary>
    Task<string?> DescribeAsync(Guid userId, CancellationToken ct);

    /// <summary>Gives it to somebody, or, without one, back to where everybody finds it. Runs in the caller's transaction. Returns how many.</summary>
    Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct);

    /// <summary>Removes what was nobody else's business, when the user is removed for good.</summary>
    Task ForgetAsync(Guid userId, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>The signed-in user's own settings, for screens. Cached with the session; see topic user/{id}.</summary>
[Allow, Reads]
public sealed record MyProfile : IRequest<Profile>;

/// <summary>What a person sets for themselves.</summary>
public sealed record Profile(
    Guid Id, string Name, string Email, string? Signature, bool SignatureOn, bool Sound, bool EnterSends, string Theme, string Language, int Version, Guid? PhotoId = null,
    Presence Presence = Presence.Online);

/// <summary>Who proves with a second factor that it is them. Implemented by Identity.</summary>
public interface ISecondFactors
{
    /// <summary>This user's sign-in asks for a code.</summary>
    Task<bool> AreOnAsync(Guid userId, CancellationToken ct);
}

/// <summary>Which languages active users with these addresses read, by the address as it was asked for.</summary>
[AllowSystem, Reads]
public sealed record LanguagesOf(IReadOnlyCollection<string> Emails) : IRequest<IReadOnlyDictionary<string, string>>;

/// <summary>Makes a user; for set-up, configuration and the demo.</summary>
[AllowSystem]
public sealed record MakeUser(string Name, string Email, string Password, BuiltInRoles Role, IReadOnlyList<Guid> Queues, string Language = "pt-BR") : IRequest<Guid>;

/// <summary>Whether anybody can administer yet.</summary>
[AllowAnyone, Reads]
public sealed record IsSetUp : IRequest<bool>;
