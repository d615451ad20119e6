using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Plugins;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A number of Meta's is connected by an administrator, and its first customer is served.</summary>
public sealed partial class WhatsAppTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private FakeMeta meta = null!;
    private Place place = null!;
    private HostProcess host = null!;

    private protected override HostProcess? Watched => host;

    public override async ValueTask InitializeAsync()
    {
        meta = await FakeMeta.StartAsync();
        meta.IsSubscribed = false;
        place = await Place.MakeAsync("Sqlite");
        host = await HostProcess.StartAsync(place.Settings(meta.Server.Url));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Assert.DoesNotContain(host.Output, l => l.Contains("CANARIO", StringComparison.Ordinal));
        await host.DisposeAsync();
        await place.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public async Task A_number_is_connected_and_its_first_customer_is_served()
    {
        var agent = await PersonAsync();
        await Company.SignInAsync(agent.Page, host.Url);
        await ConnectAsync(agent);

        var desk = new DeskPage(agent.Page);
        await agent.Page.GotoAsync(new Uri(host.Url, "desk").ToString());
        await desk.TabAsync("Pendente");
        await Expect(desk.Rows).ToHaveCountAsync(0);
        await ServeAsync(agent, desk);
        await StayShutAsync(agent, desk);
    }

    /// <summary>The form is filled in, what the card shows is what Meta needs, and the test shows the number.</summary>
    private async Task ConnectAsync(Screen agent)
    {
        var page = agent.Page;
        await page.GotoAsync(new Uri(host.Url, "channels").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo canal" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "WhatsApp (API oficial)" }).CheckAsync();
        await page.GetByLabel("Nome", new() { Exact = true }).FillAsync("Loja");
        await page.GetByLabel("ID do número de telefone").FillAsync(FakeMeta.Phone);
        await page.GetByLabel("ID da conta do WhatsApp Business").FillAsync(FakeMeta.Account);
        await page.GetByLabel("Token de acesso").FillAsync(FakeMeta.Token);
        await page.GetByLabel("Chave secreta do aplicativo").FillAsync(FakeMeta.AppSecret);
        await page.GetByLabel("Endereço da API").FillAsync(meta.Server.Url.ToString());
        await agent.ShootAsync("whatsapp-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();

        var card = page.Locator(".channel-card", new() { HasText = "Loja Exemplo" });
        await Expect(card).ToContainTextAsync("Funcionando");
        await Expect(card).ToContainTextAsync("precisa de um endereço público com https");
        // As an administrator would: both values from the card into Meta's form.
        var address = await card.GetByLabel("Endereço para o provedor (webhook)", new() { Exact = true }).InputValueAsync();
        var token = await card.GetByLabel("Token de verificação (Verify token)", new() { Exact = true }).InputValueAsync();
        Assert.EndsWith("/hooks/loja", address, StringComparison.Ordinal);
        using var shake = await host.Http.GetAsync($"{address}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444");
        Assert.Equal("1158201444", await shake.Content.ReadAsStringAsync());
        Assert.True(meta.IsSubscribed);

        await card.GetByRole(AriaRole.Button, new() { Name = "Mais ações: Loja" }).ClickAsync();
        await page.GetByText("Testar agora").ClickAsync();
        await Expect(page.GetByText("+55 11 4002-8922 · Loja Exemplo · qualidade alta")).ToBeVisibleAsync();
        await LookAsync(agent, "whatsapp-channel");
    }

    private async Task ServeAsync(Screen agent, DeskPage desk)
    {
        meta.Keeps("M1", Png, "image/png");
        await CallAsync(meta.Says("5511988887777", "Vocês entregam?", name: "Maria Souza"));
        await Expect(desk.Row("Maria Souza")).ToBeVisibleAsync();
        await desk.AcceptAsync("Maria Souza");
        await Expect(desk.Bubble("Vocês entregam?")).ToBeVisibleAsync();
        await Expect(agent.Page.Locator(".window-chip.ample")).ToContainTextAsync("23 h");

        await desk.SayAsync("Sim, hoje mesmo");
        await Expect(desk.Tick("Sim, hoje mesmo", "sent")).ToBeVisibleAsync();
        var taken = Assert.Single(meta.Accepted);
        Assert.EndsWith("Sim, hoje mesmo", (string?)taken.Content["body"], StringComparison.Ordinal);
        foreach (var state in new[] { "delivered", "read" })
        {
            await CallAsync(FakeMeta.Statuses(meta.Status(taken, state)));
            await Expect(desk.Tick("Sim, hoje mesmo", state)).ToBeVisibleAsync();
        }
        await CallAsync(meta.Brings("5511988887777", "image", new JsonObject { ["id"] = "M1", ["caption"] = "Quero este" }));
        await Expect(desk.Bubble("Quero este").Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await CallAsync(meta.Brings("5511988887777", "system", new JsonObject { ["type"] = "user_changed_number", ["wa_id"] = "5521966665555" }));
        await Expect(agent.Page.Locator(".told")).ToContainTextAsync("agora é +55 21 96666-5555");
        await LookAsync(agent, "whatsapp-served");
        await desk.ResolveAsync();
        await Expect(desk.Locked).ToContainTextAsync("Este atendimento foi resolvido.");
        await Expect(agent.Page.Locator(".window-chip")).ToHaveCountAsync(0);
    }

    /// <summary>Somebody wrote more than a day ago, while the house was closed.</summary>
    private async Task StayShutAsync(Screen agent, DeskPage desk)
    {
        await CallAsync(meta.Says("5511977776666", "Tem alguém aí?", name: "João Dias", at: DateTimeOffset.UtcNow.AddHours(-30)));
        await desk.TabAsync("Pendente");
        await desk.AcceptAsync("João Dias");
        await Expect(desk.Bubble("Tem alguém aí?")).ToBeVisibleAsync();
        await Expect(desk.Locked).ToContainTextAsync("24 horas depois de uma mensagem do cliente");
        await Expect(agent.Page.Locator(".window-chip.late")).ToContainTextAsync("Prazo encerrado");
        await LookAsync(agent, "whatsapp-shut");
        await SendTemplateAsync(agent, desk);
        await CallAsync(meta.Says("5511977776666", "Voltei", name: "João Dias"));
        await Expect(desk.Composer).ToBeVisibleAsync();
        await Expect(agent.Page.Locator(".window-chip.ample")).ToBeVisibleAsync();
        await desk.SayAsync("Desculpe a demora");
        await Expect(desk.Tick("Desculpe a demora", "sent")).ToBeVisibleAsync();
    }

    /// <summary>A template is brought from Meta, and goes to who can't be answered freely any more; another one is handed in.</summary>
    private async Task SendTemplateAsync(Screen agent, DeskPage desk)
    {
        var (page, talk) = (agent.Page, agent.Page.Url);
        meta.Templates.Add((JsonObject)JsonNode.Parse("""
            {"id":"101","name":"pedido_enviado","language":"pt_BR","status":"APPROVED","category":"UTILITY","parameter_format":"POSITIONAL","quality_score":{"score":"GREEN"},
             "components":[{"type":"HEADER","format":"TEXT","text":"Seu pedido saiu"},{"type":"BODY","text":"Olá {{1}}, o pedido {{2}} saiu para entrega e chega hoje.","example":{"body_text":[["Maria","42"]]}},{"type":"FOOTER","text":"Loja Exemplo"},
             {"type":"BUTTONS","buttons":[{"type":"URL","text":"Acompanhar","url":"https://loja.example/p/{{1}}"},{"type":"QUICK_REPLY","text":"Obrigado"}]}]}
            """)!);
        await page.GotoAsync(new Uri(host.Url, "templates").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sincronizar" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("pedido_enviado");
        await LookAsync(agent, "templates");
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo modelo" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("input").First.FillAsync("consulta_amanha");
        await drawer.Locator("textarea").FillAsync("Olá {{1}}, sua consulta é amanhã às {{2}}.");
        await drawer.GetByLabel("Exemplo para 1").FillAsync("Maria");
        await drawer.GetByLabel("Exemplo para 2").FillAsync("15h");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Adicionar botão" }).ClickAsync();
        await drawer.GetByLabel("Texto do botão").FillAsync("Confirmar");
        await Expect(drawer.Locator(".template-preview")).ToContainTextAsync("amanhã às 15h");
        await LookAsync(agent, "template-drawer");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Enviar para análise" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr").First).ToContainTextAsync("Em análise");

        await page.GotoAsync(talk);
        await page.Locator(".side-head").WaitForAsync();
        await page.Locator(".panel-toggle").ClickAsync();
        await desk.Locked.GetByRole(AriaRole.Button, new() { Name = "Enviar modelo" }).ClickAsync();
        var dialog = page.Locator(".template-dialog");
        await dialog.Locator(".template-choices button").ClickAsync();
        await dialog.GetByLabel("Variável 1").FillAsync("João");
        await dialog.GetByLabel("Variável 2").FillAsync("42");
        await dialog.GetByLabel("Acompanhar").FillAsync("42");
        await Expect(dialog.Locator(".template-preview")).ToContainTextAsync("Olá João, o pedido 42 saiu");
        await LookAsync(agent, "template-dialog");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar" }).ClickAsync();
        await Expect(desk.Tick("Olá João, o pedido 42 saiu", "sent")).ToBeVisibleAsync();
        Assert.Equal("template", meta.Accepted[^1].Type);
        await LookAsync(agent, "template-sent");
        await CallAsync(FakeMeta.Statuses(meta.Status(meta.Accepted[^1], "delivered")));
        await Expect(desk.Tick("Olá João, o pedido 42 saiu", "delivered")).ToHaveAttributeAsync("title", CostOfTemplate());
        await CountCostsAsync(agent);
        await page.GotoAsync(talk);
        await page.Locator(".side-head").WaitForAsync();
        await page.Locator(".panel-toggle").ClickAsync();
    }

    [GeneratedRegex("^Entregue · .+, (cobrada|gratuita)$")]
    private static partial Regex CostOfTemplate();

    /// <summary>What Meta charged is counted by itself, and comes to an amount as soon as somebody fills in a price.</summary>
    private async Task CountCostsAsync(Screen agent)
    {
        var page = agent.Page;
        await page.GotoAsync(new Uri(host.Url, "templates").ToString());
        await page.Locator(".page-action a", new() { HasText = "Custos" }).ClickAsync();
        await Expect(page.Locator(".cost-figures")).ToContainTextAsync("Cobradas");
        await Expect(page.Locator(".cost-notice")).ToContainTextAsync("ainda não têm preço");
        await page.GetByRole(AriaRole.Button, new() { Name = "Novo preço" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.Locator("select").First.SelectOptionAsync("service");
        await drawer.GetByLabel("Preço por mensagem").FillAsync("0,0625");
        await LookAsync(agent, "cost-price");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator("#prices .grid")).ToContainTextAsync("BRL 0,0625");
        await Expect(page.Locator(".cost-figures")).ToContainTextAsync("BRL");
        await LookAsync(agent, "costs");
    }

    /// <summary>On a desk and on a phone, light and dark.</summary>
    private static async Task LookAsync(Screen agent, string name)
    {
        // On a phone the contact would lie over the conversation.
        if (await agent.Page.Locator(".side").IsVisibleAsync()) await agent.Page.Locator(".panel-toggle").ClickAsync();
        foreach (var (width, height, device) in new[] { (390, 844, "phone"), (1440, 900, "desk") })
        {
            await agent.Page.SetViewportSizeAsync(width, height);
            var looks = new Looks(agent, device);
            await looks.AtAsync(name);
            Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
        }
    }

    private async Task CallAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "hooks/loja")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Headers.Add("X-Hub-Signature-256", FakeMeta.Sign(body));
        using var answer = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
