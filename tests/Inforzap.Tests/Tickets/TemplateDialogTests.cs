using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Templates;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Inforzap.Tests.Tickets;

/// <summary>Which template, what stands in it, and how it will read.</summary>
public sealed class TemplateDialogTests : ComponentTest
{
    private static readonly MessageTemplate Order = new("pedido", "pt_BR", TemplateCategory.Utility, TemplateState.Approved, "Olá {{1}}, o pedido {{2}} saiu.")
    {
        Examples = new Dictionary<string, string> { ["1"] = "Maria", ["2"] = "42" }, Buttons = [new(TemplateButtonKind.Url, "Ver", "https://loja.example/{{1}}")],
    };
    private static readonly MessageTemplate Reminder = new("lembrete", "pt_BR", TemplateCategory.Marketing, TemplateState.Approved, "Oi {{nome}}!") { IsNamed = true };

    private readonly Guid ticket = Guid.CreateVersion7(), channel = Guid.CreateVersion7();

    public TemplateDialogTests()
    {
        Mediator.On<OfferTemplates, IReadOnlyList<MessageTemplate>>(_ => [Reminder, Order]);
        Mediator.On<SendTemplate, SentMessage>(_ => new(1, false));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync()
    {
        SignIn("Ana", "tickets.answer");
        var dialogs = Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TemplateDialog>("", new DialogParameters<TemplateDialog> { { d => d.TicketId, ticket }, { d => d.ChannelId, channel } }));
        dialogs.WaitForElement(".mud-dialog");
        return dialogs;
    }

    [Fact]
    public async Task One_is_found_by_its_words_filled_in_and_sent()
    {
        var dialog = await OpenAsync();
        Assert.Equal(2, dialog.FindAll(".template-choices li").Count);
        dialog.Find("input[type=search]").Input("PEDIDO");
        dialog.Find(".template-choices button").Click();
        var inputs = dialog.FindAll("#send-template input");
        Assert.Equal("42", inputs[1].GetAttribute("placeholder"));
        dialog.FindAll("#send-template input")[0].Input("Bia");
        dialog.FindAll("#send-template input")[1].Input("7");
        dialog.FindAll("#send-template input")[2].Input("7");
        Assert.Contains("Olá Bia, o pedido 7 saiu.", dialog.Find(".template-preview").TextContent);
        dialog.Find("#send-template").Submit();
        dialog.WaitForAssertion(() =>
        {
            var sent = Mediator.SentOf<SendTemplate>().Single();
            Assert.Equal((ticket, "pedido", "Bia", "7", "7"), (sent.TicketId, sent.Name, sent.Values["b:1"], sent.Values["b:2"], sent.Values["u:0"]));
        });
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".mud-dialog")));
    }

    [Fact]
    public async Task Who_is_called_by_name_is_called_by_theirs_and_a_refusal_keeps_what_was_typed()
    {
        Mediator.On<SendTemplate, SentMessage>(_ => throw Refusal.At("b:nome", "Preencha {{nome}}."));
        var dialog = await OpenAsync();
        dialog.FindAll(".template-choices button")[0].Click();
        Assert.Equal("{{primeiroNome}}", dialog.Find("#send-template input").GetAttribute("value"));
        dialog.Find("#send-template").Submit();
        dialog.WaitForAssertion(() => Assert.Contains("Preencha", dialog.Find("[role=alert]").TextContent));
        Assert.Equal("true", dialog.Find("#send-template input").GetAttribute("aria-invalid"));
        // The same message, once it is right.
        dialog.Find("#send-template").Submit();
        dialog.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SendTemplate>().Select(s => s.MessageId).Distinct()));
    }

    [Fact]
    public async Task Without_any_it_says_where_they_come_from()
    {
        Mediator.On<OfferTemplates, IReadOnlyList<MessageTemplate>>(_ => []);
        var dialog = await OpenAsync();
        Assert.Contains("Nenhum modelo aprovado", dialog.Find(".state").TextContent);
    }
}
