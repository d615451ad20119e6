using System.Net;
using System.Text;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Plugins.Sms;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>A desk with a channel of SMS, the door that Comtele calls at, and Comtele itself, near enough.</summary>
internal sealed class SmsDesk : IAsyncDisposable
{
    public const string Maria = "5511988887777";
    public const string Secret = "segredo-do-retorno";

    private readonly WebApplication door;

    private SmsDesk(Desk desk, FakeComtele comtele, Guid channel, Guid queue, Person ana, WebApplication door)
    {
        (Desk, Comtele, Channel, Queue, Ana, this.door) = (desk, comtele, channel, queue, ana, door);
        Http = new HttpClient { BaseAddress = new Uri(door.Urls.Single() + "/hooks/sms/") };
    }

    public Desk Desk { get; }
    public FakeComtele Comtele { get; }
    public Guid Channel { get; }
    public Guid Queue { get; }
    public Person Ana { get; }
    public HttpClient Http { get; }

    public static async Task<SmsDesk> OpenAsync(ComteleApi panel = ComteleApi.Novo, FakeTimeProvider? clock = null, bool keepsSessions = false, Action<FakeComtele>? before = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var comtele = await FakeComtele.StartAsync(clock);
        before?.Invoke(comtele);
        var desk = await Desk.OpenAsync(clock: clock, settings: new Dictionary<string, string?> { ["Http:Allow:0"] = comtele.Server.Url.Authority, ["Public:Url"] = "https://desk.example" }, keepsSessions: keepsSessions);
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.sms", "SMS", "1.0", "", null), () => new SmsPlugin());
        var queue = await desk.QueueAsync("Atendimento");
        var form = new Dictionary<string, string>
        {
            [nameof(SmsSettings.Panel)] = panel.ToString(),
            [nameof(SmsSettings.ApiKey)] = FakeComtele.Key,
            [nameof(SmsSettings.Route)] = "17",
            [nameof(SmsSettings.WebhookSecret)] = Secret,
            [nameof(SmsSettings.BaseUrl)] = (panel == ComteleApi.Antigo ? comtele.Old : comtele.Server.Url).ToString(),
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) form[name] = value;
        var channel = await desk.SendAsSystem(new EnsureChannel("sms", "sms", "SMS", queue, form));
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Services.GetRequiredService<Webhooks>());
        var door = builder.Build();
        Webhooks.Map(door);
        await door.StartAsync();
        return new SmsDesk(desk, comtele, channel, queue, await desk.PersonAsync("Ana", BuiltInRoles.Administrator, queue), door);
    }

    public LiveChannel Live => Desk.Services.GetRequiredService<ChannelDirectory>().Live(Channel)!;

    public SmsAdapter Adapter => (SmsAdapter)Live.Driver!.Adapter;

    public async Task<HttpStatusCode> CallAsync(string path, string? body, string type = "application/json", HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await Http.SendAsync(request);
        await Desk.SettleAsync();
        return answer.StatusCode;
    }

    /// <summary>A customer writes by SMS, as Comtele tells it.</summary>
    public async Task SaidAsync(string who, string text)
    {
        var reply = Comtele.Says(who, text);
        Assert.Equal(HttpStatusCode.OK, await CallAsync($"{Secret}/reply", System.Text.Json.JsonSerializer.Serialize(new { sender = reply.Phone, content = reply.Text, messageId = reply.Id, receivedAt = reply.At })));
    }

    /// <summary>The ticket of somebody who wrote, served by Ana.</summary>
    public async Task<Guid> ServedAsync(string who = Maria)
    {
        await SaidAsync(who, "Olá");
        var ticket = await TicketOfAsync(who);
        await Desk.SendAs(Ana, new AcceptTicket(ticket));
        return ticket;
    }

    public Task<Guid> TicketOfAsync(string who) => Desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == who && t.ChannelId == Channel).OrderByDescending(t => t.Number).Select(t => t.Id).FirstAsync());

    public async Task<Message> AnswerAsync(Guid ticket, string text)
    {
        var id = Guid.CreateVersion7();
        await Desk.SendAs(Ana, new SendMessage(ticket, id, text, Sign: false));
        await Desk.SettleAsync();
        return await MessageAsync(id);
    }

    public Task<Message> MessageAsync(Guid id) => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    public Task<List<Message>> MessagesAsync() => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ChannelId == Channel).OrderBy(m => m.TicketId).ThenBy(m => m.Seq).ToListAsync());

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, Action? meanwhile = null)
    {
        for (var end = DateTime.UtcNow.AddSeconds(40); !await isSo(); await Task.Delay(20))
        {
            meanwhile?.Invoke();
            if (DateTime.UtcNow > end) throw new TimeoutException(what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain(Desk.Log, l => l.Contains(Secret, StringComparison.Ordinal) || l.Contains(FakeComtele.Key, StringComparison.Ordinal));
        Http.Dispose();
        await door.DisposeAsync();
        await Desk.DisposeAsync();
        await Comtele.DisposeAsync();
    }
}
