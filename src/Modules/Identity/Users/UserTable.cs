using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Identity.Links;
using Inforzap.Identity.Roles;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>
/// People as a table: name, e-mail, role, queues, phone, signature, limit of tickets. Who is there already, by the e-mail, stays as
/// they are; nobody gets a password by it, and nobody gets more than the caller may give.
/// </summary>
internal sealed class UserTable(InforzapDb db, Rights rights, Permissions known, RuleCheck rules, IStringLocalizer<Texts> t, IStringLocalizer<Inforzap.Texts> core)
{
    public const int MaxLines = 300;
    public const int MaxLength = 500_000;

    private static readonly string[] Heads = ["nome", "email", "perfil", "filas", "telefone", "assinatura", "limite"];
    private static readonly Dictionary<BuiltInRoles, string> BuiltIn = new() { [BuiltInRoles.Agent] = "agente", [BuiltInRoles.Supervisor] = "supervisor", [BuiltInRoles.Administrator] = "administrador" };

    /// <summary>A line, and whom it asks for; null when it can't be taken or they are there.</summary>
    internal sealed record Planned(TableLine Shown, SaveUser? Wanted);

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        var people = await db.Users.AsNoTracking().Where(u => u.DeletedAt == null && u.IsActive).OrderBy(u => u.Name).ThenBy(u => u.Id)
            .Select(u => new { u.Id, u.Name, u.Email, u.Role, u.RoleId, u.PhoneNumber, u.Signature, u.MaxOpenTickets }).ToListAsync(ct);
        var roles = await db.Roles.ToDictionaryAsync(r => r.Id, r => r.Name, ct);
        var queues = (await (from m in db.Set<QueueMemberView>() join q in db.Set<QueueView>() on m.QueueId equals q.Id select new { m.UserId, q.Name }).ToListAsync(ct)).ToLookup(q => q.UserId, q => q.Name);
        return Csv.Write(people.Select(IReadOnlyList<string> (u) =>
        [
            u.Name, u.Email ?? "", u.RoleId is { } role && roles.TryGetValue(role, out var own) ? own : BuiltIn[u.Role], string.Join(Table.Apart, queues[u.Id].Order(StringComparer.Ordinal)),
            u.PhoneNumber ?? "", u.Signature ?? "", u.MaxOpenTickets.ToString(CultureInfo.InvariantCulture),
        ]).Prepend(Heads));
    }

    /// <summary>Reads a table and says of each line what would become of it. Changes nothing.</summary>
    /// <exception cref="Refusal">It is no such table.</exception>
    public async Task<IReadOnlyList<Planned>> PlanAsync(string csv, CancellationToken ct)
    {
        var lines = Table.Read(csv, Heads, 2, MaxLines, core);
        var queues = (await db.Set<QueueView>().Where(q => q.IsActive).Select(q => new { q.Id, q.Name }).ToListAsync(ct)).DistinctBy(q => SearchText.Fold(q.Name)).ToDictionary(q => SearchText.Fold(q.Name), q => q.Id);
        var roles = await RolesAsync(ct);
        var emails = lines.Select(l => Key(l["email"])).Distinct().ToArray();
        var there = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var some in emails.Chunk(100)) there.UnionWith(await db.Users.Where(u => some.Contains(u.NormalizedEmail!)).Select(u => u.NormalizedEmail).ToListAsync(ct));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. lines.Select(line => Plan(line, queues, roles, there, seen))];
    }

    private Planned Plan(TableRow row, Dictionary<string, Guid> queues, Dictionary<string, Given> roles, HashSet<string?> there, HashSet<string> seen)
    {
        var (name, email) = (row["nome"], row["email"]);
        TableLine Shown(string? why, bool taken = false) => new(row.Number, CleanText.Cut(name, 60), why, taken) { Key = CleanText.Cut(email, 80) };
        if (!seen.Add(Key(email))) return new(Shown(t["UserLineTwice"]), null);
        if (email.Length > 0 && there.Contains(Key(email))) return new(Shown(null, taken: true), null);
        if (!roles.TryGetValue(row["perfil"] is { Length: > 0 } said ? SearchText.Fold(said) : BuiltIn[BuiltInRoles.Agent], out var role)) return new(Shown(t["UserLineRole", CleanText.Cut(row["perfil"], 60)]), null);
        if (role.Problem is not null) return new(Shown(role.Problem), null);
        var named = row.Parts("filas");
        if (named.FirstOrDefault(n => !queues.ContainsKey(SearchText.Fold(n))) is { } lost) return new(Shown(t["UserLineQueue", CleanText.Cut(lost, 60)]), null);
        var limit = 0;
        if (row["limite"] is { Length: > 0 } figure && !int.TryParse(figure, NumberStyles.None, CultureInfo.InvariantCulture, out limit)) return new(Shown(t["UserLineLimit", CleanText.Cut(figure, 20)]), null);
        var wanted = new SaveUser(null, name, email, role.Base, [.. named.Select(n => queues[SearchText.Fold(n)]).Distinct()], null, null)
        {
            RoleId = role.Id, Phone = row["telefone"], Signature = row["assinatura"], MaxOpenTickets = limit,
        };
        return rules.Faults(wanted) is { Count: > 0 } faults ? new(Shown(string.Join(' ', faults.Values.Distinct())), null) : new(Shown(null), wanted);
    }

    /// <summary>A role, and why the caller may not give it.</summary>
    private sealed record Given(Guid? Id, BuiltInRoles Base, string? Problem);

    private async Task<Dictionary<string, Given>> RolesAsync(CancellationToken ct)
    {
        var own = await db.Roles.AsNoTracking().ToListAsync(ct);
        var allowed = (await db.RolePermissions.AsNoTracking().ToListAsync(ct)).ToLookup(p => p.RoleId, p => p.Permission);
        var roles = own.DistinctBy(r => SearchText.Fold(r.Name)).ToDictionary(r => SearchText.Fold(r.Name), r => new Given(r.Id, r.Base, Problem(r.Base, allowed[r.Id].Where(known.All.Contains))));
        // A role of the company's own that is called so is meant before ours.
        foreach (var (role, name) in BuiltIn) roles.TryAdd(name, new(null, role, Problem(role, known.Of(role))));
        roles.TryAdd("usuario", roles[BuiltIn[BuiltInRoles.Agent]]);
        return roles;
    }

    private string? Problem(BuiltInRoles role, IEnumerable<string> allowed)
    {
        try
        {
            rights.RequireMayGive(role);
            rights.RequireMayGive(allowed);
            return null;
        }
        catch (Refusal refusal)
        {
            return refusal.Message;
        }
    }

    private static string Key(string email) => email.Trim().ToUpperInvariant();
}

/// <summary>Everybody who is active, as a table.</summary>
[Allow("users.edit"), Reads]
internal sealed record ExportUsers : IRequest<string>;

/// <summary>What would become of each line of a table. Changes nothing.</summary>
[Allow("users.edit"), Reads]
internal sealed record PreviewUserTable([property: StringLength(UserTable.MaxLength), Called("UserTable")] string Csv) : IRequest<IReadOnlyList<TableLine>>;

/// <summary>Makes the people of a table who are not there yet: all of them, or none.</summary>
/// <param name="InviteFrom">Mails each of them a one-time link that begins with this address, or with the public one; null: nobody is told.</param>
[Allow("users.edit")]
internal sealed record ImportUserTable(
    [property: StringLength(UserTable.MaxLength), Called("UserTable")] string Csv,
    [property: StringLength(300), Called("MakeLink")] string? InviteFrom) : IRequest<TableImported>;

internal sealed class ExportUsersHandler(UserTable table) : IRequestHandler<ExportUsers, string>
{
    public Task<string> Handle(ExportUsers request, CancellationToken ct) => table.WriteAsync(ct);
}

internal sealed class PreviewUserTableHandler(UserTable table) : IRequestHandler<PreviewUserTable, IReadOnlyList<TableLine>>
{
    public async Task<IReadOnlyList<TableLine>> Handle(PreviewUserTable request, CancellationToken ct) => [.. (await table.PlanAsync(request.Csv, ct)).Select(p => p.Shown)];
}

internal sealed class ImportUserTableHandler(InforzapDb db, UserTable table, OneTimeLinks links, LinkMail mail, IActor actor, IMediator mediator, TimeProvider clock) : IRequestHandler<ImportUserTable, TableImported>
{
    public async Task<TableImported> Handle(ImportUserTable request, CancellationToken ct)
    {
        var root = request.InviteFrom is { } seen ? mail.RequireRoot(seen) : null;
        var planned = await table.PlanAsync(request.Csv, ct);
        foreach (var wanted in planned.Select(p => p.Wanted).OfType<SaveUser>())
        {
            var id = await mediator.Send(wanted, ct);
            if (root is null) continue;
            var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == id, ct);
            mail.Post(user, root, await links.MakeAsync(id, actor.Id, ct), clock.GetUtcNow().UtcDateTime + OneTimeLinks.Life);
        }
        return new(planned.Count(p => p.Wanted is not null), 0, planned.Count(p => p.Shown.IsTaken), planned.Count(p => p.Shown.Problem is not null));
    }
}
