using Inforzap.Channels.Plugins;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks;

/// <summary>A plugin gets what the Sdk names, and nothing else of the house.</summary>
public sealed class PluginScopeTests
{
    [Fact]
    public async Task No_service_of_the_host_can_be_had_from_a_plugin_s_container()
    {
        List<Type> services = [];
        await using var desk = await Desk.OpenAsync(s => services = [.. s.Select(d => d.ServiceType).Where(t => !t.ContainsGenericParameters).Distinct()]);
        await desk.ChannelAsync("scope");
        var plugin = desk.Services.GetRequiredService<PluginCatalog>().Find("test.plugin")!;
        Type[] given = [typeof(ILoggerFactory), typeof(TimeProvider), typeof(HttpClient)];
        Assert.True(services.Count > 100);
        Assert.Empty(services.Where(t => !given.Contains(t) && t.Assembly != typeof(IPlugin).Assembly && plugin.Services!.GetService(t) is not null).Select(t => t.Name));
        Assert.NotSame(desk.Services, plugin.Services!.GetService<IServiceProvider>());
    }

    [Fact]
    public async Task A_plugin_reads_no_other_one_s_values()
    {
        await using var desk = await Desk.OpenAsync();
        var (_, adapter) = await desk.ChannelAsync("values");
        await adapter.Store.SetAsync("token", "segredo");
        var other = new PluginStore("other.plugin", desk.Services.GetRequiredService<SystemMediator>());
        Assert.Null(await other.GetAsync("token"));
        await other.SetAsync("token", "outro");
        Assert.Equal("segredo", await adapter.Store.GetAsync("token"));
    }
}
