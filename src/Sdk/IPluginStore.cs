namespace Inforzap.Sdk;

/// <summary>
/// Small things a plugin keeps for itself, encrypted at rest: session keys, cursors. A plugin sees its own only.
/// </summary>
public interface IPluginStore
{
    /// <summary>What is kept under the name, or null.</summary>
    Task<string?> GetAsync(string name, CancellationToken ct = default);

    /// <summary>Keeps a value of at most 64 kB under a name of at most 200 characters; null removes it.</summary>
    Task SetAsync(string name, string? value, CancellationToken ct = default);
}

/// <summary>Reads files that go out with a message.</summary>
public interface IMediaReader
{
    /// <summary>Opens a file of an outbound message. Dispose it.</summary>
    Task<OutboundFile> OpenAsync(Guid fileId, CancellationToken ct = default);
}

/// <summary>A file to send.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="FileName">Its name for people.</param>
/// <param name="MimeType">Its type, found from its bytes.</param>
/// <param name="Size">In bytes.</param>
public sealed record OutboundFile(Stream Content, string FileName, string MimeType, long Size) : IAsyncDisposable
{
    /// <summary>Closes the stream.</summary>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
