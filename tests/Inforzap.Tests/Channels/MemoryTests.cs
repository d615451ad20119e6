using System.Runtime.CompilerServices;
using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Channels;

/// <summary>A plugin that is part of the tests, whose accounts remember.</summary>
internal sealed class PastPlugin : IPlugin
{
    public PluginInfo Info => new("test.past", "Passado");

    public void Register(IPluginRegistry plugin) => plugin.Channel<PastAdapter, TestSettings>("past", "Passado");
}

internal sealed class PastAdapter : IChannelAdapter, IHistory, IAddressBook
{
    public Func<int, CancellationToken, Task<PastMessage?>> Next { get; set; } = (_, _) => Task.FromResult<PastMessage?>(null);
    public List<BookEntry> Entries { get; } = [];
    public bool Ended { get; private set; }

    public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct) => Task.FromResult(SendResult.Sent("x"));

    public async IAsyncEnumerable<PastMessage> PastAsync(ChannelRef on, Address with, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            for (var n = 0; await Next(n, ct) is { } one; n++) yield return one;
        }
        finally
        {
            Ended = true;
        }
    }

    public async IAsyncEnumerable<BookEntry> EntriesAsync(ChannelRef on, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var entry in Entries)
        {
            await Task.Yield();
            yield return entry;
        }
    }
}

/// <summary>Adapters that remember are asked under guard, and what they tell is cleaned.</summary>
public sealed class MemoryTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly DateTime Noon = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    private IChannelMemory Memory => desk.Services.GetRequiredService<IChannelMemory>();

    private async Task<(Guid Id, PastAdapter Adapter)> ChannelAsync(string key, string token = "")
    {
        var catalog = desk.Services.GetRequiredService<PluginCatalog>();
        lock (catalog)
            if (catalog.Find("test.past") is null) catalog.Load(new Plugin("test.past", "Passado", "1.0", "", null), () => new PastPlugin());
        var id = await desk.SendAsSystem(new EnsureChannel(key, "past", key, await desk.QueueAsync("Atendimento"), token.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Token"] = token }));
        var directory = desk.Services.GetRequiredService<ChannelDirectory>();
        await directory.LoadAsync();
        return (id, (PastAdapter)directory.Live(id)!.Driver!.Adapter);
    }

    private async Task<List<PastMessage>> AllAsync(Guid channel)
    {
        var all = new List<PastMessage>();
        await foreach (var one in Memory.PastAsync(channel, new Address("5519991110001"), 10, default)) all.Add(one);
        return all;
    }

    [Fact]
    public async Task What_is_told_is_cleaned_and_what_has_no_usable_name_is_left_out()
    {
        var (id, adapter) = await ChannelAsync("passado");
        Assert.True(desk.Services.GetRequiredService<IChannelDirectory>().Find(id)!.Can.HasFlag(Can.History | Can.AddressBook));
        PastMessage[] told = [new("a", Noon, false, new TextContent("um\0dois")), new("", Noon, false, new TextContent("sem nome")), new("b", Noon, true, new LocationContent(1, 2, "Loja"))];
        adapter.Next = (n, _) => Task.FromResult(n < told.Length ? told[n] : null);
        var all = await AllAsync(id);
        Assert.Equal(["a", "b"], all.Select(m => m.ProviderId));
        Assert.Equal(("umdois", true), (((TextContent)all[0].Content).Body, all[1].Content is LocationContent));
        adapter.Entries.AddRange([new(new Address("5519991110001", AddressKind.Phone, "Ana\0"), "Ana") { AlsoKnownAs = [new Address(""), new Address("lid", "lid")] }, new(new Address(new string('9', 200)))]);
        var book = new List<BookEntry>();
        await foreach (var entry in Memory.BookAsync(id, default)) book.Add(entry);
        Assert.Equal(("Ana", 1), (Assert.Single(book).Address.Name, book[0].AlsoKnownAs.Count));
    }

    [Fact]
    public async Task What_goes_wrong_is_said_in_words_without_the_channel_s_secrets()
    {
        var (id, adapter) = await ChannelAsync("passado-2", "segredo-muito-longo-1");
        adapter.Next = (_, _) => throw new ProviderException("Recusado com segredo-muito-longo-1.");
        var refused = await Assert.ThrowsAsync<ProviderException>(() => AllAsync(id));
        Assert.StartsWith("Recusado", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("segredo", refused.Message, StringComparison.Ordinal);
        adapter.Next = (_, _) => throw new InvalidOperationException("interno");
        Assert.DoesNotContain("interno", (await Assert.ThrowsAsync<ProviderException>(() => AllAsync(id))).Message, StringComparison.Ordinal);
        var (other, _) = await desk.ChannelAsync("sem-passado");
        Assert.Equal("Este canal não informa o que tem guardado.", (await Assert.ThrowsAsync<ProviderException>(() => AllAsync(other))).Message);
    }

    [Fact]
    public async Task Whoever_stops_in_between_ends_the_asking()
    {
        var (id, adapter) = await ChannelAsync("passado-3");
        adapter.Next = (n, _) => Task.FromResult<PastMessage?>(new($"m{n}", Noon, false, new TextContent("x")));
        await foreach (var one in Memory.PastAsync(id, new Address("5519991110001"), 10, default))
            if (one.ProviderId == "m3") break;
        for (var tries = 0; tries < 100 && !adapter.Ended; tries++) await Task.Delay(20);
        Assert.True(adapter.Ended);
    }
}
