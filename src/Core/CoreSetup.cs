using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Http;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Security;
using Inforzap.Sessions;
using Inforzap.Ui;
using Inforzap.Variables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Inforzap;

/// <summary>Puts the kernel into the container.</summary>
public static class CoreSetup
{
    /// <summary>Everything but the engine, which needs the host builder.</summary>
    public static IServiceCollection AddCore(this IServiceCollection services, IConfiguration configuration, ModuleList modules)
    {
        services.AddSingleton<DatabaseClock>();
        var hasServer = DatabaseSettings.From(configuration).Provider != DatabaseProvider.Sqlite;
        services.TryAddSingleton<TimeProvider>(sp => hasServer ? sp.GetRequiredService<DatabaseClock>() : TimeProvider.System);
        services.AddSingleton(modules);
        services.AddInforzapDb(DatabaseSettings.From(configuration));
        services.AddSingleton<FileStore>();
        services.AddSingleton<Recordings>();
        services.AddSingleton<SafeHttp>();
        services.AddScoped<TextRenderer>();
        services.AddSingleton<LiveHints>();
        services.AddSingleton<Drain>();
        services.AddHostedService<ChangeReader>();
        services.AddHostedService<RedisHints>();
        services.TryAddSingleton(LaneWaker.ByGrain);
        services.AddSingleton<LaneWaker>();
        services.AddSingleton<LaneEnds>();
        services.AddSingleton<Nodes>();
        services.TryAddSingleton(SessionWaker.ByGrain);
        services.AddSingleton<LaneAppender>();
        services.AddSingleton<PluginCatalog>();
        services.AddSingleton<LaneEngine>();
        services.AddHostedService(sp => sp.GetRequiredService<LaneEngine>());
        // Stopped after the jobs, which would write the row again.
        services.AddHostedService<ForgetNode>();
        services.AddJobs();
        services.AddHostedService<TakeOver>();
        services.Every<LaneSweep>(TimeSpan.FromSeconds(15), alsoWhenNodeGoes: true);
        if (hasServer) services.Every<KeepTime>(TimeSpan.FromSeconds(30));
        services.Every<KeepNode>(TimeSpan.FromSeconds(10));
        services.Every<ForgetChanges>(TimeSpan.FromMinutes(5));
        services.Every<ForgetAudit>(TimeSpan.FromHours(6));
        services.Every<SweepFiles>(TimeSpan.FromHours(6));
        services.AddLocalization();
        services.AddSingleton<PermissionTexts>();
        services.AddScoped<Line>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton<Tombstones>();
        services.AddHostedService<KeyRingCheck>();
        services.AddSingleton<Secrets>();
        services.AddDataProtection().SetApplicationName("Inforzap").PersistKeysToDbContext<InforzapDb>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(sp =>
            new ConfigureOptions<KeyManagementOptions>(o => o.XmlEncryptor = new MasterKeyEncryptor(sp.GetRequiredService<MasterKey>())));
        foreach (var module in modules) module.Register(services);
        return services;
    }
}
