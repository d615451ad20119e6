using System.Diagnostics;
using System.Net;
using Inforzap.Scenarios.Browser;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>A host that is told to go, and one whose disk is full.</summary>
public sealed class LeavingTests(Chromium chromium) : BrowserTest(chromium)
{
    private Place place = null!;
    private FakeServer provider = null!;
    private HostProcess host = null!;

    private protected override HostProcess? Watched => host;

    public override async ValueTask InitializeAsync()
    {
        place = await Place.MakeAsync("Sqlite");
        provider = await FakeServer.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (host is not null) await host.DisposeAsync();
        await provider.DisposeAsync();
        await place.DisposeAsync();
    }

    [Fact]
    public async Task A_host_that_is_told_to_go_says_so_finishes_what_it_sends_and_keeps_what_is_typed()
    {
        var settings = new Dictionary<string, string>(place.Settings(provider.Url)) { ["Sends__DeadlineSeconds"] = "30" };
        host = await HostProcess.StartAsync(settings);
        await host.WriteAsync("a", "5511986000001", "Olá");
        var id = await place.EventuallyAsync(db => db.Set<Ticket>().Select(t => (Guid?)t.Id).SingleOrDefaultAsync());
        var admin = await PersonAsync();
        await Company.SignInAsync(admin.Page, host.Url);
        var desk = new DeskPage(admin.Page);
        await admin.Page.GotoAsync(new Uri(host.Url, $"desk/{id}").ToString());
        await desk.TakeAsync();
        provider.OtherwiseAsync = async (_, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), ct);
            return new FakeAnswer();
        };
        await desk.SayAsync("Um momento");
        await provider.RequestAsync();
        await desk.Composer.PressSequentiallyAsync("Já vol");

        // A visitor who only waits holds nothing up.
        var visitor = await PersonAsync();
        await visitor.Page.GotoAsync(new Uri(host.Url, "webchat/webchat").ToString());
        await Expect(new WebChatPage(visitor.Page).Composer).ToBeVisibleAsync();
        var clock = Stopwatch.StartNew();
        host.Stop();
        await Expect(admin.Page.Locator(".bar-leaving")).ToContainTextAsync("O que você escreveu está guardado");
        await admin.ShootAsync("leaving-desk");
        await LetsNobodyInAsync();
        Assert.True(await host.DiesAsync(TimeSpan.FromSeconds(10)), "It did not end within ten seconds.");
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(host.Output, l => l.Contains("left behind", StringComparison.Ordinal));
        Assert.Equal(MessageState.Sent, (await place.ReadAsync(db => db.Set<Message>().SingleAsync(m => m.FromUs))).State);

        var again = await host.AgainAsync(settings);
        await host.DisposeAsync();
        host = again;
        await Expect(admin.Page.Locator(".bar-leaving")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(desk.Composer).ToHaveValueAsync("Já vol");
        await Expect(desk.Tick("Um momento", "sent")).ToBeVisibleAsync();
        Assert.Single(provider.Requests, r => r.Method == "POST");
        admin.Forgive();
        visitor.Forgive();
    }

    /// <summary>No page and no circuit; what providers bring is still taken.</summary>
    private async Task LetsNobodyInAsync()
    {
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, "sign-in")) { Headers = { { "Accept", "text/html" } } };
        var answer = await host.Http.SendAsync(page);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("volta em instantes", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Http.PostAsync(new Uri(host.Url, "_blazor/negotiate?negotiateVersion=1"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Http.GetAsync(new Uri(host.Url, "health/ready"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await host.TryWriteAsync("late", "5511986000001", "Ainda aí?"));
    }

    [Fact]
    public async Task A_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.TryMakeAsync(place.Folder, megabytes: 48);
        Assert.SkipWhen(disk is null, "A small disk can't be mounted here.");
        host = await HostProcess.StartAsync(place.Settings(provider.Url));
        var taken = new List<int>();
        async Task<HttpStatusCode?> SayAsync(int n)
        {
            var status = await host.TryWriteAsync($"d{n}", $"55119870000{n % 7:00}", $"recado {n} {new string('x', 20_000)}");
            if (status == HttpStatusCode.OK) taken.Add(n);
            return status;
        }
        for (var n = 0; n < 20; n++) Assert.Equal(HttpStatusCode.OK, await SayAsync(n));
        await disk.FillAsync();
        var refused = 0;
        for (var n = 20; n < 400 && refused < 5; n++)
            if (await SayAsync(n) is { } status && status != HttpStatusCode.OK)
            {
                Assert.InRange((int)status, 500, 599);
                refused++;
            }
        Assert.Equal(5, refused);
        Assert.False(host.HasExited);

        disk.Free();
        for (var n = 400; n < 420; n++) Assert.Equal(HttpStatusCode.OK, await SayAsync(n));
        await place.EventuallyAsync(async db => await db.Set<Message>().CountAsync() == taken.Count);
        Assert.Equal(taken.Order(), (await place.ReadAsync(db => db.Set<Message>().Select(m => m.Body!).ToListAsync())).Select(b => int.Parse(b.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.True((await host.Http.GetAsync(new Uri(host.Url, "health/ready"))).IsSuccessStatusCode);
        await host.StopAsync();
    }
}

/// <summary>A disk in memory, mounted over a folder; only root may.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string folder;

    private SmallDisk(string folder) => this.folder = folder;

    private string Filler => Path.Combine(folder, "filler");

    public static async Task<SmallDisk?> TryMakeAsync(string folder, int megabytes) => await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) == 0 ? new(folder) : null;

    /// <summary>Takes all that is left.</summary>
    public async Task FillAsync()
    {
        await using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.Read, 1);
        var block = new byte[4096];
        try
        {
            while (true) await file.WriteAsync(block);
        }
        catch (IOException)
        {
            // That was it.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", folder);

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
