using Bunit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Tickets;

/// <summary>Being told may fail; looking may not: open views on a real desk whose hints get lost.</summary>
public sealed class ConvergenceTests(Counter counter) : ComponentTest, IClassFixture<Counter>
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    public async Task An_open_list_and_an_open_conversation_show_everything_within_five_seconds_though_hints_are_lost(double share)
    {
        var prefix = $"55119{(int)(share * 10):00}";
        var (arrived, line) = ($"chegou {prefix} {{0}}.", $"linha {prefix} {{0}}.");
        await counter.HappenAsync(counter.Says($"{prefix}000000", "Primeira"));
        var ticket = await counter.TicketOfAsync($"{prefix}000000");
        var admin = SignIn(await counter.ActorOf(await counter.PersonAsync("Ana", BuiltInRoles.Administrator)));
        var live = counter.Services.GetRequiredService<LiveHints>();
        Services.AddSingleton<IMediator>(new DeskMediator(counter, admin));
        Services.AddSingleton(live);
        Services.AddSingleton(counter.Services.GetRequiredService<IChannelDirectory>());
        Services.AddSingleton(counter.Services.GetRequiredService<ISettings>());
        Services.AddFallbackServiceProvider(counter.Services);
        RenderProviders();
        var list = Show<TicketList>(admin, p => p.Add(l => l.Tab, TicketStatus.Pending).Add(l => l.Href, (id, _) => $"/desk/{id}"));
        var conversation = Show<Conversation>(admin, p => p.Add(c => c.TicketId, ticket));
        list.WaitForElement(".row", TimeSpan.FromSeconds(10));
        conversation.WaitForAssertion(() => Assert.Contains("Primeira", conversation.Markup), TimeSpan.FromSeconds(10));
        using var reader = ActivatorUtilities.CreateInstance<ChangeReader>(counter.Services);
        await reader.StartAsync(default);
        // Its first look only says where the end is; what comes later is its own.
        await Task.Delay(500);
        try
        {
            live.DropShare = share;
            for (var n = 1; n <= 20; n++)
                await counter.HappenAsync(counter.Says($"{prefix}{n:000000}", string.Format(arrived, n)), counter.Says($"{prefix}000000", string.Format(line, n)));
            var end = DateTime.UtcNow.AddSeconds(5);
            while (DateTime.UtcNow < end && (Missing(list.Markup, arrived).Any() || Missing(conversation.Markup, line).Any())) await Task.Delay(50);
            Assert.Empty(Missing(list.Markup, arrived));
            Assert.Empty(Missing(conversation.Markup, line));
        }
        finally
        {
            live.DropShare = 0;
            await reader.StopAsync(default);
        }
    }

    private static IEnumerable<string> Missing(string shown, string format) =>
        Enumerable.Range(1, 20).Select(n => string.Format(format, n)).Where(text => !shown.Contains(text, StringComparison.Ordinal));

    private IRenderedComponent<T> Show<T>(Actor me, Action<ComponentParameterCollectionBuilder<T>> parameters) where T : IComponent =>
        Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent(parameters)).FindComponent<T>();
}
