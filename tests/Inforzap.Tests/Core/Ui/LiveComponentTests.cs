using Bunit;
using Inforzap.Tests.Support;
using Inforzap.Ui;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Time.Testing;
using Microsoft.JSInterop;

namespace Inforzap.Tests.Core.Ui;

public sealed class LiveComponentTests : ComponentTest
{
    [Fact]
    public void A_view_looks_again_when_its_line_comes_back()
    {
        var view = Render<View>();
        Line.Restore();
        view.WaitForAssertion(() => Assert.Equal(["a", "b"], Assert.Single(view.Instance.Looks).Order()));
    }

    [Fact]
    public async Task A_view_that_is_gone_hears_of_nothing()
    {
        var view = Render<View>();
        var instance = view.Instance;
        await DisposeComponentsAsync();
        Line.Restore();
        Live.Raise(["a"]);
        Assert.Empty(instance.Looks);
    }

    [Fact]
    public async Task A_browser_that_does_not_answer_holds_nothing_up()
    {
        var clock = new FakeTimeProvider();
        Services.AddSingleton<TimeProvider>(clock);
        var silent = new SilentScript();
        var view = Render<View>();
        var (asked, told) = (view.Instance.AskAsync(silent), view.Instance.TellAsync(silent));
        Assert.False(asked.IsCompleted || told.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((false, false), (await asked, await told));
    }

    [Fact]
    public async Task A_browser_that_answers_is_heard()
    {
        var script = JSInterop.SetupModule("./x.js");
        script.Setup<bool>("isVisible").SetResult(true);
        script.SetupVoid("mark").SetVoidResult();
        var module = await JSInterop.JSRuntime.InvokeAsync<IJSObjectReference>("import", "./x.js");
        var view = Render<View>();
        Assert.Equal((true, true), (await view.Instance.AskAsync(module), await view.Instance.TellAsync(module)));
        Assert.Equal((false, false), (await view.Instance.AskAsync(null), await view.Instance.TellAsync(null)));
    }

    public sealed class View : LiveComponent
    {
        public List<IReadOnlySet<string>> Looks { get; } = [];

        public Task<bool> AskAsync(IJSObjectReference? script) => AskBrowserAsync<bool>(script, "isVisible");

        public Task<bool> TellAsync(IJSObjectReference? script) => TellBrowserAsync(script, "mark");

        protected override void OnInitialized() => Watch("a", "b");

        protected override Task LookAgainAsync(IReadOnlySet<string> topics)
        {
            Looks.Add(topics);
            return Task.CompletedTask;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Looks.Count);
    }

    /// <summary>What a script is while the line is cut: calls go out, and no answer comes.</summary>
    private sealed class SilentScript : IJSObjectReference
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, default, args);

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Never.");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
