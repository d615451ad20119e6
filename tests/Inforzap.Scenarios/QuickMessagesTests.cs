using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A text that is written once: from the administration into answers, by keys, by mouse and by thumb.</summary>
public sealed class QuickMessagesTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private const string Link = "https://pague.aurora.example/pedido";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_variable_and_a_message_with_a_picture_go_from_the_administration_to_a_customer()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        await MakeVariableAsync(admin.Page, looks);
        await MakeMessagesAsync(admin.Page, looks);
        await ImportAsync(admin.Page, looks);

        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync("Como faço para pagar o pedido da jabuticaba?");
        var ticket = await company.Place.EventuallyAsync(async db => await db.Set<Ticket>().Where(t => t.LastText.Contains("jabuticaba")).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        await AnswerAsync(admin.Page, looks, ticket);
        await Expect(chat.Bubble(Link)).ToBeVisibleAsync();
        await Expect(chat.Pictures).ToHaveCountAsync(1);

        await OnThePhoneAsync(ticket);
        await DeleteVariableAsync(admin.Page, looks, ticket);
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private async Task MakeVariableAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "settings/variables").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma variável ainda");
        await looks.AtAsync("variables-empty");
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova variável" }).ClickAsync();
        await page.GetByLabel("Chave").FillAsync("nome");
        await page.GetByLabel("Valor").FillAsync(Link);
        await page.GetByLabel("Tipo").SelectOptionAsync("Url");
        await page.GetByLabel("Descrição (opcional)").FillAsync("Página de pagamento");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".drawer [role=alert]")).ToContainTextAsync("do próprio Inforzap");
        await looks.AtAsync("variables-drawer");
        await page.GetByLabel("Chave").FillAsync("link_pagamento");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("{{link_pagamento}}");
        await looks.AtAsync("variables");
    }

    private async Task MakeMessagesAsync(IPage page, Looks looks)
    {
        await page.GotoAsync(new Uri(company.Url, "quick-messages").ToString());
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma mensagem rápida ainda");
        await looks.AtAsync("quick-empty");
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Nova mensagem rápida" }).ClickAsync();
        await page.GetByLabel("Atalho").FillAsync("Pagar");
        await page.GetByLabel("Título").FillAsync("Como pagar o pedido");
        await page.GetByLabel("Texto", new() { Exact = true }).FillAsync("Olá {{primeiroNome|tudo bem}}. Para pagar o pedido, abra  e siga os passos da foto.");
        // At the caret, between the two spaces.
        await page.Locator("#quick-body").EvaluateAsync("box => { const at = box.value.indexOf('abra ') + 5; box.setSelectionRange(at, at); }");
        await page.Locator(".chip-more").ClickAsync();
        await page.Locator(".variables").GetByText("link_pagamento").ClickAsync();
        await Expect(page.Locator("#quick-body")).ToHaveValueAsync("Olá {{primeiroNome|tudo bem}}. Para pagar o pedido, abra {{link_pagamento}} e siga os passos da foto.");
        await Expect(page.Locator(".preview-bubble")).ToHaveTextAsync($"Olá Maria. Para pagar o pedido, abra {Link} e siga os passos da foto.");
        await page.Locator(".drawer input[type=file]").SetInputFilesAsync(new FilePayload { Name = "passos.png", MimeType = "image/png", Buffer = Picture() });
        await Expect(page.Locator(".files img")).ToBeVisibleAsync();
        await looks.AtAsync("quick-drawer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Salvar" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToContainTextAsync("/pagar");
    }

    private static async Task ImportAsync(IPage page, Looks looks)
    {
        const string table = "atalho;titulo;texto;escopo;categoria;ordem\nhorario;Horário de atendimento;Atendemos de segunda a sábado, das 9h às 18h.;empresa;Loja;1\n"
            + "endereco;Onde ficamos;Rua das Flores, 10, ao lado da praça.;empresa;Loja;2\npagar;Como pagar;De outro jeito;empresa;Loja;3\nsem título;;oi;empresa;Loja;4\nobrigada;Despedida;Obrigada pelo contato, {{primeiroNome|até logo}}.;pessoal;;5";
        await page.ChooseTableAsync("rapidas.csv", table);
        await Expect(page.Locator(".import-sum")).ToHaveTextAsync("Linhas novas: 3. Já existem: 1. Com erro: 1.");
        await Expect(page.Locator(".import-lines li").First).ToContainTextAsync("linha 5");
        await looks.AtAsync("quick-import");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Importar (3)" }).ClickAsync();
        await Expect(page.Locator(".grid tbody tr")).ToHaveCountAsync(4);
        await looks.AtAsync("quick-messages");
        await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = "Tabela (CSV ou Excel)" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Exportar tabela", new() { Exact = true }).ClickAsync());
        Assert.Equal("mensagens-rapidas.csv", download.SuggestedFilename);
        Assert.Contains("horario;Horário de atendimento", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
    }

    private async Task AnswerAsync(IPage page, Looks looks, Guid ticket)
    {
        var desk = new DeskPage(page);
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await desk.TakeAsync();
        // A slash inside a word is none, and neither is one that nothing follows from.
        await desk.Composer.PressSequentiallyAsync("e/ou");
        await Expect(page.Locator("[data-quick]")).ToHaveCountAsync(0);
        await desk.Composer.FillAsync("");
        await desk.Composer.PressSequentiallyAsync("/");
        await Expect(page.Locator(".quick [role=option]")).ToHaveCountAsync(4);
        await looks.AtAsync("quick-list");
        await desk.Composer.PressAsync("ArrowDown");
        await desk.Composer.PressAsync("Escape");
        await Expect(page.Locator("[data-quick]")).ToHaveCountAsync(0);
        await Expect(desk.Composer).ToHaveValueAsync("/");
        await desk.Composer.FillAsync("");
        // Typed and confirmed at once, quicker than any list.
        await desk.Composer.PressSequentiallyAsync("Claro. /paga");
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Composer).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"^Claro. Olá .+ abra {Link} e siga os passos da foto.$"));
        await Expect(page.Locator(".uploads li")).ToHaveCountAsync(1);
        await Expect(desk.Bubbles).ToHaveCountAsync(1);
        await looks.AtAsync("quick-inserted");
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Tick("siga os passos", "read")).ToBeVisibleAsync();
        await Expect(desk.Composer).ToHaveValueAsync("");
        // Tab takes one, too, and the mouse.
        await desk.Composer.PressSequentiallyAsync("/hor");
        await Expect(page.Locator(".quick [role=option]")).ToHaveCountAsync(1);
        await desk.Composer.PressAsync("Tab");
        await Expect(desk.Composer).ToHaveValueAsync("Atendemos de segunda a sábado, das 9h às 18h.");
        await desk.Composer.PressSequentiallyAsync(" /end");
        await page.Locator(".quick [role=option]").Filter(new() { HasText = "/endereco" }).ClickAsync();
        await Expect(desk.Composer).ToHaveValueAsync("Atendemos de segunda a sábado, das 9h às 18h. Rua das Flores, 10, ao lado da praça.");
        await Expect(desk.Composer).ToBeFocusedAsync();
        await desk.Composer.FillAsync("");
    }

    private async Task OnThePhoneAsync(Guid ticket)
    {
        var options = await company.AdminAsync(chromium);
        (options.ViewportSize, options.HasTouch, options.IsMobile) = (new() { Width = 390, Height = 844 }, true, true);
        var phone = await PersonAsync(options);
        var looks = new Looks(phone, "phone");
        var (page, desk) = (phone.Page, new DeskPage(phone.Page));
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await Expect(desk.Composer).ToBeVisibleAsync();
        await page.Locator("[data-quick-open]").TapAsync();
        await Expect(page.Locator(".quick [role=option]")).ToHaveCountAsync(4);
        await looks.AtAsync("quick-list");
        await page.Locator(".quick [role=option]").Filter(new() { HasText = "/endereco" }).TapAsync();
        await Expect(desk.Composer).ToHaveValueAsync("Rua das Flores, 10, ao lado da praça.");
        await desk.Composer.FillAsync("");
        // Opened by the button and left again: nothing stays behind.
        await page.Locator("[data-quick-open]").TapAsync();
        await Expect(page.Locator("[data-quick]")).ToBeVisibleAsync();
        await page.Locator("[data-quick-open]").TapAsync();
        await Expect(page.Locator("[data-quick]")).ToHaveCountAsync(0);
        await Expect(desk.Composer).ToHaveValueAsync("");
        foreach (var (path, open) in new[] { ("quick-messages", "Nova mensagem rápida"), ("settings/variables", "Nova variável") })
        {
            await page.GotoAsync(new Uri(company.Url, path).ToString());
            await Expect(page.Locator(".grid tbody tr").First).ToBeVisibleAsync();
            await looks.AtAsync(path.Replace('/', '-'));
            await page.Locator(".page-action").GetByRole(AriaRole.Button, new() { Name = open }).ClickAsync();
            await Expect(page.Locator(".drawer input").First).ToBeVisibleAsync();
            await looks.AtAsync($"{path.Replace('/', '-')}-drawer");
        }
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    /// <summary>It says first where it is used; afterwards what used it is not sent as it stands.</summary>
    private async Task DeleteVariableAsync(IPage page, Looks looks, Guid ticket)
    {
        await page.GotoAsync(new Uri(company.Url, "settings/variables").ToString());
        await page.Locator(".grid-menu button").ClickAsync();
        await page.GetByText("Excluir", new() { Exact = true }).ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("Mensagens rápidas: 1");
        await looks.AtAsync("variables-delete");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Excluir" }).ClickAsync();
        await Expect(page.Locator(".state")).ToContainTextAsync("Nenhuma variável ainda");
        var desk = new DeskPage(page);
        await page.GotoAsync(new Uri(company.Url, $"desk/{ticket}").ToString());
        await desk.Composer.PressSequentiallyAsync("/pagar");
        await desk.Composer.PressAsync("Enter");
        await Expect(page.Locator(".composer-problem")).ToContainTextAsync("{{link_pagamento}}");
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Composer).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("link_pagamento"));
        await Expect(desk.Bubbles).ToHaveCountAsync(2);
        await looks.AtAsync("quick-unknown");
        await desk.Composer.FillAsync("");
    }

    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(480, 320);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(0x0B, 0x7A, 0x75));
            using var paint = new SKPaint { Color = SKColors.White };
            canvas.DrawCircle(240, 160, 90, paint);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return png.ToArray();
    }
}
