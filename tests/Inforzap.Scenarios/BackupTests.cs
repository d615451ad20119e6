using System.Text;
using Inforzap.Files;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Scenarios;

/// <summary>A copy that is taken while customers write, put back into an empty place, holds what the first place held at that moment.</summary>
public sealed class BackupTests
{
    public static IEnumerable<TheoryDataRow<string>> Databases => Scenarios.Databases.Available.Select(d => new TheoryDataRow<string>(d));

    private const string Order = "um pão na chapa e um pingado";

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_copy_taken_while_it_runs_is_the_whole_house(string database)
    {
        await using var provider = await FakeServer.StartAsync();
        provider.Otherwise = sent => sent.Method == "GET" ? new() { Bytes = Encoding.UTF8.GetBytes(Order), ContentType = "text/plain" } : new();
        await using var place = await Place.MakeAsync(database);
        var copy = Directory.CreateTempSubdirectory("inforzap-copy-").FullName;
        try
        {
            await using (var host = await HostProcess.StartAsync(place.Settings(provider.Url)))
            {
                await host.SayAsync(Enumerable.Range(1, 30));
                await host.SendFileAsync(new Uri(provider.Url, "pedido.txt"));
                await place.EventuallyAsync(async db => await db.Set<Message>().CountAsync() == 31 && await db.Set<Media>().AllAsync(m => m.State == MediaState.Ready));
                using var stop = new CancellationTokenSource();
                var talk = Task.Run(async () =>
                {
                    for (var n = 1_000; !stop.IsCancellationRequested; n++) await host.SayAsync([n]);
                });
                var said = await HostProcess.CommandAsync(place.Settings(provider.Url), "--backup", copy);
                Assert.Contains(said, l => l.Contains("1 files", StringComparison.Ordinal));
                // Once more into the same place: nothing old is copied twice.
                Assert.Contains(await HostProcess.CommandAsync(place.Settings(provider.Url), "--backup", copy), l => l.Contains("0 of them new", StringComparison.Ordinal));
                await stop.CancelAsync();
                await talk;
                await host.StopAsync();
            }
            var secrets = new[] { Place.Secret, "Senha-do-cenario-2026" };
            Assert.DoesNotContain(Directory.GetFiles(copy, "*", SearchOption.AllDirectories), f => f.Contains("master", StringComparison.OrdinalIgnoreCase));
            Assert.All(secrets, s => Assert.DoesNotContain(Directory.GetFiles(copy, "*.json"), f => File.ReadAllText(f).Contains(s, StringComparison.Ordinal)));

            await using var fresh = await Place.MakeAsync(database);
            await HostProcess.CommandAsync(fresh.Settings(provider.Url), "--restore", copy);
            File.Copy(Path.Combine(place.Folder, "master.key"), Path.Combine(fresh.Folder, "master.key"));
            await CompareAsync(place, fresh);

            await using var again = await HostProcess.StartAsync(fresh.Settings(provider.Url));
            await again.SayAsync([5_000]);
            await fresh.EventuallyAsync(async db => await db.Set<Message>().AnyAsync(m => m.Body == "mensagem 5000"));
            await again.StopAsync();
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => HostProcess.CommandAsync(fresh.Settings(provider.Url), "--restore", copy));
            Assert.Contains("Restore into an empty", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>All that was there before the copy is the same, row by row; of what came meanwhile a beginning without gaps.</summary>
    private static async Task CompareAsync(Place place, Place fresh)
    {
        var (before, after) = (await RowsAsync(place), await RowsAsync(fresh));
        Assert.Equal(before.Where(m => Number(m.Body) < 1_000), after.Where(m => Number(m.Body) < 1_000));
        Assert.Subset(before.Select(m => m.ProviderId).ToHashSet(), after.Select(m => m.ProviderId).ToHashSet());
        var file = await fresh.ReadAsync(db => db.Set<StoredFile>().SingleAsync());
        var name = file.Id.ToString("N");
        Assert.Equal(Order, await File.ReadAllTextAsync(Path.Combine(fresh.Folder, "files", name[..2], name)));
    }

    private static int Number(string? body) => int.TryParse(body?.Split(' ')[^1], out var number) ? number : 0;

    private sealed record Row(Guid Id, string? ProviderId, string? Body, long Seq, DateTime CreatedAt);

    private static Task<List<Row>> RowsAsync(Place place) =>
        place.ReadAsync(db => db.Set<Message>().AsNoTracking().OrderBy(m => m.Id).Select(m => new Row(m.Id, m.ProviderId, m.Body, m.Seq, m.CreatedAt)).ToListAsync());
}
