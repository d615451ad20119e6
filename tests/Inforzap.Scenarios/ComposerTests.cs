using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>What agents send besides words: their voice, stickers, rooms for video calls, marked text, and what was said elsewhere.</summary>
public sealed class ComposerTests(Chromium chromium, Company company) : BrowserTest(chromium)
{
    private const string Phone = "5511940077001";

    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_voice_a_sticker_a_room_and_a_message_of_somebody_else_reach_the_customer()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var looks = new Looks(admin, "desk");
        var visitor = await PersonAsync(new() { ViewportSize = new() { Width = 480, Height = 760 } });
        var chat = new WebChatPage(visitor.Page);
        await visitor.Page.GotoAsync(new Uri(company.Url, "webchat/webchat").ToString());
        await chat.SayAsync("Vocês fazem bolo de pitanga?");
        var ticket = await TicketAsync(t => t.LastText.Contains("pitanga"));
        await company.WriteAsync((Phone, "Olga Prestes", "Qual é o prazo de entrega da torta?"));
        var other = await TicketAsync(t => t.AddressValue == Phone);
        var desk = new DeskPage(admin.Page);
        await admin.Page.GotoAsync(new Uri(company.Url, $"desk/{other}?tab=pending").ToString());
        await desk.TakeAsync();
        await admin.Page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=pending").ToString());
        await desk.TakeAsync();
        await admin.Page.GotoAsync(new Uri(company.Url, $"desk/{ticket}?tab=open").ToString());
        await Expect(desk.Composer).ToBeVisibleAsync();

        await RecordAsync(admin.Page, looks, chat, ticket, other);
        await StickAsync(admin.Page, looks, chat);
        await WriteAsync(admin.Page, looks);
        await SearchAsync(admin.Page, looks);
        await ForwardAsync(admin.Page, looks, other);
        await OnThePhoneAsync(ticket);
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private Task<Guid> TicketAsync(System.Linq.Expressions.Expression<Func<Ticket, bool>> which) =>
        company.Place.EventuallyAsync(db => db.Set<Ticket>().Where(which).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());

    private static ILocator Rec(IPage page, string what) => page.Locator($"[data-rec='{what}']");

    private async Task RecordAsync(IPage page, Looks looks, WebChatPage chat, Guid ticket, Guid other)
    {
        var desk = new DeskPage(page);
        // With words in the box its place is for sending.
        await Expect(Rec(page, "start")).ToBeVisibleAsync();
        await desk.Composer.FillAsync("oi");
        await Expect(Rec(page, "start")).ToBeHiddenAsync();
        await Expect(page.Locator("[data-send]")).ToBeVisibleAsync();
        await desk.Composer.FillAsync("");
        await Rec(page, "start").ClickAsync();
        await Expect(page.Locator(".composer[data-recording=live] .rec-dot")).ToBeVisibleAsync();
        await Expect(desk.Composer).ToBeHiddenAsync();
        // Under three seconds nothing is asked.
        await Rec(page, "discard").ClickAsync();
        await Expect(desk.Composer).ToBeVisibleAsync();

        await Rec(page, "start").ClickAsync();
        await Expect(page.Locator("[data-rec-time]")).ToHaveTextAsync("0:04");
        await looks.AtAsync("record-live");
        await Rec(page, "pause").ClickAsync();
        await Rec(page, "play").ClickAsync();
        await Expect(page.Locator(".recorder.playing")).ToHaveCountAsync(1);
        await Rec(page, "resume").ClickAsync();
        await Expect(page.Locator(".composer[data-recording=live]")).ToHaveCountAsync(1);
        await Rec(page, "discard").ClickAsync();
        await Expect(page.Locator(".rec-doubt")).ToBeVisibleAsync();
        await looks.AtAsync("record-doubt");
        await Rec(page, "keep").ClickAsync();
        await Expect(Rec(page, "resume")).ToBeVisibleAsync();

        // Whoever looks elsewhere meanwhile finds it again.
        await page.Locator($".row-link[href*='{other}']").ClickAsync();
        await Expect(desk.Bubble("prazo de entrega")).ToBeVisibleAsync();
        await Expect(desk.Composer).ToBeVisibleAsync();
        await page.Locator($".row-link[href*='{ticket}']").ClickAsync();
        await Expect(page.Locator(".recorder[data-final=yes] [data-rec=send]")).ToBeVisibleAsync();
        await Expect(Rec(page, "resume")).ToBeHiddenAsync();

        // The server fails, then the line: nothing of it is lost.
        await page.RouteAsync("**/media/voice?*", route => route.FulfillAsync(new() { Status = 200, ContentType = "application/json", Body = """{"message":"O servidor não conseguiu ler esta gravação."}""" }));
        await Rec(page, "send").ClickAsync();
        await Expect(page.Locator("[data-rec-problem]")).ToHaveTextAsync("O servidor não conseguiu ler esta gravação.");
        await looks.AtAsync("record-failed");
        await page.UnrouteAllAsync();
        await Rec(page, "send").ClickAsync();
        await Expect(desk.Composer).ToBeVisibleAsync();
        await Expect(desk.Bubbles.Locator(".audio")).ToHaveCountAsync(1);
        await Expect(chat.Frame.Locator("#list .file.voice, #list .file.audio")).ToHaveCountAsync(1);
        await desk.Bubbles.Locator(".audio-play").ClickAsync();
        await Expect(desk.Bubbles.Locator(".audio.playing")).ToHaveCountAsync(1);
        await Expect(desk.Bubbles.Locator(".audio-time")).Not.ToHaveTextAsync("0:00");
        var kind = await company.Place.ReadAsync(db => db.Set<Message>().Where(m => m.TicketId == ticket && m.FromUs).Select(m => m.Kind).SingleAsync());
        Assert.Equal(MessageKind.Voice, kind);

        // Who may not use the microphone is told what to do.
        await page.EvaluateAsync("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }");
        await Rec(page, "start").ClickAsync();
        await Expect(page.Locator("[data-mic-problem]")).ToContainTextAsync("não tem permissão para usar o microfone");
        await looks.AtAsync("record-denied");
    }

    private static async Task StickAsync(IPage page, Looks looks, WebChatPage chat)
    {
        await page.Locator("[data-stickers]").ClickAsync();
        await Expect(page.Locator(".stickers")).ToContainTextAsync("Nenhuma figurinha ainda");
        await looks.AtAsync("stickers-empty");
        await page.Locator(".stickers input[type=file]").SetInputFilesAsync([Picture("bom-dia", 0x0B, 0x7A, 0x75), Picture("obrigada", 0xC2, 0x41, 0x0C), Picture("a-caminho", 0x4F, 0x46, 0xE5)]);
        await Expect(page.Locator(".sticker-pick")).ToHaveCountAsync(3);
        await page.Locator(".stickers .link").ClickAsync();
        await looks.AtAsync("stickers-edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Excluir a figurinha a-caminho" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Excluir" }).ClickAsync();
        await Expect(page.Locator(".sticker-pick")).ToHaveCountAsync(2);
        await page.Locator(".stickers .link").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enviar a figurinha bom-dia" }).ClickAsync();
        await Expect(page.Locator(".stickers")).ToHaveCountAsync(0);
        await Expect(page.Locator(".history .picture.sticker img")).ToHaveCountAsync(1);
        await Expect(chat.Frame.Locator("#list .file.sticker img")).ToHaveCountAsync(1);
    }

    private static async Task WriteAsync(IPage page, Looks looks)
    {
        var desk = new DeskPage(page);
        await desk.Composer.FillAsync("Entre aqui:");
        await page.GetByRole(AriaRole.Button, new() { Name = "Link de videochamada" }).ClickAsync();
        await Expect(desk.Composer).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Entre aqui: https://meet\\.jit\\.si/[0-9a-f]{32} $"));
        await desk.Composer.FillAsync("O bolo sai hoje sem falta");
        await desk.Composer.EvaluateAsync("box => box.setSelectionRange(11, 15)");
        await desk.Composer.PressAsync("Control+b");
        await Expect(desk.Composer).ToHaveValueAsync("O bolo sai *hoje* sem falta");
        await desk.Composer.PressAsync("Control+b");
        await Expect(desk.Composer).ToHaveValueAsync("O bolo sai hoje sem falta");
        await desk.Composer.EvaluateAsync("box => { box.focus(); box.setSelectionRange(0, 6); }");
        await Expect(page.Locator(".format-bar")).ToBeVisibleAsync();
        await looks.AtAsync("format-bar");
        await page.Locator("[data-format='~']").ClickAsync();
        await Expect(desk.Composer).ToHaveValueAsync("~O bolo~ sai hoje sem falta");
        await desk.Composer.EvaluateAsync("box => box.setSelectionRange(13, 27)");
        await page.Locator("[data-format='_']").ClickAsync();
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Bubble("O bolo sai hoje sem falta").Locator(".body span").First).ToBeVisibleAsync();
    }

    private static async Task SearchAsync(IPage page, Looks looks)
    {
        await page.Keyboard.PressAsync("Alt+f");
        await page.Locator(".find-bar input").FillAsync("bolo");
        await Expect(page.Locator(".find-count")).ToHaveTextAsync("1 de 2");
        await looks.AtAsync("find-inside");
        await page.Locator(".find-bar input").PressAsync("Enter");
        await Expect(page.Locator(".find-count")).ToHaveTextAsync("2 de 2");
        await page.Locator(".find-bar input").PressAsync("Escape");
        await Expect(page.Locator(".find-bar")).ToHaveCountAsync(0);
        await page.Locator(".side-gallery summary").ClickAsync();
        await Expect(page.Locator(".side-gallery")).ToContainTextAsync("Nenhuma imagem ou vídeo");
        await page.Locator(".side-gallery").GetByRole(AriaRole.Tab, new() { Name = "Arquivos" }).ClickAsync();
        await Expect(page.Locator(".gallery-lines li")).ToHaveCountAsync(1);
        await looks.AtAsync("gallery");
    }

    private static async Task ForwardAsync(IPage page, Looks looks, Guid other)
    {
        var desk = new DeskPage(page);
        await (await desk.MenuAsync("pitanga")).GetByRole(AriaRole.Menuitem, new() { Name = "Encaminhar" }).ClickAsync();
        var dialog = page.Locator(".mud-dialog");
        await dialog.GetByRole(AriaRole.Option).Filter(new() { HasText = "Olga Prestes" }).ClickAsync();
        await Expect(dialog.Locator(".forward-chosen li")).ToHaveCountAsync(1);
        await looks.AtAsync("forward");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        // A sticker is nothing for a channel that shows none.
        await page.Locator(".bubble-row").Filter(new() { Has = page.Locator(".picture.sticker") }).HoverAsync();
        await page.Locator(".bubble-row").Filter(new() { Has = page.Locator(".picture.sticker") }).GetByRole(AriaRole.Button, new() { Name = "Ações da mensagem" }).ClickAsync();
        await page.Locator(".bubble-menu").GetByRole(AriaRole.Menuitem, new() { Name = "Encaminhar" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Option).Filter(new() { HasText = "Olga Prestes" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Enviar" }).ClickAsync();
        await Expect(dialog.Locator(".forward-results li.failed")).ToContainTextAsync("não envia figurinhas");
        await looks.AtAsync("forward-refused");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Fechar" }).ClickAsync();
        await page.Locator($".row-link[href*='{other}']").ClickAsync();
        await Expect(desk.Bubble("pitanga")).ToBeVisibleAsync();
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
        await looks.AtAsync("composer-bare");
        await page.Locator("[data-more]").TapAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Enviar localização" })).ToBeVisibleAsync();
        await looks.AtAsync("composer-tools");
        await page.Locator("[data-more]").TapAsync();
        await page.Locator("[data-stickers]").TapAsync();
        await Expect(page.Locator(".sticker-pick")).ToHaveCountAsync(2);
        await looks.AtAsync("stickers");
        await page.Locator("[data-stickers]").TapAsync();
        await page.Locator("[data-formats]").TapAsync();
        await Expect(page.Locator(".format-bar")).ToBeVisibleAsync();
        await looks.AtAsync("format-bar");
        await page.Locator("[data-formats]").TapAsync();
        await Rec(page, "start").TapAsync();
        await Expect(page.Locator("[data-rec-time]")).ToHaveTextAsync("0:03");
        await looks.AtAsync("record-live");
        await Rec(page, "discard").TapAsync();
        await looks.AtAsync("record-doubt");
        await Rec(page, "drop").TapAsync();
        await Expect(desk.Composer).ToBeVisibleAsync();
        Assert.True(looks.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults));
    }

    private static FilePayload Picture(string name, byte r, byte g, byte b)
    {
        using var bitmap = new SKBitmap(400, 300);
        using (var canvas = new SKCanvas(bitmap))
        {
            using var paint = new SKPaint { Color = new SKColor(r, g, b) };
            canvas.DrawCircle(200, 150, 140, paint);
            paint.Color = SKColors.White;
            canvas.DrawCircle(150, 120, 18, paint);
            canvas.DrawCircle(250, 120, 18, paint);
            canvas.DrawRoundRect(150, 190, 100, 18, 9, 9, paint);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return new() { Name = $"{name}.png", MimeType = "image/png", Buffer = png.ToArray() };
    }
}
