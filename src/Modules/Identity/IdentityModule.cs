using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Identity.Access;
using Inforzap.Identity.Availability;
using Inforzap.Identity.FirstStart;
using Inforzap.Identity.Links;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.TwoFactor;
using Inforzap.Identity.Users;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using MudBlazor;

namespace Inforzap.Identity;

/// <summary>People who sign in, and what they may do.</summary>
public sealed class IdentityModule : Module
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => IdentityDb.Map(model);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services)
    {
        services.AddIdentityCore<User>(o =>
        {
            o.User.RequireUniqueEmail = true;
            o.User.AllowedUserNameCharacters = "";
            // Our own rules judge passwords; see PasswordRules.
            o.Password = new() { RequiredLength = 1, RequiredUniqueChars = 1, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
        });
        services.AddScoped<IUserStore<User>, UserOnlyStore<User, InforzapDb, Guid>>();
        services.AddScoped<People>();
        services.AddScoped<Rights>();
        services.AddScoped<OneTimeLinks>();
        services.AddScoped<LinkMail>();
        services.AddScoped<PhotoAlbum>();
        services.AddScoped<UserTable>();
        services.AddScoped<Tries>();
        services.AddScoped<Codes>();
        services.AddScoped<ISecondFactors>(sp => sp.GetRequiredService<Codes>());
        services.AddScoped<SecondSteps>();
        services.AddSingleton<Permissions>();
        services.Every<ForgetAccess>(TimeSpan.FromHours(6));
        services.Every<KeepPresence>(TimeSpan.FromSeconds(15), alsoWhenNodeGoes: true);
        services.AddAuthentication(SessionCookie.Scheme).AddCookie(SessionCookie.Scheme, SessionCookie.Configure);
        services.AddAuthorization();
        services.AddSingleton<IActors, LiveActors>();
        services.AddSingleton<Phantoms>();
        services.AddSingleton<PasswordAsks>();
        services.AddSingleton<PasswordByMail>();
        services.LaneHandler<PasswordLane>();
        services.AddScoped<ISettingFollower, RequiredCodes>();
        services.AddSingleton<SetUpToken>();
        services.AddSingleton<FirstThings>();
        services.AddHostedService<FirstStart.FirstStart>();
    }

    /// <inheritdoc/>
    public override void MapEndpoints(IEndpointRouteBuilder routes)
    {
        Photos.Map(routes);
        routes.MapTable("/users/table", ["users.edit"], "usuarios.csv", _ => new ExportUsers());
        routes.MapPost("/sign-out", async (HttpContext context, IAntiforgery antiforgery, SystemMediator mediator) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
            if (Session.Read(context.User) is { } session && session.Id != Guid.Empty) await mediator.Send(new EndSession(session.Id, session.Stamp, From.Of(context)));
            await context.SignOutAsync(SessionCookie.Scheme);
            return Results.LocalRedirect("/sign-in");
        });
    }

    /// <inheritdoc/>
    public override IEnumerable<FileUse> FileUses => [FileUse.Of<User>(u => u.PhotoId)];

    /// <inheritdoc/>
    public override IEnumerable<MenuItem> Menu => [new("Users", "/users", Icons.Material.Outlined.Group, "users.see", 110), new("Roles", "/roles", Icons.Material.Outlined.Badge, "users.roles", 115), new("Teams", "/teams", Icons.Material.Outlined.Groups, "teams.see", 125)];

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitUsers";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("users.see", BuiltInRoles.Leads),
        new("users.edit", BuiltInRoles.Leads),
        new("users.delete", BuiltInRoles.Administrator),
        new("users.roles", BuiltInRoles.Administrator),
        new("teams.see", BuiltInRoles.Leads),
        new("teams.edit", BuiltInRoles.Leads),
        new("teams.delete", BuiltInRoles.Administrator),
        new("users.administrators", BuiltInRoles.Administrator),
    ];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<UserView>(u => u.Id, db => db.Users.Select(u => new UserView
        {
            Id = u.Id, Name = u.Name, Email = u.Email!, Signature = u.Signature, SignatureOn = u.SignatureOn, IsActive = u.IsActive,
            IsOnline = u.IsOnline, Presence = u.Presence, PhotoId = u.PhotoId, MaxOpenTickets = u.MaxOpenTickets, DefaultChannelId = u.DefaultChannelId,
        })),
        ReadView.Of<UserChannelView>(c => new { c.UserId, c.ChannelId }, db => db.UserChannels.Select(c => new UserChannelView { UserId = c.UserId, ChannelId = c.ChannelId })),
    ];
}
