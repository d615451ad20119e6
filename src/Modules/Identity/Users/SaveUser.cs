using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Hours;
using Inforzap.Identity.Roles;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>Makes a user, or changes one. Without a password a new user waits for a one-time link; of others it stays.</summary>
[Allow("users.edit")]
internal sealed record SaveUser(
    Guid? Id,
    [property: NotEmpty, StringLength(120)] string Name,
    [property: NotEmpty, StringLength(256), EmailAddress] string Email,
    BuiltInRoles Role,
    IReadOnlyList<Guid> Queues,
    [property: StringLength(200)] string? Password,
    string? Stamp) : IRequest<Guid>, IValidatableObject
{
    /// <summary>A role of the company's own, in place of the built-in one; that follows from it.</summary>
    public Guid? RoleId { get; init; }

    /// <summary>Permissions that they have (true) or lack (false) whatever the role says.</summary>
    public IReadOnlyDictionary<string, bool> Permissions { get; init; } = new Dictionary<string, bool>();

    /// <summary>When they may be signed in, as <see cref="WeekHours"/> writes it; null: always.</summary>
    [StringLength(WeekHours.MaxLength)]
    public string? AccessHours { get; init; }

    /// <summary>The most tickets that they serve at once; 0 is no limit.</summary>
    [Range(0, 999)]
    public int MaxOpenTickets { get; init; }

    /// <summary>Where colleagues reach them.</summary>
    [StringLength(20)]
    public string? Phone { get; init; }

    /// <summary>What their messages begin with.</summary>
    [StringLength(200)]
    public string? Signature { get; init; }

    /// <summary>Through which channels they may begin conversations; none: through all.</summary>
    public IReadOnlyList<Guid> Channels { get; init; } = [];

    /// <summary>The one that is proposed.</summary>
    public Guid? DefaultChannelId { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (AccessHours is not null && WeekHours.Parse(AccessHours) is not { IsEmpty: false, Overlaps: false }) yield return new(t["HoursWrong"], [nameof(AccessHours)]);
        if (DefaultChannelId is { } channel && Channels.Count > 0 && !Channels.Contains(channel)) yield return new(t["DefaultChannelWrong"], [nameof(DefaultChannelId)]);
    }
}

internal sealed class SaveUserHandler(
    InforzapDb db, People people, Rights rights, Permissions known, IMediator mediator, IChannelDirectory channels, ISettings settings, IStringLocalizer<Texts> t)
    : IRequestHandler<SaveUser, Guid>
{
    public async Task<Guid> Handle(SaveUser request, CancellationToken ct)
    {
        var role = request.RoleId is { } id ? await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct) ?? throw Refusal.NotFound(t["RoleGone"]) : null;
        if ((role?.Base ?? request.Role) is not (BuiltInRoles.Administrator or BuiltInRoles.Supervisor or BuiltInRoles.Agent)) throw new Refusal(t["UnknownRole"]);
        rights.RequireMayGive(role?.Base ?? request.Role);
        RequireKnown(request);
        var user = request.Id is { } old ? await ChangeAsync(old, role, request, ct)
            : await people.AddAsync(request.Name, request.Email, request.Password, role?.Base ?? request.Role, settings.Get(Setting.Language), ct);
        await SetRoleAsync(user, role, request, ct);
        await RequireNotOwnLimitsAsync(user, request, ct);
        (user.AccessHours, user.MaxOpenTickets, user.DefaultChannelId) = (request.AccessHours, request.MaxOpenTickets, request.DefaultChannelId);
        (user.PhoneNumber, user.Signature) = (Blank(request.Phone), Blank(request.Signature));
        await SetChannelsAsync(user, request.Channels, ct);
        await db.SaveChangesAsync(ct);
        await mediator.Send(new SetUserQueues(user.Id, request.Queues), ct);
        db.Touch(Topics.User(user.Id), Topics.People);
        return user.Id;
    }

    /// <summary>Nobody lifts the limits that others set them: hours, tickets, channels, queues.</summary>
    private async Task RequireNotOwnLimitsAsync(User user, SaveUser request, CancellationToken ct)
    {
        if (request.Id is null || !rights.IsSelf(user) || rights.IsAdministrator) return;
        var queues = await db.Set<QueueMemberView>().Where(m => m.UserId == user.Id).Select(m => m.QueueId).ToListAsync(ct);
        var through = await db.UserChannels.Where(c => c.UserId == user.Id).Select(c => c.ChannelId).ToListAsync(ct);
        if (user.AccessHours != request.AccessHours || user.MaxOpenTickets != request.MaxOpenTickets || !queues.ToHashSet().SetEquals(request.Queues)
            || !through.Where(c => channels.All.Any(k => k.Id == c)).ToHashSet().SetEquals(request.Channels)) throw Refusal.Forbidden(t["OwnLimits"]);
    }

    private void RequireKnown(SaveUser request)
    {
        if (request.Permissions.Keys.FirstOrDefault(p => !known.All.Contains(p)) is { } unknown) throw new Refusal(t["UnknownPermission", unknown]);
        if (request.Permissions.GetValueOrDefault("users.administrators")) throw Refusal.Forbidden(t["AdministratorsOnly"]);
        if (request.Channels.Concat(request.DefaultChannelId is { } one ? [one] : []).Any(id => channels.All.All(c => c.Id != id))) throw Refusal.NotFound(t["ChannelGone"]);
    }

    private async Task<User> ChangeAsync(Guid id, Role? role, SaveUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(id, ct);
        if (user.ConcurrencyStamp != request.Stamp) throw Refusal.Conflict(t["UserChanged", user.Name]);
        await people.RenameAsync(user, request.Name, request.Email, ct);
        user.ConcurrencyStamp = Guid.NewGuid().ToString();
        var wanted = role?.Base ?? request.Role;
        if (user.Role != wanted)
        {
            await people.RequireAnotherAdministratorAsync(user, ct);
            user.Role = wanted;
            await people.EndSessionsAsync(user);
        }
        if (!string.IsNullOrEmpty(request.Password)) await people.SetPasswordAsync(user, request.Password);
        return user;
    }

    /// <summary>The role of the company's own, and what the person has or lacks beside it.</summary>
    private async Task SetRoleAsync(User user, Role? role, SaveUser request, CancellationToken ct)
    {
        if (user.RoleId != role?.Id)
        {
            var former = user.RoleId is { } id ? await db.Roles.Where(r => r.Id == id).Select(r => r.Name).SingleOrDefaultAsync(ct) : null;
            db.Audit("user", user.Id, user.Name, "RoleId", former is null ? [] : [former], role is null ? [] : [role.Name]);
            user.RoleId = role?.Id;
        }
        // Of administrators nothing is written beside the role: it would count for nothing.
        var wanted = user.Role == BuiltInRoles.Administrator ? new Dictionary<string, bool>() : request.Permissions;
        var rows = await db.UserPermissions.Where(p => p.UserId == user.Id).ToListAsync(ct);
        db.Audit("user", user.Id, user.Name, "Permissions", rows.Select(p => Sign(p.Permission, p.IsGranted)), wanted.Select(p => Sign(p.Key, p.Value)));
        db.RemoveRange(rows.Where(p => !wanted.ContainsKey(p.Permission)));
        foreach (var (permission, granted) in wanted)
            if (rows.SingleOrDefault(p => p.Permission == permission) is { } row) row.IsGranted = granted;
            else db.Add(new UserPermission { UserId = user.Id, Permission = permission, IsGranted = granted });
        await db.SaveChangesAsync(ct);
        rights.RequireMayGive(await known.OfAsync(db, user.Id, user.Role, user.RoleId, ct));
    }

    private async Task SetChannelsAsync(User user, IReadOnlyList<Guid> wanted, CancellationToken ct)
    {
        var rows = await db.UserChannels.Where(c => c.UserId == user.Id).ToListAsync(ct);
        db.Audit("user", user.Id, user.Name, "Channels", rows.Select(c => Name(c.ChannelId)), wanted.Select(Name));
        db.RemoveRange(rows.Where(c => !wanted.Contains(c.ChannelId)));
        foreach (var id in wanted.Distinct().Except(rows.Select(c => c.ChannelId))) db.Add(new UserChannel { UserId = user.Id, ChannelId = id });

        string Name(Guid id) => channels.Find(id)?.Name ?? id.ToString();
    }

    private static string Sign(string permission, bool granted) => (granted ? "+" : "−") + permission;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
