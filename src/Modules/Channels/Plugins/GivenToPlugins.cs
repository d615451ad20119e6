using Inforzap.Channels.In;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Security;

namespace Inforzap.Channels.Plugins;

/// <summary>What every plugin's container gets from this module, each bound to the plugin that asks.</summary>
internal static class ChannelServices
{
    public static GivenToPlugins Given { get; } = new((host, plugin, services) =>
    {
        var mediator = host.GetRequiredService<SystemMediator>();
        // Made at first use: the directory of channels needs the catalog of plugins to be there.
        services.AddSingleton<IInbox>(_ => new Inbox(plugin, host.GetRequiredService<ChannelDirectory>(), host.GetRequiredService<LaneAppender>(),
            host.GetRequiredService<FileStore>(), mediator, host.GetRequiredService<LiveHints>(), host.GetRequiredService<Arrivals>(), host.GetRequiredService<ChannelLog>(), host.GetRequiredService<ILogger<Inbox>>()));
        services.AddSingleton<IPluginStore>(new PluginStore(plugin.Id, mediator));
        services.AddSingleton<IConversationView>(_ => new ConversationView(plugin, host.GetRequiredService<ChannelDirectory>(), mediator));
        services.AddSingleton<IOwnChannels>(_ => new OwnChannels(plugin, host.GetRequiredService<ChannelDirectory>()));
        services.AddSingleton<IChannelDiary>(_ => new ChannelDiary(plugin, host.GetRequiredService<ChannelDirectory>(), host.GetRequiredService<ChannelLog>()));
        services.AddSingleton<IMediaReader>(new MediaReader(mediator, host.GetRequiredService<FileStore>()));
    });
}

/// <summary>The values of one plugin.</summary>
internal sealed class PluginStore(string pluginId, SystemMediator mediator) : IPluginStore
{
    private const int LongestName = 200;
    private const int LongestValue = 64 * 1024;

    public Task<string?> GetAsync(string name, CancellationToken ct = default) => mediator.Send(new ReadPluginValue(pluginId, Checked(name)), ct);

    public Task SetAsync(string name, string? value, CancellationToken ct = default) =>
        value?.Length > LongestValue ? throw new ArgumentException($"A value has at most {LongestValue} characters.", nameof(value))
            : mediator.Send(new WritePluginValue(pluginId, Checked(name), value), ct);

    private static string Checked(string name) =>
        name is { Length: > 0 and <= LongestName } ? name : throw new ArgumentException($"A name has 1 to {LongestName} characters.", nameof(name));
}

/// <summary>Reads a value that a plugin keeps.</summary>
[AllowSystem, Reads]
internal sealed record ReadPluginValue(string PluginId, string Name) : IRequest<string?>;

internal sealed class ReadPluginValueHandler(InforzapDb db, Secrets secrets) : IRequestHandler<ReadPluginValue, string?>
{
    public async Task<string?> Handle(ReadPluginValue request, CancellationToken ct) =>
        await db.PluginValues.Where(v => v.PluginId == request.PluginId && v.Name == request.Name).Select(v => v.Value).SingleOrDefaultAsync(ct) is { } cipher
            ? secrets.Unprotect(WritePluginValueHandler.Purpose(request.PluginId, request.Name), cipher) : null;
}

/// <summary>Keeps a value of a plugin, or forgets it.</summary>
[AllowSystem]
internal sealed record WritePluginValue(string PluginId, string Name, string? Value) : IRequest
{
    /// <summary>Names it only.</summary>
    public override string ToString() => $"{PluginId}/{Name}";
}

internal sealed class WritePluginValueHandler(InforzapDb db, Secrets secrets) : IRequestHandler<WritePluginValue, Unit>
{
    public static string Purpose(string pluginId, string name) => $"plugin/{pluginId}/{name}";

    public async Task<Unit> Handle(WritePluginValue request, CancellationToken ct)
    {
        var row = await db.PluginValues.FindAsync([request.PluginId, request.Name], ct);
        if (request.Value is null)
        {
            if (row is not null) db.Remove(row);
            return Unit.Value;
        }
        var cipher = secrets.Protect(Purpose(request.PluginId, request.Name), request.Value);
        if (row is null) db.Add(new PluginValue { PluginId = request.PluginId, Name = request.Name, Value = cipher });
        else row.Value = cipher;
        return Unit.Value;
    }
}

/// <summary>The conversations of one plugin's channels.</summary>
internal sealed class ConversationView(Plugin plugin, ChannelDirectory channels, SystemMediator mediator) : IConversationView
{
    public async Task<IReadOnlyList<ViewedMessage>> SinceAsync(Guid channelId, Address address, long change, CancellationToken ct = default) =>
        IsOurs(channelId) ? await mediator.Send(new ReadConversation(channelId, address, change), ct) : [];

    public async Task<bool> MaySeeAsync(Guid channelId, Address address, Guid fileId, CancellationToken ct = default) =>
        IsOurs(channelId) && await mediator.Send(new IsInConversation(channelId, address, fileId), ct);

    private bool IsOurs(Guid channelId) => channels.Live(channelId) is { Kind: { } kind } && kind.Plugin == plugin;
}

/// <summary>The channels of one plugin.</summary>
internal sealed class OwnChannels(Plugin plugin, ChannelDirectory channels) : IOwnChannels
{
    public IReadOnlyList<OwnChannel> All =>
        [.. channels.Of(plugin).Where(c => c.Form is not null).Select(c => new OwnChannel(c.Info.Kind, c.On(channels.PublicUrl), c.IsUp))];
}

/// <summary>The diary of one plugin's channels.</summary>
internal sealed class ChannelDiary(Plugin plugin, ChannelDirectory channels, ChannelLog log) : IChannelDiary
{
    private const int Longest = 300;

    public void Note(Guid channelId, string text, bool isTrouble = false)
    {
        if (CleanText.IsBlank(text) || channels.Live(channelId) is not { Kind: { } kind } channel || kind.Plugin != plugin) return;
        log.Add(channelId, ChannelLog.Provider, isTrouble ? "warned" : "noted", Redacted.Line(channel.Unsaid(text), Longest));
    }
}

/// <summary>Opens stored files.</summary>
internal sealed class MediaReader(SystemMediator mediator, FileStore files) : IMediaReader
{
    public async Task<OutboundFile> OpenAsync(Guid fileId, CancellationToken ct = default)
    {
        var file = await mediator.Send(new FindFile(fileId), ct) ?? throw new FileNotFoundException($"File {fileId} is not kept.");
        return new OutboundFile(files.Open(fileId), file.Name, file.MimeType, file.Size);
    }
}

/// <summary>What is known of a stored file.</summary>
[AllowSystem, Reads]
internal sealed record FindFile(Guid Id) : IRequest<StoredFile?>;

internal sealed class FindFileHandler(InforzapDb db) : IRequestHandler<FindFile, StoredFile?>
{
    public Task<StoredFile?> Handle(FindFile request, CancellationToken ct) =>
        db.Set<StoredFile>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == request.Id, ct);
}
