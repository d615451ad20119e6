using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Inforzap.Scenarios.Browser;

/// <summary>The line between a browser and the host, which can be cut. Whoever goes through it sees the product at its own address.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> ends = new();
    private readonly int port;
    private readonly Task accepting;
    private volatile bool isCut, isDeaf;

    private Cable(Uri host)
    {
        port = host.Port;
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public static Cable To(Uri host) => new(host);

    /// <summary>Nothing goes through any more, in neither direction.</summary>
    public void Cut()
    {
        isCut = true;
        foreach (var end in ends.Keys) end.Close();
    }

    /// <summary>What the browser says still arrives; what the host answers does not.</summary>
    public void LoseAnswers() => isDeaf = true;

    public void Mend() => isCut = isDeaf = false;

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It is taken down.
        }
    }

    private async Task CarryAsync(TcpClient browser)
    {
        using var host = new TcpClient();
        ends[browser] = ends[host] = true;
        try
        {
            if (isCut) return;
            await host.ConnectAsync(IPAddress.Loopback, port);
            await Task.WhenAny(PumpAsync(browser, host, answers: false), PumpAsync(host, browser, answers: true));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // One end is gone, and the other goes with it.
        }
        finally
        {
            ends.TryRemove(browser, out _);
            ends.TryRemove(host, out _);
            browser.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
                if (!(answers && isDeaf)) await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or hung up.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        listener.Dispose();
        await accepting;
    }
}
