using Inforzap.Channels;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Plugins;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A bot from its token to a customer who was served: the plugin in its own load context, in a host of its own.</summary>
public sealed class TelegramTests(Chromium chromium) : BrowserTest(chromium)
{
    private const long Maria = 777001;
    private FakeTelegram telegram = null!;
    private Place place = null!;
    private HostProcess host = null!;

    private protected override HostProcess? Watched => host;

    public override async ValueTask InitializeAsync()
    {
        telegram = await FakeTelegram.StartAsync();
        place = await Place.MakeAsync("Sqlite");
        host = await HostProcess.StartAsync(place.Settings(telegram.Server.Url));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await host.DisposeAsync();
        await place.DisposeAsync();
        await telegram.DisposeAsync();
    }

    [Fact]
    public async Task A_bot_is_connected_serves_a_customer_and_is_missed_when_its_token_is_taken_back()
    {
        var admin = await PersonAsync();
        var (page, desk) = (admin.Page, new DeskPage(admin.Page));
        await Company.SignInAsync(page, host.Url);

        await ConnectAsync(page);
        await admin.ShootAsync("telegram-card");
        await ServeAsync(page, desk);
        await ReadDiaryAsync(admin);
        await LoseAsync(admin);
        Assert.DoesNotContain(host.Output, l => l.Contains(FakeTelegram.Token.Split(':')[1], StringComparison.Ordinal));
        Assert.Equal(1, telegram.MostPolls);
    }

    private ILocator Card(IPage page) => page.Locator(".channel-card").Filter(new() { HasText = "Loja no Telegram" });

    private async Task ConnectAsync(IPage page)
    {
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo canal" }).ClickAsync();
        await page.Locator("#channel-form").GetByText("Telegram", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Nome", new() { Exact = true }).FillAsync("Loja no Telegram");
        await page.GetByLabel("Token do bot").FillAsync(FakeTelegram.Token);
        await page.GetByLabel("Endereço da API").FillAsync(telegram.Server.Url.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(Card(page)).ToContainTextAsync("Funcionando");
        await Expect(Card(page).GetByLabel("@loja_bot").First).ToHaveValueAsync("https://t.me/loja_bot");
        await Card(page).Locator(".channel-qr summary").ClickAsync();
        await Expect(Card(page).Locator("svg.qr")).ToBeVisibleAsync();
    }

    private async Task ServeAsync(IPage page, DeskPage desk)
    {
        telegram.Says(Maria, "Vocês entregam no sábado?");
        await page.GotoAsync(new Uri(host.Url, "desk?tab=pending").ToString());
        await desk.AcceptAsync("Maria Souza");
        await Expect(desk.Bubble("Vocês entregam no sábado?")).ToBeVisibleAsync();
        await desk.Composer.FillAsync("Entregamos, *até as 14h*");
        Assert.Equal("typing", (string?)(await telegram.CallAsync("sendChatAction")).Body["action"]);
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Tick("Entregamos", "sent")).ToBeVisibleAsync();
        var sent = await telegram.CallAsync("sendMessage");
        Assert.EndsWith("Entregamos, até as 14h", (string?)sent.Body["text"]);
        telegram.Happens("my_chat_member", Membership("member", "kicked"));
        await Expect(page.Locator(".talk-banner")).ToContainTextAsync("bloqueou o bot");

        telegram.Happens("my_chat_member", Membership("kicked", "member"));
        telegram.Says(Maria, "Bloqueei sem querer. Pode ser às 10h?");
        await Expect(desk.Bubble("Pode ser às 10h?")).ToBeVisibleAsync();
        await Expect(page.Locator(".talk-banner")).ToHaveCountAsync(0);
        await desk.SayAsync("Combinado, sábado às 10h");
        await Expect(desk.Tick("Combinado", "sent")).ToBeVisibleAsync();
        Assert.EndsWith("Combinado, sábado às 10h", (string?)(await telegram.CallAsync("sendMessage", 2)).Body["text"], StringComparison.Ordinal);
        await desk.ResolveAsync();
        await Expect(desk.Locked).ToContainTextAsync("Este atendimento foi resolvido.");
        await Expect(desk.Composer).ToHaveCountAsync(0);
        await desk.TabAsync("Fechado");
        await Expect(desk.Row("Maria Souza")).ToBeVisibleAsync();
    }

    private static string Membership(string before, string now) => $$$"""
        {"chat":{"id":{{{Maria}}},"type":"private","first_name":"Maria"},"from":{"id":{{{Maria}}},"is_bot":false,"first_name":"Maria"},"date":1770000400,
         "old_chat_member":{"user":{"id":123456789,"is_bot":true,"first_name":"Loja"},"status":"{{{before}}}"},
         "new_chat_member":{"user":{"id":123456789,"is_bot":true,"first_name":"Loja"},"status":"{{{now}}}","until_date":0}}
        """;

    private async Task ReadDiaryAsync(Screen admin)
    {
        var page = admin.Page;
        await admin.ShootAsync("telegram-conversation");
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        await Card(page).GetByRole(AriaRole.Button, new() { Name = "Loja no Telegram", Exact = true }).ClickAsync();
        await page.GetByText("Últimos acontecimentos").ClickAsync();
        await Expect(page.Locator(".log-rows")).ToContainTextAsync("entregue ao provedor");
        await page.Locator(".log-rows li").Filter(new() { HasText = "Mensagem" }).Locator("summary").First.ClickAsync();
        await Expect(page.Locator(".log-rows pre").First).ToContainTextAsync("update_id");
        Assert.DoesNotContain("sábado", await page.Locator(".log-rows").InnerTextAsync(), StringComparison.Ordinal);
        await admin.ShootAsync("telegram-diary");
        await page.Keyboard.PressAsync("Escape");
    }

    private async Task LoseAsync(Screen admin)
    {
        var page = admin.Page;
        telegram.IsRevoked = true;
        telegram.Says(Maria, "alguém?");
        await Expect(Card(page)).ToContainTextAsync("Parado");
        await Expect(Card(page)).ToContainTextAsync("@BotFather");
        // Nobody waits two minutes for a picture: it has been like this for three.
        await place.ReadAsync(db => db.Set<ChannelHealth>().Where(h => h.Session == Inforzap.Contracts.Channels.ChannelState.Stopped)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.TroubleSince, DateTime.UtcNow.AddMinutes(-3))));
        await Expect(page.Locator(".bell-count")).ToHaveTextAsync("1", new() { Timeout = 30_000 });
        await page.Locator(".rail-bell").ClickAsync();
        await Expect(page.Locator(".bell-alarm")).ToContainTextAsync("O canal Loja no Telegram não está funcionando");
        await admin.ShootAsync("telegram-bell");
    }
}
