using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Scenarios;

/// <summary>What an agent does, in a process of its own, on the database that the host uses before and after: accept, answer.</summary>
internal static class Act
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        // Lanes stay asleep: the host does their work later.
        services.AddSingleton<WakeLane>(_ => { });
        services.AddCore(configuration, Host.Modules.All);
        services.AddMediation(Host.Modules.All.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly));
        services.AddSingleton<IChannelDirectory>(sp => new StoredChannels(sp));
        await using var container = services.BuildServiceProvider();
        switch (arguments)
        {
            case ["answer", var id, var text]:
                await AnswerAsync(container, Guid.Parse(id), text);
                return 0;
            default:
                return 2;
        }
    }

    private static async Task AnswerAsync(IServiceProvider container, Guid messageId, string text)
    {
        var mediator = container.GetRequiredService<SystemMediator>();
        var permissions = Host.Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet();
        await using var scope = container.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var user = await db.Set<UserView>().FirstAsync();
        var agent = new Actor(user.Id, user.Name, permissions, []);
        var ticket = await db.Set<Ticket>().OrderByDescending(t => t.Number).Select(t => t.Id).FirstAsync();
        await mediator.Send(new AcceptTicket(ticket), agent);
        await mediator.Send(new SendMessage(ticket, messageId, text, Sign: false), agent);
    }

    /// <summary>The channels of the tickets that are there: enough to answer.</summary>
    private sealed class StoredChannels(IServiceProvider services) : IChannelDirectory
    {
        public IReadOnlyList<ChannelInfo> All
        {
            get
            {
                using var scope = services.CreateScope();
                return [.. scope.ServiceProvider.GetRequiredService<InforzapDb>().Set<Ticket>().Select(t => t.ChannelId).Distinct().ToList().Select(Echo)];
            }
        }

        public ChannelInfo? Find(Guid id) => All.FirstOrDefault(c => c.Id == id);

        private static ChannelInfo Echo(Guid id) => new(id, "echo", "echo", "Echo", "phone", null, ChannelState.Connected, Sdk.Can.Media, 1_000_000, true);
    }
}
