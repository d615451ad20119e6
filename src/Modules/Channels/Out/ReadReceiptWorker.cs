using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Lanes;
using Inforzap.Sdk;

namespace Inforzap.Channels.Out;

/// <summary>Tells the other side that we read, where the channel can. Best effort: whatever happens, the item is done.</summary>
internal sealed class ReadReceiptWorker(ChannelDirectory channels, LaneEnds ends, ILogger<ReadReceiptWorker> log) : ILaneWorker
{
    public string Type => "read";

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var read = JsonSerializer.Deserialize<ReadReceiptItem>(item.Payload, JsonSerializerOptions.Web)!;
        if (channels.Live(read.ChannelId) is { IsUp: true, Driver: { Adapter: IPresence presence } driver } channel)
        {
            try
            {
                await driver.Others.RunAsync(async token =>
                {
                    await presence.ReadAsync(channel.On(channels.PublicUrl), new Address(read.AddressValue, read.AddressKind), read.ProviderId, token);
                    return true;
                }, e => false, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogInformation("Channel {Channel} did not take a read receipt: {Exception}", channel.Info.Key, e.GetType().Name);
            }
        }
        await ends.DoneAsync(item.Position);
        return null;
    }
}
