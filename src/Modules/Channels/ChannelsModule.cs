using Inforzap.Data;

namespace Inforzap.Channels;

/// <summary>Channels, the plugins that drive them, what comes in and what goes out.</summary>
public sealed class ChannelsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "channels";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => ChannelsDb.Map(model);
}
