using System.Globalization;
using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

public class ReplyWindowViewTests : ComponentTest
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public ReplyWindowViewTests()
    {
        Services.AddSingleton<TimeProvider>(clock);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo("pt-BR");
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    [Theory(DisplayName = "The chip says how much time is left, and how urgent that is")]
    [InlineData(21.67, "ample", "21 h 40")]
    [InlineData(3.5, "soon", "3 h 30")]
    [InlineData(0.5, "late", "30 min")]
    [InlineData(-1, "late", "Prazo encerrado")]
    public void Chip(double hours, string tone, string words)
    {
        var chip = Render<WindowChip>(p => p.Add(c => c.Window, new ReplyWindow(Now.AddHours(hours), Day)));
        Assert.Equal(words, chip.Find(".tabular").TextContent);
        Assert.Contains(tone, chip.Find(".window-chip").ClassList);
        Assert.Contains("24 horas", chip.Find(".window-chip").GetAttribute("title"));
    }

    [Fact(DisplayName = "The chip moves by itself, and says when the time is over")]
    public void Moves()
    {
        var over = 0;
        var chip = Render<WindowChip>(p => p.Add(c => c.Window, new ReplyWindow(Now.AddMinutes(2), Day)).Add(c => c.OnOver, () => over++));
        Assert.Equal("2 min", chip.Find(".tabular").TextContent);
        clock.Advance(TimeSpan.FromMinutes(1));
        chip.WaitForAssertion(() => Assert.Equal("1 min", chip.Find(".tabular").TextContent));
        Assert.Equal(0, over);
        clock.Advance(TimeSpan.FromMinutes(2));
        chip.WaitForAssertion(() => Assert.True(over > 0));
        Assert.Equal("Prazo encerrado", chip.Find(".tabular").TextContent);
    }

    [Fact(DisplayName = "A composer whose window is shut says why, and still takes a private note")]
    public void Locked()
    {
        var ana = SignIn("Ana", "tickets.answer");
        Mediator.On<MyProfile, Profile>(_ => new(Guid.CreateVersion7(), "Ana", "ana@example.test", null, false, false, true, "auto", "pt-BR", 1));
        Mediator.On<ReadDraft, DraftText?>(_ => null);
        var composer = Render<Composer>(p => p.Add(c => c.Ticket, Details()).Add(c => c.OnSend, _ => Task.FromResult<string?>(null)).AddCascadingValue<IActor>(ana));
        Assert.Empty(composer.FindAll("textarea"));
        Assert.Contains("24 horas", composer.Find(".locked").TextContent);
        composer.Find(".locked button").Click();
        Assert.Contains("composer-note", composer.Find(".composer").ClassList);
        Assert.NotEmpty(composer.FindAll("textarea"));
    }

    private static TicketDetails Details()
    {
        var channel = new ChannelInfo(Guid.CreateVersion7(), "waba", "waba", "WhatsApp", AddressKind.Phone, null, ChannelState.Connected, Can.Media, 1, true) { ReplyWindow = Day };
        var row = new TicketRow(Guid.CreateVersion7(), 1, TicketStatus.Open, Guid.CreateVersion7(), "Maria", channel.Id, null, null, null, Guid.CreateVersion7(), "Ana", 0, "Olá",
            MessageKind.Text, false, DateTime.UtcNow, DateTime.UtcNow);
        return new(row, channel, null, false, true, true, false, false, false, DateTime.UtcNow, null, null, 1, 1, []) { Window = new(null, Day), IsWindowShut = true };
    }
}
