using System.Runtime.CompilerServices;
using Inforzap.Channels.In;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Out;

/// <summary>Asks adapters what their accounts know from before: each step under the guard of all plugin calls, each failure in words.</summary>
internal sealed class ChannelMemory(ChannelDirectory channels, ILogger<ChannelMemory> log, IStringLocalizer<Texts> t) : IChannelMemory
{
    public IAsyncEnumerable<PastMessage> PastAsync(Guid channelId, Address with, int limit, CancellationToken ct) =>
        AskAsync<IHistory, PastMessage>(channelId, (adapter, on, token) => adapter.PastAsync(on, with, limit, token), Inbox.Clean, ct);

    public IAsyncEnumerable<BookEntry> BookAsync(Guid channelId, CancellationToken ct) =>
        AskAsync<IAddressBook, BookEntry>(channelId, (adapter, on, token) => adapter.EntriesAsync(on, token), Inbox.Clean, ct);

    private async IAsyncEnumerable<T> AskAsync<TAbility, T>(Guid channelId, Func<TAbility, ChannelRef, CancellationToken, IAsyncEnumerable<T>> ask, Func<T, T?> clean, [EnumeratorCancellation] CancellationToken ct)
        where TAbility : class where T : class
    {
        if (channels.Live(channelId) is not { IsDeleted: false, Driver: { Adapter: TAbility adapter } driver } channel) throw new ProviderException(t["MemoryNone"]);
        if (!channel.IsUp) throw new ProviderException(t["ChannelOff"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        IAsyncEnumerator<T>? told = null;
        try
        {
            while (await NextAsync())
                if (clean(told!.Current) is { } one) yield return one;
        }
        finally
        {
            await stop.CancelAsync();
            if (told is not null) _ = LeaveAsync(told);
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await driver.Slow.RunAsync(async _ => await (told ??= ask(adapter, channel.On(channels.PublicUrl), stop.Token).GetAsyncEnumerator(stop.Token)).MoveNextAsync(), e => e is ProviderException, ct);
            }
            catch (ProviderException e)
            {
                throw new ProviderException(channel.Told(e.Message)!, e);
            }
            catch (PluginShutException e)
            {
                throw new ProviderException(t["ChannelFails"], e);
            }
            catch (TimeoutException e)
            {
                throw new ProviderException(t["ProbeTimeout"], e);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                throw new ProviderException(t["ProbeFailed", e.GetType().Name], e);
            }
        }
    }

    /// <summary>A step that is left behind may still be at work in it, and is not waited for.</summary>
    private async Task LeaveAsync<T>(IAsyncEnumerator<T> told)
    {
        try
        {
            await told.DisposeAsync();
        }
        catch (Exception e)
        {
            // It was stopped in between, or says once more that it failed.
            log.LogDebug("What an adapter told could not be ended: {Exception}", e.GetType().Name);
        }
    }
}
