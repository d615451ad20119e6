using System.Globalization;
using Inforzap.Benchmarks;

// One command per benchmark; each prints the baseline that it took in the same run. Exit code 0: all targets were reached.
try
{
    if (args is ["b1" or "b2" or "b3" or "b4" or "b5" or "b6" or "b9" or "b11" or "idle" or "pages", ..]) Served.Publish();
    return args switch
    {
        ["b1", ..] => await InboundIngest.RunAsync(Options.Parse(args[1..])),
        ["b2", ..] => await Pipeline.RunAsync(Options.Parse(args[1..])),
        ["b3", ..] => await Outbox.RunAsync(Options.ParseEcho(args[1..])),
        ["b4", ..] => await TicketLists.RunAsync(Options.Parse(args[1..], new() { Count = 1_000_000 })),
        ["b5", ..] => await DeskMemory.RunAsync(Options.Parse(args[1..])),
        ["b6", ..] => await LiveUpdates.RunAsync(Options.ParseEcho(args[1..])),
        ["b9", ..] => await ColdStart.RunAsync(Options.Parse(args[1..])),
        ["b11", ..] => await Soak.RunAsync(Options.ParseEcho(args[1..], new() { Seconds = 1_800 })),
        ["b12", ..] => await Overhead.RunAsync(Options.ParseEcho(args[1..])),
        ["pages", ..] => await Pages.RunAsync(Options.Parse(args[1..], new() { Count = 100_000 })),
        ["dashboard", ..] => await Dashboard.RunAsync(Options.Parse(args[1..], new() { Count = 200_000 })),
        ["idle", ..] => await IdleVisitors.RunAsync(Options.Parse(args[1..])),
        ["bare-hmac" or "bare-hmac-waba", var port] => await BareServer.HmacAsync(int.Parse(port, CultureInfo.InvariantCulture), args[0] == "bare-hmac-waba"),
        ["bare-provider", var port] => await BareServer.ProviderAsync(int.Parse(port, CultureInfo.InvariantCulture)),
        ["bare-circuit", var port] => await EmptyCircuits.RunAsync(int.Parse(port, CultureInfo.InvariantCulture)),
        ["bare-hello", var port] => await BareServer.HelloAsync(int.Parse(port, CultureInfo.InvariantCulture)),
        _ => Usage(),
    };
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return Usage();
}

static int Usage()
{
    Console.Error.WriteLine($"""
        dotnet run -c Release --project tests/Inforzap.Benchmarks -- <benchmark> [options]

        b1     signed webhooks: how many a second are in the database and answered, with lanes paused and at work
        b2     from the lanes to message rows: 100,000 events with copies and in the wrong order
        b3     messages that agents wrote to a provider that answers at once; with PostgreSQL by one node and by two
        b4     the desk's list, counters and search in a house of a million tickets, beside statements by hand
        b5     what an open desk holds in memory, beside a circuit that shows nothing
        b6     from a customer's words in the database to every open desk that shows them
        b9     from start to ready, and from SIGTERM under load to gone
        b11    half an hour of load, tabs that open and close, a provider that comes and goes: what the host holds and how quick it stays
        b12    what checked calls, signatures and encryption cost beside a bare call
        pages  how long each page of the menu takes in a house of 100,000 contacts and 50 users
        dashboard  each part of the dashboard over 200,000 cycles of a year, beside statements by hand
        idle   what open chat pages of visitors cost who say nothing

        {Options.Help}
        """);
    return 2;
}
