using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>What a run may be told.</summary>
internal sealed record Options
{
    public int Seconds { get; init; } = 60;
    public int Warmup { get; init; } = 20;
    public int Connections { get; init; } = 64;
    public int Conversations { get; init; } = 2_000;
    public int Events { get; init; } = 100_000;
    public int Visitors { get; init; } = 500;
    public int Count { get; init; } = 50_000;
    public int Circuits { get; init; } = 200;
    /// <summary>Percent of a core that each node has; 0: what it can get.</summary>
    public int CorePercent { get; init; }
    public bool IsWaba { get; init; }
    public string? Postgres { get; init; }

    public const string Help = """
        --seconds 60          how long is measured (b1), how long the load runs before SIGTERM at most (b9), each look (b6), the whole run (b11: 1800)
        --warmup 20           sent before that and not measured (b1)
        --connections 64      senders at once
        --conversations 2000  customers who write
        --events 100000       how many (b2)
        --visitors 500        open pages (idle)
        --count 50000         messages to send (b3), calls to measure (b12), contacts (pages: 100000), cycles of a year (dashboard: 200000), tickets (b4: 1000000)
        --circuits 200        open desks (b6); about a quarter of them and 2.5 times as many for the slope
        --core-percent 50     of a core for each node, as on machines of their own (b3; needs root)
        --channel echo        or waba: webhooks as Meta writes and signs them (b1, b2)
        --postgres "Host=..."  a PostgreSQL server instead of SQLite; a database is made there and dropped (b3: must take 250 connections)
        """;

    /// <exception cref="ArgumentException">An option that is none, or one without a value.</exception>
    public static Options Parse(string[] args, Options? usual = null)
    {
        var options = usual ?? new Options();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) throw new ArgumentException($"{args[i]} needs a value.");
            var text = args[i + 1];
            int Number() => int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : throw new ArgumentException($"{args[i]} takes a number, not {text}.");
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = Number() },
                "--warmup" => options with { Warmup = Number() },
                "--connections" => options with { Connections = Number() },
                "--conversations" => options with { Conversations = Number() },
                "--events" => options with { Events = Number() },
                "--visitors" => options with { Visitors = Number() },
                "--count" => options with { Count = Number() },
                "--core-percent" => options with { CorePercent = Number() },
                "--circuits" => options with { Circuits = Number() },
                "--channel" => options with { IsWaba = text switch { "waba" => true, "echo" => false, _ => throw new ArgumentException($"There is no channel {text} here.") } },
                "--postgres" => options with { Postgres = text },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }
        Webhook.IsWaba = options.IsWaba;
        return options;
    }

    /// <summary>For those that need a provider of their own to send to, or agents who are told of what comes.</summary>
    /// <exception cref="ArgumentException">As <see cref="Parse"/>, and for any channel but Echo.</exception>
    public static Options ParseEcho(string[] args, Options? usual = null) =>
        Parse(args, usual) is { IsWaba: false } options ? options : throw new ArgumentException("This one knows the Echo channel only.");
}
