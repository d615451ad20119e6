using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Identity.Roles;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>A page of users, with their queues.</summary>
/// <param name="Sort">name, email, role, presence or last; with - before it downwards.</param>
/// <param name="Page">From 1.</param>
[Allow("users.see"), Reads]
internal sealed record ListUsers(
    [property: StringLength(100), Called("SearchUsers")] string? Text = null, BuiltInRoles? Role = null, bool? Active = null, Guid? RoleId = null,
    [property: StringLength(20), Called("Order")] string? Sort = null, [property: Range(1, 10_000), Called("Skip")] int Page = 1) : IRequest<UserList>;

/// <summary>The rows of a page, how many users there are in all, how many match, and the queues to choose from.</summary>
internal sealed record UserList(IReadOnlyList<UserRow> Rows, int Total, IReadOnlyList<QueueView> Queues, int Found = 0);

/// <summary>A user in the list.</summary>
/// <param name="Stamp">Changes with every edit: who saves hands it back.</param>
/// <param name="HasPassword">False until a one-time link was used.</param>
/// <param name="HasCodes">Signs in with a second step.</param>
/// <param name="PhotoId">Changes with the picture; null without one.</param>
public sealed record UserRow(
    Guid Id, string Name, string Email, BuiltInRoles Role, bool IsActive, DateTime? LastSignInAt, bool HasPassword, string Stamp, IReadOnlyList<Guid> Queues,
    bool HasCodes = false, Guid? PhotoId = null)
{
    /// <summary>A role of the company's own, by its name.</summary>
    public string? RoleName { get; init; }

    /// <summary>Whether they can be counted on now.</summary>
    public Presence Presence { get; init; }

    /// <summary>When a screen of theirs was last connected.</summary>
    public DateTime? LastSeenAt { get; init; }
}

/// <summary>All that the form of a user shows, and what it offers.</summary>
[Allow("users.edit"), Reads]
internal sealed record ReadUser([property: NotEmpty] Guid Id) : IRequest<UserForm>;

/// <summary>What the form shows beside the row of the list.</summary>
public sealed record UserForm(
    Guid? RoleId, IReadOnlyDictionary<string, bool> Permissions, string? AccessHours, int MaxOpenTickets, string? Phone, string? Signature,
    IReadOnlyList<Guid> Channels, Guid? DefaultChannelId);

/// <summary>The channels to choose from.</summary>
[Allow("users.edit"), Reads]
internal sealed record ListUserChannels : IRequest<IReadOnlyList<ChannelChoice>>;

/// <summary>A channel to choose.</summary>
public sealed record ChannelChoice(Guid Id, string Name);

internal sealed class ListUsersHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<ListUsers, UserList>
{
    public async Task<UserList> Handle(ListUsers request, CancellationToken ct)
    {
        var users = db.Users.AsNoTracking().Where(u => u.DeletedAt == null);
        var total = await users.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            users = users.Where(u => EF.Functions.Like(u.SearchText, like, "\\"));
        }
        if (request.RoleId is { } roleId) users = users.Where(u => u.RoleId == roleId);
        else if (request.Role is { } role) users = users.Where(u => u.Role == role && u.RoleId == null);
        if (request.Active is { } active) users = users.Where(u => u.IsActive == active);
        var found = await users.CountAsync(ct);
        var rows = await (from u in Sorted(users, request.Sort).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage)
                          select new
                          {
                              User = u, HasPassword = u.PasswordHash != null,
                              HasCodes = db.Set<TwoFactor.SecondFactor>().Any(f => f.UserId == u.Id && f.ConfirmedAt != null),
                              RoleName = db.Set<Role>().Where(r => r.Id == u.RoleId).Select(r => r.Name).FirstOrDefault(),
                          }).ToListAsync(ct);
        var ids = rows.Select(r => r.User.Id).ToArray();
        var members = (await db.Set<QueueMemberView>().Where(m => ids.Contains(m.UserId)).ToListAsync(ct)).ToLookup(m => m.UserId, m => m.QueueId);
        var queues = await db.Set<QueueView>().OrderBy(q => q.Name).ToListAsync(ct);
        return new(
            [.. rows.Select(r => new UserRow(r.User.Id, r.User.Name, r.User.Email ?? t["NoEmail"], r.User.Role, r.User.IsActive, r.User.LastSignInAt, r.HasPassword,
                r.User.ConcurrencyStamp ?? "", [.. members[r.User.Id]], r.HasCodes, r.User.PhotoId)
                { RoleName = r.RoleName, Presence = r.User.IsOnline ? r.User.Presence : Presence.Offline, LastSeenAt = r.User.LastSeenAt })],
            total, queues, found);
    }

    private static IQueryable<User> Sorted(IQueryable<User> users, string? sort) => sort switch
    {
        "-name" => users.OrderByDescending(u => u.SearchText).ThenBy(u => u.Id),
        "email" => users.OrderBy(u => u.NormalizedEmail),
        "-email" => users.OrderByDescending(u => u.NormalizedEmail),
        "role" => users.OrderBy(u => u.Role).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        "-role" => users.OrderByDescending(u => u.Role).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        "presence" => users.OrderByDescending(u => u.IsOnline).ThenBy(u => u.Presence == Presence.Online ? 0 : u.Presence == Presence.Busy ? 1 : 2).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        "-presence" => users.OrderBy(u => u.IsOnline).ThenByDescending(u => u.Presence == Presence.Online ? 0 : u.Presence == Presence.Busy ? 1 : 2).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        "last" => users.OrderBy(u => u.LastSignInAt).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        "-last" => users.OrderByDescending(u => u.LastSignInAt).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
        _ => users.OrderByDescending(u => u.IsActive).ThenBy(u => u.SearchText).ThenBy(u => u.Id),
    };
}

internal sealed class ReadUserHandler(InforzapDb db, Rights rights) : IRequestHandler<ReadUser, UserForm>
{
    public async Task<UserForm> Handle(ReadUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        return new(user.RoleId, await db.UserPermissions.Where(p => p.UserId == user.Id).ToDictionaryAsync(p => p.Permission, p => p.IsGranted, ct),
            user.AccessHours, user.MaxOpenTickets, user.PhoneNumber, user.Signature,
            await db.UserChannels.Where(c => c.UserId == user.Id).Select(c => c.ChannelId).ToListAsync(ct), user.DefaultChannelId);
    }
}

internal sealed class ListUserChannelsHandler(IChannelDirectory channels) : IRequestHandler<ListUserChannels, IReadOnlyList<ChannelChoice>>
{
    public Task<IReadOnlyList<ChannelChoice>> Handle(ListUserChannels request, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ChannelChoice>>([.. channels.All.Select(c => new ChannelChoice(c.Id, c.Name))]);
}
