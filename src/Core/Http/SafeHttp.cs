using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Http;

/// <summary>
/// Makes the only HTTP clients of the product. Each connection is checked when it is opened, on the resolved address, so a
/// name that changes its mind gains nothing; redirects are followed by hand and checked again; no proxy, no cookies.
/// </summary>
public sealed class SafeHttp : IDisposable
{
    private const int MaxRedirects = 3;
    private static readonly TimeSpan TimeToConnect = TimeSpan.FromSeconds(10);
    private static readonly HashSet<int> BlockedPorts = [19, 21, 22, 23, 25, 110, 111, 135, 139, 143, 389, 445, 465, 514, 587, 993, 995, 1433, 2049, 2375, 3306, 3389, 5432, 6379, 9200, 11211, 27017];
    private readonly HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> networks = [];
    private readonly SocketsHttpHandler sockets;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly TimeSpan timeToConnect;

    /// <summary>
    /// Reads the allow-list for gateways in the own network: <c>Http__Allow__0=10.0.0.5:8080</c> (host and port) or
    /// <c>192.168.0.0/24</c>. It opens private and, by host and port only, loopback addresses; never those of cloud metadata.
    /// </summary>
    public SafeHttp(IConfiguration configuration) : this(configuration, Dns.GetHostAddressesAsync) { }

    internal SafeHttp(IConfiguration configuration, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeSpan? timeToConnect = null)
    {
        (this.resolve, this.timeToConnect) = (resolve, timeToConnect ?? TimeToConnect);
        foreach (var entry in configuration.GetSection("Http:Allow").Get<string[]>() ?? [])
            if (IPNetwork.TryParse(entry, out var network)) networks.Add(network);
            else hosts.Add(entry);
        sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = 2 * TimeToConnect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxResponseHeadersLength = 64, ConnectCallback = ConnectAsync,
            ActivityHeadersPropagator = null,
        };
    }

    /// <summary>A client whose every request passes the checks. Dispose it when done; connections are shared.</summary>
    public HttpClient Create(TimeSpan? timeout = null) =>
        new(new Guard(sockets), disposeHandler: false) { Timeout = timeout ?? TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 25 * 1024 * 1024 };

    /// <inheritdoc/>
    public void Dispose() => sockets.Dispose();

    /// <summary>Scheme, host and port are the same.</summary>
    internal static bool IsSameOrigin(Uri a, Uri b) => a.GetLeftPart(UriPartial.Authority) == b.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether this address of this host and port may be reached.</summary>
    internal bool IsAllowed(string host, int port, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IsNever(address)) return false;
        var named = hosts.Contains($"{host}:{port}") || hosts.Contains($"{address}:{port}");
        if (IPAddress.IsLoopback(address)) return named;
        if (IsPrivate(address)) return named || networks.Any(n => n.Contains(address));
        return !IsSpecial(address) && (named || !BlockedPorts.Contains(port));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host.TrimEnd('.'), context.DnsEndPoint.Port);
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, ct);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "The host's name was not found.", e);
        }
        // One forbidden address is enough: a name that points inside as well as outside is an attack.
        if (addresses.Length == 0 || addresses.Any(a => !IsAllowed(host, port, a))) throw new BlockedAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(timeToConnect);
        try
        {
            await socket.ConnectAsync(addresses, port, time.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            // Said as what it is: nothing can have left, where a request that ends late may have arrived.
            socket.Dispose();
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The host did not take a connection in time.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Not even an administrator opens these: unspecified, broadcast, multicast, and where clouds keep their keys.</summary>
    private static bool IsNever(IPAddress a)
    {
        var b = a.GetAddressBytes();
        if (b.Length == 4) return b[0] == 0 || b[0] >= 224 || (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] == 100 && b[2] == 100 && b[3] == 200);
        return a.Equals(IPAddress.IPv6Any) || a.IsIPv6Multicast || a.IsIPv6LinkLocal || a.Equals(AwsMetadata);
    }

    private static readonly IPAddress AwsMetadata = IPAddress.Parse("fd00:ec2::254");

    private static bool IsPrivate(IPAddress a)
    {
        var b = a.GetAddressBytes();
        return b.Length == 4
            ? b[0] == 10 || (b[0] == 172 && b[1] is >= 16 and <= 31) || (b[0] == 192 && b[1] == 168) || (b[0] == 100 && b[1] is >= 64 and <= 127)
            : (b[0] & 0xFE) == 0xFC || a.IsIPv6SiteLocal;
    }

    /// <summary>Addresses that only carry others or only stand in books.</summary>
    private static bool IsSpecial(IPAddress a)
    {
        var b = a.GetAddressBytes();
        if (b.Length == 4) return (b[0] == 192 && b[1] == 0 && b[2] is 0 or 2) || (b[0] == 192 && b[1] == 88 && b[2] == 99) || (b[0] == 198 && b[1] is 18 or 19) || (b[0] == 198 && b[1] == 51 && b[2] == 100) || (b[0] == 203 && b[1] == 0 && b[2] == 113);
        return a.IsIPv6Teredo || (b[0] == 0x20 && b[1] == 0x02) || (b[0] == 0 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B)
            || (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8) || b.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0;
    }

    /// <summary>Checks each address, also those that a redirect gives. Only GET and HEAD are redirected.</summary>
    private sealed class Guard(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var hop = 0; ; hop++)
            {
                Check(request.RequestUri);
                HttpResponseMessage response;
                try
                {
                    response = await base.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException e) when (e.InnerException is HttpRequestException ours)
                {
                    // What we said while connecting comes wrapped in words of the framework's.
                    throw ours;
                }
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location
                    || (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)) return response;
                if (hop == MaxRedirects) throw new BlockedAddressException();
                var next = new HttpRequestMessage(request.Method, new Uri(request.RequestUri!, location));
                // Headers may be credentials for the first host, and are not for everybody on the way.
                if (IsSameOrigin(request.RequestUri!, next.RequestUri!))
                    foreach (var header in request.Headers) next.Headers.TryAddWithoutValidation(header.Key, header.Value);
                response.Dispose();
                request = next;
            }
        }

        private static void Check(Uri? uri)
        {
            if (uri is null || !uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0) throw new BlockedAddressException();
        }
    }
}

/// <summary>The address is one that the product does not call. It says nothing about what is there.</summary>
public sealed class BlockedAddressException() : HttpRequestException(HttpRequestError.ConnectionError, "This address is not allowed.");
