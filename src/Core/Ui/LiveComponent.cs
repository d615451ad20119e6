using System.Globalization;
using Inforzap.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Microsoft.JSInterop.Infrastructure;

namespace Inforzap.Ui;

/// <summary>
/// A view that stays true: it watches topics, looks again when one is hinted and when its line comes back, at most four times
/// a second unless it says otherwise, on its own thread and in its own language, and lets go of everything when it leaves the screen.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock sync = new();
    private readonly HashSet<string> hinted = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource gone = new();
    private readonly CultureInfo culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo language = CultureInfo.CurrentUICulture;
    private IDisposable? subscription;
    private IReadOnlyList<string> watched = [];
    private long lastLook;
    private bool looking;

    [Inject]
    private LiveHints Live { get; set; } = null!;

    [Inject]
    private Line Line { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    /// <summary>The shortest time from one look to the next.</summary>
    protected virtual TimeSpan Pace => TimeSpan.FromMilliseconds(250);

    /// <summary>Ends when the view leaves the screen: hand it to every <c>Send</c>.</summary>
    protected CancellationToken Gone => gone.Token;

    /// <summary>Watches these topics from now on, in place of the ones before. Watch first, then load: nothing falls between.</summary>
    protected void Watch(params IEnumerable<string> topics)
    {
        subscription?.Dispose();
        Line.Restored -= Back;
        if (gone.IsCancellationRequested) return;
        watched = [.. topics];
        subscription = Live.On(watched, Hinted);
        Line.Restored += Back;
    }

    /// <summary>
    /// Asks the browser. While the line is cut nobody answers, and nobody looks either: then the answer is what a browser that
    /// nobody looks at would say.
    /// </summary>
    protected async Task<T?> AskBrowserAsync<T>(IJSObjectReference? script, string function, params object?[] arguments) =>
        (await ReachAsync<T>(script, function, arguments)).Answer;

    /// <summary>Tells the browser something. False: it is out of reach, and does not know.</summary>
    protected async Task<bool> TellBrowserAsync(IJSObjectReference? script, string function, params object?[] arguments) =>
        (await ReachAsync<IJSVoidResult>(script, function, arguments)).Reached;

    /// <summary>Reads anew what the hinted topics may have changed. A render follows.</summary>
    protected virtual Task LookAgainAsync(IReadOnlySet<string> topics) => Task.CompletedTask;

    /// <summary>For what the component holds beside its topics.</summary>
    protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    /// <summary>Runs on the view's own thread and in its own language; for callbacks that come from elsewhere.</summary>
    protected Task OnViewAsync(Func<Task> work) => InvokeAsync(() =>
    {
        // A hint comes on the thread of whoever wrote, who may read another language.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
        return work();
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        subscription?.Dispose();
        Line.Restored -= Back;
        await gone.CancelAsync();
        await LeaveAsync();
    }

    private async Task<(bool Reached, T? Answer)> ReachAsync<T>(IJSObjectReference? script, string function, object?[] arguments)
    {
        if (script is null || gone.IsCancellationRequested) return default;
        using var impatience = new CancellationTokenSource(Patience, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone.Token, impatience.Token);
        try
        {
            return (true, await script.InvokeAsync<T>(function, either.Token, arguments));
        }
        catch (Exception e) when (e is OperationCanceledException or JSDisconnectedException)
        {
            return default;
        }
    }

    private void Hinted(string topic) => Look([topic]);

    private void Back() => Look(watched);

    private void Look(IEnumerable<string> topics)
    {
        lock (sync)
        {
            hinted.UnionWith(topics);
            if (looking) return;
            looking = true;
        }
        _ = LookAsync();
    }

    private async Task LookAsync()
    {
        // Leave the writer's thread before anything else: hints must return at once.
        await Task.Yield();
        try
        {
            while (true)
            {
                var wait = Pace - Clock.GetElapsedTime(lastLook);
                if (lastLook != 0 && wait > TimeSpan.Zero) await Task.Delay(wait, Clock, Gone);
                string[] topics;
                lock (sync)
                {
                    if (hinted.Count == 0)
                    {
                        looking = false;
                        return;
                    }
                    topics = [.. hinted];
                    hinted.Clear();
                }
                lastLook = Clock.GetTimestamp();
                await OnViewAsync(async () =>
                {
                    if (gone.IsCancellationRequested) return;
                    await LookAgainAsync(topics.ToHashSet(StringComparer.Ordinal));
                    StateHasChanged();
                });
            }
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception e)
        {
            lock (sync) looking = false;
            // The session's guard sends a signed-out person away; a view has nothing to add.
            if (e is not Refusal { Kind: RefusalKind.SignedOut }) await DispatchExceptionAsync(e);
        }
    }
}
