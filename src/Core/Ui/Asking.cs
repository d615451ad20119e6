using MudBlazor;

namespace Inforzap.Ui;

/// <summary>Asks before what can't be undone.</summary>
public static class Asking
{
    private static readonly DialogOptions Options = new() { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true, CloseOnEscapeKey = true };

    /// <summary>True when the person agreed. The text says what will happen; the button is a verb.</summary>
    public static async Task<bool> AskAsync(this IDialogService dialogs, string title, string text, string yes, bool harmless = false)
    {
        var asked = await dialogs.ShowAsync<Ask>(title, new DialogParameters<Ask>
        {
            { a => a.Title, title }, { a => a.Text, text }, { a => a.Yes, yes }, { a => a.Harmless, harmless },
        }, Options);
        return await asked.Result is { Canceled: false };
    }
}
