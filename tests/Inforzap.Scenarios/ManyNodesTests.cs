using System.Diagnostics;
using Inforzap.Scenarios.Browser;
using Inforzap.Tickets;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>What people see of a house with two nodes: one house.</summary>
public sealed class ManyNodesTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Customer = "5511984000001";
    private Pair pair = null!;
    private Proxy? proxy;

    private protected override HostProcess? Watched => null;

    public override async ValueTask InitializeAsync() => pair = await Pair.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (proxy is not null) await proxy.DisposeAsync();
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_messages_over_both_nodes_are_shown_in_the_order_sent()
    {
        await pair[0].WriteAsync("m-1", Customer, "Olá");
        var id = await TicketAsync();
        var ana = await PersonAsync();
        await Company.SignInAsync(ana.Page, pair[0].Url);
        var (here, there) = (new DeskPage(ana.Page), new DeskPage((await TabAsync(ana)).Page));
        await ana.Page.GotoAsync(new Uri(pair[0].Url, $"desk/{id}").ToString());
        await here.TakeAsync();
        // The session of one node is good at the other.
        await there.Page.GotoAsync(new Uri(pair[1].Url, $"desk/{id}").ToString());
        await Expect(there.Composer).ToBeVisibleAsync();

        for (var i = 0; i < 200; i++) await pair[i % 2].WriteAsync($"m{i}", Customer, $"recado {i:000}");
        await pair.Place.EventuallyAsync(async db => await db.Set<Message>().CountAsync(m => !m.FromUs) == 201);
        for (var i = 0; i < 10; i++)
        {
            var desk = i % 2 == 0 ? here : there;
            await desk.SayAsync($"resposta {i:000}");
            await Expect(desk.Tick($"resposta {i:000}", "sent")).ToBeVisibleAsync();
        }
        var inOrder = Enumerable.Range(0, 200).Select(i => $"recado {i:000}").Concat(Enumerable.Range(0, 10).Select(i => $"resposta {i:000}")).ToList();
        Assert.Equal(inOrder, await pair.Place.ReadAsync(db => db.Set<Message>().Where(m => m.Seq > 1).OrderBy(m => m.Seq).Select(m => m.Body!.Substring(m.Body.Length - (m.FromUs ? 12 : 10))).ToListAsync()));
        foreach (var desk in new[] { here, there })
        {
            await Expect(desk.Bubble("resposta 009")).ToBeVisibleAsync();
            var shown = (await desk.Bubbles.AllInnerTextsAsync()).Select(t => inOrder.FindIndex(words => t.Contains(words, StringComparison.Ordinal))).Where(i => i >= 0).ToList();
            Assert.InRange(shown.Count, 30, 210);
            Assert.True(shown.SequenceEqual(Enumerable.Range(210 - shown.Count, shown.Count)), string.Join(' ', shown));
        }
    }

    [Fact]
    public async Task Redis_is_away_for_a_minute_and_people_work_on()
    {
        await pair[0].WriteAsync("r", Customer, "Olá");
        var id = await TicketAsync();
        var ana = await PersonAsync();
        await Company.SignInAsync(ana.Page, pair[0].Url);
        var (here, there) = (new DeskPage(ana.Page), new DeskPage((await TabAsync(ana)).Page));
        await ana.Page.GotoAsync(new Uri(pair[0].Url, $"desk/{id}").ToString());
        await here.TakeAsync();
        await there.Page.GotoAsync(new Uri(pair[1].Url, $"desk/{id}").ToString());
        await Expect(there.Composer).ToBeVisibleAsync();
        using var stop = new CancellationTokenSource();
        var crowd = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await pair[i % 2].WriteAsync($"crowd{i}", $"55119850000{i % 30:00}", $"recado {i}");
                await Task.Delay(200);
            }
            return 0;
        });

        await pair.Redis.KillAsync();
        var away = Stopwatch.StartNew();
        for (var i = 0; away.Elapsed < TimeSpan.FromSeconds(60); i++)
        {
            // Written at one node, seen at the other within five seconds.
            var (from, to) = i % 2 == 0 ? (0, there) : (1, here);
            await pair[from].WriteAsync($"away{i}", Customer, $"alguém {i:000}");
            await Expect(to.Bubble($"alguém {i:000}")).ToBeVisibleAsync(new() { Timeout = 5_000 });
            await to.SayAsync($"sim {i:000}");
            await Expect(to.Tick($"sim {i:000}", "sent")).ToBeVisibleAsync();
            await Expect((i % 2 == 0 ? here : there).Bubble($"sim {i:000}")).ToBeVisibleAsync(new() { Timeout = 5_000 });
        }
        // A page that is opened meanwhile opens.
        var late = await TabAsync(ana);
        await late.Page.GotoAsync(new Uri(pair[1].Url, "desk?tab=pending").ToString());
        await Expect(new DeskPage(late.Page).Rows.First).ToBeVisibleAsync();

        await pair.Redis.RunAsync();
        await stop.CancelAsync();
        await crowd;
        await HintsAreBackAsync(there);
        Assert.True(pair.AreAlive);
        // And a node that dies now is missed and replaced as before.
        await pair[0].KillAsync();
        await pair.StartAsync(0);
        await pair[0].WriteAsync("after", Customer, "voltou?");
        await Expect(there.Bubble("voltou?")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        ana.Forgive();
        await ana.Page.Context.CloseAsync();
        // Without Redis a node can tell no other that it goes, and goes all the same.
        await pair.Redis.KillAsync();
        pair[0].Stop();
        Assert.True(await pair[0].DiesAsync(TimeSpan.FromSeconds(10)), "It did not end within ten seconds.");
    }

    /// <summary>Faster than the table of recent changes could tell.</summary>
    private async Task HintsAreBackAsync(DeskPage there)
    {
        for (var (i, clock) = (0, Stopwatch.StartNew()); ; i++)
        {
            var missed = await MissedAsync();
            await pair[0].WriteAsync($"back{i}", Customer, $"de volta {i:000}");
            await Expect(there.Bubble($"de volta {i:000}")).ToBeVisibleAsync(new() { Timeout = 5_000 });
            await Task.Delay(3_000);
            if (await MissedAsync() == missed) return;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "Hints never came over Redis again.");
        }
    }

    /// <summary>Hints of the second node that only the table of recent changes brought.</summary>
    private async Task<double> MissedAsync() =>
        (await pair[1].Http.GetStringAsync(new Uri(pair[1].Url, "metrics"))).Split('\n').Where(l => l.StartsWith("inforzap_hints_missed", StringComparison.Ordinal))
            .Sum(l => double.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task The_nodes_are_restarted_one_after_the_other_and_a_half_typed_answer_stays()
    {
        proxy = await Proxy.StartAsync([pair[0].Url, pair[1].Url]);
        await pair[0].WriteAsync("t", Customer, "Vocês abrem amanhã?");
        var id = await TicketAsync();
        var ana = await PersonAsync();
        await Company.SignInAsync(ana.Page, proxy.Url);
        var desk = new DeskPage(ana.Page);
        await ana.Page.GotoAsync(new Uri(proxy.Url, $"desk/{id}").ToString());
        await desk.TakeAsync();
        await desk.SayAsync("Olá!");
        await Expect(desk.Tick("Olá!", "sent")).ToBeVisibleAsync();

        const string half = "Abrimos, das 8 às ";
        await desk.Composer.PressSequentiallyAsync(half);
        for (var node = 0; node < 2; node++)
        {
            var clock = Stopwatch.StartNew();
            pair[node].Stop();
            Assert.True(await pair[node].DiesAsync(TimeSpan.FromSeconds(10)), "It did not end within ten seconds.");
            // Whoever was on that node is on the other one now, and goes on writing.
            await Expect(ana.Page.Locator(".bar-leaving")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
            await Expect(ana.Page.Locator(".bar-waiting")).ToBeHiddenAsync(new() { Timeout = 30_000 });
            await Expect(desk.Composer).ToHaveValueAsync(half + new string('.', node));
            await desk.Composer.PressSequentiallyAsync(".");
            await pair.StartAsync(node);
            await proxy.SeesAsync(pair[node].Url);
        }
        await desk.Composer.PressAsync("Enter");
        await Expect(desk.Tick("das 8 às", "sent")).ToBeVisibleAsync();
        await pair[1].WriteAsync("u", Customer, "Obrigada");
        await Expect(desk.Bubble("Obrigada")).ToBeVisibleAsync();
        Assert.Equal(["Olá!", half + ".."], (await pair.Place.ReadAsync(db => db.Set<Message>().Where(m => m.FromUs).OrderBy(m => m.Seq).Select(m => m.Body!).ToListAsync())).Select(b => b.Split('\n')[^1]));
        Assert.Equal(2, pair.Provider.Requests.Count(r => r.Method == "POST"));
        ana.Forgive();
    }

    private Task<Guid> TicketAsync() => pair.Place.EventuallyAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == Customer).Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
}
