using Inforzap.Requests;
using Inforzap.Settings.Audit;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Opening;

namespace Inforzap.Tests.Tickets;

/// <summary>Who sees and changes hours and holidays, and what is refused.</summary>
public sealed class HoursTests : IAsyncLifetime
{
    private static readonly SaveHours Right = new(null, HoursScope.Company, Guid.Empty, AnsweringDesk.WorkingDays, "Fechado.", 24, OutOfHoursAction.Message, null, false, true, null, null, null, null);
    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private Task<HoursView> ReadAsync() => desk.SendAs(desk.Admin, new ReadHours());

    private async Task RefusedAsync<T>(Person person, IRequest<T> request, RefusalKind kind) => Assert.Equal(kind, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(person, request))).Kind);

    [Fact]
    public async Task Leads_see_and_administrators_change()
    {
        var lead = await desk.PersonAsync("Lia", BuiltInRoles.Supervisor, desk.Queue);
        await RefusedAsync(desk.Ana, new ReadHours(), RefusalKind.Forbidden);
        Assert.Null((await desk.SendAs(lead, new ReadHours())).Company);
        await RefusedAsync(lead, Right, RefusalKind.Forbidden);
        await RefusedAsync(lead, new DeleteHours(Guid.NewGuid()), RefusalKind.Forbidden);
        await RefusedAsync(lead, new SaveHoliday(null, "x", new(2027, 1, 2), false, null, null), RefusalKind.Forbidden);
        await RefusedAsync(lead, new DeleteHoliday(Guid.NewGuid()), RefusalKind.Forbidden);
        await RefusedAsync(lead, new ChooseNational(new(true, false, false, false, false, null)), RefusalKind.Forbidden);
        await desk.SendAs(desk.Admin, Right);
        Assert.Equal("Fechado.", (await desk.SendAs(lead, new ReadHours())).Company!.Text);
    }

    [Fact]
    public async Task The_page_says_what_is_now_and_when_that_changes()
    {
        Assert.Equal(new OpenNow(true, null), (await ReadAsync()).Now);
        await desk.SendAs(desk.Admin, Right);
        Assert.Equal(new OpenNow(true, new DateTime(2027, 3, 1, 21, 0, 0, DateTimeKind.Utc)), (await ReadAsync()).Now);
        await desk.SendAs(desk.Admin, Right with { Scope = HoursScope.Queue, ScopeId = desk.Support, Week = "2 08:00-12:00" });
        var row = Assert.Single((await ReadAsync()).Others);
        Assert.Equal(("Suporte", new OpenNow(false, new DateTime(2027, 3, 2, 11, 0, 0, DateTimeKind.Utc))), (row.Name, row.Now));
        await desk.SendAs(desk.Admin, new SaveHoliday(null, "Aniversário", new(2027, 3, 1), false, null, null));
        Assert.Equal((false, "Aniversário"), ((await ReadAsync()).Now.IsOpen, (await ReadAsync()).Now.Holiday));
        await desk.SendAs(desk.Admin, new DeleteHoliday((await ReadAsync()).Holidays.Single().Id));
        Assert.True((await ReadAsync()).Now.IsOpen);
        await desk.SendAs(desk.Admin, new DeleteHours(row.Id));
        Assert.Empty((await ReadAsync()).Others);
    }

    [Fact]
    public async Task National_holidays_are_chosen_and_listed_for_two_years()
    {
        var view = await ReadAsync();
        Assert.Equal(28, view.Feasts.Count);
        Assert.DoesNotContain(view.Feasts, f => f.Counts);
        await desk.SendAs(desk.Admin, new ChooseNational(view.National with { National = true, CarnivalTuesday = true }));
        view = await ReadAsync();
        Assert.Equal(22, view.Feasts.Count(f => f.Counts));
        await RefusedAsync(desk.Admin, new ChooseNational(view.National with { Version = null }), RefusalKind.Conflict);
        await desk.SendAs(desk.Admin, new ChooseNational(view.National with { National = false }));
        Assert.Equal(2, (await ReadAsync()).Feasts.Count(f => f.Counts));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        foreach (var wrong in new[]
        {
            Right with { Week = "" }, Right with { Week = "montag" }, Right with { Week = "1 08:00-12:00 11:00-18:00" }, Right with { Text = "{{nada}}" }, Right with { RepeatHours = 0 },
            Right with { Action = OutOfHoursAction.Move }, Right with { Action = OutOfHoursAction.Move, MoveTo = Guid.NewGuid() }, Right with { Scope = HoursScope.Queue },
            Right with { ScopeId = desk.Queue }, Right with { Scope = HoursScope.Channel, ScopeId = desk.Queue },
            Right with { Scope = HoursScope.Queue, ScopeId = desk.Queue, Action = OutOfHoursAction.Move, MoveTo = desk.Queue },
            Right with { VacationFrom = new(2027, 1, 2) }, Right with { VacationFrom = new(2027, 1, 2), VacationTo = new(2027, 1, 1) },
        }) await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, wrong));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveHoliday(null, "x", new(2027, 1, 2), false, "18-8", null)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Admin, new SaveHoliday(null, "x", default, false, null, null)));
        Assert.Null((await ReadAsync()).Company);
    }

    [Fact]
    public async Task Two_who_edit_at_once_do_not_overwrite_each_other_and_nothing_has_hours_twice()
    {
        var id = await desk.SendAs(desk.Admin, Right);
        await RefusedAsync(desk.Admin, Right, RefusalKind.Conflict);
        var version = (await ReadAsync()).Company!.Version;
        await desk.SendAs(desk.Admin, Right with { Id = id, Text = "Um", Version = version });
        await RefusedAsync(desk.Admin, Right with { Id = id, Text = "Dois", Version = version }, RefusalKind.Conflict);
        Assert.Equal("Um", (await ReadAsync()).Company!.Text);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_and_a_variable_that_is_used_is_found()
    {
        await desk.SendAs(desk.Admin, new SaveVariable(null, "link", "https://x.example", null, Inforzap.Settings.VariableType.Url, null));
        var id = await desk.SendAs(desk.Admin, Right with { Text = "Veja {{link}}" });
        await desk.SendAs(desk.Admin, Right with { Id = id, Text = "Veja {{link}}", VacationFrom = new(2027, 7, 1), VacationTo = new(2027, 7, 9), Version = (await ReadAsync()).Company!.Version });
        await desk.SendAs(desk.Admin, new SaveHoliday(null, "Feira", new(2027, 5, 3), false, "08:00-12:00", null));
        await desk.SendAs(desk.Admin, new ChooseNational(new(true, false, false, false, false, null)));
        await desk.MenuAsync();
        var rows = (await desk.SendAs(desk.Admin, new ReadAudit())).Rows;
        Assert.Contains(rows, r => r.Kind == "hours" && r.Changes.Any(c => c is { Field: "VacationFrom", To: "2027-07-01" }));
        Assert.All(["holiday", "holidays", "menu"], kind => Assert.Contains(rows, r => r.Kind == kind));
        var variable = (await desk.SendAs(desk.Admin, new ListVariables())).Rows.Single();
        Assert.Contains(await desk.SendAs(desk.Admin, new FindVariableUses(variable.Id)), p => p is { What: "Respostas automáticas", Count: 1 });
    }
}
