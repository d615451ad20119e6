using System.Reflection;
using Inforzap.Channels;
using Inforzap.Channels.Manage;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Identity.FirstStart;
using Inforzap.Identity.Links;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Lanes;
using Inforzap.Sdk;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Plugins;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Inforzap.Tests.Attacks;

/// <summary>
/// Words that can be recognised are put into every secret, password, token, message and number; then much is done, and much of
/// it made to fail. Wherever operators, administrators and their tools look, none of the words may turn up.
/// </summary>
public sealed class CanaryTests
{
    private readonly Canaries canaries = new();

    private string Canary(string of) => canaries.Word(of);

    private string Number(string of) => canaries.Number(of);

    [Fact]
    public async Task Nothing_that_somebody_wrote_and_no_secret_turns_up_where_operators_look()
    {
        using var watch = new Watch();
        var broken = new BrokenDatabase();
        await using var desk = await Desk.OpenAsync(s => s.ConfigureDbContext<SqliteDb>(o => o.AddInterceptors(broken)).ConfigureDbContext<PostgreSqlDb>(o => o.AddInterceptors(broken)));
        var admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        var queue = await desk.QueueAsync("Atendimento");
        var ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, queue);
        await SigningInAsync(desk, admin, ana);
        var (channel, adapter) = await ChannelAsync(desk, admin);
        var ticket = await TalkingAsync(desk, ana, channel, adapter);
        await FailingAsync(desk, ana, channel, adapter, ticket, broken);
        await desk.RunJobAsync<WriteChannelLog>();
        await desk.RunJobAsync<Inforzap.Tickets.Outbound.DeadSends>();
        await desk.SettleAsync();

        var dump = await Dump.OfAsync(desk);
        // It all happened: what was said is where it belongs, failures were logged, spans and figures were made.
        foreach (var said in new[] { "inbound body", "outbound body", "note", "draft", "caption", "name" })
            Assert.Contains(dump.SelectMany(t => t.Value), r => r.Contains(canaries[said], StringComparison.Ordinal));
        Assert.Contains(desk.Log, l => l.Contains("Lane item", StringComparison.Ordinal) && l.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains(desk.Log, l => l.Contains("SendMessage failed", StringComparison.Ordinal));
        Assert.Contains(desk.Log, l => l.Contains("Sending through channel", StringComparison.Ordinal));
        Assert.True(watch.Spans > 50 && watch.Figures > 50);
        canaries.NoneIn("the log", desk.Log);
        canaries.NoneIn("traces and metrics", watch.Heard);
        await canaries.NoneInReasonsAsync(desk);
        await canaries.NoneInClearAsync(desk, dump, of => of.Contains("secret", StringComparison.Ordinal) || of.Contains("password", StringComparison.Ordinal) || of.Contains("token", StringComparison.Ordinal));
    }

    private async Task SigningInAsync(Desk desk, Person admin, Person ana)
    {
        await desk.SendAsStranger(new CheckPassword(ana.Email, Canary("wrong password")));
        await desk.SendAsStranger(new CheckPassword($"{Canary("email")}@example.test", Canary("stranger's password")));
        await Record.ExceptionAsync(() => desk.SendAsStranger(new SetUp(Canary("set-up token"), "x", "America/Sao_Paulo", null, "x", "x@example.test", Canary("set-up password"), "pt-BR")));
        await Record.ExceptionAsync(() => desk.SendAsStranger(new AcceptInvitation(Canary("invitation token"), "tijolo cometa varanda")));
        await desk.SendAs(admin, new SaveUser(null, "Bia", "bia@example.test", BuiltInRoles.Agent, [], Canary("new password"), null));
        var bia = (await desk.SendAs(admin, new ListUsers("bia@"))).Rows.Single();
        var token = canaries["link token"] = await desk.SendAs(admin, new MakeOneTimeLink(bia.Id));
        await desk.SendAsStranger(new ReadInvitation(token));
        await desk.SendAsStranger(new AcceptInvitation(token, Canary("chosen password")));
        await Record.ExceptionAsync(() => desk.SendAs(ana, new ChangeMyPassword(Canary("wrong current password"), Canary("next password"))));
        canaries["set-up token of this start"] = desk.Services.GetRequiredService<SetUpToken>().Text;
        canaries["master key secret"] = (await File.ReadAllTextAsync(Path.Combine(desk.Folder, "master.key"))).Trim();
    }

    private async Task<(Guid, TestAdapter)> ChannelAsync(Desk desk, Person admin)
    {
        await desk.ChannelAsync("warm");
        var queue = await desk.QueueAsync("Atendimento");
        var id = await desk.SendAs(admin, new SaveChannel(null, "test", "canary", "Canal", queue, new Dictionary<string, string> { ["Token"] = Canary("channel secret"), ["Api"] = "https://a.example" }, null));
        await Record.ExceptionAsync(() => desk.SendAs(admin, new SaveChannel(id, "test", "canary", "Canal", queue, new Dictionary<string, string> { ["Token"] = Canary("refused secret"), ["Api"] = "javascript:x" }, 0)));
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        var adapter = (TestAdapter)desk.Services.GetRequiredService<ChannelDirectory>().Live(id)!.Driver!.Adapter;
        await adapter.Store.SetAsync("session", Canary("plugin secret"));
        return (id, adapter);
    }

    private async Task<Guid> TalkingAsync(Desk desk, Person ana, Guid channel, TestAdapter adapter)
    {
        var from = new Address(Number("customer's number"), AddressKind.Phone, Canary("name"));
        await adapter.Inbox.DeliverAsync(new InboundMessage(channel, "c1", from, new TextContent(Canary("inbound body"))) { Raw = System.Text.Encoding.UTF8.GetBytes($"{{\"text\":\"{canaries["inbound body"]}\",\"from\":\"{from.Value}\"}}") });
        await adapter.Inbox.DeliverAsync(new InboundMessage(channel, "c2", from, new MediaContent(MediaKind.Document, new MediaRef(new Uri($"http://127.0.0.1:1/{Canary("media secret path")}?token={Canary("media token")}")), "x.pdf", Canary("caption"))));
        await adapter.Inbox.DeliverAsync(new InboundEdit(channel, "c3", from, "c1", $"{canaries["inbound body"]} {Canary("edit")}"));
        await adapter.Inbox.DeliverAsync(new InboundEdit(channel, "c4", from, "never came", Canary("early edit")));
        await desk.SettleAsync();
        var ticket = await desk.ReadAsync(db => db.Set<Ticket>().Select(t => t.Id).SingleAsync());
        // Its address is one that is not called, and its token is not to be kept in clear where people look.
        canaries.Remove("media token");
        canaries.Remove("media secret path");
        await desk.SendAs(ana, new AcceptTicket(ticket));
        await desk.SendAs(ana, new SaveDraft(ticket, Canary("draft"), null));
        await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), Canary("outbound body")));
        await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), Canary("note"), IsNote: true));
        await desk.SendAs(ana, new TransferTicket(ticket, null, ana.Id, Canary("transfer note")));
        await desk.SendAs(ana, new ListTickets(TicketStatus.Open, Canary("search")));
        await desk.SendAs(ana, new FindInTicket(ticket, Canary("search inside")));
        await Record.ExceptionAsync(() => desk.SendAs(ana, new SaveContact(null, Canary("contact's name"), Number("contact's number"), $"{Canary("contact's email")}@example.test", null, null)));
        await desk.SettleAsync();
        return ticket;
    }

    private async Task FailingAsync(Desk desk, Person ana, Guid channel, TestAdapter adapter, Guid ticket, BrokenDatabase broken)
    {
        var thrower = Thrower(desk.Folder);
        var secret = canaries["channel secret"];
        foreach (var thrown in new Func<Exception>[]
        {
            () => new FormatException(Canary("quoted by a parser")), () => new System.Text.Json.JsonException(Canary("quoted by JSON")), () => new ArgumentException(secret),
            () => thrower("InvalidOperationException", secret), () => thrower("HttpRequestException", secret), () => thrower("TimeoutException", secret), () => thrower("IOException", secret),
        })
        {
            adapter.Send = (_, _) => throw thrown();
            await desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), Canary("unsure body")));
            await desk.SettleAsync();
        }
        adapter.Send = (m, _) => Task.FromResult(SendResult.Sent(m.AttemptId.ToString()));
        // Items of lanes that can't be read, and some that the database refuses.
        foreach (var payload in new[] { $"{{\"event\":\"message\",\"x\":{Canary("broken item")}", $"{{\"event\":\"{Canary("unknown event")}\"}}", $"{{\"event\":\"message\",\"channelId\":\"{Canary("no id")}\"}}" })
            await desk.WriteAsync(db =>
            {
                db.Enqueue($"in/{channel:N}/phone:{Guid.NewGuid():N}", "message", payload, DateTime.UtcNow);
                return Task.CompletedTask;
            });
        broken.Says = Canary("quoted by the database");
        await adapter.Inbox.DeliverAsync(new InboundMessage(channel, "c9", new Address(Number("unlucky number")), new TextContent(Canary("unlucky body"))));
        await Record.ExceptionAsync(() => desk.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), Canary("body that is not kept"))));
        await Task.Delay(300);
        broken.Says = null;
        await desk.SettleAsync();
    }

    /// <summary>Throws from an assembly that is neither ours nor the framework's, as a plugin does.</summary>
    private static Func<string, string, Exception> Thrower(string folder)
    {
        var file = BuiltPlugin.Compile(Path.Combine(folder, "thrower"), "Thrower", """
            public static class Thrower
            {
                public static void Throw(string type, string message) => throw type switch
                {
                    "InvalidOperationException" => new System.InvalidOperationException(message),
                    "TimeoutException" => new System.TimeoutException(message),
                    "IOException" => new System.IO.IOException(message),
                    _ => new System.NotSupportedException(message),
                };
            }
            """);
        var throws = Assembly.Load(File.ReadAllBytes(file)).GetType("Thrower")!.GetMethod("Throw")!.CreateDelegate<Action<string, string>>();
        return (type, message) => Record.Exception(() => throws(type, message))!;
    }

    /// <summary>A database that quotes what it was to write, as some do.</summary>
    private sealed class BrokenDatabase : SaveChangesInterceptor
    {
        public string? Says { get; set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            Says is { } says && eventData.Context!.ChangeTracker.Entries<Message>().Any() ? throw new DbUpdateException($"can't write {says}", new FormatException(says)) : base.SavingChangesAsync(eventData, result, cancellationToken);
    }
}
