using System.Data.Common;
using System.Text.RegularExpressions;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Inforzap.Tests.Tickets;

/// <summary>How the database finds what the list asks for: by indexes, whatever is chosen. It is asked for its plan of each statement that is sent.</summary>
public sealed partial class PlanTests : IAsyncLifetime
{
    private readonly Plans plans = new();
    private Desk desk = null!;
    private Actor admin = null!, agent = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(s => s.ConfigureDbContext<SqliteDb>(o => o.AddInterceptors(plans)).ConfigureDbContext<PostgreSqlDb>(o => o.AddInterceptors(plans)));
        var queue = await desk.QueueAsync("Vendas");
        admin = await desk.ActorOf(await desk.PersonAsync("Rita", BuiltInRoles.Administrator));
        agent = await desk.ActorOf(await desk.PersonAsync("Ana", BuiltInRoles.Agent, queue));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    public static TheoryData<string> Filters() => [.. All.Keys];

    private static readonly Dictionary<string, TicketFilter> All = new()
    {
        ["none"] = TicketFilter.None,
        ["one queue"] = TicketFilter.None with { Queues = [Guid.NewGuid()] },
        ["queues"] = TicketFilter.None with { Queues = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()] },
        ["people"] = TicketFilter.None with { People = [Guid.NewGuid(), Guid.NewGuid()] },
        ["channels"] = TicketFilter.None with { Channels = [Guid.NewGuid()] },
        ["tags"] = TicketFilter.None with { Tags = [Guid.NewGuid(), Guid.NewGuid()] },
        ["owners"] = TicketFilter.None with { Owners = [Guid.NewGuid(), Guid.NewGuid()] },
        ["reasons"] = TicketFilter.None with { Reasons = [Guid.NewGuid()] },
        ["days"] = TicketFilter.None with { From = new(2026, 1, 1), To = new(2026, 1, 31) },
        ["unread"] = TicketFilter.None with { Unread = true },
        ["unassigned"] = TicketFilter.None with { Unassigned = true },
        ["scheduled"] = TicketFilter.None with { Scheduled = true },
        ["mine"] = TicketFilter.None with { Scope = TicketScope.Mine },
        ["my queues"] = TicketFilter.None with { Scope = TicketScope.MyQueues },
        ["all at once"] = new() { Queues = [Guid.NewGuid()], People = [Guid.NewGuid()], Channels = [Guid.NewGuid()], Tags = [Guid.NewGuid()], Owners = [Guid.NewGuid()], Reasons = [Guid.NewGuid()], From = new(2026, 1, 1), Unread = true, Scheduled = true },
    };

    [Theory, MemberData(nameof(Filters))]
    public async Task The_list_and_its_counters_are_read_by_indexes(string name)
    {
        foreach (var actor in new[] { admin, agent })
        {
            foreach (var status in Enum.GetValues<TicketStatus>())
                foreach (var oldestFirst in new[] { false, true })
                    foreach (var after in new[] { null, new TicketCursor(DateTime.UtcNow, 7) })
                        await PlannedAsync(actor, new ListTickets(status, After: after) { Filter = All[name], Groups = false, OldestFirst = oldestFirst }, 1);
            await PlannedAsync(actor, new ListTickets(TicketStatus.Open) { Filter = All[name], Groups = true }, 1);
            await PlannedAsync(actor, new CountTickets { Filter = All[name], Groups = false }, 2);
        }
    }

    [Fact]
    public async Task Those_who_wait_longest_are_read_in_the_order_of_their_index()
    {
        if (TestDatabase.Provider != DatabaseProvider.Sqlite) return;
        var plan = await PlannedAsync(admin, new ListTickets(TicketStatus.Pending) { Groups = false, OldestFirst = true }, 1);
        Assert.Contains(plan, line => line.Contains("IX_Tickets_Waiting", StringComparison.Ordinal));
        Assert.Contains(await PlannedAsync(admin, new ListTickets(TicketStatus.Closed) { Groups = true }, 1), line => line.Contains("IX_Tickets_Groups", StringComparison.Ordinal));
    }

    /// <summary>The plan of all statements over tickets that a request sends, in which no table that grows is read from end to end.</summary>
    private async Task<IReadOnlyList<string>> PlannedAsync<T>(Actor actor, IRequest<T> request, int statements)
    {
        plans.Lines.Clear();
        plans.Asked = 0;
        plans.IsOn = true;
        try
        {
            await desk.Services.GetRequiredService<SystemMediator>().Send(request, actor);
        }
        finally
        {
            plans.IsOn = false;
        }
        Assert.True(plans.Asked >= statements, $"{request} asked {plans.Asked} times");
        Assert.Empty(plans.Lines.Where(l => ReadsAll().IsMatch(l)).Select(l => $"{actor.Name}, {request}: {l}"));
        return [.. plans.Lines];
    }

    [GeneratedRegex(@"Seq Scan on ""?(Tickets|Messages|Contacts|ContactTags|ScheduleContacts|Schedules)\b|^SCAN tickets_(Tickets|Messages|ScheduleContacts|Schedules)$|^SCAN contacts_(Contacts|ContactTags)$")]
    private static partial Regex ReadsAll();

    /// <summary>Asks for the plan of each statement over tickets before it runs.</summary>
    private sealed partial class Plans : DbCommandInterceptor
    {
        public bool IsOn { get; set; }

        public int Asked { get; set; }

        /// <summary>Tables by their own names, whatever a statement calls them.</summary>
        public List<string> Lines { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            var isSqlite = command.CommandText.Contains("\"tickets_Tickets\"", StringComparison.Ordinal);
            if (!IsOn || !(isSqlite || command.CommandText.Contains("tickets.\"Tickets\"", StringComparison.Ordinal))) return result;
            Asked++;
            if (!isSqlite) await RunAsync(command, "SET enable_seqscan = off", cancellationToken);
            await using var explain = command.Connection!.CreateCommand();
            explain.Transaction = command.Transaction;
            explain.CommandText = (isSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + command.CommandText;
            foreach (DbParameter parameter in command.Parameters) explain.Parameters.Add(Copy(explain, parameter));
            var names = Alias().Matches(command.CommandText).GroupBy(m => m.Groups[2].Value).ToDictionary(g => g.Key, g => g.Last().Groups[1].Value);
            await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var line = reader.GetString(isSqlite ? 3 : 0).Trim();
                Lines.Add(isSqlite ? Read().Replace(line, m => $"{m.Groups[1].Value} {names.GetValueOrDefault(m.Groups[2].Value, m.Groups[2].Value)}") : line);
            }
            return result;
        }

        private static object Copy(DbCommand to, DbParameter parameter)
        {
            if (parameter is ICloneable one) return one.Clone();
            var copy = to.CreateParameter();
            (copy.ParameterName, copy.DbType, copy.Value) = (parameter.ParameterName, parameter.DbType, parameter.Value);
            return copy;
        }

        private static async Task RunAsync(DbCommand of, string text, CancellationToken ct)
        {
            await using var command = of.Connection!.CreateCommand();
            (command.Transaction, command.CommandText) = (of.Transaction, text);
            await command.ExecuteNonQueryAsync(ct);
        }

        [GeneratedRegex(@"(?:FROM|JOIN) ""(\w+)"" AS ""(\w+)""")]
        private static partial Regex Alias();

        [GeneratedRegex(@"\b(SCAN|SEARCH) (\w+)")]
        private static partial Regex Read();
    }
}
