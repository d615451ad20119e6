namespace Inforzap.Requests;

/// <summary>Who may send a request: holders of any of the permissions; without one, everybody who is signed in.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AllowAttribute(params string[] permissions) : Attribute
{
    /// <summary>Any of these is enough.</summary>
    public IReadOnlyList<string> Permissions { get; } = permissions;
}

/// <summary>Only the product itself sends it: lanes, jobs, start-up, or another request's handler.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AllowSystemAttribute : Attribute;

/// <summary>Anybody may send it, signed in or not. Sign-in and set-up need it; think twice before the next.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AllowAnyoneAttribute : Attribute;

/// <summary>It writes nothing: no transaction and no turn at the writers' gate.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadsAttribute : Attribute;
