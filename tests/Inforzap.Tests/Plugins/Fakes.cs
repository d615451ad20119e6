using Inforzap.Sdk;

namespace Inforzap.Tests.Plugins;

/// <summary>Keeps what a plugin delivers, and drops what it has seen, as the real door does.</summary>
internal sealed class FakeInbox : IInbox
{
    private readonly HashSet<string> seen = [];

    public List<InboundEvent> Events { get; } = [];
    public List<IReadOnlyList<InboundEvent>> Calls { get; } = [];
    public Dictionary<Guid, byte[]> Files { get; } = [];
    public List<(Address From, bool Typing)> Typings { get; } = [];
    public Exception? Fails { get; set; }
    public long MaxBytes { get; set; } = long.MaxValue;

    public Task DeliverAsync(InboundEvent happened, CancellationToken ct = default) => DeliverAsync([happened], ct);

    public Task DeliverAsync(IReadOnlyList<InboundEvent> happened, CancellationToken ct = default)
    {
        if (Fails is not null) throw Fails;
        Calls.Add(happened);
        Events.AddRange(happened.Where(e => seen.Add(e.EventId)));
        return Task.CompletedTask;
    }

    public async Task<Guid> StoreAsync(Guid channelId, Stream content, string? fileName, CancellationToken ct = default)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, ct);
        if (bytes.Length > MaxBytes) throw new MediaTooLargeException(MaxBytes);
        var id = Guid.CreateVersion7();
        Files[id] = bytes.ToArray();
        return id;
    }

    public void Typing(Guid channelId, Address from, bool typing) => Typings.Add((from, typing));
}

/// <summary>Keeps the lines of a plugin.</summary>
internal sealed class FakeDiary : IChannelDiary
{
    public List<(string Text, bool IsTrouble)> Lines { get; } = [];

    public void Note(Guid channelId, string text, bool isTrouble = false) => Lines.Add((text, isTrouble));
}

/// <summary>Conversations by address, and nothing else.</summary>
internal sealed class FakeConversations : IConversationView
{
    public Dictionary<string, List<ViewedMessage>> Of { get; } = [];
    public HashSet<(string Address, Guid File)> Files { get; } = [];

    public ViewedMessage Add(Address to, Content content, bool deleted = false)
    {
        var all = Of.TryGetValue(to.Value, out var known) ? known : Of[to.Value] = [];
        var message = new ViewedMessage(Guid.CreateVersion7(), all.Count + 1, all.Count + 1, false, "Ana", content, DateTime.UtcNow, "sent", deleted, false, null, "p");
        all.Add(message);
        return message;
    }

    public Task<IReadOnlyList<ViewedMessage>> SinceAsync(Guid channelId, Address address, long change, CancellationToken ct = default) =>
        Task.FromResult<IReadOnlyList<ViewedMessage>>([.. Of.GetValueOrDefault(address.Value, []).Where(m => m.Change > change).Take(200)]);

    public Task<bool> MaySeeAsync(Guid channelId, Address address, Guid fileId, CancellationToken ct = default) =>
        Task.FromResult(Files.Contains((address.Value, fileId)));
}

/// <summary>Keeps what a plugin keeps.</summary>
internal sealed class FakeStore : IPluginStore
{
    public Dictionary<string, string> Values { get; } = [];

    public Task<string?> GetAsync(string name, CancellationToken ct = default) => Task.FromResult(Values.GetValueOrDefault(name));

    public Task SetAsync(string name, string? value, CancellationToken ct = default)
    {
        if (value is null) Values.Remove(name);
        else Values[name] = value;
        return Task.CompletedTask;
    }
}

/// <summary>One file for whoever asks.</summary>
internal sealed class FakeMedia : IMediaReader
{
    public byte[] Bytes { get; set; } = [1, 2, 3];
    public string Type { get; set; } = "image/png";
    /// <summary>Says another size than the bytes have.</summary>
    public long? Size { get; set; }

    /// <summary>It is no longer there.</summary>
    public bool IsLost { get; set; }

    public Task<OutboundFile> OpenAsync(Guid fileId, CancellationToken ct = default) =>
        IsLost ? Task.FromException<OutboundFile>(new FileNotFoundException()) : Task.FromResult(new OutboundFile(new MemoryStream(Bytes), "foto.png", Type, Size ?? Bytes.Length));
}
