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
            case ["flood", var count]:
                await FloodAsync(container, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>All conversations are taken, and each in turn is written to, until so many messages wait. They say their number.</summary>
    private static async Task FloodAsync(IServiceProvider container, int count)
    {
        var mediator = container.GetRequiredService<SystemMediator>();
        await using var scope = container.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var agent = await AgentAsync(db);
        var tickets = await db.Set<Ticket>().OrderBy(t => t.Number).Select(t => t.Id).ToListAsync();
        foreach (var ticket in tickets) await mediator.Send(new AcceptTicket(ticket), agent);
        await Parallel.ForAsync(0, tickets.Count, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, ct) =>
        {
            for (var n = i; n < count; n += tickets.Count) await mediator.Send(new SendMessage(tickets[i], Guid.CreateVersion7(), $"Aviso {n}", Sign: false), agent, ct);
        });
    }

    private static async Task<Actor> AgentAsync(InforzapDb db)
    {
        var user = await db.Set<UserView>().FirstAsync();
        return new Actor(user.Id, user.Name, Host.Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet(), []);
    }

    private static async Task AnswerAsync(IServiceProvider container, Guid messageId, string text)
    {
        var mediator = container.GetRequiredService<SystemMediator>();
        await using var scope = container.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        var agent = await AgentAsync(db);
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
