using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Identity;
using Inforzap.Identity.Roles;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sessions;
using Inforzap.Tickets.Distributing;
using Inforzap.Tickets.Operation;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Support;

/// <summary>
/// The product behind its front door, without screens: the real container, a real database of its own, lanes that run in
/// this process. Speak to it in use cases. As a class fixture it is shared by the tests of a class; <see cref="OpenAsync"/>
/// makes one for a single test.
/// </summary>
public class Desk : IAsyncLifetime
{
    private readonly List<IHostedService> started = [];
    private TestDatabase? database;
    private LanePump? pump;
    private ServiceProvider? services;
    private int people;

    /// <summary>The container.</summary>
    public IServiceProvider Services => services ?? throw new InvalidOperationException("The desk is not open.");

    /// <summary>The folder for files and keys; gone afterwards.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("inforzap-test-").FullName;

    /// <summary>Set it to turn the clock by hand.</summary>
    public FakeTimeProvider? Clock { get; init; }

    /// <summary>Replaces or adds services, after the product's own.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>Configuration, as an operator would set it.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Sessions of channels run in this process; without it nobody keeps any.</summary>
    public bool KeepsSessions { get; init; }

    /// <summary>Its database, for a second desk over the same one: a node more.</summary>
    public IReadOnlyDictionary<string, string?> SettingsOfANodeMore => new Dictionary<string, string?>(Settings)
    {
        ["ConnectionStrings:Inforzap"] = database!.ConnectionString, ["Data:Root"] = Folder,
    };

    /// <summary>What the product logged.</summary>
    public IReadOnlyCollection<string> Log => log.Lines;

    private readonly TestLog log = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, IRunningSession> sessions = new();

    /// <summary>Opens a desk for one test.</summary>
    public static async Task<Desk> OpenAsync(Action<IServiceCollection>? configure = null, FakeTimeProvider? clock = null, IReadOnlyDictionary<string, string?>? settings = null, bool keepsSessions = false)
    {
        var desk = new Desk { Configure = configure, Clock = clock, Settings = settings ?? new Dictionary<string, string?>(), KeepsSessions = keepsSessions };
        await desk.InitializeAsync();
        return desk;
    }

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CopyAsync(Folder);
        var clock = (TimeProvider?)Clock ?? TimeProvider.System;
        pump = new LanePump(() => Services.GetRequiredService<LaneEngine>(), clock);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = TestDatabase.Provider.ToString(),
            ["ConnectionStrings:Inforzap"] = database.ConnectionString,
            ["Data:Root"] = Folder,
        }).AddInMemoryCollection(Settings).Build();
        var collection = new ServiceCollection();
        collection.AddLogging(l => l.AddProvider(log));
        collection.AddSingleton<IConfiguration>(configuration);
        collection.AddSingleton(clock);
        collection.AddSingleton<WakeLane>(pump.Wake);
        collection.AddSingleton<WakeSession>(sp => KeepsSessions ? id => sessions.GetOrAdd(id, sp.GetRequiredService<ISessionRunner>().Open).Look() : _ => { });
        collection.AddCore(configuration, Modules.All);
        collection.AddMediation(Modules.All.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly));
        // Slow on purpose for guessers; here it would be half of the time.
        collection.Configure<PasswordHasherOptions>(o => o.IterationCount = 1_000);
        foreach (var unwanted in collection.Where(IsUnwanted).ToList()) collection.Remove(unwanted);
        if (TestDatabase.Provider == DatabaseProvider.Sqlite) collection.ConfigureDbContext<SqliteDb>(o => o.ReplaceService<IQueryCompiler, TransactSqlToo>());
        Configure?.Invoke(collection);
        collection.TryAddSingleton<IChannelDirectory, FakeChannels>();
        services = collection.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        foreach (var hosted in services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(default);
            started.Add(hosted);
        }
    }

    /// <summary>The clock's jobs run when a test says so; recent changes and figures are read by the tests about them.</summary>
    private static bool IsUnwanted(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType == typeof(JobStarter) || service.ImplementationType == typeof(ChangeReader) || service.ImplementationType == typeof(OperationMetrics) || service.ImplementationType == typeof(DistributionWatch)
            || service.ImplementationType?.Assembly.GetName().Name == "Quartz");

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        pump?.Dispose();
        foreach (var hosted in Enumerable.Reverse(started)) await hosted.StopAsync(default);
        if (services is not null) await services.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        await DeleteFolderAsync();
    }

    /// <summary>Somebody who re-read after a hint may still be on the way out and leave a file behind.</summary>
    private async Task DeleteFolderAsync()
    {
        for (var tries = 1; ; tries++)
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 20)
            {
                await Task.Delay(50);
            }
    }

    /// <summary>Sends a request on behalf of this person, with the rights that they have now.</summary>
    public async Task<T> SendAs<T>(Person person, IRequest<T> request) =>
        await HeardAsync(request, Services.GetRequiredService<SystemMediator>().Send(request, await ActorOf(person)));

    /// <summary>Sends a request of the product itself.</summary>
    public Task<T> SendAsSystem<T>(IRequest<T> request) => HeardAsync(request, Services.GetRequiredService<SystemMediator>().Send(request));

    /// <summary>Settings are in memory a moment after their commit: what comes next in a test goes by them.</summary>
    private async Task<T> HeardAsync<T>(IRequest<T> request, Task<T> sent)
    {
        var answer = await sent;
        if (request is ChangeSettings) await Services.GetRequiredService<ISettings>().LoadAsync();
        return answer;
    }

    /// <summary>Sends a request of nobody in particular.</summary>
    public Task<T> SendAsStranger<T>(IRequest<T> request) => Services.GetRequiredService<SystemMediator>().Send(request, Actor.Stranger);

    /// <summary>Waits until no lane moves any more.</summary>
    public Task SettleAsync(TimeSpan? within = null) => pump!.SettleAsync(within);

    /// <summary>Turns the clock on, which must be a fake one, and waits until what became due is done.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        Clock!.Advance(time);
        await SettleAsync();
    }

    /// <summary>Runs a job now.</summary>
    internal async Task RunJobAsync<T>(long number = 0) where T : IJob
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        await scope.ServiceProvider.GetRequiredService<T>().RunAsync(new JobTick(number), default);
    }

    /// <summary>Looks into the database, for what no request tells. Writes through <see cref="WriteAsync"/>.</summary>
    public async Task<T> ReadAsync<T>(Func<InforzapDb, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<InforzapDb>());
    }

    /// <summary>One unit of work: its wake-ups and hints go out after the commit.</summary>
    public async Task WriteAsync(Func<InforzapDb, Task> write)
    {
        await using var scope = Services.CreateAsyncScope();
        await Services.GetRequiredService<Commits>().RunAsync(scope.ServiceProvider.GetRequiredService<InforzapDb>(), async () =>
        {
            await write(scope.ServiceProvider.GetRequiredService<InforzapDb>());
            return true;
        }, WriterKind.Request, default);
    }

    /// <summary>A queue, made if it is not there.</summary>
    public Task<Guid> QueueAsync(string name) => SendAsSystem(new EnsureQueue(name));

    /// <summary>A user of a role who serves these queues.</summary>
    public async Task<Person> PersonAsync(string name, BuiltInRoles role = BuiltInRoles.Agent, params Guid[] queues)
    {
        var email = $"pessoa{Interlocked.Increment(ref people)}@example.test";
        return new Person(await SendAsSystem(new MakeUser(name, email, Person.Password, role, queues)), name, email, role);
    }

    /// <summary>The actor that a session of this person would carry.</summary>
    public Task<Actor> ActorOf(Person person) => ReadAsync(async db =>
    {
        var user = await db.Set<User>().Where(u => u.Id == person.Id).Select(u => new { u.Role, u.RoleId }).SingleOrDefaultAsync();
        var permissions = await Services.GetRequiredService<Permissions>().OfAsync(db, person.Id, user?.Role ?? person.Role, user?.RoleId, default);
        var queues = await db.Set<QueueMemberView>().Where(m => m.UserId == person.Id).Select(m => m.QueueId).ToArrayAsync();
        return new Actor(person.Id, person.Name, permissions, queues);
    });
}

/// <summary>Somebody who can sign in.</summary>
public sealed record Person(Guid Id, string Name, string Email, BuiltInRoles Role)
{
    /// <summary>Everybody's.</summary>
    public const string Password = "Segredo-dos-testes-1";
}
