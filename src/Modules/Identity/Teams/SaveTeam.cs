using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Teams;

/// <summary>Makes a team, or changes one, with its members.</summary>
[Allow("teams.edit")]
internal sealed record SaveTeam(
    Guid? Id,
    [property: NotEmpty, StringLength(60)] string Name,
    [property: NotEmpty, RegularExpression("#[0-9a-fA-F]{6}")] string Color,
    Guid? LeaderId,
    IReadOnlyList<Guid> Members,
    int? Version) : IRequest<Guid>, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaderId is { } leader && !Members.Contains(leader))
            yield return new(validationContext.GetRequiredService<IStringLocalizer<Texts>>()["LeaderNoMember"], [nameof(LeaderId)]);
    }
}

/// <summary>Takes a team out of use, or into use again.</summary>
[Allow("teams.edit")]
internal sealed record SwitchTeam([property: NotEmpty] Guid Id, bool Active) : IRequest;

/// <summary>Removes a team. Its people stay what they are.</summary>
[Allow("teams.delete")]
internal sealed record DeleteTeam([property: NotEmpty] Guid Id) : IRequest;

internal sealed class SaveTeamHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveTeam, Guid>
{
    public async Task<Guid> Handle(SaveTeam request, CancellationToken ct)
    {
        var name = request.Name.Trim();
        if (await db.Teams.AnyAsync(x => x.Name == name && x.Id != request.Id, ct))
            throw Refusal.At(nameof(request.Name), t["TeamNameTaken", name]);
        var team = request.Id is { } id ? await db.Teams.SingleOrDefaultAsync(x => x.Id == id, ct) ?? throw Refusal.NotFound(t["TeamGone"]) : null;
        if (team is null) db.Add(team = new Team { Id = Guid.CreateVersion7(), Name = name, Color = request.Color, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (team.Version != request.Version) throw Refusal.Conflict(t["TeamChanged", team.Name]);
        (team.Name, team.Color, team.LeaderId, team.SearchText) = (name, request.Color, request.LeaderId, SearchText.Of(400, name));
        await SetMembersAsync(team, request.Members, ct);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.People);
        return team.Id;
    }

    private async Task SetMembersAsync(Team team, IReadOnlyList<Guid> wanted, CancellationToken ct)
    {
        // Who is deactivated is not shown, and so is not taken out by who saves what was shown.
        var now = await db.TeamMembers.Where(m => m.TeamId == team.Id && db.Set<User>().Any(u => u.Id == m.UserId && u.IsActive)).ToListAsync(ct);
        var coming = wanted.Distinct().Except(now.Select(m => m.UserId)).ToList();
        if (await db.Users.CountAsync(u => coming.Contains(u.Id) && u.IsActive, ct) != coming.Count) throw Refusal.NotFound(t["UserGone"]);
        // Members are part of what is saved: who saves after somebody else is told, also when only they changed.
        if (db.Entry(team).State == EntityState.Unchanged && (coming.Count > 0 || now.Any(m => !wanted.Contains(m.UserId)))) db.Entry(team).Property(x => x.Color).IsModified = true;
        var concerned = now.Select(m => m.UserId).Concat(coming).ToArray();
        var names = await db.Users.Where(u => concerned.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        db.Audit("team", team.Id, team.Name, "Members", now.Select(m => names[m.UserId]), wanted.Distinct().Select(u => names[u]));
        db.RemoveRange(now.Where(m => !wanted.Contains(m.UserId)));
        foreach (var user in coming) db.Add(new TeamMember { TeamId = team.Id, UserId = user });
    }
}

internal sealed class SwitchTeamHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchTeam, Unit>
{
    public async Task<Unit> Handle(SwitchTeam request, CancellationToken ct)
    {
        var team = await db.Teams.SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["TeamGone"]);
        team.IsActive = request.Active;
        db.Touch(Topics.People);
        return Unit.Value;
    }
}

internal sealed class DeleteTeamHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteTeam, Unit>
{
    public async Task<Unit> Handle(DeleteTeam request, CancellationToken ct)
    {
        var team = await db.Teams.SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["TeamGone"]);
        db.RemoveRange(await db.TeamMembers.Where(m => m.TeamId == team.Id).ToListAsync(ct));
        db.Remove(team);
        db.Touch(Topics.People);
        return Unit.Value;
    }
}
