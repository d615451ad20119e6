using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Inforzap.Http;

/// <summary>Who calls, for limits.</summary>
public static class Callers
{
    /// <summary>An address; of IPv6 the network, since a single customer of a provider has 2^64 addresses to try from.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }
}
