namespace Inforzap.Live;

/// <summary>Who has a screen of this node open, connected now. Implemented by the host.</summary>
public interface IPresent
{
    /// <summary>Users, each once.</summary>
    IReadOnlyCollection<Guid> Users { get; }
}
