using Inforzap.Benchmarks;

// One command per benchmark; each prints the baseline that it took in the same run.
return args switch
{
    ["b1", ..] => await InboundIngest.RunAsync(Options.Parse(args[1..])),
    ["b9", ..] => await ColdStart.RunAsync(Options.Parse(args[1..])),
    ["bare-hmac", var port] => await BareServer.HmacAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
    ["bare-hello", var port] => await BareServer.HelloAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Inforzap.Benchmarks -- b1|b9 [--seconds 60] [--warmup 20] [--connections 64]");
    return 2;
}
