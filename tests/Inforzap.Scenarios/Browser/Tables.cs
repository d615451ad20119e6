using System.Text;
using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>Tables that go in through the dialog that all lists share.</summary>
internal static class Tables
{
    /// <summary>Opens the dialog of the list that is shown, and chooses a table there.</summary>
    public static Task ChooseTableAsync(this IPage page, string name, string table) => page.ChooseTableAsync(name, Encoding.UTF8.GetBytes(table));

    /// <inheritdoc cref="ChooseTableAsync(IPage, string, string)"/>
    public static async Task ChooseTableAsync(this IPage page, string name, byte[] table)
    {
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Tabela (CSV ou Excel)" }).ClickAsync();
        await page.GetByText("Importar tabela").ClickAsync();
        var file = page.Locator(".mud-dialog input[type=file]");
        await file.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // Before its script is there nobody hears of the choice, and people are not so quick.
        await page.WaitForFunctionAsync("() => document.querySelector('.mud-dialog input[type=file]')?._blazorInputFileNextFileId !== undefined");
        await file.SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = table });
    }
}
