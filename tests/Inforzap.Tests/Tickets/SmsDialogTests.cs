using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

/// <summary>The button beside the conversation, what it opens, and the counter below what is typed.</summary>
public sealed class SmsDialogTests : Talks
{
    private static readonly ChannelInfo Sms =
        new(Guid.Parse("5f0c2f0e-0000-4000-8000-000000000009"), "sms", "sms", "SMS da loja", AddressKind.Phone, null, ChannelState.Connected, Can.Text, 0, true) { CountsTexts = true };

    private readonly TicketDetails details = Details(Row());
    private readonly Guid made = Guid.CreateVersion7();
    private SmsOffer offer = new("Maria", "5519999990000", "", [new(Sms.Id, Sms.Name, null)]);

    public SmsDialogTests()
    {
        Mediator.On<OfferSms, SmsOffer>(_ => offer);
        Mediator.On<SendSms, Guid>(_ => made);
        Counts.Of = (_, text) => new(text.Length, 160, 1, "SMS") { IsTooLong = text.Length > 20 };
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Dialogs, IDialogReference Reference)> OpenAsync()
    {
        SignIn("Ana", "tickets.answer", "tickets.start");
        var dialogs = Render<MudDialogProvider>();
        IDialogReference reference = null!;
        await dialogs.InvokeAsync(async () => reference = await Services.GetRequiredService<IDialogService>().ShowAsync<SmsDialog>("", new DialogParameters<SmsDialog> { { d => d.TicketId, details.Row.Id } }));
        dialogs.WaitForElement("#sms-form");
        return (dialogs, reference);
    }

    [Fact]
    public async Task What_is_typed_is_counted_and_sent_and_the_conversation_comes_back()
    {
        var (dialog, reference) = await OpenAsync();
        Assert.Contains("+55 19 99999-0000", dialog.Find(".sms-to").TextContent);
        Assert.Empty(dialog.FindAll("select"));
        dialog.Find("textarea").Input("Seu pedido saiu");
        Assert.Equal("15/160 · 1 SMS", dialog.Find("#sms-count").TextContent.Trim());
        dialog.Find("#sms-form").Submit();
        dialog.WaitForAssertion(() => Assert.Equal((details.Row.Id, Sms.Id, "Seu pedido saiu"), Assert.Single(Mediator.SentOf<SendSms>()) is var s ? (s.TicketId, s.ChannelId, s.Text) : default));
        dialog.WaitForAssertion(() => Assert.Contains("O SMS para Maria está a caminho", dialog.Find("[role=status]").TextContent));
        dialog.FindAll(".mud-dialog-actions button").First(b => b.TextContent.Trim() == "Abrir a conversa").Click();
        Assert.Equal(made, (await reference.Result)!.Data);
    }

    [Fact]
    public async Task A_signature_that_the_house_wants_is_counted_too_and_what_is_too_long_is_not_sent()
    {
        offer = offer with { Before = "*Ana:*\n" };
        var (dialog, _) = await OpenAsync();
        dialog.Find("textarea").Input("Olá");
        Assert.StartsWith("10/160", dialog.Find("#sms-count").TextContent.Trim(), StringComparison.Ordinal);
        dialog.Find("textarea").Input("Seu pedido já saiu");
        Assert.Contains("Encurte o texto", dialog.Find("#sms-count.over").TextContent);
        dialog.Find("#sms-form").Submit();
        Assert.Empty(Mediator.SentOf<SendSms>());
    }

    [Fact]
    public async Task Of_several_channels_one_is_chosen_and_a_lock_is_said_before_anybody_types()
    {
        var second = Guid.NewGuid();
        offer = offer with { Channels = [new(Sms.Id, "SMS da loja", "Maria pediu para não receber mensagens por SMS da loja."), new(second, "SMS do financeiro", null)] };
        var (dialog, _) = await OpenAsync();
        // The first by which it can be sent is proposed.
        Assert.Equal($"{second}", dialog.Find("select").GetAttribute("value"));
        dialog.Find("select").Change($"{Sms.Id}");
        Assert.Contains("pediu para não receber", dialog.Find("[role=alert]").TextContent);
        Assert.True(dialog.Find("textarea").HasAttribute("disabled"));
        dialog.Find("select").Change($"{second}");
        dialog.Find("textarea").Input("Oi");
        dialog.Find("#sms-form").Submit();
        dialog.WaitForAssertion(() => Assert.Equal(second, Assert.Single(Mediator.SentOf<SendSms>()).ChannelId));
    }

    [Fact]
    public async Task A_refusal_keeps_the_text_leads_to_the_conversation_in_its_way_and_is_tried_with_the_same_id()
    {
        var other = Guid.CreateVersion7();
        Mediator.On<SendSms, Guid>(_ => throw Refusal.Conflict("Já está com Bruno.", other));
        var (dialog, reference) = await OpenAsync();
        dialog.Find("textarea").Input("Oi");
        dialog.Find("#sms-form").Submit();
        dialog.WaitForAssertion(() => Assert.Contains("Já está com Bruno.", dialog.Find("[role=alert]").TextContent));
        dialog.Find("#sms-form").Submit();
        dialog.WaitForAssertion(() => Assert.Equal(2, Mediator.SentOf<SendSms>().Count));
        Assert.Single(Mediator.SentOf<SendSms>().Select(s => s.MessageId).Distinct());
        dialog.WaitForElement("#sms-form .link").Click();
        Assert.Equal(other, (await reference.Result)!.Data);
    }

    private IRenderedComponent<SidePanel> Panel(TicketDetails ticket, params string[] permissions) =>
        Show<SidePanel>(SignIn("Ana", permissions.Length == 0 ? ["tickets.see", "tickets.answer", "tickets.start"] : permissions), p => p.Add(s => s.Ticket, ticket).Add(s => s.Href, id => $"/desk/{id}"));

    private static AngleSharp.Dom.IElement? Button(IRenderedComponent<SidePanel> panel) => panel.FindAll(".side-who button").FirstOrDefault(b => b.TextContent.Trim() == "SMS");

    [Fact]
    public void The_button_is_there_where_an_SMS_can_go()
    {
        Assert.Null(Button(Panel(details)));
        Channels.Add(Sms);
        Assert.NotNull(Button(Panel(details)));
        Assert.Null(Button(Panel(details with { Phone = null })));
        Assert.Null(Button(Panel(details with { IsGroup = true })));
        Assert.Null(Button(Panel(details, "tickets.see", "tickets.answer")));
        Assert.Null(Button(Panel(details, "tickets.see", "tickets.start")));
        // In the conversation by SMS itself the composer does it.
        Assert.Null(Button(Panel(details with { Row = details.Row with { ChannelId = Sms.Id }, Channel = Sms })));
        Assert.True(Button(Panel(details with { Blocked = true }))!.HasAttribute("disabled"));
    }

    private IRenderedComponent<Composer> Compose(ChannelInfo channel) =>
        Show<Composer>(SignIn("Ana", "tickets.see", "tickets.answer"), p => p.Add(c => c.Ticket, details with { Channel = channel, Row = details.Row with { ChannelId = channel.Id } }).Add(c => c.OnSend, _ => Task.FromResult<string?>(null)));

    [Fact]
    public async Task The_composer_counts_with_the_signature_and_sends_nothing_that_is_too_long()
    {
        var composer = Compose(Sms);
        Assert.Equal(composer.Find("[data-count]").Id, composer.Find("textarea").GetAttribute("aria-describedby"));
        var shown = composer.Instance.Count("Olá");
        Assert.Equal(("10/160 · 1 SMS", false), (shown!.Text, shown.Over));
        Assert.Contains("Encurte o texto", await composer.InvokeAsync(() => composer.Instance.Send(Guid.CreateVersion7(), "Seu pedido já saiu")), StringComparison.Ordinal);
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.Send(Guid.CreateVersion7(), "Olá")));
        composer.Find("[aria-label='Assinatura']").Click();
        Assert.StartsWith("3/160", composer.Instance.Count("Olá")!.Text, StringComparison.Ordinal);
        // A note is paid for by nobody.
        composer.Find("[data-note]").Click();
        Assert.Empty(composer.FindAll("[data-count]"));
        Assert.Null(composer.Instance.Count("Olá"));
    }

    [Fact]
    public void Where_nobody_counts_there_is_no_counter()
    {
        var composer = Compose(Channel);
        Assert.Empty(composer.FindAll("[data-count]"));
        Assert.Null(composer.Instance.Count("Olá"));
    }
}
