using System.Net;
using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Plugins;
using Inforzap.Plugins.Echo;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>
/// The real program on a real socket: Program.cs with its whole pipeline, Kestrel, the engine. One for all tests over HTTP. A
/// request says in <see cref="FromHeader"/> from where it seems to come, which the network says otherwise.
/// </summary>
public sealed class RunningHost : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>The address from which a request comes; taken away before the product sees it.</summary>
    public const string FromHeader = "X-Test-From";

    /// <summary>The proxy that the operator told the product of.</summary>
    public const string Proxy = "10.9.9.9";

    public const string WebhookSecret = "segredo-do-webhook-de-teste";

    private readonly TestLog log = new();
    private TestDatabase? database;
    private int people;

    public string Folder { get; } = Directory.CreateTempSubdirectory("inforzap-http-").FullName;

    public Uri Url { get; private set; } = null!;

    public Guid Queue { get; private set; }

    public Guid Channel { get; private set; }

    public IReadOnlyCollection<string> Log => log.Lines;

    public SystemMediator Mediator => Services.GetRequiredService<SystemMediator>();

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CopyAsync(Folder);
        Directory.CreateDirectory(Path.Combine(Folder, "plugins"));
        UseKestrel(0);
        StartServer();
        Url = ClientOptions.BaseAddress;
        Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.echo", "Echo", "1.0", "", null), () => new EchoPlugin());
        Queue = await Mediator.Send(new EnsureQueue("Vendas"));
        Channel = await Mediator.Send(new EnsureChannel("echo", "echo", "Echo", Queue, new Dictionary<string, string> { ["Secret"] = WebhookSecret }));
        await Services.GetRequiredService<ChannelDirectory>().LoadAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["Data:Root"] = Folder, ["Plugins:Root"] = Path.Combine(Folder, "plugins"), ["Files:MaxMegabytes"] = "2", ["Proxy:Known:0"] = Proxy, ["Metrics:AllowedNetworks:0"] = "10.7.0.0/16",
            ["Database:Provider"] = TestDatabase.Provider.ToString(), ["ConnectionStrings:Inforzap"] = database!.ConnectionString,
            // Nobody is there, but spans are made as for somebody.
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["INFORZAP_ADMIN_EMAIL"] = "admin@example.test", ["INFORZAP_ADMIN_PASSWORD"] = Person.Password,
        }) builder.UseSetting(name, value);
        builder.ConfigureLogging(l => l.ClearProviders().AddProvider(log));
        builder.ConfigureServices(s => s.AddSingleton<IStartupFilter, SeemsToComeFrom>().Configure<PasswordHasherOptions>(o => o.IterationCount = 1_000));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A user of a role who serves these queues.</summary>
    public async Task<Person> PersonAsync(string name, BuiltInRoles role = BuiltInRoles.Agent, params Guid[] queues)
    {
        var email = $"http{Interlocked.Increment(ref people)}@example.test";
        return new Person(await Mediator.Send(new MakeUser(name, email, Person.Password, role, queues)), name, email, role);
    }

    private sealed class SeemsToComeFrom : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Headers.Remove(FromHeader, out var from)) context.Connection.RemoteIpAddress = IPAddress.Parse(from.ToString());
                return go(context);
            });
            next(app);
        };
    }
}

[CollectionDefinition(Name)]
public sealed class OverHttp : ICollectionFixture<RunningHost>
{
    public const string Name = "over HTTP";
}
