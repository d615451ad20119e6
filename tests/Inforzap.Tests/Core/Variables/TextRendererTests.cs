using Inforzap.Contracts.Settings;
using Inforzap.Settings;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Variables;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Core.Variables;

public sealed class TextRendererTests
{
    private static readonly VariableFacts Facts = new()
    {
        ContactName = "Maria da Silva", ContactNumber = "+55 11 94002-0001", ContactEmail = "maria@example.test", TicketNumber = 1048, Queue = "Vendas",
        Agent = "Ana", AgentEmail = "ana@example.test", Channel = "Loja", Group = "Condomínio", ProtocolAsync = _ => Task.FromResult<string?>("202611300000015"),
    };

    private static async Task<RenderedText> RenderAsync(Desk desk, string text, VariableFacts? facts = null)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TextRenderer>().RenderAsync(text, facts ?? Facts, default);
    }

    private static async Task SetAsync(Desk desk, params (Setting Setting, string Value)[] settings)
    {
        await desk.SendAsSystem(new ChangeSettings(settings.ToDictionary(s => s.Setting.Name, s => s.Value)));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private static Task<Desk> AtAsync(string utc) => Desk.OpenAsync(clock: new FakeTimeProvider(DateTimeOffset.Parse(utc)));

    [Fact]
    public async Task Every_variable_that_is_offered_has_a_value()
    {
        await using var desk = await AtAsync("2026-11-27T17:05:00Z");
        await SetAsync(desk, (Setting.CompanyName, "Padaria Aurora"));
        await desk.SendAsSystem(new SaveVariable(null, "link_pagamento", "https://pague.example", null, VariableType.Url, null));
        var offered = await desk.SendAs(await desk.PersonAsync("Ana"), new OfferVariables());
        var done = await RenderAsync(desk, string.Join('\n', offered.Select(v => $"{v.Name}={VariableText.Of(v.Name)}")));
        Assert.Empty(done.Unknown);
        Assert.Equal(
        [
            "primeiroNome=Maria", "nome=Maria da Silva", "saudacao=Boa tarde", "atendente=Ana", "empresa=Padaria Aurora", "numero=+55 11 94002-0001", "email=maria@example.test",
            "ticketId=1048", "data=27/11/2026", "hora=14:05", "fila=Vendas", "emailAtendente=ana@example.test", "canal=Loja", "grupo=Condomínio", "protocolo=202611300000015", "link_pagamento=https://pague.example",
        ], done.Text.Split('\n'));
    }

    [Fact]
    public async Task Of_what_nobody_knows_now_the_default_stands_and_else_nothing()
    {
        await using var desk = await AtAsync("2026-11-27T17:05:00Z");
        var nothing = new VariableFacts();
        Assert.Equal("[] [] [] [cliente]", (await RenderAsync(desk, "[{{fila}}] [{{email}}] [{{grupo}}] [{{nome|cliente}}]", nothing)).Text);
        // A number is no name.
        Assert.Equal("Olá, tudo bem", (await RenderAsync(desk, "Olá, {{primeiroNome|tudo bem}}", nothing with { ContactName = "+55 11 94002-0001" })).Text);
        Assert.Equal("sem", (await RenderAsync(desk, "{{protocolo|sem}}", nothing)).Text);
    }

    [Fact]
    public async Task A_protocol_is_asked_for_only_by_a_text_that_names_it()
    {
        await using var desk = await AtAsync("2026-11-27T17:05:00Z");
        var asked = 0;
        var facts = Facts with { ProtocolAsync = _ => Task.FromResult<string?>($"{++asked}") };
        Assert.Equal("Maria protocolo", (await RenderAsync(desk, "{{primeiroNome}} protocolo", facts)).Text);
        Assert.Equal(0, asked);
        Assert.Equal("1 1", (await RenderAsync(desk, "{{protocolo}} {{ Protocolo }}", facts)).Text);
    }

    [Theory]
    // The day on which the hour from one to two comes twice in New York, and the day on which the hour from two to three is left out.
    [InlineData("America/New_York", "2026-11-01T09:30:00Z", "Boa noite 04:30")]
    [InlineData("America/New_York", "2026-11-01T10:00:00Z", "Bom dia 05:00")]
    [InlineData("America/New_York", "2026-03-08T16:00:00Z", "Boa tarde 12:00")]
    [InlineData("America/Sao_Paulo", "2026-11-27T14:59:00Z", "Bom dia 11:59")]
    [InlineData("America/Sao_Paulo", "2026-11-27T15:00:00Z", "Boa tarde 12:00")]
    [InlineData("America/Sao_Paulo", "2026-11-27T21:00:00Z", "Boa noite 18:00")]
    [InlineData("America/Sao_Paulo", "2026-11-28T02:30:00Z", "Boa noite 23:30")]
    public async Task The_greeting_goes_by_the_company_s_clock(string zone, string utc, string said)
    {
        await using var desk = await AtAsync(utc);
        await SetAsync(desk, (Setting.TimeZone, zone));
        Assert.Equal(said, (await RenderAsync(desk, "{{saudacao}} {{hora}}")).Text);
    }

    [Theory]
    [InlineData("en", "Good afternoon 11/27/2026 2:05 PM")]
    [InlineData("es", "Buenas tardes 27/11/2026 14:05")]
    public async Task Dates_and_greetings_speak_the_company_s_language_whatever_the_writer_reads(string language, string said)
    {
        await using var desk = await AtAsync("2026-11-27T17:05:00Z");
        await SetAsync(desk, (Setting.Language, language));
        Assert.Equal(said, (await RenderAsync(desk, "{{saudacao}} {{data}} {{hora}}")).Text);
    }

    [Fact]
    public async Task A_language_that_nobody_knows_any_more_is_the_usual_one()
    {
        await using var desk = await AtAsync("2026-11-27T17:05:00Z");
        await desk.WriteAsync(async db => await db.AddAsync(new SettingRow { Name = Setting.Language.Name, Value = "no such language" }));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
        Assert.Equal("Boa tarde 27/11/2026 14:05", (await RenderAsync(desk, "{{saudacao}} {{data}} {{hora}}")).Text);
    }
}
