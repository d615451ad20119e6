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
}

/// <summary>The signed-in user's own settings, for screens. Cached with the session; see topic user/{id}.</summary>
[Allow, Reads]
public sealed record MyProfile : IRequest<Profile>;

/// <summary>What a person sets for themselves.</summary>
public sealed record Profile(
    Guid Id, string Name, string Email, string? Signature, bool SignatureOn, bool Sound, bool EnterSends, string Theme, string Language, int Version, Guid? PhotoId = null);

/// <summary>Who proves with a second factor that it is them. Implemented by Identity.</summary>
public interface ISecondFactors
{
    /// <summary>This user's sign-in asks for a code.</summary>
    Task<bool> AreOnAsync(Guid userId, CancellationToken ct);
}

/// <summary>Makes a user; for set-up, configuration and the demo.</summary>
[AllowSystem]
public sealed record MakeUser(string Name, string Email, string Password, BuiltInRoles Role, IReadOnlyList<Guid> Queues, string Language = "pt-BR") : IRequest<Guid>;

/// <summary>Whether anybody can administer yet.</summary>
[AllowAnyone, Reads]
public sealed record IsSetUp : IRequest<bool>;
