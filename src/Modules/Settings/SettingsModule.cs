using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Settings.General;
using Inforzap.Settings.License;
using Inforzap.Settings.Mail;
using Microsoft.AspNetCore.Routing;
using MudBlazor;

namespace Inforzap.Settings;

/// <summary>Switches and company data.</summary>
public sealed class SettingsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "settings";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => SettingsDb.Map(model);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<Notices>();
        services.AddSingleton<LiveSettings>();
        services.AddSingleton<ISettings>(sp => sp.GetRequiredService<LiveSettings>());
        services.AddHostedService(sp => sp.GetRequiredService<LiveSettings>());
        services.AddSingleton<LiveMail>();
        services.AddSingleton<IMailer>(sp => sp.GetRequiredService<LiveMail>());
        services.AddHostedService(sp => sp.GetRequiredService<LiveMail>());
        services.AddScoped<MailAccounts>();
        services.AddScoped<MailLayout>();
        services.AddSingleton<MailPost>();
        services.LaneWorker<MailWorker>();
        services.Every<MailAlarms>(TimeSpan.FromSeconds(30));
    }

    /// <inheritdoc/>
    public override void MapEndpoints(IEndpointRouteBuilder routes) => Logos.Map(routes);

    /// <inheritdoc/>
    public override IEnumerable<FileUse> FileUses => [Logos.Use];

    /// <inheritdoc/>
    public override IEnumerable<MenuItem> Menu =>
    [
        new("General", "/settings", Icons.Material.Outlined.Tune, "settings.edit", 170),
        new("Mail", "/settings/mail", Icons.Material.Outlined.MailOutline, "users.administrators", 172),
        new("Variables", "/settings/variables", Icons.Material.Outlined.DataObject, "settings.edit", 175),
        new("Audit", "/audit", Icons.Material.Outlined.ManageHistory, "audit.see", 180),
        new("License", "/license", Icons.Material.Outlined.WorkspacePremium, "license.see", 195),
    ];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<CompanyVariableView>(v => v.Id, db => db.CompanyVariables.Select(v => new CompanyVariableView { Id = v.Id, Key = v.Key, Value = v.Value, Description = v.Description })),
    ];

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitSettings";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions => [new("settings.edit", BuiltInRoles.Administrator), new("audit.see", BuiltInRoles.Administrator), new("license.see", BuiltInRoles.Administrator)];
}
