using Inforzap.Audit;
using Inforzap.Contracts.Settings;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Users;
using Inforzap.Settings.Audit;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Queues;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Settings;

public class AuditTests
{
    [Fact(DisplayName = "Who changed what, from what to what, is written down with the change")]
    public async Task Written()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var queue = await desk.SendAs(admin, new SaveQueue(null, "Vendas", "#0B7A75", 0, [], null));
        var version = (await desk.SendAs(admin, new ListQueues())).Rows.Single(q => q.Id == queue).Version;
        await desk.SendAs(admin, new SaveQueue(queue, "Loja", "#0B7A75", 2, [admin.Id], version));
        var rows = (await desk.SendAs(admin, new ReadAudit("queue", queue.ToString()))).Rows;
        Assert.All(rows, r => Assert.Equal("Rita", r.ByName));
        Assert.Equal(AuditVerb.Created, rows[^1].Verb);
        var changes = rows.Where(r => r.Verb == AuditVerb.Changed).SelectMany(r => r.Changes).ToList();
        Assert.Contains(new AuditChange("Name", "Vendas", "Loja"), changes);
        Assert.Contains(new AuditChange("Order", "0", "2"), changes);
        Assert.Contains(new AuditChange("Members", null, "Rita"), changes);
        Assert.DoesNotContain(changes, c => c.Field is "Color" or "Version");
    }

    [Fact(DisplayName = "What is refused, and what changes nothing, leaves no trace")]
    public async Task Nothing()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var queue = await desk.SendAs(admin, new SaveQueue(null, "Vendas", "#0B7A75", 0, [], null));
        var before = (await desk.SendAs(admin, new ReadAudit())).Rows.Count;
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveQueue(null, "Vendas", "#0B7A75", 0, [], null)));
        var version = (await desk.SendAs(admin, new ListQueues())).Rows.Single(q => q.Id == queue).Version;
        await desk.SendAs(admin, new SaveQueue(queue, "Vendas", "#0B7A75", 0, [], version));
        Assert.Equal(before, (await desk.SendAs(admin, new ReadAudit())).Rows.Count);
    }

    [Fact(DisplayName = "That a password changed is told, and what it was or became is not")]
    public async Task Secrets()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        var row = (await desk.SendAs(admin, new ListUsers("ana"))).Rows.Single();
        await desk.SendAs(admin, new SaveUser(row.Id, row.Name, row.Email, row.Role, [], "tijolo cometa varanda", row.Stamp));
        var changes = (await desk.SendAs(admin, new ReadAudit("user", ana.Id.ToString()))).Rows.SelectMany(r => r.Changes).ToList();
        Assert.Contains(new AuditChange("PasswordHash", AuditChange.Secret, AuditChange.Secret), changes);
        var hash = await desk.ReadAsync(db => db.Set<Inforzap.Identity.User>().Where(u => u.Id == ana.Id).Select(u => u.PasswordHash!).SingleAsync());
        Assert.DoesNotContain(await desk.ReadAsync(db => db.AuditEntries.Select(e => e.Changes).ToListAsync()), c => c.Contains(hash[..20], StringComparison.Ordinal));
    }

    [Fact(DisplayName = "Permissions are told by their words, ids by the names of their things")]
    public async Task Words()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        System.Globalization.CultureInfo.CurrentUICulture = new("pt-BR");
        await desk.SendAs(admin, new SaveRole(null, "Caixa", "", BuiltInRoles.Agent, ["tickets.see", "tickets.close"], null));
        var told = (await desk.SendAs(admin, new ReadAudit("role"))).Rows.SelectMany(r => r.Changes).Single(c => c.Field == "Permissions");
        Assert.Equal("Resolver, Ver atendimentos", told.To);
    }

    [Fact(DisplayName = "Of a long list is told who came and who left, however long it is")]
    public async Task Long()
    {
        await using var desk = await Desk.OpenAsync();
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var people = new List<Guid>();
        for (var i = 0; i < 80; i++) people.Add((await desk.PersonAsync($"Pessoa de nome comprido {i:00}")).Id);
        var queue = await desk.SendAs(admin, new SaveQueue(null, "Vendas", "#0B7A75", 0, people, null));
        var zita = await desk.PersonAsync("Zita");
        var version = (await desk.SendAs(admin, new ListQueues())).Rows.Single().Version;
        await desk.SendAs(admin, new SaveQueue(queue, "Vendas", "#0B7A75", 0, [.. people.Skip(1), zita.Id], version));
        var told = (await desk.SendAs(admin, new ReadAudit("queue"))).Rows[0].Changes.Single(c => c.Field == "Members");
        Assert.Equal(("Pessoa de nome comprido 00", "Zita"), (told.From, told.To));
    }

    [Fact(DisplayName = "Of somebody who was deleted the audit keeps the name and that they are gone")]
    public async Task Erased()
    {
        await using var desk = await Desk.OpenAsync();
        var (admin, ana) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Ana"));
        await desk.SendAs(admin, new DeactivateUser(ana.Id));
        await desk.SendAs(admin, new DeleteUser(ana.Id));
        var row = Assert.Single((await desk.SendAs(admin, new ReadAudit("user", ana.Id.ToString()))).Rows);
        Assert.Equal((AuditVerb.Deleted, "Ana"), (row.Verb, row.Subject));
        Assert.DoesNotContain(await desk.ReadAsync(db => db.AuditEntries.Select(e => e.Changes).ToListAsync()), c => c.Contains(ana.Email, StringComparison.Ordinal));
    }

    [Fact(DisplayName = "Found by person, thing, kind and day, in pages, by administrators only")]
    public async Task Found()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero));
        await using var desk = await Desk.OpenAsync(clock: clock);
        var (admin, lead) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor));
        for (var i = 0; i < 60; i++) await desk.SendAs(admin, new SaveQueue(null, $"Fila {i:00}", "#0B7A75", 0, [], null));
        clock.Advance(TimeSpan.FromDays(3));
        await desk.SendAs(admin, new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "Padaria" }));
        Assert.Equal("company.name", Assert.Single((await desk.SendAs(admin, new ReadAudit(From: new(2026, 12, 1)))).Rows).Subject);
        Assert.Empty((await desk.SendAs(admin, new ReadAudit("queue", From: new(2026, 12, 1)))).Rows);
        Assert.Equal("Fila 07", Assert.Single((await desk.SendAs(admin, new ReadAudit(Text: "fila 07"))).Rows).Subject);
        var first = await desk.SendAs(admin, new ReadAudit("queue", Text: "rita"));
        var second = await desk.SendAs(admin, new ReadAudit("queue", Text: "rita", Before: first.Next));
        Assert.Equal(60, first.Rows.Concat(second.Rows).Select(r => r.Position).Distinct().Count());
        Assert.Null(second.Next);
        Assert.Equal(Inforzap.RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lead, new ReadAudit()))).Kind);
    }

    [Fact(DisplayName = "After two years it is forgotten, and not before")]
    public async Task Forgotten()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var desk = await Desk.OpenAsync(clock: clock);
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var before = await desk.ReadAsync(db => db.AuditEntries.CountAsync());
        Assert.NotEqual(0, before);
        clock.Advance(TimeSpan.FromDays(729));
        await desk.RunJobAsync<ForgetAudit>();
        Assert.Equal(before, await desk.ReadAsync(db => db.AuditEntries.CountAsync()));
        clock.Advance(TimeSpan.FromDays(2));
        await desk.RunJobAsync<ForgetAudit>();
        Assert.Equal(0, await desk.ReadAsync(db => db.AuditEntries.CountAsync()));
    }
}
