using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Passwords;
using Inforzap.Identity.Links;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>Makes and changes users under the rules that hold wherever it happens.</summary>
internal sealed class People(InforzapDb db, UserManager<User> users, OneTimeLinks links, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t)
{
    /// <summary>A new user. Without a password they can't sign in until they used a one-time link.</summary>
    public async Task<User> AddAsync(string name, string email, string? password, BuiltInRoles role, string language, CancellationToken ct)
    {
        await RequireFreeEmailAsync(email, null, ct);
        var user = new User { Id = Guid.CreateVersion7(), Name = name.Trim(), UserName = email.Trim(), Email = email.Trim(), Role = role, Language = language, CreatedAt = clock.GetUtcNow().UtcDateTime };
        user.SearchText = SearchTextOf(user);
        if (password is not null) RequireGood(password, user);
        Done(password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password));
        db.Touch(Topics.People);
        return user;
    }

    /// <summary>A new password: all sessions end, failures are forgotten.</summary>
    public async Task SetPasswordAsync(User user, string password)
    {
        RequireGood(password, user);
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        (user.AccessFailedCount, user.LockoutEnd) = (0, null);
        await EndSessionsAsync(user);
    }

    /// <summary>Refuses unless it is their password.</summary>
    public void RequirePassword(User user, string password, string field)
    {
        if (user.PasswordHash is null || users.PasswordHasher.VerifyHashedPassword(user, user.PasswordHash, password) == PasswordVerificationResult.Failed)
            throw Refusal.At(field, t["CurrentPasswordWrong"]);
    }

    /// <summary>Every session of theirs is refused from the commit on. Saves the user.</summary>
    public async Task EndSessionsAsync(User user)
    {
        Done(await users.UpdateSecurityStampAsync(user));
        db.Touch(Topics.User(user.Id), Topics.People);
    }

    /// <summary>Changes name and e-mail. Saves nothing yet.</summary>
    public async Task RenameAsync(User user, string name, string email, CancellationToken ct)
    {
        await RequireFreeEmailAsync(email, user.Id, ct);
        user.Name = name.Trim();
        // Whoever reads the former mailbox shall not come in by it.
        if (!string.Equals(user.Email, email.Trim(), StringComparison.OrdinalIgnoreCase)) await links.EndOwnAsync(user.Id, ct);
        user.Email = user.UserName = email.Trim();
        user.NormalizedEmail = users.NormalizeEmail(user.Email);
        user.NormalizedUserName = users.NormalizeName(user.UserName);
        user.SearchText = SearchTextOf(user);
        db.Touch(Topics.User(user.Id), Topics.People);
    }

    /// <summary>Refuses what would leave nobody to administer.</summary>
    public async Task RequireAnotherAdministratorAsync(User user, CancellationToken ct)
    {
        if (user is not { Role: BuiltInRoles.Administrator, IsActive: true }) return;
        // Two administrators who demote each other at once: whoever commits second must see the first.
        await db.Users.Where(u => u.Role == BuiltInRoles.Administrator).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, u => u.Role), ct);
        if (!await db.Users.AnyAsync(u => u.Id != user.Id && u.Role == BuiltInRoles.Administrator && u.IsActive, ct))
            throw new Refusal(t["LastAdministrator"]);
    }

    /// <summary>Leaves of somebody who is deactivated nothing but the name.</summary>
    public async Task RemoveAsync(User user, DateTime now, CancellationToken ct)
    {
        await db.UserPermissions.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.UserChannels.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.TeamMembers.Where(m => m.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.SecondFactors.Where(f => f.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.OneTimeLinks.Where(l => l.UserId == user.Id).ExecuteDeleteAsync(ct);
        await db.Set<IdentityUserToken<Guid>>().Where(k => k.UserId == user.Id).ExecuteDeleteAsync(ct);
        var leader = user.Id;
        await db.Claim<Teams.Team>(x => x.LeaderId == leader, set => set.SetProperty(x => x.LeaderId, (Guid?)null), ct);
        await EndSessionsAsync(user);
        // Unique, and nobody's: an address of a domain that there never is. A bare update, since the audit shall keep none of it.
        var (id, email, search) = (user.Id, $"{user.Id:N}@removed.invalid", SearchText.Of(400, user.Name));
        var normalized = users.NormalizeEmail(email);
        await db.Users.Where(u => u.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.Email, email).SetProperty(u => u.UserName, email).SetProperty(u => u.NormalizedEmail, normalized).SetProperty(u => u.NormalizedUserName, normalized)
            .SetProperty(u => u.PhoneNumber, (string?)null).SetProperty(u => u.Signature, (string?)null).SetProperty(u => u.PasswordHash, (string?)null)
            .SetProperty(u => u.PhotoId, (Guid?)null).SetProperty(u => u.RoleId, (Guid?)null).SetProperty(u => u.DefaultChannelId, (Guid?)null)
            .SetProperty(u => u.DeletedAt, now).SetProperty(u => u.SearchText, search), ct);
        db.Entry(user).State = EntityState.Detached;
    }

    private void RequireGood(string password, User user)
    {
        if (PasswordRules.Problem(password, user.Name, user.Email!, settings.Get(Setting.CompanyName)) is { } problem)
            throw Refusal.At("Password", t[problem, PasswordRules.MinLength]);
    }

    private async Task RequireFreeEmailAsync(string email, Guid? except, CancellationToken ct)
    {
        var normalized = users.NormalizeEmail(email.Trim());
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == normalized && u.Id != except, ct))
            throw Refusal.At("Email", t["EmailTaken"]);
    }

    private static string SearchTextOf(User user) => SearchText.Of(400, user.Name, user.Email);

    private static void Done(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException($"Identity refused: {string.Join(", ", result.Errors.Select(e => e.Code))}");
    }
}
