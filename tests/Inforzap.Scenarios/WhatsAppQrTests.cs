using System.Net;
using System.Text.Json.Nodes;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Plugins;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A number from its QR code to a customer who was served, and to the telephone that puts it out: the plugin in its own load context.</summary>
public sealed class WhatsAppQrTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Maria = "5511988887777@s.whatsapp.net";
    private FakeEvolution gateway = null!;
    private Place place = null!;
    private HostProcess host = null!;

    private protected override HostProcess? Watched => host;

    public override async ValueTask InitializeAsync()
    {
        gateway = await FakeEvolution.StartAsync();
        place = await Place.MakeAsync("Sqlite");
        host = await HostProcess.StartAsync(place.Settings(gateway.Server.Url));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await host.DisposeAsync();
        await place.DisposeAsync();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_number_is_paired_serves_a_customer_and_says_when_its_telephone_put_it_out()
    {
        var admin = await PersonAsync();
        var (page, desk) = (admin.Page, new DeskPage(admin.Page));
        await Company.SignInAsync(page, host.Url);
        await PairAsync(admin);
        await ServeAsync(admin, desk);
        await LoseAsync(admin);
        foreach (var secret in new[] { FakeEvolution.Key, "2@primeiro" }) Assert.DoesNotContain(host.Output, l => l.Contains(secret, StringComparison.Ordinal));
    }

    private ILocator Card(IPage page) => page.Locator(".channel-card").Filter(new() { HasText = "Loja no celular" });

    private async Task PairAsync(Screen admin)
    {
        var page = admin.Page;
        gateway.Qr = "2@primeiro";
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo canal" }).ClickAsync();
        await page.Locator("#channel-form").GetByText("WhatsApp (QR code)", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Nome", new() { Exact = true }).FillAsync("Loja no celular");
        await page.GetByLabel("Endereço do gateway").FillAsync(gateway.Server.Url.ToString());
        await page.GetByLabel("Chave da API").FillAsync(FakeEvolution.Key);
        await page.GetByLabel("Endereço deste sistema para o gateway").FillAsync(host.Url.ToString());
        await admin.ShootAsync("whatsapp-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(Card(page).Locator(".channel-pairing svg.qr")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await admin.ShootAsync("whatsapp-code");
        gateway.Pair();
        Assert.Equal(HttpStatusCode.OK, await gateway.TellAsync("connection.update", new JsonObject { ["state"] = "open", ["statusReason"] = 200 }));
        await Expect(Card(page)).ToContainTextAsync("Funcionando", new() { Timeout = 30_000 });
        await Expect(Card(page).Locator(".channel-pairing")).ToHaveCountAsync(0);
        await Expect(Card(page).GetByLabel($"Loja · +{FakeEvolution.Own}").First).ToHaveValueAsync($"https://wa.me/{FakeEvolution.Own}");
    }

    private async Task ServeAsync(Screen admin, DeskPage desk)
    {
        var page = admin.Page;
        Assert.Equal(HttpStatusCode.OK, await gateway.TellAsync("messages.upsert", FakeEvolution.Message(Maria, new JsonObject { ["conversation"] = "Vocês entregam no sábado?" }, "3EB0ASK")));
        await page.GotoAsync(new Uri(host.Url, "desk?tab=pending").ToString());
        await desk.AcceptAsync("Maria");
        await Expect(desk.Bubble("Vocês entregam no sábado?")).ToBeVisibleAsync();
        await desk.SayAsync("Entregamos, *até as 14h*");
        await Expect(desk.Tick("Entregamos", "sent")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.EndsWith("Entregamos, *até as 14h*", (string?)Assert.Single(gateway.Accepted).Body["text"], StringComparison.Ordinal);
        await gateway.TellAsync("messages.update", FakeEvolution.Status(gateway.Accepted[0].Id!, Maria, "READ"));
        await Expect(desk.Tick("Entregamos", "read")).ToBeVisibleAsync();
        await admin.ShootAsync("whatsapp-conversation");
    }

    private async Task LoseAsync(Screen admin)
    {
        var page = admin.Page;
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        gateway.Unpair(401);
        await gateway.TellAsync("connection.update", new JsonObject { ["state"] = "close", ["statusReason"] = 401 });
        await Expect(Card(page)).ToContainTextAsync("Parado", new() { Timeout = 30_000 });
        await Expect(Card(page)).ToContainTextAsync("Aparelhos conectados");
        await admin.ShootAsync("whatsapp-lost");
    }
}
