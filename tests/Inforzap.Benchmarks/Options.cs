using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>What a run may be told.</summary>
internal sealed record Options(int Seconds = 60, int Warmup = 20, int Connections = 64)
{
    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = value },
                "--warmup" => options with { Warmup = value },
                "--connections" => options with { Connections = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }
        return options;
    }
}
