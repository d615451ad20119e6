using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Identity.Users;

/// <summary>Users by name, with their queues.</summary>
[Allow("users.see"), Reads]
internal sealed record ListUsers([property: StringLength(100), Called("SearchUsers")] string? Text = null, BuiltInRoles? Role = null, bool? Active = null) : IRequest<UserList>;

/// <summary>The rows that match, how many users there are in all, and the queues to choose from.</summary>
internal sealed record UserList(IReadOnlyList<UserRow> Rows, int Total, IReadOnlyList<QueueView> Queues);

/// <summary>A user in the list.</summary>
/// <param name="Stamp">Changes with every edit: who saves hands it back.</param>
/// <param name="HasPassword">False until a one-time link was used.</param>
/// <param name="HasCodes">Signs in with a second step.</param>
/// <param name="PhotoId">Changes with the picture; null without one.</param>
public sealed record UserRow(
    Guid Id, string Name, string Email, BuiltInRoles Role, bool IsActive, DateTime? LastSignInAt, bool HasPassword, string Stamp, IReadOnlyList<Guid> Queues,
    bool HasCodes = false, Guid? PhotoId = null);

internal sealed class ListUsersHandler(InforzapDb db) : IRequestHandler<ListUsers, UserList>
{
    public async Task<UserList> Handle(ListUsers request, CancellationToken ct)
    {
        var users = db.Users.AsNoTracking();
        var total = await users.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            users = users.Where(u => EF.Functions.Like(u.SearchText, like, "\\"));
        }
        if (request.Role is { } role) users = users.Where(u => u.Role == role);
        if (request.Active is { } active) users = users.Where(u => u.IsActive == active);
        var found = await users.OrderByDescending(u => u.IsActive).ThenBy(u => u.Name).Take(1000)
            .Select(u => new { u.Id, u.Name, u.Email, u.Role, u.IsActive, u.LastSignInAt, HasPassword = u.PasswordHash != null, u.ConcurrencyStamp, u.PhotoId,
                HasCodes = db.Set<TwoFactor.SecondFactor>().Any(f => f.UserId == u.Id && f.ConfirmedAt != null) }).ToListAsync(ct);
        var ids = found.Select(u => u.Id).ToList();
        var members = (await db.Set<QueueMemberView>().Where(m => ids.Contains(m.UserId)).ToListAsync(ct)).ToLookup(m => m.UserId, m => m.QueueId);
        var queues = await db.Set<QueueView>().OrderBy(q => q.Name).ToListAsync(ct);
        return new([.. found.Select(u => new UserRow(u.Id, u.Name, u.Email!, u.Role, u.IsActive, u.LastSignInAt, u.HasPassword, u.ConcurrencyStamp!, [.. members[u.Id]], u.HasCodes, u.PhotoId))], total, queues);
    }
}
