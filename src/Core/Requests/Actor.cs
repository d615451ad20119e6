namespace Inforzap.Requests;

/// <summary>On whose behalf a request runs.</summary>
public interface IActor
{
    /// <summary>The user, or an empty id for the product itself and for strangers.</summary>
    Guid Id { get; }

    /// <summary>What colleagues call them.</summary>
    string Name { get; }

    /// <summary>The product itself.</summary>
    bool IsSystem { get; }

    /// <summary>Signed in, or the product itself.</summary>
    bool IsKnown { get; }

    /// <summary>Whether a permission is held. The product itself holds all.</summary>
    bool May(string permission);

    /// <summary>The queues of which the user is a member.</summary>
    IReadOnlyCollection<Guid> Queues { get; }
}

/// <summary>An actor at one moment; replaced, never changed.</summary>
public sealed record Actor(Guid Id, string Name, IReadOnlySet<string> Permissions, IReadOnlyCollection<Guid> Queues) : IActor
{
    /// <summary>The product itself.</summary>
    public static Actor System { get; } = new(Guid.Empty, "Inforzap", new HashSet<string>(), []) { IsSystem = true };

    /// <summary>Nobody in particular.</summary>
    public static Actor Stranger { get; } = new(Guid.Empty, "", new HashSet<string>(), []);

    /// <inheritdoc/>
    public bool IsSystem { get; private init; }

    /// <summary>When their hours of access end, UTC; null when they have none.</summary>
    public DateTime? EndsAt { get; init; }

    /// <inheritdoc/>
    public bool IsKnown => IsSystem || Id != Guid.Empty;

    /// <inheritdoc/>
    public bool May(string permission) => IsSystem || Permissions.Contains(permission);
}

/// <summary>The actor of the running scope; set once by whoever opens the scope.</summary>
public sealed class CurrentActor : IActor
{
    /// <summary>Who it is. Strangers until somebody says otherwise.</summary>
    public IActor Is { get; set; } = Actor.Stranger;

    /// <inheritdoc/>
    public Guid Id => Is.Id;
    /// <inheritdoc/>
    public string Name => Is.Name;
    /// <inheritdoc/>
    public bool IsSystem => Is.IsSystem;
    /// <inheritdoc/>
    public bool IsKnown => Is.IsKnown;
    /// <inheritdoc/>
    public bool May(string permission) => Is.May(permission);
    /// <inheritdoc/>
    public IReadOnlyCollection<Guid> Queues => Is.Queues;
}

/// <summary>Knows users by their session. Implemented by Identity; the answer is at most two seconds old.</summary>
public interface IActors
{
    /// <summary>The user, or null when the stamp is no longer theirs: disabled, signed out, password changed.</summary>
    ValueTask<Actor?> FindAsync(Guid userId, string stamp, CancellationToken ct = default);
}
