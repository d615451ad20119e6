using System.IO.Compression;
using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A customer asks what is kept of them, and to be forgotten.</summary>
public sealed class PrivacyTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private const string Phone = "5511940099001";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_person_gets_their_data_is_held_by_the_law_is_erased_and_comes_again_as_somebody_new()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        var page = admin.Page;
        await page.GotoAsync(new Uri(company.Url, "contacts/privacy").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhum pedido ainda");
        await looks.AtAsync("privacy-empty");
        await company.WriteAsync((Phone, "Iracema Duarte", "Meu pedido da jabuticaba não chegou."));
        var ticket = await company.Place.EventuallyAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == Phone).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());

        await OpenAsync(page);
        await ConsentAsync(page, looks);
        await ExportAsync(page, looks);
        await HoldAsync(page, looks);
        await EraseAsync(page, looks);
        await page.GotoAsync(new Uri(company.Url, "contacts?q=Iracema").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhum contato ainda");
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await Expect(page.Locator(".talk")).ToContainTextAsync("Contato apagado");
        await Expect(page.Locator(".talk")).Not.ToContainTextAsync("jabuticaba");
        await looks.AtAsync("privacy-erased-talk");
        await company.WriteAsync((Phone, "Iracema Duarte", "Voltei."));
        await page.GotoAsync(new Uri(company.Url, "contacts?q=Iracema").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await OnThePhoneAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task OpenAsync(IPage page)
    {
        await page.GotoAsync(new Uri(company.Url, "contacts?q=Iracema").ToString());
        await page.Locator(".grid-open").ClickAsync();
        await Expect(page.Locator("#privacy-title")).ToBeVisibleAsync();
    }

    private static async Task ConsentAsync(IPage page, Looks looks)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Registrar consentimento" }).ClickAsync();
        await page.GetByLabel("Versão do texto").FillAsync("Termos de 2027");
        await page.GetByRole(AriaRole.Button, new() { Name = "Registrar que consentiu" }).ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("privacy-consent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Registrar que consentiu" }).ClickAsync();
        await Expect(page.Locator(".consent-now")).ToContainTextAsync("Consentiu · todos os canais");
    }

    private static async Task ExportAsync(IPage page, Looks looks)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Exportar dados" }).ClickAsync();
        var link = page.Locator(".export-line a");
        await Expect(link).ToBeVisibleAsync();
        await link.ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("privacy-section");
        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        Assert.StartsWith("titular-", download.SuggestedFilename, StringComparison.Ordinal);
        await using var zip = await ZipFile.OpenReadAsync(await download.PathAsync());
        using var reader = new StreamReader(zip.GetEntry("index.html")!.Open());
        Assert.Contains("jabuticaba", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task HoldAsync(IPage page, Looks looks)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Guarda legal" }).ClickAsync();
        await page.GetByLabel("Motivo da guarda").FillAsync("Processo 0001234-55.2027.8.26.0100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Guardar", Exact = true }).ClickAsync();
        await Expect(page.Locator(".privacy-hold")).ToContainTextAsync("0001234-55");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Apagar dados" })).ToBeDisabledAsync();
        await page.Locator(".privacy-hold").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("privacy-hold");
        await page.GetByRole(AriaRole.Button, new() { Name = "Encerrar guarda" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Encerrar guarda" }).ClickAsync();
        await Expect(page.Locator(".privacy-hold")).ToHaveCountAsync(0);
    }

    private async Task EraseAsync(IPage page, Looks looks)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Apagar dados" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await Expect(dialog.Locator(".weight")).ToContainTextAsync("Mensagens e notas: 1");
        await dialog.GetByLabel("Protocolo do pedido").FillAsync("2027-0042");
        await dialog.GetByLabel("Confirmação").FillAsync("Iracema");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apagar para sempre" }).ClickAsync();
        await Expect(dialog.Locator("[role=alert]")).ToContainTextAsync("Isto não é o nome");
        await looks.AtAsync("privacy-erase");
        await dialog.GetByLabel("Confirmação").FillAsync("Iracema Duarte");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apagar para sempre" }).ClickAsync();
        await Expect(page.Locator(".drawer")).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(company.Url, "contacts/privacy").ToString());
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("2027-0042");
        await Expect(page.Locator(".chip-warn")).ToHaveCountAsync(0);
        await looks.AtAsync("privacy-page");
    }

    private async Task OnThePhoneAsync()
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        await phone.Page.GotoAsync(new Uri(company.Url, "contacts/privacy").ToString());
        await Expect(phone.Page.Locator(".grid tbody tr")).ToHaveCountAsync(1);
        await looks.AtAsync("privacy-page");
        await OpenAsync(phone.Page);
        await phone.Page.Locator("#privacy-title").ScrollIntoViewIfNeededAsync();
        await looks.AtAsync("privacy-section");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Apagar dados" }).ClickAsync();
        await Expect(phone.Page.Locator(".weight")).ToBeVisibleAsync();
        await looks.AtAsync("privacy-erase");
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }
}
