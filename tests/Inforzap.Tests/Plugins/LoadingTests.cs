using Inforzap.Channels.Manage;
using Inforzap.Contracts.Identity;
using Inforzap.Host.Plugins;
using Inforzap.Identity.TwoFactor;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Configuration;
using OtpNet;

namespace Inforzap.Tests.Plugins;

/// <summary>Each test is an installation with one folder of plugins; whatever is in it, the host goes on.</summary>
public sealed class LoadingTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("inforzap-plugins-").FullName;
    private Desk desk = null!;

    public async ValueTask InitializeAsync() => desk = await Desk.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        Marks?.Dispose();
        await desk.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    /// <summary>A start of the host: a new catalog on the same database and disk.</summary>
    private async Task<PluginCatalog> StartAsync(params string[] trusted)
    {
        var catalog = ActivatorUtilities.CreateInstance<PluginCatalog>(desk.Services);
        var settings = trusted.Select((t, i) => KeyValuePair.Create($"Plugins:Trusted:{i}", (string?)t))
            .Append(new("Plugins:Root", root)).Append(new("Data:Root", desk.Folder));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        Marks?.Dispose();
        Marks = new CrashMarks(configuration, catalog, desk.Services.GetRequiredService<SystemMediator>(), desk.Services.GetRequiredService<ILogger<CrashMarks>>());
        await new PluginLoading(catalog, desk.Services.GetRequiredService<SystemMediator>(), configuration, Marks,
            desk.Services.GetRequiredService<ILogger<PluginLoading>>()).RunAsync(default);
        return catalog;
    }

    private CrashMarks? Marks { get; set; }

    private string Folder(string id) => Path.Combine(root, id);

    private string Build(string id, string? source = null)
    {
        BuiltPlugin.Compile(Folder(id), id, source ?? BuiltPlugin.Source(id));
        return BuiltPlugin.Seal(Folder(id), id, id + ".dll");
    }

    [Fact]
    public async Task One_that_is_approved_is_active_and_the_next_change_of_a_byte_is_not()
    {
        var hash = Build("good");
        Assert.Equal(PluginState.Untrusted, (await StartAsync()).Find("good")!.State);
        var catalog = await StartAsync(hash);
        Assert.Equal((PluginState.Active, "good"), (catalog.Find("good")!.State, Assert.Single(catalog.Channels).Kind));
        var file = Path.Combine(Folder("good"), "good.dll");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        var altered = (await StartAsync(hash)).Find("good")!;
        Assert.Equal(PluginState.Untrusted, altered.State);
        Assert.Contains("good.dll", altered.Reason, StringComparison.Ordinal);
        BuiltPlugin.Seal(Folder("good"), "good", "good.dll");
        Assert.Equal(PluginState.Untrusted, (await StartAsync(hash)).Find("good")!.State);
    }

    [Fact]
    public async Task An_administrator_s_approval_holds_from_the_next_start_and_says_whose_it_was()
    {
        var hash = Build("approved");
        var here = desk.Services.GetRequiredService<PluginCatalog>();
        here.Add(new Plugin("approved", "approved", "1.0", Folder("approved"), hash), PluginState.Untrusted, "x");
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Administrator);
        // A password alone lets no code into the house.
        var refused = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ApprovePlugin("approved", hash)));
        Assert.Contains("duas etapas", refused.Message, StringComparison.Ordinal);
        Assert.Equal(PluginState.Untrusted, (await StartAsync()).Find("approved")!.State);

        var pairing = await desk.SendAs(ana, new BeginMyCodes());
        await desk.SendAs(ana, new ConfirmMyCodes(new Totp(Base32Encoding.ToBytes(pairing.Secret.Replace(" ", "", StringComparison.Ordinal))).ComputeTotp()));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ApprovePlugin("approved", new string('0', 64))));
        await desk.SendAs(ana, new ApprovePlugin("approved", hash));
        Assert.Equal(PluginState.Active, (await StartAsync()).Find("approved")!.State);
        var row = (await desk.SendAs(ana, new ListPlugins())).Single(p => p.Id == "approved");
        Assert.Equal((true, "Ana"), (row.Waits, row.ApprovedBy));
        Assert.InRange(row.ApprovedAt!.Value, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Bad_ones_are_faulted_with_a_reason_and_the_good_one_works()
    {
        var ghost = BuiltPlugin.Phantom("Missing.Library", "public static class Ghost { public static int Look() => 1; }");
        BuiltPlugin.Compile(Folder("ghost"), "ghost", BuiltPlugin.Source("ghost", register: "Ghost.Look();"), more: ghost);
        List<string> hashes =
        [
            Build("ctor", BuiltPlugin.Source("ctor", constructor: "throw new System.InvalidOperationException(\"no\");")),
            Build("register", BuiltPlugin.Source("register", register: "throw new System.InvalidOperationException(\"no\");")),
            Build("adapter", BuiltPlugin.Source("adapter", adapter: "throw new System.InvalidOperationException(\"no\");")),
            Build("asks", BuiltPlugin.Source("asks").Replace("IInbox inbox", "System.Version whatTheHostDoesNotGive", StringComparison.Ordinal)),
            Build("empty", "public sealed class Nothing;"),
            Build("liar", BuiltPlugin.Source("somebody-else")),
            BuiltPlugin.Seal(Folder("ghost"), "ghost", "ghost.dll"),
            Build("zgood"),
        ];
        var catalog = await StartAsync([.. hashes]);
        foreach (var id in (string[])["ctor", "register", "adapter", "asks", "empty", "liar", "ghost"])
        {
            Assert.Equal((id, PluginState.Faulted), (id, catalog.Find(id)!.State));
            Assert.False(string.IsNullOrEmpty(catalog.Find(id)!.Reason));
        }
        Assert.Equal("Falta Missing.Library.", catalog.Find("ghost")!.Reason);
        Assert.Equal("zgood", Assert.Single(catalog.Channels).Kind);
    }

    [Fact]
    public async Task One_for_another_Sdk_is_not_loaded()
    {
        BuiltPlugin.Compile(Folder("said"), "said", BuiltPlugin.Source("said"));
        var newer = BuiltPlugin.Phantom("Inforzap.Sdk", "namespace Inforzap.Sdk { public class Tomorrow { } }", new Version(0, 9, 0, 0));
        BuiltPlugin.Compile(Folder("newer"), "newer", "public sealed class X : Inforzap.Sdk.Tomorrow;", sdk: newer);
        string[] hashes = [BuiltPlugin.Seal(Folder("said"), "said", "said.dll", sdk: "7.0.0.0"), BuiltPlugin.Seal(Folder("newer"), "newer", "newer.dll")];
        var catalog = await StartAsync(hashes);
        Assert.Equal(PluginState.Incompatible, catalog.Find("said")!.State);
        Assert.Equal(PluginState.Incompatible, catalog.Find("newer")!.State);
        Assert.Contains("0.9", catalog.Find("newer")!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_are_not_what_their_manifest_says_run_no_code()
    {
        BuiltPlugin.Compile(Folder("bare"), "bare", BuiltPlugin.Source("bare"));
        var extra = Build("extra");
        File.WriteAllBytes(Path.Combine(Folder("extra"), "dropped.dll"), [1]);
        BuiltPlugin.Compile(Folder("outside"), "outside", BuiltPlugin.Source("outside"));
        var outside = BuiltPlugin.Seal(Folder("outside"), "outside", "outside.dll", extra: new() { ["../extra/extra.dll"] = new string('0', 64) });
        BuiltPlugin.Compile(Folder("rooted"), "rooted", BuiltPlugin.Source("rooted"));
        var rooted = BuiltPlugin.Seal(Folder("rooted"), "rooted", "rooted.dll", extra: new() { ["/etc/hostname"] = new string('0', 64) });
        Directory.CreateDirectory(Folder("junk"));
        await File.WriteAllTextAsync(Path.Combine(Folder("junk"), "plugin.json"), "{\"id\":");
        var gone = Build("gone");
        File.Delete(Path.Combine(Folder("gone"), "gone.dll"));
        var linked = Build("linked");
        File.Move(Path.Combine(Folder("linked"), "linked.dll"), Path.Combine(root, "elsewhere.dll"));
        File.CreateSymbolicLink(Path.Combine(Folder("linked"), "linked.dll"), Path.Combine(root, "elsewhere.dll"));
        var catalog = await StartAsync(extra, outside, rooted, gone, linked);
        foreach (var id in (string[])["bare", "extra", "outside", "rooted", "junk", "gone", "linked"])
            Assert.Equal((id, PluginState.Untrusted), (id, catalog.Find(id)!.State));
        Assert.Empty(catalog.Channels);
    }

    [Theory]
    [InlineData("../good/good.dll")]
    [InlineData("sub/../../good/good.dll")]
    [InlineData("..\\good\\good.dll")]
    [InlineData("./../good/good.dll")]
    [InlineData("/etc/hostname")]
    [InlineData("C:\\windows\\win.ini")]
    [InlineData("\\\\host\\share\\x.dll")]
    [InlineData("good.dll\0.txt")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("....//....//x")]
    public async Task A_manifest_that_points_elsewhere_is_not_loaded(string name)
    {
        var good = Build("good");
        BuiltPlugin.Compile(Folder("bad"), "bad", BuiltPlugin.Source("bad"));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder("good"), "good.dll"))));
        var bad = BuiltPlugin.Seal(Folder("bad"), "bad", "bad.dll", extra: new() { [name] = hash });
        var catalog = await StartAsync(good, bad);
        Assert.Equal(PluginState.Untrusted, catalog.Find("bad")!.State);
        Assert.Equal("good", Assert.Single(catalog.Channels).Kind);
    }

    [Theory]
    [InlineData("../good")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task An_id_is_no_path(string id)
    {
        BuiltPlugin.Compile(Folder("odd"), "odd", BuiltPlugin.Source(id));
        var hash = BuiltPlugin.Seal(Folder("odd"), id, "odd.dll");
        var catalog = await StartAsync(hash);
        Assert.NotEqual(PluginState.Active, Assert.Single(catalog.All).State);
        Assert.Empty(catalog.Channels);
    }

    public static TheoryData<string> Manifests() => ["deep", "huge", "a list", "null", "no files", "an entry that is not listed", "an entry outside"];

    [Theory, MemberData(nameof(Manifests))]
    public async Task A_manifest_that_makes_no_sense_is_not_loaded(string what)
    {
        Build("odd");
        var sha = new string('0', 64);
        await File.WriteAllTextAsync(Path.Combine(Folder("odd"), "plugin.json"), what switch
        {
            "deep" => string.Concat(Enumerable.Repeat("{\"files\":", 10_000)) + "1" + new string('}', 10_000),
            "huge" => "{\"id\":\"odd\",\"x\":\"" + new string('x', 2 * 1024 * 1024) + "\"}",
            "a list" => "[]",
            "null" => "null",
            "no files" => "{\"id\":\"odd\",\"name\":\"x\",\"version\":\"1\",\"sdk\":\"0.1\",\"entry\":\"odd.dll\",\"files\":{}}",
            "an entry that is not listed" => $"{{\"id\":\"odd\",\"name\":\"x\",\"version\":\"1\",\"sdk\":\"0.1\",\"entry\":\"other.dll\",\"files\":{{\"odd.dll\":\"{sha}\"}}}}",
            _ => $"{{\"id\":\"odd\",\"name\":\"x\",\"version\":\"1\",\"sdk\":\"0.1\",\"entry\":\"../odd.dll\",\"files\":{{\"../odd.dll\":\"{sha}\"}}}}",
        });
        var manifest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder("odd"), "plugin.json"))));
        Assert.Equal(PluginState.Untrusted, Assert.Single((await StartAsync(manifest)).All).State);
    }

    [Fact]
    public async Task A_folder_that_is_a_link_is_not_loaded()
    {
        var elsewhere = Directory.CreateTempSubdirectory("inforzap-elsewhere-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(elsewhere.FullName, "data.txt"), "x");
            BuiltPlugin.Compile(Folder("linked"), "linked", BuiltPlugin.Source("linked"));
            Directory.CreateSymbolicLink(Path.Combine(Folder("linked"), "sub"), elsewhere.FullName);
            // The hashes are right: what lies behind the link today is what the manifest says.
            var hash = BuiltPlugin.Seal(Folder("linked"), "linked", "linked.dll");
            var plugin = Assert.Single((await StartAsync(hash)).All);
            Assert.Equal(PluginState.Untrusted, plugin.State);
            Assert.Contains("sub", plugin.Reason, StringComparison.Ordinal);
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("register")]
    [InlineData("adapter")]
    public async Task One_that_never_answers_is_left_behind_and_the_others_start(string where)
    {
        const string forever = "new System.Threading.ManualResetEventSlim(false).Wait();";
        var source = where switch
        {
            "constructor" => BuiltPlugin.Source("mute", constructor: forever),
            "register" => BuiltPlugin.Source("mute", register: forever),
            _ => BuiltPlugin.Source("mute", adapter: forever),
        };
        await using var impatient = await Desk.OpenAsync(settings: new Dictionary<string, string?> { ["Plugins:StartSeconds"] = "2" });
        (desk, var before) = (impatient, desk);
        try
        {
            var catalog = await StartAsync(Build("mute", source), Build("zgood"));
            Assert.Equal(PluginState.Faulted, catalog.Find("mute")!.State);
            Assert.Contains("2 s", catalog.Find("mute")!.Reason, StringComparison.Ordinal);
            Assert.Equal("zgood", Assert.Single(catalog.Channels).Kind);
            // It did not end the process: the next start tries it again.
            Assert.Empty(Marks!.Take());
        }
        finally
        {
            desk = before;
        }
    }

    [Fact]
    public async Task Two_folders_with_one_id_are_one_plugin()
    {
        var hash = Build("twin");
        Directory.CreateDirectory(Folder("twin2"));
        foreach (var file in Directory.GetFiles(Folder("twin"))) File.Copy(file, Path.Combine(Folder("twin2"), Path.GetFileName(file)));
        var catalog = await StartAsync(hash);
        Assert.Equal([PluginState.Active, PluginState.Untrusted], catalog.All.Select(p => p.State).Order());
    }

    /// <summary>Nothing catches it: without the host's last resort the process of these tests would end here.</summary>
    [Theory]
    [InlineData("thread")]
    [InlineData("pool")]
    public async Task One_that_throws_on_a_thread_of_its_own_is_off_with_the_reason_and_everything_else_goes_on(string where)
    {
        var hash = Build("crash");
        var other = Build("zgood");
        var catalog = await StartAsync(hash, other);
        var crash = catalog.Channel("crash")!.Adapter.GetMethod("Crash")!.CreateDelegate<Action>();
        if (where == "thread") new Thread(() => crash()).Start();
        else ThreadPool.QueueUserWorkItem(_ => crash());
        await UntilAsync(() => catalog.Find("crash")!.State == PluginState.Disabled);
        Assert.Contains("InvalidOperationException", catalog.Find("crash")!.Reason, StringComparison.Ordinal);
        Assert.Equal("zgood", Assert.Single(catalog.Channels).Kind);
        var mark = Path.Combine(desk.Folder, "plugin-marks", "crash");
        await UntilAsync(() => !File.Exists(mark));
        var again = (await StartAsync(hash)).Find("crash")!;
        Assert.Equal(PluginState.Disabled, again.State);
        Assert.Contains("InvalidOperationException", again.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_during_whose_start_the_process_ended_starts_disabled()
    {
        var hash = Build("stuck");
        await StartAsync(hash);
        _ = Marks!.During("stuck", "ao iniciar");
        var again = (await StartAsync(hash)).Find("stuck")!;
        Assert.Equal(PluginState.Disabled, again.State);
        Assert.False(string.IsNullOrEmpty(again.Reason));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!isSo())
        {
            Assert.True(DateTime.UtcNow < end, "It did not happen.");
            await Task.Delay(20);
        }
    }
}
