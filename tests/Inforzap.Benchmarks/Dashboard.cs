using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Tickets;
using Inforzap.Tickets.Figures;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Benchmarks;

/// <summary>
/// What it costs to look at the dashboard after a year: so many cycles, asked for by the product's own handlers, beside statements by
/// hand that read the same rows by the same indexes. A month, as it opens, and the whole year.
/// </summary>
internal static class Dashboard
{
    private const int Tries = 7;
    private const int AtOnce = 5_000;
    private static readonly Guid[] Channels = Ids(6);
    private static readonly Guid[] Queues = Ids(8);
    private static readonly Guid[] Users = Ids(40);
    private static readonly TimeSpan Month = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Year = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Count:N0} cycles of a year; {(options.Postgres is null ? "SQLite" : "PostgreSQL")}; the best of {Tries} tries"));
        await using var store = await Store.MakeAsync(options.Postgres);
        await using var container = Open(store);
        await DatabaseStart.RunAsync(container);
        await FillAsync(container, options.Count);
        await using (var db = await store.OpenAsync()) await db.RunAsync("ANALYZE");

        var actor = new Actor(Guid.CreateVersion7(), "Bench", new HashSet<string> { "dashboard.see", "tickets.see", "tickets.see-all" }, []);
        var mediator = container.GetRequiredService<SystemMediator>();
        var today = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(-3));
        var good = true;
        foreach (var (name, filter, days, limit) in new[] { ("a month", new FigureFilter(), 30, Month), ("a year", new FigureFilter(FigureSpan.Custom, today.AddDays(-364), today), 365, Year) })
        {
            Console.WriteLine(name);
            var (from, to) = (FigureMinute.Of(DateTime.UtcNow.AddDays(-days)), FigureMinute.Of(DateTime.UtcNow));
            foreach (var (what, ask, byHand) in Parts(store, mediator, actor, filter, from, to, days))
            {
                var ours = await BestAsync(ask);
                await using var db = await store.OpenAsync();
                var bare = await BestAsync(async () => { foreach (var statement in byHand) await db.RowsAsync(statement); });
                Report.Each($"  {what}, by hand", bare);
                Report.Each($"  {what}", ours);
                var reached = ours <= limit;
                good &= reached;
                Report.Verdict(reached, $"{ours / bare:0.0} times the statements by hand; target {limit.TotalMilliseconds:N0} ms");
            }
        }
        return good ? 0 : 1;
    }

    private static IEnumerable<(string What, Func<Task> Ask, string[] ByHand)> Parts(Store store, SystemMediator mediator, Actor actor, FigureFilter filter, int from, int to, int days)
    {
        var cycles = store.Table("tickets", "Cycles");
        string no = store.IsSqlite ? "0" : "FALSE", yes = store.IsSqlite ? "1" : "TRUE";
        string When(string column, int back) => string.Create(CultureInfo.InvariantCulture, $"\"IsGroup\" = {no} AND \"{column}\" >= {Moment(days * (back + 1))} AND \"{column}\" < {Moment(days * back)}");
        string Minutes(string column, int back = 0) => string.Create(CultureInfo.InvariantCulture, $"\"IsGroup\" = {no} AND \"{column}\" >= {from - ((to - from) * back)} AND \"{column}\" < {to - ((to - from) * back)}");
        string Moment(int ago) => store.IsSqlite ? $"'{DateTime.UtcNow.AddDays(-ago):yyyy-MM-dd HH:mm:ss}'" : $"now() - interval '{ago} days'";
        yield return ("figures and the period before", () => mediator.Send(new ReadIndicators(filter), actor),
        [
            .. from back in new[] { 0, 1 }
               from statement in new[]
               {
                   $"SELECT COUNT(*), SUM(CASE WHEN \"StartedByAgent\" = {yes} THEN 1 ELSE 0 END) FROM {cycles} WHERE {Minutes("QueuedMinute", back)}",
                   $"SELECT COUNT(*), SUM(\"ServiceSeconds\"), COUNT(\"ServiceSeconds\") FROM {cycles} WHERE {Minutes("ClosedMinute", back)}",
                   $"SELECT SUM(\"WaitSeconds\"), COUNT(\"WaitSeconds\") FROM {cycles} WHERE {When("AcceptedAt", back)}",
                   $"SELECT SUM(\"FirstResponseSeconds\"), COUNT(\"FirstResponseSeconds\") FROM {cycles} WHERE {When("FirstResponseAt", back)}",
               }
               select statement,
        ]);
        yield return ("evolution, by day and channel", () => mediator.Send(new ReadEvolution(filter), actor),
        [
            $"SELECT (\"QueuedMinute\" - 180) / 1440, \"ChannelId\", COUNT(*) FROM {cycles} WHERE {Minutes("QueuedMinute")} GROUP BY 1, 2",
            $"SELECT (\"ClosedMinute\" - 180) / 1440, COUNT(*) FROM {cycles} WHERE {Minutes("ClosedMinute")} GROUP BY 1",
        ]);
        yield return ("by queue", () => mediator.Send(new ReadShares(filter, ShareOf.Queue), actor), [$"SELECT \"QueueId\", COUNT(*) FROM {cycles} WHERE {Minutes("QueuedMinute")} GROUP BY 1"]);
        yield return ("by reason", () => mediator.Send(new ReadShares(filter, ShareOf.Reason), actor), [$"SELECT \"ClosingReasonId\", COUNT(*) FROM {cycles} WHERE {Minutes("ClosedMinute")} GROUP BY 1"]);
        yield return ("tags of contacts", () => mediator.Send(new ReadShares(filter, ShareOf.Tag), actor),
            [$"SELECT COUNT(DISTINCT x.\"ContactId\") FROM {cycles} c JOIN {store.Table("tickets", "Tickets")} x ON x.\"Id\" = c.\"TicketId\" WHERE {Minutes("QueuedMinute").Replace("\"IsGroup\"", "c.\"IsGroup\"", StringComparison.Ordinal)}"]);
        yield return ("hours of the week", () => mediator.Send(new ReadRush(filter), actor), [$"SELECT (\"QueuedMinute\" - 180) / 60 % 168, COUNT(*) FROM {cycles} WHERE {Minutes("QueuedMinute")} GROUP BY 1"]);
        yield return ("people", () => mediator.Send(new ReadPeople(filter), actor),
        [
            $"SELECT \"UserId\", COUNT(*) FROM {cycles} WHERE {Minutes("QueuedMinute")} GROUP BY 1",
            $"SELECT \"UserId\", COUNT(*), SUM(\"ServiceSeconds\") FROM {cycles} WHERE {Minutes("ClosedMinute")} GROUP BY 1",
            $"SELECT \"UserId\", SUM(\"WaitSeconds\") FROM {cycles} WHERE {When("AcceptedAt", 0)} GROUP BY 1",
            $"SELECT \"UserId\", SUM(\"FirstResponseSeconds\") FROM {cycles} WHERE {When("FirstResponseAt", 0)} GROUP BY 1",
        ]);
    }

    /// <summary>The quickest of some: what is slower was held up by something else.</summary>
    private static async Task<TimeSpan> BestAsync(Func<Task> ask)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask();
            if (Stopwatch.GetElapsedTime(began) is var took && took < best) best = took;
        }
        return best;
    }

    private static async Task FillAsync(ServiceProvider container, int count)
    {
        var random = new Random(20261130);
        var began = DateTime.UtcNow.AddDays(-365);
        var tickets = Ids(Math.Max(1, count / 4));
        for (var done = 0; done < count; done += AtOnce)
        {
            await using var scope = container.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
            var rows = Enumerable.Range(done, Math.Min(AtOnce, count - done)).Select(i =>
            {
                // In the order of time, as they come.
                var queued = began.AddMinutes(365d * 24 * 60 * i / count);
                var (wait, first, service) = (random.Next(5, 900), random.Next(5, 300), random.Next(60, 7_200));
                var isClosed = queued.AddSeconds(wait + service) < DateTime.UtcNow;
                return new ServiceCycle
                {
                    Id = Guid.CreateVersion7(), TicketId = tickets[random.Next(tickets.Length)], ChannelId = Channels[random.Next(Channels.Length)], QueueId = Queues[random.Next(Queues.Length)], UserId = Users[random.Next(Users.Length)],
                    StartedByAgent = random.Next(10) == 0, IsGroup = random.Next(50) == 0, QueuedAt = queued, AcceptedAt = queued.AddSeconds(wait), FirstResponseAt = queued.AddSeconds(wait + first),
                    ClosedAt = isClosed ? queued.AddSeconds(wait + service) : null, WaitSeconds = wait, FirstResponseSeconds = wait + first, ServiceSeconds = isClosed ? service : null,
                };
            }).ToList();
            await container.GetRequiredService<Commits>().RunAsync(db, async () =>
            {
                await db.InsertAsync(rows);
                if (done < tickets.Length) await db.InsertAsync(tickets[done..Math.Min(tickets.Length, done + AtOnce)].Select((id, i) => Closed(id, done + i)).ToList());
                return true;
            }, WriterKind.Request, default);
        }
    }

    private static Ticket Closed(Guid id, int number)
    {
        var ticket = new Ticket { Id = id, Number = number + 1, ChannelId = Channels[0], ContactId = Guid.CreateVersion7(), AddressKind = "phone", AddressValue = number.ToString(CultureInfo.InvariantCulture), CreatedAt = DateTime.UtcNow };
        ticket.Close(null, null, null, DateTime.UtcNow);
        return ticket;
    }

    private static ServiceProvider Open(Store store)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(store.Settings.ToDictionary(s => s.Key.Replace("__", ":", StringComparison.Ordinal), string? (s) => s.Value)).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddSingleton(Host.Modules.All);
        services.AddSingleton<WakeLane>(_ => { });
        services.AddCore(configuration, Host.Modules.All);
        services.AddMediation(Host.Modules.All.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly));
        services.AddSingleton<IChannelDirectory, NoChannels>();
        return services.BuildServiceProvider();
    }

    private static Guid[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    private sealed class NoChannels : IChannelDirectory
    {
        public IReadOnlyList<ChannelInfo> All => [];

        public ChannelInfo? Find(Guid id) => null;
    }
}
