using Inforzap.Contracts.Tickets;
using Inforzap.Plugins;
using Inforzap.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Channels.Manage;

/// <summary>
/// Makes the channels that configuration declares, at each start: <c>Channels__{key}__Provider</c> (the kind), <c>__Name</c>,
/// <c>__Queue</c> (a queue's name) and <c>__Settings__{Name}</c>; a list is <c>__Settings__{Name}__0</c> and so on.
/// </summary>
internal sealed class DeclaredChannels(IConfiguration configuration, PluginCatalog plugins, SystemMediator mediator, ILogger<DeclaredChannels> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var section in configuration.GetSection("Channels").GetChildren())
        {
            if (section["Provider"] is not { Length: > 0 } kind) continue;
            try
            {
                Guid? queueId = section["Queue"] is { Length: > 0 } queue ? await mediator.Send(new EnsureQueue(queue), cancellationToken) : null;
                // Environment variables may come in capitals; keys are lower case.
                await mediator.Send(new DeclareChannel(section.Key.ToLowerInvariant(), kind, section["Name"], queueId, Settings(section, kind)), cancellationToken);
            }
            catch (Refusal refusal)
            {
                log.LogError("The declared channel {Channel} was refused: {Reason}", section.Key, refusal.Message);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Dictionary<string, string> Settings(IConfigurationSection section, string kind)
    {
        var fields = plugins.Channel(kind) is { } known ? SettingsForm.Of(known.Settings).Fields.Select(f => f.Name).ToArray() : [];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in section.GetSection("Settings").GetChildren())
            values[fields.FirstOrDefault(f => f.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) ?? setting.Key] =
                setting.Value ?? string.Join('\n', setting.GetChildren().Select(line => line.Value));
        return values;
    }
}
