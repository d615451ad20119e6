using Microsoft.Playwright;

namespace Inforzap.Scenarios.Browser;

/// <summary>The page of the first start.</summary>
internal sealed class SetUpPage(IPage page)
{
    public ILocator Problem => page.GetByRole(AriaRole.Alert);

    public async Task FillAsync(string company, string zone, string address, string name, string email)
    {
        await page.GetByLabel("Empresa").FillAsync(company);
        await page.GetByLabel("Fuso horário").SelectOptionAsync(zone);
        await page.GetByLabel("Endereço público").FillAsync(address);
        await page.GetByLabel("Seu nome").FillAsync(name);
        await page.GetByLabel("E-mail").FillAsync(email);
    }

    public async Task GoAsync(string password)
    {
        await page.GetByLabel("Senha").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Criar e entrar" }).ClickAsync();
    }
}
