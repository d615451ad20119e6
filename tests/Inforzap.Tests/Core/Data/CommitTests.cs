using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Settings;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Core.Data;

public sealed class CommitTests(Desk desk) : IClassFixture<Desk>
{
    private LiveHints Live => desk.Services.GetRequiredService<LiveHints>();

    [Fact]
    public async Task Hints_go_out_after_the_commit_and_stand_in_the_table_of_changes()
    {
        var topic = $"t/{Guid.NewGuid():N}";
        List<bool> seen = [];
        using var _ = Live.On([topic], t => seen.Add(true));
        await desk.WriteAsync(db =>
        {
            db.Touch([topic, topic]);
            Assert.Empty(seen);
            return Task.CompletedTask;
        });
        Assert.Single(seen);
        Assert.Equal(1, await desk.ReadAsync(db => db.Changes.CountAsync(c => c.Topics == topic)));
    }

    [Fact]
    public async Task A_unit_that_fails_leaves_nothing_and_tells_nobody()
    {
        var topic = $"t/{Guid.NewGuid():N}";
        var (told, ran) = (false, false);
        using var _ = Live.On([topic], t => told = true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => desk.WriteAsync(async db =>
        {
            db.Touch(topic);
            db.AfterCommit(() => ran = true);
            db.Add(new SettingRow { Name = topic, Value = "x" });
            await db.SaveChangesAsync();
            throw new InvalidOperationException();
        }));
        Assert.False(told || ran);
        Assert.Equal(0, await desk.ReadAsync(db => db.Set<SettingRow>().CountAsync(s => s.Name == topic)));
    }

    [Fact]
    public async Task A_view_that_fails_neither_fails_the_writer_nor_silences_others()
    {
        var topic = $"t/{Guid.NewGuid():N}";
        var told = 0;
        using var before = Live.On([topic], _ => told++);
        using var bad = Live.On([topic], _ => throw new InvalidOperationException("view"));
        using var after = Live.On([topic], _ => told++);
        var ran = false;
        await desk.WriteAsync(db =>
        {
            db.Touch(topic);
            db.AfterCommit(() => throw new InvalidOperationException("wake-up"));
            db.AfterCommit(() => ran = true);
            return Task.CompletedTask;
        });
        Assert.Equal((2, true), (told, ran));
    }

    [Fact]
    public async Task Claim_is_won_once_and_whoever_loaded_before_is_refused()
    {
        var name = $"s{Guid.NewGuid():N}";
        await desk.WriteAsync(db => Task.FromResult(db.Add(new SettingRow { Name = name, Value = "free" })));
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => desk.WriteAsync(async db =>
        {
            var row = await db.Set<SettingRow>().SingleAsync(s => s.Name == name);
            Assert.Equal(1, await db.Claim<SettingRow>(s => s.Name == name && s.Value == "free", s => s.SetProperty(r => r.Value, "taken")));
            Assert.Equal(0, await db.Claim<SettingRow>(s => s.Name == name && s.Value == "free", s => s.SetProperty(r => r.Value, "mine")));
            row.Value = "overwritten";
            await db.SaveChangesAsync();
        }));
    }

    [Fact]
    public async Task Parallel_changes_of_a_held_row_are_all_counted()
    {
        var name = $"s{Guid.NewGuid():N}";
        await desk.WriteAsync(db => Task.FromResult(db.Add(new SettingRow { Name = name, Value = "0" })));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.WriteAsync(async db =>
        {
            await db.Hold<SettingRow>(s => s.Name == name);
            var row = await db.Set<SettingRow>().SingleAsync(s => s.Name == name);
            row.Value = (int.Parse(row.Value) + 1).ToString();
        })));
        Assert.Equal("20", await desk.ReadAsync(db => db.Set<SettingRow>().Where(s => s.Name == name).Select(s => s.Value).SingleAsync()));
    }

    [Fact]
    public async Task Text_longer_than_its_column_is_refused_on_every_database()
    {
        await Assert.ThrowsAsync<TooLongException>(() => desk.WriteAsync(db => Task.FromResult(db.Add(new SettingRow { Name = new string('x', 81), Value = "" }))));
    }

    [Fact]
    public async Task Times_come_back_in_utc_and_whole_milliseconds()
    {
        var topic = $"t/{Guid.NewGuid():N}";
        var at = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc).AddTicks(1_234_567);
        await desk.WriteAsync(db => Task.FromResult(db.Changes.Add(new Change { Topics = topic, At = at })));
        var back = await desk.ReadAsync(db => db.Changes.Where(c => c.Topics == topic).Select(c => c.At).SingleAsync());
        Assert.Equal((at.AddTicks(-4_567), DateTimeKind.Utc), (back, back.Kind));
    }

    [Fact]
    public async Task A_key_that_is_there_already_is_known_as_that()
    {
        var name = $"s{Guid.NewGuid():N}";
        await desk.WriteAsync(db => Task.FromResult(db.Add(new SettingRow { Name = name, Value = "" })));
        var e = await Assert.ThrowsAsync<DbUpdateException>(() => desk.WriteAsync(db => Task.FromResult(db.Add(new SettingRow { Name = name, Value = "" }))));
        Assert.True(e.IsUniqueViolation());
    }
}
