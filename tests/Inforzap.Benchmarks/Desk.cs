using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Benchmarks;

/// <summary>
/// What agents do, through the product's own handlers, by this process on the database of a host. Lanes stay asleep here: what is
/// to be sent stays in the database until a host finds it.
/// </summary>
internal sealed class Desk : IAsyncDisposable
{
    public const string Password = "cavalo-marinho-na-varanda-7";

    private readonly ServiceProvider container;
    private readonly SystemMediator mediator;
    private readonly HashSet<string> permissions = Host.Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
    private readonly FixedChannels channels = new();

    private Desk(Store store)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(store.Settings.ToDictionary(s => s.Key.Replace("__", ":", StringComparison.Ordinal), string? (s) => s.Value)).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddSingleton<WakeLane>(_ => { });
        services.AddCore(configuration, Host.Modules.All);
        services.AddMediation(Host.Modules.All.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly));
        services.AddSingleton<IChannelDirectory>(channels);
        container = services.BuildServiceProvider();
        mediator = container.GetRequiredService<SystemMediator>();
    }

    /// <summary>The tickets by the telephones of their customers, and the administrator whom the host made.</summary>
    public IReadOnlyDictionary<string, Guid> Tickets { get; private set; } = new Dictionary<string, Guid>();

    public Guid Administrator { get; private set; }

    /// <summary>Opens on a database that a host made, and in which all tickets are that will be spoken of.</summary>
    public static async Task<Desk> OpenAsync(Store store)
    {
        var desk = new Desk(store);
        await using var scope = desk.container.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        desk.Administrator = await db.Set<UserView>().Select(u => u.Id).FirstAsync();
        var tickets = await db.Set<Ticket>().Select(t => new { t.Id, t.AddressValue, t.ChannelId }).ToListAsync();
        desk.Tickets = tickets.ToDictionary(t => t.AddressValue, t => t.Id, StringComparer.Ordinal);
        desk.channels.All = [.. tickets.Select(t => t.ChannelId).Distinct().Select(id => new ChannelInfo(id, "bench", "echo", "Bench", "phone", null, ChannelState.Connected, Sdk.Can.Media, 1_000_000, true))];
        return desk;
    }

    /// <summary>Somebody who signs in with <see cref="Password"/> and sees what is their own, and no more.</summary>
    public Task<Guid> MakeAgentAsync(string email) => mediator.Send(new MakeUser(email.Split('@')[0], email, Password, BuiltInRoles.Agent, []));

    /// <summary>Works on the database itself, for what no handler does.</summary>
    public async Task<T> InAsync<T>(Func<InforzapDb, Task<T>> work)
    {
        await using var scope = container.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<InforzapDb>());
    }

    public Task AcceptAsync(Guid ticket, Guid user) => mediator.Send(new AcceptTicket(ticket), As(user));

    public Task SendAsync(Guid ticket, Guid user, string text) => mediator.Send(new SendMessage(ticket, Guid.CreateVersion7(), text, Sign: false), As(user));

    /// <summary>An agent with what agents may do when nobody changed it, and no more.</summary>
    public static Actor Agent(Guid user, IReadOnlyCollection<Guid> queues) =>
        new(user, "Agente", Host.Modules.All.SelectMany(m => m.Permissions).Where(p => p.Roles.HasFlag(BuiltInRoles.Agent)).Select(p => p.Name).ToHashSet(StringComparer.Ordinal), queues);

    /// <summary>Asks what somebody's screen asks.</summary>
    public Task<T> AskAsync<T>(IRequest<T> request, Actor actor) => mediator.Send(request, actor);

    private Actor As(Guid user) => new(user, "Agente", permissions, []);

    public ValueTask DisposeAsync() => container.DisposeAsync();

    /// <summary>Enough to answer: there is one, and it works.</summary>
    private sealed class FixedChannels : IChannelDirectory
    {
        public IReadOnlyList<ChannelInfo> All { get; set; } = [];

        public ChannelInfo? Find(Guid id) => All.FirstOrDefault(c => c.Id == id);
    }
}
