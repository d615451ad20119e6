using Inforzap.Alarms;
using Inforzap.Channels.In;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Out;
using Inforzap.Channels.Plugins;
using Inforzap.Channels.Sessions;
using Inforzap.Channels.Templates;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Sessions;
using Microsoft.AspNetCore.Routing;
using MudBlazor;

namespace Inforzap.Channels;

/// <summary>Channels, the plugins that drive them, what comes in and what goes out.</summary>
public sealed class ChannelsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "channels";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => ChannelsDb.Map(model);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services)
    {
        services.AddSingleton(ChannelServices.Given);
        services.AddSingleton<ChannelDirectory>();
        services.AddSingleton<IChannelDirectory>(sp => sp.GetRequiredService<ChannelDirectory>());
        services.AddHostedService<DeclaredChannels>();
        services.AddHostedService(sp => sp.GetRequiredService<ChannelDirectory>());
        services.AddSingleton<SessionRunner>();
        services.AddSingleton<ISessionRunner>(sp => sp.GetRequiredService<SessionRunner>());
        services.AddHostedService(sp => sp.GetRequiredService<SessionRunner>());
        services.AddSingleton<ChannelLog>();
        services.AddScoped<IAlarmSource, ChannelAlarms>();
        services.AddSingleton<ITypingOut, TypingOut>();
        services.AddSingleton<ITextCounter, TextCounter>();
        services.AddSingleton<Arrivals>();
        services.AddSingleton<Evidence>();
        services.AddSingleton<Pace>();
        services.AddSingleton<SendBook>();
        services.AddSingleton<IMediaOpener, MediaOpener>();
        services.AddSingleton<IChannelMemory, ChannelMemory>();
        services.AddSingleton<TemplateDoor>();
        services.Every<WatchTemplates>(TimeSpan.FromMinutes(30));
        services.AddSingleton<StrangersAtHooks>();
        services.AddSingleton<Webhooks>();
        services.AddSingleton<PublicPages>();
        services.AddScoped<Contracts.Contacts.IPersonData, Persons.LanesOfPerson>();
        services.LaneWorker<SendWorker>();
        services.LaneWorker<ReadReceiptWorker>();
        services.LaneWorker<ActWorker>();
        services.Every<WriteArrivals>(TimeSpan.FromSeconds(15));
        services.Every<KeepSessions>(TimeSpan.FromSeconds(10), alsoWhenNodeGoes: true);
        services.Every<WatchChannels>(TimeSpan.FromSeconds(10));
        services.Every<WriteChannelLog>(TimeSpan.FromSeconds(5));
    }

    /// <inheritdoc/>
    public override void MapEndpoints(IEndpointRouteBuilder routes)
    {
        Webhooks.Map(routes);
        PublicPages.Map(routes);
    }

    /// <inheritdoc/>
    public override IEnumerable<FileUse> FileUses => [FilesOnTheirWay.Use];

    /// <inheritdoc/>
    public override IEnumerable<MenuItem> Menu => [new("Channels", "/channels", Icons.Material.Outlined.Hub, "channels.see", 130), new("Templates", "/templates", Icons.Material.Outlined.DynamicForm, "templates.see", 131)];

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitChannels";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("channels.see", BuiltInRoles.Leads),
        new("channels.edit", BuiltInRoles.Administrator),
        new("channels.plugins", BuiltInRoles.Administrator),
        new("templates.see", BuiltInRoles.Leads),
        new("templates.edit", BuiltInRoles.Administrator),
    ];
}
