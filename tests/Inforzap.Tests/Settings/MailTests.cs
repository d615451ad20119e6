using System.Net;
using System.Net.Sockets;
using Inforzap.Contracts.Settings;
using Inforzap.Lanes;
using Inforzap.Settings.Audit;
using Inforzap.Settings.Mail;
using Inforzap.Tests.Attacks;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Parked;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Settings;

/// <summary>Mail through a real server of the test's own.</summary>
public sealed class MailTests : IAsyncLifetime
{
    private const string Password = "CANARY-smtp-password";
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Desk desk = null!;
    private Person admin = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(s => s.AddSingleton(new MailPost(NullLogger<MailPost>.Instance) { Patience = TimeSpan.FromSeconds(3) }), clock);
        admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private static TestMail Trial(int port, MailSecurity security = MailSecurity.Plain, string host = "127.0.0.1", string? name = null, string? password = null) =>
        new(host, port, security, name, password, "Padaria Aurora", "avisos@aurora.example", null, "rita@aurora.example");

    private static SaveMail Save(int port, int? version = null, bool isOn = true, string? name = null, string? password = null) =>
        new("127.0.0.1", port, MailSecurity.Plain, name, password, "Padaria Aurora", "avisos@aurora.example", null, isOn, version);

    private static MailMessage Mail(string to = "ana@cliente.example") => new(to, "Assunto com ção", "pt-BR", ["Um parágrafo."]);

    private Task PostAsync(params MailMessage[] mails) => desk.WriteAsync(db =>
    {
        foreach (var mail in mails) desk.Services.GetRequiredService<IMailer>().Post(db, mail);
        return Task.CompletedTask;
    });

    private Task<List<LaneItem>> ItemsAsync() => desk.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.Kind == "mail").OrderBy(i => i.Position).ToListAsync());

    private async Task<MailTrial> TryAsync(TestMail trial) => await desk.SendAs(admin, trial);

    [Fact]
    public async Task A_test_message_arrives_signed_in_and_encrypted_or_not()
    {
        await using var server = new FakeSmtp { SignIn = ("avisos", "segredo com ção") }.Start();
        Assert.True((await TryAsync(Trial(server.Port, name: "avisos", password: "segredo com ção"))).IsSent);
        var mail = Assert.Single(server.Mails);
        Assert.Equal(("avisos@aurora.example", "rita@aurora.example", "Teste de e-mail do Inforzap"), (mail.From, Assert.Single(mail.To), mail.Message.Subject));
    }

    [Theory]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.Tls)]
    public async Task The_way_is_encrypted_as_it_was_chosen(MailSecurity security)
    {
        await using var trusting = await Desk.OpenAsync(s => s.AddSingleton(new MailPost(NullLogger<MailPost>.Instance) { Trust = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" }));
        var rita = await trusting.PersonAsync("Rita", BuiltInRoles.Administrator);
        await using var server = new FakeSmtp { OffersTls = security == MailSecurity.StartTls, IsTls = security == MailSecurity.Tls, SignIn = ("a", "b") }.Start();
        Assert.True((await trusting.SendAs(rita, Trial(server.Port, security, name: "a", password: "b"))).IsSent);
        Assert.True(Assert.Single(server.Mails).WasSecret);
        // The name and the password went the encrypted way as well.
        if (security == MailSecurity.StartTls) Assert.True(server.Commands.ToList().IndexOf("STARTTLS") < server.Commands.ToList().FindIndex(c => c.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_told_apart()
    {
        await using var starts = new FakeSmtp { OffersTls = true }.Start();
        await using var begins = new FakeSmtp { IsTls = true }.Start();
        foreach (var trial in new[] { Trial(starts.Port, MailSecurity.StartTls), Trial(begins.Port, MailSecurity.Tls) }) Assert.Contains("certificado", (await TryAsync(trial)).Text);
        Assert.Empty(starts.Mails.Concat(begins.Mails));
    }

    [Fact]
    public async Task A_server_without_encryption_is_never_spoken_to_in_clear_when_it_was_asked_for()
    {
        await using var server = new FakeSmtp { SignIn = ("a", "b") }.Start();
        var end = await TryAsync(Trial(server.Port, MailSecurity.StartTls, name: "a", password: "b"));
        Assert.False(end.IsSent);
        Assert.Contains("criptografia", end.Text);
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MAIL", "553 5.7.1 not your address", "não aceita o remetente avisos@aurora.example", "553 5.7.1")]
    [InlineData("RCPT", "550 5.1.1 no such mailbox", "não aceita e-mails para rita@aurora.example", "no such mailbox")]
    [InlineData(".", "554 5.7.1 looks like spam", "recusou esta mensagem", "looks like spam")]
    [InlineData("MAIL", "530 5.7.0 sign in first", "usuário e senha", "sign in first")]
    [InlineData("MAIL", "", "encerrou a conversa", null)]
    public async Task A_refusal_is_told_in_the_reader_s_words_with_the_server_s_beside_it(string command, string answer, string said, string? theirs)
    {
        await using var server = new FakeSmtp { Script = c => c.StartsWith(command, StringComparison.Ordinal) ? answer : null }.Start();
        var end = await TryAsync(Trial(server.Port));
        Assert.False(end.IsSent);
        Assert.Contains(said, end.Text);
        if (theirs is not null) Assert.Contains(theirs.Split(' ')[^1], end.Answer);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_host_a_closed_port_and_silence_are_told_apart()
    {
        await using var strict = new FakeSmtp { SignIn = ("avisos", "certa") }.Start();
        await using var silent = new FakeSmtp { IsSilent = true }.Start();
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var free = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Assert.Contains("recusou o usuário ou a senha", (await TryAsync(Trial(strict.Port, name: "avisos", password: "errada"))).Text);
        Assert.Contains("não pôde ser encontrado", (await TryAsync(Trial(25, host: "servidor-que-nao-existe.invalid"))).Text);
        Assert.Contains("não respondeu na porta", (await TryAsync(Trial(free))).Text);
        Assert.Contains("demorou demais", (await TryAsync(Trial(silent.Port))).Text);
    }

    [Fact]
    public async Task The_form_s_faults_are_told_by_field()
    {
        var bad = await Assert.ThrowsAsync<Refusal>(() => TryAsync(Trial(0) with { FromName = " ", To = "ninguém" }));
        Assert.Equal(["FromName", "Port", "To"], bad.Fields.Keys.Order());
        foreach (var (field, change) in new (string, Func<SaveMail, SaveMail>)[]
        {
            ("Host", m => m with { Host = "https://smtp.example/x" }), ("Host", m => m with { Host = "a b" }), ("FromAddress", m => m with { FromAddress = "eu" }), ("ReplyTo", m => m with { ReplyTo = "a@b.c, d@e.f" }),
            ("FromName", m => m with { FromName = "a\r\nBcc: x@y.z" }), ("Security", m => m with { Security = (MailSecurity)9 }), ("Password", m => m with { UserName = "sem-senha" }),
        }) Assert.True((await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, change(Save(25))))).Fields.ContainsKey(field), field);
        Assert.Null((await desk.SendAs(admin, new ReadMail())).Version);
    }

    [Theory]
    [InlineData(BuiltInRoles.Agent)]
    [InlineData(BuiltInRoles.Supervisor)]
    public async Task Only_who_may_change_settings_sees_saves_and_tests(BuiltInRoles role)
    {
        var other = await desk.PersonAsync("Bia", role);
        foreach (var act in new Func<Task>[] { () => desk.SendAs(other, new ReadMail()), () => desk.SendAs(other, Save(25)), () => desk.SendAs(other, Trial(25)) })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
    }

    [Fact]
    public async Task The_password_is_kept_encrypted_is_told_to_nobody_and_serves_only_the_server_that_it_was_given_for()
    {
        await using var server = new FakeSmtp { SignIn = ("avisos", Password) }.Start();
        await using var thief = new FakeSmtp { SignIn = ("avisos", Password) }.Start();
        await desk.SendAs(admin, Save(server.Port, name: "avisos", password: Password));
        var view = await desk.SendAs(admin, new ReadMail());
        Assert.True(view.HasPassword);
        // An empty field stands for the one that is kept.
        await desk.SendAs(admin, Save(server.Port, view.Version, name: "avisos") with { FromName = "Outra" });
        Assert.True((await TryAsync(Trial(server.Port, name: "avisos"))).IsSent);
        var version = (await desk.SendAs(admin, new ReadMail())).Version;
        foreach (var act in new Func<Task>[] { () => TryAsync(Trial(thief.Port, name: "avisos")), () => desk.SendAs(admin, Save(thief.Port, version, name: "avisos")), () => TryAsync(Trial(server.Port, name: "outro")) })
            Assert.True((await Assert.ThrowsAsync<Refusal>(act)).Fields.ContainsKey("Password"));
        Assert.Empty(thief.Commands);
        Assert.DoesNotContain((await Dump.OfAsync(desk)).SelectMany(t => t.Value), r => r.Contains(Password, StringComparison.Ordinal));
        Assert.DoesNotContain(desk.Log, l => l.Contains(Password, StringComparison.Ordinal));
        await desk.SendAs(admin, Save(server.Port, version, name: "avisos", password: "trocada"));
        var told = (await desk.SendAs(admin, new ReadAudit("mail"))).Rows.SelectMany(r => r.Changes).Where(c => c.Field == "Password").ToList();
        Assert.Equal([("•••", "•••"), ((string?)null, "•••")], told.Select(c => (c.From, c.To!)));
        // Without a sign-in there is nothing to keep.
        await desk.SendAs(admin, Save(server.Port, (await desk.SendAs(admin, new ReadMail())).Version));
        Assert.False((await desk.SendAs(admin, new ReadMail())).HasPassword);
    }

    [Fact]
    public async Task Who_saves_what_somebody_else_changed_is_told()
    {
        await desk.SendAs(admin, Save(25));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, Save(26)))).Kind);
        Assert.Equal(25, (await desk.SendAs(admin, new ReadMail())).Port);
    }

    [Fact]
    public async Task Every_node_knows_within_moments_whether_mail_is_ready()
    {
        await using var second = await Desk.OpenAsync(settings: desk.SettingsOfANodeMore);
        var (here, there) = (desk.Services.GetRequiredService<IMailer>(), second.Services.GetRequiredService<IMailer>());
        Assert.False(here.IsReady);
        await desk.SendAs(admin, Save(25));
        await Until(() => here.IsReady);
        second.Services.GetRequiredService<Live.LiveHints>().Raise([Live.Topics.Settings]);
        await Until(() => there.IsReady);
        await desk.SendAs(admin, Save(25, (await desk.SendAs(admin, new ReadMail())).Version, isOn: false));
        await Until(() => !here.IsReady);
    }

    internal static async Task Until(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++) await Task.Delay(10);
        Assert.True(holds());
    }

    [Fact]
    public async Task A_mail_leaves_with_the_commit_and_not_without_it()
    {
        await using var server = new FakeSmtp().Start();
        await desk.SendAs(admin, Save(server.Port));
        await Assert.ThrowsAsync<InvalidOperationException>(() => desk.WriteAsync(db =>
        {
            desk.Services.GetRequiredService<IMailer>().Post(db, Mail());
            throw new InvalidOperationException("undone");
        }));
        await desk.SettleAsync();
        Assert.Empty(server.Mails);
        await PostAsync(Mail(), Mail("bia@cliente.example"));
        await desk.SettleAsync();
        Assert.Equal(["ana@cliente.example", "bia@cliente.example"], server.Mails.SelectMany(m => m.To).Order());
    }

    [Fact]
    public async Task What_waits_is_encrypted()
    {
        await PostAsync(Mail() with { Button = "Abrir", Url = "https://a.example/invite/CANARY-token" });
        var rows = (await Dump.OfAsync(desk)).SelectMany(t => t.Value).ToList();
        Assert.Contains(rows, r => r.Contains("mail/ana@cliente.example", StringComparison.Ordinal));
        Assert.DoesNotContain(rows, r => r.Contains("CANARY-token", StringComparison.Ordinal) || r.Contains("Um parágrafo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_after_growing_pauses_under_the_same_name()
    {
        var (tries, names) = (0, new List<string>());
        await using var server = new FakeSmtp().Start();
        server.Script = c => c == "." && ++tries < 4 ? "451 4.7.1 try again later" : null;
        await desk.SendAs(admin, Save(server.Port));
        await Until(() => desk.Services.GetRequiredService<IMailer>().IsReady);
        await PostAsync(Mail());
        await desk.SettleAsync();
        var due = new List<double>();
        while (server.Mails.Count == 0)
        {
            var item = Assert.Single(await ItemsAsync());
            Assert.Equal((LaneItemState.Pending, 0), (item.State, item.Attempts));
            Assert.Contains("try again later", item.Reason);
            due.Add((item.DueAt - clock.GetUtcNow().UtcDateTime).TotalSeconds);
            names.Add(item.Payload);
            await desk.PassAsync(item.DueAt - clock.GetUtcNow().UtcDateTime + TimeSpan.FromMilliseconds(5));
        }
        Assert.Equal(3, due.Count);
        Assert.True(due[0] >= 29 && due[2] > due[1] * 1.5, string.Join(' ', due));
        Assert.Single(names.Distinct());
        Assert.Equal(LaneItemState.Done, (await ItemsAsync()).Single().State);
        var id = server.Mails.Single().Message.MessageId!;
        Assert.EndsWith("@aurora.example", id);
        Assert.Contains(id, names[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_day_of_tries_it_waits_for_a_person_who_can_send_it_again()
    {
        await using var server = new FakeSmtp { Script = c => c.StartsWith("MAIL", StringComparison.Ordinal) ? "421 4.3.0 closed" : null }.Start();
        await desk.SendAs(admin, Save(server.Port));
        await PostAsync(Mail());
        for (var hours = 0; hours < 30 && (await ItemsAsync()).Single().State == LaneItemState.Pending; hours++) await desk.PassAsync(TimeSpan.FromHours(1));
        var parked = Assert.Single((await desk.SendAs(admin, new ListParked())).Items);
        Assert.Equal(("mail/ana@cliente.example", "mail"), (parked.Lane, parked.Kind));
        server.Script = null;
        await desk.SendAs(admin, new ReplayParked([parked.Position]));
        await desk.SettleAsync();
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task What_no_repetition_would_change_is_parked_at_once_with_the_reason_and_holds_up_nobody()
    {
        await using var server = new FakeSmtp { Script = c => c.StartsWith("RCPT TO:<ana@", StringComparison.Ordinal) ? "550 5.1.1 no such mailbox" : null }.Start();
        await desk.SendAs(admin, Save(server.Port));
        await PostAsync(Mail(), Mail("bia@cliente.example"));
        await desk.SettleAsync();
        Assert.Contains("no such mailbox", Assert.Single((await desk.SendAs(admin, new ListParked())).Items).Reason);
        Assert.Equal("bia@cliente.example", Assert.Single(server.Mails).To[0]);
    }

    [Fact]
    public async Task While_it_is_off_mails_wait_and_what_is_too_old_by_then_is_left_out()
    {
        await using var server = new FakeSmtp().Start();
        await desk.SendAs(admin, Save(server.Port, isOn: false));
        await PostAsync(Mail(), Mail("tarde@cliente.example") with { Until = clock.GetUtcNow().UtcDateTime.AddMinutes(10) });
        await desk.PassAsync(TimeSpan.FromMinutes(15));
        await desk.SendAs(admin, Save(server.Port, (await desk.SendAs(admin, new ReadMail())).Version));
        await desk.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal("ana@cliente.example", Assert.Single(server.Mails).To[0]);
        Assert.Equal(LaneItemState.Dropped, (await ItemsAsync()).Single(i => i.Lane == "mail/tarde@cliente.example").State);
    }

    [Fact]
    public async Task It_looks_like_the_house_in_words_of_its_language_and_nothing_in_it_is_taken_for_HTML()
    {
        await using var server = new FakeSmtp().Start();
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "Padaria <Aurora> & Cia" }));
        await desk.Services.GetRequiredService<ISettings>().LoadAsync();
        await desk.SendAs(admin, Save(server.Port) with { ReplyTo = "respostas@aurora.example" });
        await PostAsync(new MailMessage("ana@cliente.example", "Hello <b>", "en", ["One\ntwo", "<script>alert(1)</script>"]) { Button = "Open", Url = "https://a.example/x?a=1&b=2", Small = "Small print" });
        await desk.SettleAsync();
        var mail = server.Mails.Single().Message;
        Assert.Equal(("Hello <b>", "Padaria Aurora", "respostas@aurora.example"), (mail.Subject, mail.From.Mailboxes.Single().Name, mail.ReplyTo.Mailboxes.Single().Address));
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        foreach (var said in new[] { "Padaria <Aurora> & Cia", "One\ntwo", "Open:", "https://a.example/x?a=1&b=2", "Small print", "An automatic message from" }) Assert.Contains(said, mail.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        foreach (var said in new[] { "Padaria &lt;Aurora&gt; &amp; Cia", "One<br>two", "href=\"https://a.example/x?a=1&amp;b=2\"", "&lt;script&gt;", "lang=\"en\"" }) Assert.Contains(said, mail.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", mail.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Mails.Single().Raw, c => c > 127);
    }

    [Fact]
    public async Task On_the_day_the_keys_are_lost_a_mail_that_waits_is_parked_and_not_sent_blank()
    {
        await using var server = new FakeSmtp().Start();
        await desk.SendAs(admin, Save(server.Port, isOn: false));
        await PostAsync(Mail());
        await desk.SettleAsync();
        await desk.WriteAsync(async db => { foreach (var item in await db.Set<LaneItem>().Where(i => i.Kind == "mail").ToListAsync()) item.Payload = item.Payload.Replace("\"sealed\":\"", "\"sealed\":\"x", StringComparison.Ordinal); });
        await desk.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(LaneItemState.Parked, (await ItemsAsync()).Single().State);
        Assert.Empty(server.Mails);
    }
}
