using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>B9: from start to ready, and from SIGTERM under load to gone.</summary>
internal static class ColdStart
{
    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        using var place = new Workplace();
        var hello = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            await using var bare = await Served.BareAsync("bare-hello");
            if (bare.ReadyAfter < hello) hello = bare.ReadyAfter;
        }
        Say("hello Kestrel ready after", hello);
        await using (var first = await Served.HostAsync(place.Path)) Say("Inforzap, empty, first start", first.ReadyAfter);
        TimeSpan again, drain;
        Load load;
        await using (var host = await Served.HostAsync(place.Path))
        {
            again = host.ReadyAfter;
            Say("Inforzap, second start", again);
            load = new Load(host.Url, options.Connections, 2_000);
            var running = load.RunAsync(TimeSpan.Zero, TimeSpan.FromSeconds(Math.Min(options.Seconds, 15)));
            await Task.Delay(TimeSpan.FromSeconds(5));
            drain = await host.StopAsync();
            await running;
        }
        Say("from SIGTERM under load to gone", drain);
        using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(place.Path, "inforzap.db")};Mode=ReadOnly");
        db.Open();
        using var query = db.CreateCommand();
        query.CommandText = "SELECT COUNT(*), COUNT(DISTINCT DedupKey) FROM core_LaneItems WHERE DedupKey IS NOT NULL";
        using var reader = query.ExecuteReader();
        reader.Read();
        var (rows, distinct) = (reader.GetInt64(0), reader.GetInt64(1));
        var target = (3 * hello) + TimeSpan.FromSeconds(2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ready target 3 x hello + 2 s = {target.TotalSeconds:0.0} s; drain target 10 s; accepted {load.Accepted.Count:N0}, kept {rows:N0}, doubled {rows - distinct}"));
        return again <= target && drain <= TimeSpan.FromSeconds(10) && rows == distinct && rows >= load.Accepted.Count ? 0 : 1;
    }

    private static void Say(string what, TimeSpan time) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {time.TotalSeconds,6:0.00} s"));
}
