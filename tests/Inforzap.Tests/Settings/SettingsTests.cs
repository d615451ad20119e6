using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Settings.Audit;
using Inforzap.Settings.General;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Settings;

public sealed class SettingsTests : IAsyncLifetime
{
    private Desk desk = null!;
    private Person admin = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync();
        admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    /// <summary>Every setting that there is.</summary>
    public static TheoryData<string> Names() => [.. Setting.All.Keys];

    private Task ChangeAsync(params (Setting Setting, string Value)[] values) => desk.SendAs(admin, new ChangeSettings(values.ToDictionary(v => v.Setting.Name, v => v.Value)));

    private async Task<string> ValueAsync(Setting setting) => (await desk.SendAs(admin, new ReadSettings()))[setting.Name].Value;

    [Fact]
    public async Task What_lets_one_in_as_somebody_else_is_for_administrators_also_where_a_role_may_change_settings()
    {
        var clerk = new Actor(Guid.CreateVersion7(), "Rui", new HashSet<string> { "settings.edit" }, []);
        Task SendAsync<T>(IRequest<T> request) => desk.Services.GetRequiredService<SystemMediator>().Send(request, clerk);
        await SendAsync(new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "Padaria" }));
        foreach (var (setting, value) in new[] { (Setting.PublicUrl, "https://rui.example"), (Setting.TwoFactorRoles, "Agent"), (Setting.SingleSession, "true") })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => SendAsync(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value })))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() =>
            SendAsync(new Inforzap.Settings.Mail.SaveMail("smtp.rui.example", 587, Inforzap.Settings.Mail.MailSecurity.StartTls, null, null, "Rui", "rui@rui.example", null, true, null)))).Kind);
        Assert.Equal("", await ValueAsync(Setting.PublicUrl));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Each_takes_its_default_and_refuses_what_is_none_of_its_values_whoever_asks(string name)
    {
        var setting = Setting.All[name];
        await ChangeAsync((setting, setting.Default));
        var wrong = setting.Kind switch
        {
            SettingKind.Switch => "sim",
            SettingKind.Number => $"{setting.Most + 1}",
            SettingKind.Choice => "klingon",
            SettingKind.Choices => "Administrator,Chefe",
            SettingKind.TimeZone => "America/Nowhere",
            SettingKind.Url => "javascript:alert(1)",
            SettingKind.Emails => "a@b.example, ninguém",
            _ => new string('x', setting.Most + 1),
        };
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => ChangeAsync((setting, wrong)))).Fields.ContainsKey(name));
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [name] = wrong })))).Fields.ContainsKey(name));
        Assert.Equal(setting.Default, await ValueAsync(setting));
    }

    [Theory]
    [InlineData("company.public-url", " https://desk.example/ ", "https://desk.example")]
    [InlineData("company.public-url", "", "")]
    [InlineData("company.public-url", "http://10.0.0.5:5080", "http://10.0.0.5:5080")]
    [InlineData("company.public-url", "https://desk.example/inforzap/", "https://desk.example/inforzap")]
    [InlineData("company.public-url", "ftp://desk.example", null)]
    [InlineData("company.public-url", "desk.example", null)]
    [InlineData("company.public-url", "https://a:b@desk.example", null)]
    [InlineData("company.public-url", "https://desk.example/?x=1", null)]
    [InlineData("company.public-url", "https://desk.example/#x", null)]
    [InlineData("company.public-url", "https://desk example", null)]
    [InlineData("tickets.video-call-url", "https://video.example/salas/", "https://video.example/salas")]
    [InlineData("tickets.video-call-url", "", "")]
    [InlineData("tickets.video-call-url", "http://video.example", null)]
    [InlineData("tickets.video-call-url", "https://", null)]
    [InlineData("company.country-code", "+351", "351")]
    [InlineData("company.country-code", "0", null)]
    [InlineData("company.country-code", "-5", null)]
    [InlineData("tickets.list-size", "9", null)]
    [InlineData("tickets.list-size", "10", "10")]
    [InlineData("tickets.list-size", "1e2", null)]
    [InlineData("tickets.reopen-minutes", "0060", "60")]
    [InlineData("tickets.reopen-minutes", "", null)]
    [InlineData("tickets.hide-others", "True", null)]
    [InlineData("company.name", "  Padaria Aurora ", "Padaria Aurora")]
    [InlineData("company.name", "Padaria\nAurora", null)]
    [InlineData("mail.alarms", "a@b.example; C@d.example,, a@B.example", "a@b.example,C@d.example")]
    [InlineData("mail.alarms", "Ana <a@b.example>", null)]
    [InlineData("files.max-megabytes", "0", null)]
    [InlineData("security.two-factor-roles", "None", null)]
    public async Task Values_are_cleaned_and_judged_by_their_kind(string name, string value, string? kept)
    {
        var thrown = await Record.ExceptionAsync(() => ChangeAsync((Setting.All[name], value)));
        if (kept is null) Assert.True(Assert.IsType<Refusal>(thrown).Fields.ContainsKey(name));
        else
        {
            Assert.Null(thrown);
            Assert.Equal(kept, await ValueAsync(Setting.All[name]));
        }
    }

    [Fact]
    public async Task One_wrong_value_keeps_all_from_being_saved_and_names_each_wrong_one()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => ChangeAsync((Setting.CompanyName, "Padaria"), (Setting.ListSize, "x"), (Setting.Language, "x")));
        Assert.Equal(["company.language", "tickets.list-size"], refusal.Fields.Keys.Order());
        Assert.Equal("", await ValueAsync(Setting.CompanyName));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new ChangeSettings(new Dictionary<string, string> { ["company.nome"] = "x" })));
    }

    [Theory]
    [InlineData(BuiltInRoles.Agent)]
    [InlineData(BuiltInRoles.Supervisor)]
    public async Task Only_who_may_change_settings_reads_and_changes_them(BuiltInRoles role)
    {
        var other = await desk.PersonAsync("Bia", role);
        foreach (var act in new Func<Task>[] { () => desk.SendAs(other, new ReadSettings()), () => desk.SendAs(other, new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "x" })) })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
    }

    [Fact]
    public async Task What_was_changed_is_in_the_audit_and_what_was_not_is_not()
    {
        await ChangeAsync((Setting.ListSize, "50"), (Setting.ReopenMinutes, "30"));
        await ChangeAsync((Setting.ReopenMinutes, "60"));
        var rows = (await desk.SendAs(admin, new ReadAudit("setting"))).Rows;
        Assert.All(rows, r => Assert.Equal("tickets.reopen-minutes", r.Subject));
        Assert.Equal([("30", "60"), (null, "30")], rows.SelectMany(r => r.Changes).Where(c => c.Field == "Value").Select(c => (c.From, c.To)));
    }

    [Fact]
    public async Task What_the_operator_set_goes_before_and_says_so()
    {
        await using var fixedDesk = await Desk.OpenAsync(settings: new Dictionary<string, string?> { ["Public:Url"] = "https://fixed.example/", ["Files:MaxMegabytes"] = "7" });
        var rita = await fixedDesk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var states = await fixedDesk.SendAs(rita, new ReadSettings());
        Assert.Equal(new SettingState("https://fixed.example", "Public__Url"), states[Setting.PublicUrl.Name]);
        Assert.Equal(new SettingState("7", "Files__MaxMegabytes"), states[Setting.MaxMegabytes.Name]);
        Assert.Null(states[Setting.CompanyName.Name].FixedBy);
        Assert.Equal(7 * 1024 * 1024, fixedDesk.Services.GetRequiredService<FileStore>().MaxBytes);
    }

    [Fact]
    public async Task The_largest_file_is_what_the_setting_says_from_the_moment_it_is_saved()
    {
        var (id, _) = await desk.ChannelAsync("loja");
        var (files, channels) = (desk.Services.GetRequiredService<FileStore>(), desk.Services.GetRequiredService<IChannelDirectory>());
        Assert.Equal(25 * 1024 * 1024, files.MaxBytes);
        await ChangeAsync((Setting.MaxMegabytes, "1"));
        await MailTests.Until(() => files.MaxBytes == 1024 * 1024);
        await MailTests.Until(() => channels.Find(id)!.MaxMediaBytes <= 1024 * 1024);
        using var large = new MemoryStream(new byte[(1024 * 1024) + 1]);
        await Assert.ThrowsAsync<MediaTooLargeException>(() => files.WriteAsync(large, "grande.bin"));
        using var fits = new MemoryStream(new byte[1024 * 1024]);
        Assert.Equal(1024 * 1024, (await files.WriteAsync(fits, "cabe.bin")).Size);
    }
}
