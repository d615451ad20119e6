using Inforzap.Alarms;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Watch;

/// <summary>Channels that are down or silent.</summary>
internal sealed class ChannelAlarms(InforzapDb db, ChannelDirectory channels, IStringLocalizer<Texts> t) : IAlarmSource
{
    public string Permission => "channels.see";

    public async Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct)
    {
        var rows = await db.ChannelHealth.AsNoTracking().Where(h => h.Alarm != null).ToListAsync(ct);
        return [.. from row in rows
                   let channel = channels.Live(row.ChannelId)
                   where channel is { IsDeleted: false, IsEnabled: true }
                   select row.Alarm == ChannelAlarm.Silence
                       ? new Alarm($"silence/{row.ChannelId:N}", t["AlarmSilence", channel.Info.Name], t["AlarmSilenceText"], "/channels", Silence.Since(channel, row))
                       : new Alarm($"trouble/{row.ChannelId:N}", t["AlarmTrouble", channel.Info.Name], channel.Reason, "/channels", row.TroubleSince ?? row.AlarmAt!.Value)];
    }
}
