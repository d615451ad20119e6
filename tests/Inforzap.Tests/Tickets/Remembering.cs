using System.Runtime.CompilerServices;
using Inforzap.Contracts.Channels;
using Inforzap.Sdk;

namespace Inforzap.Tests.Tickets;

/// <summary>A counter whose channel's account remembers what a test says: the newest first.</summary>
public sealed class Remembering : Counter
{
    public Remembering()
    {
        var before = Configure!;
        Configure = services =>
        {
            before(services);
            services.AddSingleton<IChannelMemory>(Memory);
        };
        Can = Can.Media | Can.History;
    }

    internal FakeMemory Memory { get; } = new();
}

internal sealed class FakeMemory : IChannelMemory
{
    public List<PastMessage> Past { get; } = [];
    public List<BookEntry> Book { get; } = [];
    /// <summary>After so many it goes wrong.</summary>
    public (int After, Exception With)? Fails { get; set; }
    /// <summary>Called before each is told.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;
    public List<(Address With, int Limit)> Asked { get; } = [];

    public IAsyncEnumerable<PastMessage> PastAsync(Guid channelId, Address with, int limit, CancellationToken ct)
    {
        Asked.Add((with, limit));
        return TellAsync(Past.Take(limit), ct);
    }

    public IAsyncEnumerable<BookEntry> BookAsync(Guid channelId, CancellationToken ct) => TellAsync(Book, ct);

    private async IAsyncEnumerable<T> TellAsync<T>(IEnumerable<T> all, [EnumeratorCancellation] CancellationToken ct)
    {
        var told = 0;
        foreach (var one in all.ToList())
        {
            await Before(told).WaitAsync(ct);
            if (Fails is { } fails && told == fails.After) throw fails.With;
            told++;
            yield return one;
        }
    }
}
