using System.Net;
using System.Text;
using System.Text.Json;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Plugins;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A channel of SMS from its key to a reply: an SMS is sent from beside a conversation on another channel.</summary>
public sealed class SmsTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Maria = "5511988887777";
    private FakeComtele comtele = null!;
    private Place place = null!;
    private HostProcess host = null!;

    private protected override HostProcess? Watched => host;

    public override async ValueTask InitializeAsync()
    {
        comtele = await FakeComtele.StartAsync();
        place = await Place.MakeAsync("Sqlite");
        host = await HostProcess.StartAsync(place.Settings(comtele.Server.Url));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Assert.DoesNotContain(host.Output, l => l.Contains(FakeComtele.Key, StringComparison.Ordinal));
        await host.DisposeAsync();
        await place.DisposeAsync();
        await comtele.DisposeAsync();
    }

    [Fact]
    public async Task An_SMS_is_sent_from_beside_another_conversation_ticks_and_is_answered()
    {
        var agent = await PersonAsync();
        await Company.SignInAsync(agent.Page, host.Url);
        var addresses = await ConnectAsync(agent);
        var desk = new DeskPage(agent.Page);
        await SendAsync(agent, desk);
        await AnswerAsync(agent, desk, addresses);
    }

    /// <summary>The form is filled in, the test lists the routes, and the card shows what Comtele needs.</summary>
    private async Task<(string Status, string Reply)> ConnectAsync(Screen agent)
    {
        var page = agent.Page;
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo canal" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "SMS (Comtele)" }).CheckAsync();
        await page.GetByLabel("Nome", new() { Exact = true }).FillAsync("Torpedos");
        await page.GetByLabel("Chave da API").FillAsync(FakeComtele.Key);
        await page.GetByLabel("Rota", new() { Exact = true }).FillAsync("17");
        await page.GetByLabel("Endereço da API").FillAsync(comtele.Server.Url.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        var card = page.Locator(".channel-card", new() { HasText = "Torpedos" });
        await Expect(card).ToContainTextAsync("Funcionando");
        await Expect(card).ToContainTextAsync("R$ 123,45");
        await card.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Torpedos" }).ClickAsync();
        await page.GetByText("Testar agora").ClickAsync();
        await Expect(page.GetByText("Rota 17: SMS Premium")).ToBeVisibleAsync();
        await ShootAsync(agent, "sms-channel");
        return (await card.GetByLabel("Endereço para status (Comtele)", new() { Exact = true }).InputValueAsync(), await card.GetByLabel("Endereço para respostas (Comtele)", new() { Exact = true }).InputValueAsync());
    }

    private async Task SendAsync(Screen agent, DeskPage desk)
    {
        var page = agent.Page;
        await host.WriteAsync("m1", Maria, "Meu pedido já saiu?");
        await page.GotoAsync(new Uri(host.Url, "desk?tab=pending").ToString());
        await page.Locator(".list .row .row-link").First.ClickAsync();
        await desk.TakeAsync();
        await Expect(desk.Bubble("Meu pedido já saiu?")).ToBeVisibleAsync();
        await page.Locator(".side-who").GetByRole(AriaRole.Button, new() { Name = "SMS", Exact = true }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.Locator("textarea").FillAsync("Saiu agora, chega até às 18h");
        await Expect(dialog.Locator("#sms-count")).ToContainTextAsync("28/160 · 1 SMS");
        await ShootAsync(agent, "sms-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar SMS" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("está a caminho");
        await ShootAsync(agent, "sms-sent");
        Assert.Equal((Maria, "Saiu agora, chega ate as 18h"), await comtele.TakenAsync() is var sms ? (sms.Phone, sms.Text) : default);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Abrir a conversa" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(desk.Tick("Saiu agora", "sent")).ToBeVisibleAsync();
    }

    private async Task AnswerAsync(Screen agent, DeskPage desk, (string Status, string Reply) addresses)
    {
        var page = agent.Page;
        var sms = comtele.Taken[0];
        await CallAsync(addresses.Status, new { status = "Delivered", receiver = sms.Phone, custom = sms.Tag });
        await Expect(desk.Tick("Saiu agora", "delivered")).ToBeVisibleAsync();
        await CallAsync(addresses.Reply, new { sender = Maria, content = "Perfeito, obrigada", messageId = "r1", receivedAt = DateTime.UtcNow });
        await Expect(desk.Bubble("Perfeito, obrigada")).ToBeVisibleAsync();
        // In the conversation by SMS the composer counts, with the signature.
        await desk.Composer.FillAsync("Até logo");
        await Expect(page.Locator("[data-count]")).ToContainTextAsync("/160 · 1 SMS");
        await desk.Composer.FillAsync(new string('a', 200));
        await Expect(page.Locator("[data-count]")).ToContainTextAsync("/306 · 2 SMS");
        // On a phone the contact would lie over the conversation.
        await page.Locator(".panel-toggle").ClickAsync();
        await ShootAsync(agent, "sms-conversation");
        await desk.Composer.FillAsync(new string('a', 700));
        await Expect(page.Locator("[data-count].over")).ToBeVisibleAsync();
        await desk.Composer.FillAsync("");
        await Expect(page.Locator("[data-count]")).ToBeHiddenAsync();
        await desk.SayAsync("Até logo");
        await Expect(desk.Tick("Até logo", "sent")).ToBeVisibleAsync();
        Assert.EndsWith("Ate logo", (await comtele.TakenAsync(2)).Text, StringComparison.Ordinal);
    }

    private static async Task ShootAsync(Screen agent, string name)
    {
        foreach (var (width, height, device) in new[] { (390, 844, "phone"), (1440, 900, "desk") })
        {
            await agent.Page.SetViewportSizeAsync(width, height);
            await Task.Delay(400);
            await agent.ShootAsync($"{name}-{device}");
        }
    }

    private async Task CallAsync(string address, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, new Uri(new Uri(host.Url, "/"), address).PathAndQuery)) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        using var answer = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
