using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Identity.Users;
using Inforzap.Security;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Attacks;

/// <summary>What a copy of the database tells, and what happens on the day the key to it is lost.</summary>
public sealed class SecretsAtRestTests
{
    private static string Canary(string of) => $"CANARY-{of}-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_copy_of_the_database_holds_no_secret()
    {
        await using var desk = await Desk.OpenAsync();
        var (password, token, value) = (Canary("password"), Canary("token"), Canary("value"));
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var (_, adapter) = await desk.ChannelAsync("warm");
        await desk.SendAs(admin, new SaveChannel(null, "test", "secret", "Secreto", null, new Dictionary<string, string> { ["Token"] = token, ["Api"] = "https://a.example/visible" }, null));
        await desk.SendAs(admin, new SaveUser(null, "Ana", "ana@example.test", BuiltInRoles.Agent, [], password, null));
        await adapter.Store.SetAsync("session", value);
        var link = await desk.SendAs(admin, new MakeOneTimeLink((await desk.SendAs(admin, new ListUsers("ana@example.test"))).Rows.Single().Id));
        var master = (await File.ReadAllTextAsync(Path.Combine(desk.Folder, "master.key"))).Trim();
        var rows = (await Dump.OfAsync(desk)).SelectMany(t => t.Value).ToList();
        // The dump sees what is in clear.
        Assert.Contains(rows, r => r.Contains("https://a.example/visible", StringComparison.Ordinal));
        foreach (var secret in new[] { password, token, value, link, master }) Assert.DoesNotContain(rows, r => r.Contains(secret, StringComparison.Ordinal));
        if (TestDatabase.Provider != DatabaseProvider.Sqlite) return;
        // And the file itself, with what was written over and what was not folded into it yet.
        foreach (var file in Directory.GetFiles(desk.Folder, "inforzap.db*"))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await open.CopyToAsync(copy);
            foreach (var secret in new[] { password, token, value, link, master })
                Assert.True(copy.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) < 0, $"{Path.GetFileName(file)} holds {secret}");
        }
    }

    [Fact]
    public async Task After_a_new_key_what_is_old_can_be_read_and_what_is_new_is_under_the_new_one()
    {
        await using var desk = await Desk.OpenAsync();
        var (secrets, keys) = (desk.Services.GetRequiredService<Secrets>(), desk.Services.GetRequiredService<IKeyManager>());
        var old = secrets.Protect("test", "antigo");
        var made = keys.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));
        // The ring is read again in the background.
        var young = secrets.Protect("test", "novo");
        for (var i = 0; i < 200 && KeyOf(young) != made.KeyId; i++)
        {
            await Task.Delay(25);
            young = secrets.Protect("test", "novo");
        }
        Assert.Equal(("antigo", "novo"), (secrets.Unprotect("test", old), secrets.Unprotect("test", young)));
        Assert.Equal(made.KeyId, KeyOf(young));
        Assert.NotEqual(made.KeyId, KeyOf(old));
        Assert.Null(secrets.Unprotect("other", old));
        Assert.Null(secrets.Unprotect("test", old[..^4] + "AAAA"));
    }

    /// <summary>Four bytes say that it is a protected payload, the next sixteen under which key.</summary>
    private static Guid KeyOf(string cipher) => new(Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(cipher).AsSpan(4, 16));

    [Fact]
    public async Task On_the_day_the_master_key_is_lost_channels_ask_again_and_nothing_else_breaks()
    {
        await using var before = await Desk.OpenAsync();
        var (id, adapter) = await before.ChannelAsync("shop", new Dictionary<string, string> { ["Token"] = "antigo" });
        await adapter.Store.SetAsync("session", "valor");
        var admin = await before.PersonAsync("Rita", BuiltInRoles.Administrator);
        await adapter.Inbox.DeliverAsync(TestChannels.Message(id, "e1", "5511977776666"));
        await before.SettleAsync();

        // The same database, another key: what a restore without the key file comes to.
        await using var after = await Desk.OpenAsync(settings: new Dictionary<string, string?>
        {
            ["ConnectionStrings:Inforzap"] = before.Services.GetRequiredService<DatabaseSettings>().ConnectionString,
        });
        var error = Assert.Single(after.Log, l => l.StartsWith("Error Inforzap.Security.KeyRingCheck", StringComparison.Ordinal));
        Assert.Contains("channels ask for their secrets", error, StringComparison.Ordinal);
        var (_, there) = await after.ChannelAsync("shop");
        var directory = after.Services.GetRequiredService<ChannelDirectory>();
        Assert.Equal((ChannelState.Stopped, false), (directory.Find(id)!.State, directory.Live(id)!.IsUp));
        Assert.Contains("segredos", directory.Live(id)!.Reason, StringComparison.Ordinal);
        Assert.Null(await there.Store.GetAsync("session"));
        // People sign in as before, and what was said is there.
        Assert.Equal(admin.Id, (await after.SendAsStranger(new Inforzap.Identity.Sessions.CheckPassword(admin.Email, Person.Password))).Who?.Id);
        Assert.Single((await after.SendAs(admin, new Inforzap.Tickets.Desk.ListTickets(Inforzap.Tickets.TicketStatus.Pending))).Rows);
        // Given anew, it works on.
        var form = await after.SendAs(admin, new ReadChannelForm(id));
        Assert.Empty(form.Kept);
        await after.SendAs(admin, new SaveChannel(id, "test", "shop", "shop", null, new Dictionary<string, string> { ["Token"] = "novo" }, form.Version));
        await directory.LoadAsync();
        Assert.True(directory.Live(id)!.IsUp);
        await there.Store.SetAsync("session", "outro");
        Assert.Equal("outro", await there.Store.GetAsync("session"));
        await there.Inbox.DeliverAsync(TestChannels.Message(id, "e2", "5511977776666"));
        await after.SettleAsync();
        Assert.Equal(2, (await there.View.SinceAsync(id, new Inforzap.Sdk.Address("5511977776666"), 0)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("AAAA")]
    public void A_file_that_is_no_master_key_is_named_and_not_overwritten(string content)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            var e = Assert.Throws<InvalidOperationException>(() => new MasterKey(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["MasterKey:File"] = file }).Build()));
            Assert.Contains(file, e.Message, StringComparison.Ordinal);
            Assert.Equal(content, File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_new_master_key_is_random_and_its_owner_s_alone()
    {
        using var folder = new TemporaryFolder();
        MasterKey Made(string name) => new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["MasterKey:File"] = Path.Combine(folder.Path, "deep", name) }).Build());
        var (one, two) = (Made("one.key"), Made("two.key"));
        Assert.NotEqual(File.ReadAllText(one.File), File.ReadAllText(two.File));
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(one.File)).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(one.File));
        Assert.Equal(File.ReadAllText(one.File), File.ReadAllText(Made("one.key").File));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("inforzap-key-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
