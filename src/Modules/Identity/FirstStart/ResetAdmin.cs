using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.FirstStart;
using Inforzap.Identity.Links;
using Inforzap.Identity.TwoFactor;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Identity;

/// <summary>For the day the password is lost: <c>--reset-admin</c> prints a one-time link for the first administrator.</summary>
public static class ResetAdmin
{
    /// <summary>The exit code. Safe to run beside a running host.</summary>
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var made = await services.GetRequiredService<SystemMediator>().Send(new MakeAdminLink());
        if (made is null)
        {
            Console.WriteLine("There is no administrator yet: start Inforzap and open the set-up address that it prints.");
            return 1;
        }
        // Nothing runs here that would have read them.
        var settings = services.GetRequiredService<ISettings>();
        await settings.LoadAsync();
        var address = settings.Get(Setting.PublicUrl) is { Length: > 0 } url ? url : ListenAddress.Of(configuration["urls"]?.Split(';')[0]);
        Console.WriteLine($"{made.Email}: {address}/invite/{made.Token}");
        return 0;
    }
}

[AllowSystem]
internal sealed record MakeAdminLink : IRequest<AdminLink?>;

internal sealed record AdminLink(string Email, string Token);

internal sealed class MakeAdminLinkHandler(InforzapDb db, OneTimeLinks links, Codes codes) : IRequestHandler<MakeAdminLink, AdminLink?>
{
    public async Task<AdminLink?> Handle(MakeAdminLink request, CancellationToken ct)
    {
        var admin = await db.Users.Where(u => u.Role == BuiltInRoles.Administrator).OrderByDescending(u => u.IsActive).ThenBy(u => u.CreatedAt).FirstOrDefaultAsync(ct);
        if (admin is null) return null;
        admin.IsActive = true;
        (admin.AccessFailedCount, admin.LockoutEnd) = (0, null);
        // Who sits at this machine may do this; the phone may be as lost as the password.
        await codes.EndAsync(admin.Id, ct);
        db.Touch(Topics.User(admin.Id), Topics.People);
        return new(admin.Email!, await links.MakeAsync(admin.Id, null, ct));
    }
}
