using Inforzap.Http;
using Inforzap.Plugins.Echo;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Plugins;

/// <summary>What the other side of an Echo channel remembers, and what it is when it does not tell.</summary>
public sealed class EchoMemoryTests : IAsyncLifetime
{
    private FakeServer server = null!;

    public async ValueTask InitializeAsync() => server = await FakeServer.StartAsync();

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private async Task<T> AskAsync<T>(Func<EchoAdapter, ChannelRef, Task<T>> ask, EchoSettings? settings = null)
    {
        using var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", server.Url.Authority)]).Build());
        using var http = safe.Create();
        var adapter = new EchoAdapter(http, new FakeInbox(), new FakeMedia(), TimeProvider.System, NullLogger<EchoAdapter>.Instance);
        return await ask(adapter, new ChannelRef(Guid.NewGuid(), "echo", "Echo", null, settings ?? new EchoSettings { MemoryUrl = server.Url.ToString() }));
    }

    private Task<List<PastMessage>> PastAsync(EchoSettings? settings = null) => AskAsync(async (adapter, on) => await adapter.PastAsync(on, new Address("5511987654321"), 20, default).ToListAsync(), settings);

    [Fact]
    public async Task History_is_read_as_messages_of_both_sides()
    {
        server.Answer(new FakeAnswer(200, """{"events":[{"type":"message","id":"b","from":"5511987654321","at":"2026-05-04T12:00:00Z","text":"Sim","ours":true,"quoted":"a"},{"type":"message","id":"a","from":"5511987654321","at":"2026-05-04T11:00:00Z","text":"Abrem hoje?"},{"type":"message","id":"sem hora","from":"5511987654321","text":"?"}]}"""));
        var past = await PastAsync();
        Assert.Equal([("b", true, "a"), ("a", false, null)], past.Select(m => (m.ProviderId, m.IsOurs, m.QuotedProviderId)));
        Assert.Equal(new DateTime(2026, 5, 4, 12, 0, 0, DateTimeKind.Utc), past[0].At);
        Assert.Equal("/history?with=5511987654321&limit=20", (await server.RequestAsync()).Path);
    }

    [Fact]
    public async Task The_address_book_tells_both_names()
    {
        server.Answer(new FakeAnswer(200, """{"contacts":[{"address":"5511987654321","name":"Ana da Loja","self":"aninha"},{"address":"x-1"},{"name":"sem endereço"}]}"""));
        var book = await AskAsync(async (adapter, on) => await adapter.EntriesAsync(on, default).ToListAsync());
        Assert.Equal([("5511987654321", AddressKind.Phone, "aninha", "Ana da Loja"), ("x-1", AddressKind.Visitor, null, null)], book.Select(e => (e.Address.Value, e.Address.Kind, e.Address.Name, e.Name)));
    }

    [Fact]
    public async Task Why_it_does_not_tell_is_said_in_words()
    {
        Assert.Contains("não tem endereço", (await Assert.ThrowsAsync<ProviderException>(() => PastAsync(new EchoSettings()))).Message, StringComparison.Ordinal);
        server.Answer(new FakeAnswer(503, ""), new FakeAnswer(200, "not json"));
        Assert.Contains("503", (await Assert.ThrowsAsync<ProviderException>(() => PastAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("não entende", (await Assert.ThrowsAsync<ProviderException>(() => PastAsync())).Message, StringComparison.Ordinal);
    }
}
