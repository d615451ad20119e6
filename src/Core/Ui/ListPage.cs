using Inforzap.Requests;
using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Inforzap.Ui;

/// <summary>
/// A page with a list that is as its address says: search, filters, order and page stand there, so that a list can be shared,
/// reloaded and come back to. It reads anew when the address changes, and when what it watches does.
/// </summary>
public abstract class ListPage : LiveComponent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private int typed;

    /// <summary>Asks and tells the product.</summary>
    [Inject]
    protected IMediator Mediator { get; private set; } = null!;

    /// <summary>Asks before what can't be undone.</summary>
    [Inject]
    protected IDialogService Dialogs { get; private set; } = null!;

    /// <summary>Says what was done, or why it was not.</summary>
    [Inject]
    protected ISnackbar Snackbar { get; private set; } = null!;

    /// <summary>The address.</summary>
    [Inject]
    protected NavigationManager Navigation { get; private set; } = null!;

    /// <summary>The words that all pages share.</summary>
    [Inject]
    protected IStringLocalizer<Texts> Core { get; private set; } = null!;

    /// <summary>Who looks at it.</summary>
    [CascadingParameter]
    protected IActor Me { get; set; } = null!;

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery]
    protected string? Q { get; set; }

    /// <summary>A column, with a minus before it from the end.</summary>
    [SupplyParameterFromQuery]
    protected string? Sort { get; set; }

    /// <summary>The page as the address has it; <see cref="Page"/> is the number.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    protected string? At { get; set; }

    /// <summary>Which page is shown: 1, 2, 3 ...</summary>
    protected int Page => Pager.Of(At);

    /// <summary>Why the list can't be shown; null while it can.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Reads what the page shows, as the address says. What it refuses is shown in the list's place.</summary>
    protected abstract Task ReadAsync();

    /// <summary>Reads anew.</summary>
    protected async Task LoadAsync()
    {
        try
        {
            await ReadAsync();
            Problem = null;
        }
        catch (Refusal refusal) when (refusal.Kind != RefusalKind.SignedOut)
        {
            Problem = refusal.Message;
        }
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => LoadAsync();

    /// <inheritdoc/>
    protected override Task LookAgainAsync(IReadOnlySet<string> topics) => LoadAsync();

    /// <summary>Searches once the person stops typing.</summary>
    protected async Task SearchAsync(ChangeEventArgs e)
    {
        var mine = ++typed;
        await Task.Delay(Pause, Gone);
        if (mine == typed) Filter("q", e.Value as string);
    }

    /// <summary>Sets one filter; the first page follows.</summary>
    protected void Filter(string name, string? value) => Filter((name, value));

    /// <summary>Sets some filters; the first page follows. Nothing as value takes one away.</summary>
    protected void Filter(params (string Name, string? Value)[] changes)
    {
        var query = changes.ToDictionary(c => c.Name, c => (object?)(string.IsNullOrWhiteSpace(c.Value) ? null : c.Value.Trim()));
        query["page"] = null;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query), replace: true);
    }

    /// <summary>Does it, says so, and reads anew; or says why it can't be done.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="done">The words for what was done; the usual ones unless given.</param>
    protected async Task DoAsync<TResponse>(IRequest<TResponse> request, string? done = null)
    {
        try
        {
            await Mediator.Send(request);
            Snackbar.Add(done ?? Core["Saved"], Severity.Success);
        }
        catch (Refusal refusal)
        {
            Snackbar.Add(refusal.Message, Severity.Error);
        }
        await LoadAsync();
    }
}
