using System.Globalization;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Inforzap.Live;

/// <summary>
/// Carries hints and whispers to the other nodes, over Redis' pub/sub. Nothing depends on it: while Redis is away, the table of
/// recent changes brings the other nodes what they miss, two seconds later; who is typing, they don't see.
/// </summary>
internal sealed class RedisHints(IConfiguration configuration, LiveHints live, ILogger<RedisHints> log) : IHostedService, IAsyncDisposable
{
    private static readonly RedisChannel Topic = RedisChannel.Literal("inforzap:hints");
    private readonly string node = Guid.NewGuid().ToString("N");
    private ConnectionMultiplexer? redis;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["Cluster:Redis"] is not { Length: > 0 } where) return;
        var options = ConfigurationOptions.Parse(where);
        (options.AbortOnConnectFail, options.ClientName) = (false, "inforzap-hints");
        redis = await ConnectionMultiplexer.ConnectAsync(options);
        redis.ConnectionFailed += (_, e) => log.LogWarning("Redis is away ({Reason}): other nodes hear of changes later.", e.FailureType);
        redis.ConnectionRestored += (_, _) => log.LogInformation("Redis is back.");
        var subscriber = redis.GetSubscriber();
        // Remembered, and made good with each new connection.
        await subscriber.SubscribeAsync(Topic, (_, text) => Hear(text.ToString()), CommandFlags.FireAndForget);
        live.Raised = (change, topics) => Say(string.Create(CultureInfo.InvariantCulture, $"h {node} {change} {string.Join(' ', topics)}"));
        live.Shown = (topic, who) => Say($"s {node} {(who.IsThere ? 1 : 0)} {topic} {who.UserId:N}");
        live.Whispered = (topic, isOn) => Say($"w {node} {(isOn ? 1 : 0)} {topic}");
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        (live.Raised, live.Whispered, live.Shown) = (null, null, null);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (redis is not null) await redis.DisposeAsync();
    }

    private void Say(string text)
    {
        try
        {
            redis!.GetSubscriber().Publish(Topic, text, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            Telemetry.UnsentHints.Add(1);
        }
    }

    /// <summary>Of another node, or of anything else that has Redis' password.</summary>
    private void Hear(string text)
    {
        if (text.Split(' ') is not [var kind, var from, var what, .. var topics] || from == node || !long.TryParse(what, CultureInfo.InvariantCulture, out var number)) return;
        if (kind == "h") live.TellHere(number, topics);
        else if (kind == "s" && topics is [var where, var who] && Guid.TryParseExact(who, "N", out var user)) live.WhisperHere(where, new Seen(user, number == 1));
        else if (kind == "w" && topics is [var topic]) live.WhisperHere(topic, number == 1);
    }
}
