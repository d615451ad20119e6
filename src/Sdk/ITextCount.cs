namespace Inforzap.Sdk;

/// <summary>
/// Ability: the provider cuts texts into parts and charges each of them. People who write see how many the text comes to, while they
/// write.
/// </summary>
public interface ITextCount
{
    /// <summary>What this text would come to, as it stands. Asked after every few keys: no calls to anybody, no waiting.</summary>
    TextCount Count(ChannelRef on, string text);
}

/// <summary>What a text comes to.</summary>
/// <param name="Used">Characters, as the provider counts them.</param>
/// <param name="Room">How many fit in so many parts.</param>
/// <param name="Parts">How many parts; 0 for a text without anything in it.</param>
/// <param name="Unit">What a part is called, such as <c>SMS</c>.</param>
public sealed record TextCount(int Used, int Room, int Parts, string Unit)
{
    /// <summary>One sentence on why it is as it is, such as what takes so much room.</summary>
    public string? Hint { get; init; }

    /// <summary>More than the channel sends: it would be refused.</summary>
    public bool IsTooLong { get; init; }
}
