namespace Inforzap.Sdk;

/// <summary>
/// Ability: something of the channel runs all the time, such as a poll, a session with a gateway, or the watch over what was set
/// up at the provider. Over all nodes the host runs it once per channel: from the moment the channel is on, again when its
/// settings changed, elsewhere when its node dies, until it is off or deleted.
/// </summary>
public interface ISession
{
    /// <summary>
    /// Works until the token is cancelled, and then ends within seconds. Whoever returns or throws before has lost the
    /// connection: the channel is Retrying, and the host calls again, each time a little later. So an adapter keeps no timer and
    /// repeats nothing by itself. <see cref="SessionEndedException"/> says why in words for people.
    /// </summary>
    Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct);

    /// <summary>
    /// The channel is off or deleted, or runs with other settings next: undoes what <see cref="RunAsync"/> set up at the provider.
    /// Gets the settings as they were. Not called when the host stops. Best effort.
    /// </summary>
    Task LeaveAsync(ChannelRef on, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>How a session fares, for people. Saying the same again costs nothing.</summary>
public interface ISessionReport
{
    /// <summary>On its way up.</summary>
    void Connecting();

    /// <summary>Somebody has to read this as a QR code with their phone. Say it again with the next code when this one expires.</summary>
    /// <param name="code">What the picture holds. It is kept encrypted and shown to those who may edit channels.</param>
    /// <param name="until">When it expires, UTC.</param>
    void NeedsPairing(string code, DateTime? until = null);

    /// <summary>Works. Whoever had this for a minute starts with short pauses when the connection is lost.</summary>
    /// <param name="account">As whom.</param>
    void Connected(SessionAccount? account = null);

    /// <summary>It goes on by itself, but not well: the provider can't reach us, for instance.</summary>
    void Retrying(string reason);
}

/// <summary>As whom a session is connected.</summary>
/// <param name="Name">What people know: a bot's name, a number.</param>
/// <param name="Link">Where customers write to it.</param>
public sealed record SessionAccount(string Name, Uri? Link = null);

/// <summary>The end of a session, in words for people.</summary>
public sealed class SessionEndedException : Exception
{
    /// <summary>The connection is lost, and is tried again.</summary>
    public SessionEndedException(string reason) : base(reason) { }
    /// <summary>The connection is lost, and is tried again.</summary>
    public SessionEndedException(string reason, Exception inner) : base(reason, inner) { }
    /// <summary>With a general reason.</summary>
    public SessionEndedException() : base("The session ended.") { }

    /// <summary>Trying again won't help: the channel is Stopped until somebody changes its settings or switches it on anew.</summary>
    public bool IsFinal { get; init; }

    /// <summary>No sooner than this; the host may wait longer.</summary>
    public TimeSpan? After { get; init; }
}
