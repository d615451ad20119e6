using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Manage;

/// <summary>'Test now': asks the adapter whether the channel can work. Reads nothing and holds no transaction while it waits.</summary>
[Allow("channels.edit"), Reads]
internal sealed record ProbeChannel([property: NotEmpty] Guid Id) : IRequest<ProbeResult>;

internal sealed class ProbeChannelHandler(ChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<ProbeChannel, ProbeResult>
{
    public async Task<ProbeResult> Handle(ProbeChannel request, CancellationToken ct)
    {
        if (channels.Live(request.Id) is not { IsDeleted: false } channel) throw Refusal.NotFound(t["ChannelGone"]);
        if (channel is not { Driver: { Adapter: IProbe probe } driver, Form: not null }) return new ProbeResult(false, channel.Reason ?? t["NothingToTest"]);
        try
        {
            var result = await driver.Others.RunAsync(token => probe.ProbeAsync(channel.On(channels.PublicUrl), token), e => false, ct);
            return result with { Message = channel.Unsaid(result.Message) };
        }
        catch (PluginShutException)
        {
            return new ProbeResult(false, t["ChannelFails"]);
        }
        catch (TimeoutException)
        {
            return new ProbeResult(false, t["ProbeTimeout"]);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return new ProbeResult(false, t["ProbeFailed", e.GetType().Name]);
        }
    }
}
