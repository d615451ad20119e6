using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Ui;

namespace Inforzap.Identity.Teams;

/// <summary>A page of teams, with their members.</summary>
/// <param name="Sort">name or members; with - before it downwards.</param>
/// <param name="Page">From 1.</param>
[Allow("teams.see"), Reads]
internal sealed record ListTeams(
    [property: StringLength(100), Called("SearchTeams")] string? Text = null, bool? Active = null,
    [property: StringLength(20), Called("Order")] string? Sort = null, [property: Range(1, 10_000), Called("Skip")] int Page = 1) : IRequest<TeamList>;

/// <summary>Teams, how many match, how many there are, and who can be a member.</summary>
internal sealed record TeamList(IReadOnlyList<TeamRow> Rows, int Found, int Total, IReadOnlyList<TeamPerson> People);

/// <summary>A team in the list.</summary>
/// <param name="Members">Who is active, by name.</param>
public sealed record TeamRow(Guid Id, string Name, string Color, bool IsActive, Guid? LeaderId, IReadOnlyList<Guid> Members, int Version);

/// <summary>Somebody who can be a member.</summary>
public sealed record TeamPerson(Guid Id, string Name, Guid? PhotoId);

internal sealed class ListTeamsHandler(InforzapDb db) : IRequestHandler<ListTeams, TeamList>
{
    public async Task<TeamList> Handle(ListTeams request, CancellationToken ct)
    {
        var teams = db.Teams.AsNoTracking();
        var total = await teams.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            teams = teams.Where(x => EF.Functions.Like(x.SearchText, like, "\\"));
        }
        if (request.Active is { } active) teams = teams.Where(x => x.IsActive == active);
        var found = await teams.CountAsync(ct);
        var rows = await Sorted(teams, request.Sort).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage).ToListAsync(ct);
        var people = await db.Users.Where(u => u.IsActive).OrderBy(u => u.SearchText).Select(u => new TeamPerson(u.Id, u.Name, u.PhotoId)).ToListAsync(ct);
        var ids = rows.Select(r => r.Id).ToArray();
        var members = (await db.TeamMembers.AsNoTracking().Where(m => ids.Contains(m.TeamId)).ToListAsync(ct)).ToLookup(m => m.TeamId, m => m.UserId);
        return new([.. rows.Select(r => new TeamRow(r.Id, r.Name, r.Color, r.IsActive, r.LeaderId, [.. people.Where(p => members[r.Id].Contains(p.Id)).Select(p => p.Id)], r.Version))], found, total, people);
    }

    private IQueryable<Team> Sorted(IQueryable<Team> teams, string? sort) => sort switch
    {
        "-name" => teams.OrderByDescending(x => x.SearchText).ThenBy(x => x.Id),
        "members" => teams.OrderBy(x => db.Set<TeamMember>().Count(m => m.TeamId == x.Id)).ThenBy(x => x.SearchText).ThenBy(x => x.Id),
        "-members" => teams.OrderByDescending(x => db.Set<TeamMember>().Count(m => m.TeamId == x.Id)).ThenBy(x => x.SearchText).ThenBy(x => x.Id),
        _ => teams.OrderByDescending(x => x.IsActive).ThenBy(x => x.SearchText).ThenBy(x => x.Id),
    };
}
