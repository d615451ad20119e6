using Inforzap.Channels.Sessions;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Channels.Watch;

/// <summary>
/// Looks at each channel that is on: one that has not worked for two minutes, and one that seems to work while nothing at all
/// comes in, raise an alarm. It goes away by itself. What it finds stands in the health rows, so that two nodes find the same.
/// </summary>
internal sealed class WatchChannels(InforzapDb db, Commits commits, ChannelDirectory channels, IConfiguration configuration, TimeProvider clock) : IJob
{
    /// <summary>A deployment at the provider, or a router that starts anew, is nobody's business.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var rows = await db.ChannelHealth.AsNoTracking().ToDictionaryAsync(h => h.ChannelId, ct);
        var changed = channels.Watched.Select(c => (c.Info.Id, Is: Judge(c, rows.GetValueOrDefault(c.Info.Id), now)))
            .Where(c => c.Is != Kept(rows.GetValueOrDefault(c.Id))).ToList();
        if (changed.Count == 0) return;
        await commits.RunAsync(db, async () =>
        {
            foreach (var (id, verdict) in changed)
            {
                var health = await db.HealthOfAsync(id, ct);
                if (health.Alarm != verdict.Alarm) health.AlarmAt = verdict.Alarm is null ? null : now;
                // It may only believe that it is connected.
                if (verdict.Alarm == ChannelAlarm.Silence && health.Alarm != ChannelAlarm.Silence) db.Touch(ChannelSession.StartAnew(id));
                (health.TroubleSince, health.Alarm) = verdict;
            }
            db.Touch(Topics.Alarms);
            return true;
        }, WriterKind.Background, ct);
    }

    private readonly record struct Verdict(DateTime? TroubleSince, ChannelAlarm? Alarm);

    private static Verdict Kept(ChannelHealth? health) => new(health?.TroubleSince, health?.Alarm);

    private Verdict Judge(LiveChannel channel, ChannelHealth? health, DateTime now)
    {
        if (!channel.IsEnabled || channel.IsDeleted) return default;
        if (channel.Info.State != ChannelState.Connected)
        {
            var since = health?.TroubleSince ?? now;
            return new(since, now - since >= Patience ? ChannelAlarm.Trouble : null);
        }
        return new(null, SilenceOf(channel) is { } limit && now - Silence.Since(channel, health) >= limit ? ChannelAlarm.Silence : null);
    }

    /// <summary><c>Channels__SilenceHours__{kind}</c>, else what the adapter says; 0 or nothing: never.</summary>
    private TimeSpan? SilenceOf(LiveChannel channel)
    {
        var hours = configuration.GetValue<double?>($"Channels:SilenceHours:{channel.Info.Kind}") ?? channel.UsualSilence?.TotalHours;
        return hours > 0 ? TimeSpan.FromHours(hours.Value) : null;
    }
}

internal static class Silence
{
    /// <summary>When something last came in; for a channel that was switched on since, that time.</summary>
    public static DateTime Since(LiveChannel channel, ChannelHealth? health) =>
        new[] { channel.CreatedAt, health?.LastReceivedAt, health?.SessionSince, health?.Since }.Max() ?? channel.CreatedAt;
}
