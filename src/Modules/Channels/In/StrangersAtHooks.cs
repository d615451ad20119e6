using System.Threading.RateLimiting;
using Inforzap.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Channels.In;

/// <summary>
/// Who calls hooks and is refused again and again is not read any more for a while. What is taken is never counted: providers send
/// as fast as they like. Behind a proxy every call seems to be the proxy's, so there limits are the proxy's business.
/// </summary>
internal sealed class StrangersAtHooks(IConfiguration configuration) : IDisposable
{
    private const int RefusalsPerMinute = 300;

    private readonly PartitionedRateLimiter<string>? refusals = configuration.GetSection("Proxy:Known").Exists() ? null
        : PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = RefusalsPerMinute, TokensPerPeriod = RefusalsPerMinute / 10, ReplenishmentPeriod = TimeSpan.FromSeconds(6), AutoReplenishment = true,
        }));

    public void Dispose() => refusals?.Dispose();

    /// <summary>Then the call is answered already, and its body was not read.</summary>
    public bool MustWait(HttpContext http)
    {
        if (refusals is null) return false;
        using var any = refusals.AttemptAcquire(Callers.Of(http), 0);
        if (any.IsAcquired) return false;
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = "30";
        http.Response.Headers.Connection = "close";
        return true;
    }

    /// <summary>One more.</summary>
    public void Refused(HttpContext http) => refusals?.AttemptAcquire(Callers.Of(http)).Dispose();
}
