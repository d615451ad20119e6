using Inforzap.Alarms;
using Inforzap.Contracts.Settings;
using Inforzap.Settings.Mail;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Settings;

/// <summary>What is wrong is told by mail: late enough, once, by one node, and never as a flood.</summary>
public sealed class MailAlarmsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero));
    private readonly FakeAlarms alarms = new();
    private readonly FakeMailer mailer = new() { IsReady = true };
    private Desk desk = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(Configure, clock);
        await ToAsync("plantao@aurora.example");
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private void Configure(IServiceCollection services) => services.AddSingleton<IAlarmSource>(alarms).AddSingleton<IMailer>(mailer);

    private async Task ToAsync(string addresses)
    {
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.AlarmMails.Name] = addresses, [Setting.PublicUrl.Name] = "https://desk.example" }));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
    }

    private async Task<List<MailMessage>> LookAsync(TimeSpan after = default)
    {
        clock.Advance(after);
        var before = mailer.Mails.Count;
        await desk.RunJobAsync<MailAlarms>();
        return mailer.Mails[before..];
    }

    [Fact]
    public async Task It_is_told_when_it_stands_for_two_minutes_and_when_it_is_over()
    {
        alarms.Begin("disk", "Pouco espaço", clock);
        Assert.Empty(await LookAsync());
        Assert.Empty(await LookAsync(TimeSpan.FromSeconds(90)));
        var told = Assert.Single(await LookAsync(TimeSpan.FromSeconds(31)));
        Assert.Equal(("plantao@aurora.example", "Alerta: Pouco espaço", "https://desk.example/system"), (told.To, told.Subject, told.Url));
        Assert.Contains("30/11/2026 12:00", told.Paragraphs[0], StringComparison.Ordinal);
        Assert.Empty(await LookAsync(TimeSpan.FromMinutes(30)));
        alarms.End("disk");
        // One node that did not look yet is no all-clear.
        Assert.Empty(await LookAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal("Resolvido: Pouco espaço", Assert.Single(await LookAsync(TimeSpan.FromSeconds(91))).Subject);
        Assert.Empty(await LookAsync(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task What_is_over_within_two_minutes_is_not_told()
    {
        alarms.Begin("late", "Atraso", clock);
        await LookAsync();
        alarms.End("late");
        for (var i = 0; i < 10; i++) Assert.Empty(await LookAsync(TimeSpan.FromMinutes(1)));
        // And when it comes again it begins anew.
        alarms.Begin("late", "Atraso", clock);
        Assert.Empty(await LookAsync());
    }

    [Fact]
    public async Task One_that_comes_and_goes_is_told_once_an_hour()
    {
        var begun = 0;
        for (var minute = 0; minute < 180; minute++)
        {
            if (minute % 10 == 0) alarms.Begin("flap", "Vai e vem", clock);
            if (minute % 10 == 5) alarms.End("flap");
            begun += (await LookAsync(TimeSpan.FromMinutes(1))).Count(m => m.Subject.StartsWith("Alerta", StringComparison.Ordinal));
        }
        Assert.Equal(3, begun);
    }

    [Fact]
    public async Task Several_at_once_come_in_one_mail_to_each_in_their_own_language()
    {
        var ana = await desk.PersonAsync("Ana");
        await desk.WriteAsync(db => db.Set<Inforzap.Identity.User>().Where(u => u.Id == ana.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, "en")));
        await ToAsync($"plantao@aurora.example, {ana.Email.ToUpperInvariant()}");
        foreach (var id in new[] { "a", "b", "c" }) alarms.Begin(id, id, clock);
        await LookAsync();
        var told = await LookAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["3 alertas", "3 alerts"], told.Select(m => m.Subject));
        Assert.Equal(3, told[1].Paragraphs.Count);
        alarms.End("a");
        alarms.Begin("d", "d", clock);
        await LookAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(["Alertas: 1 novos, 1 resolvidos", "Alerts: 1 new, 1 resolved"], (await LookAsync(TimeSpan.FromSeconds(100))).Select(m => m.Subject));
    }

    [Fact]
    public async Task Of_two_nodes_one_tells_it()
    {
        await using var second = await Desk.OpenAsync(Configure, clock, desk.SettingsOfANodeMore);
        alarms.Begin("disk", "Pouco espaço", clock);
        for (var i = 0; i < 8; i++)
        {
            await Task.WhenAll(desk.RunJobAsync<MailAlarms>(), second.RunJobAsync<MailAlarms>());
            clock.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Single(mailer.Mails);
        alarms.End("disk");
        for (var i = 0; i < 8; i++)
        {
            await Task.WhenAll(desk.RunJobAsync<MailAlarms>(), second.RunJobAsync<MailAlarms>());
            clock.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Equal(2, mailer.Mails.Count);
    }

    [Fact]
    public async Task Nobody_is_told_when_nobody_wants_to_be_or_no_server_is_there()
    {
        alarms.Begin("disk", "Pouco espaço", clock);
        mailer.IsReady = false;
        await LookAsync();
        Assert.Empty(await LookAsync(TimeSpan.FromMinutes(5)));
        mailer.IsReady = true;
        await ToAsync("");
        Assert.Empty(await LookAsync(TimeSpan.FromMinutes(5)));
        await ToAsync("plantao@aurora.example");
        Assert.Single(await LookAsync(TimeSpan.FromMinutes(5)));
    }

    private sealed class FakeAlarms : IAlarmSource
    {
        private readonly List<Alarm> now = [];

        public string Permission => "lanes.see";

        public void Begin(string id, string title, TimeProvider clock) => now.Add(new Alarm(id, title, "Porque sim.", "/system", clock.GetUtcNow().UtcDateTime));

        public void End(string id) => now.RemoveAll(a => a.Id == id);

        public Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<Alarm>>([.. now]);
    }
}
