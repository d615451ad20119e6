using System.Net;
using System.Text;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Plugins.Waba;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>A desk with a number of WhatsApp, the door that Meta knocks at, and Meta itself, near enough.</summary>
internal sealed class WabaDesk : IAsyncDisposable
{
    public const string Maria = "5511988887777";
    public const string Key = "whatsapp";

    private readonly WebApplication door;
    private readonly HttpClient http;

    private WabaDesk(Desk desk, FakeMeta meta, Guid channel, Guid queue, Person ana, WebApplication door)
    {
        (Desk, Meta, Channel, Queue, Ana, this.door) = (desk, meta, channel, queue, ana, door);
        http = new HttpClient { BaseAddress = new Uri(door.Urls.Single() + "/hooks/") };
    }

    public Desk Desk { get; }
    public FakeMeta Meta { get; }
    public Guid Channel { get; }
    public Guid Queue { get; }
    public Person Ana { get; }
    public HttpClient Http => http;

    public static async Task<WabaDesk> OpenAsync(FakeTimeProvider? clock = null, bool keepsSessions = false, Action<FakeMeta>? before = null)
    {
        var meta = await FakeMeta.StartAsync(clock);
        before?.Invoke(meta);
        var desk = await Desk.OpenAsync(clock: clock, settings: new Dictionary<string, string?> { ["Http:Allow:0"] = meta.Server.Url.Authority, ["Public:Url"] = "https://desk.example" }, keepsSessions: keepsSessions);
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.waba", "WhatsApp", "1.0", "", null), () => new WabaPlugin());
        var queue = await desk.QueueAsync("Atendimento");
        var channel = await MakeAsync(desk, meta, Key, queue);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Services.GetRequiredService<Webhooks>());
        var door = builder.Build();
        Webhooks.Map(door);
        await door.StartAsync();
        return new WabaDesk(desk, meta, channel, queue, await desk.PersonAsync("Ana", BuiltInRoles.Administrator, queue), door);
    }

    private static async Task<Guid> MakeAsync(Desk desk, FakeMeta meta, string key, Guid queue, string phone = FakeMeta.Phone, string appSecret = FakeMeta.AppSecret)
    {
        var id = await desk.SendAsSystem(new EnsureChannel(key, "waba", key, queue, new Dictionary<string, string>
        {
            [nameof(WabaSettings.PhoneNumberId)] = phone,
            [nameof(WabaSettings.BusinessAccountId)] = FakeMeta.Account,
            [nameof(WabaSettings.AccessToken)] = FakeMeta.Token,
            [nameof(WabaSettings.AppSecret)] = appSecret,
            [nameof(WabaSettings.VerifyToken)] = FakeMeta.VerifyToken,
            [nameof(WabaSettings.BaseUrl)] = meta.Server.Url.ToString(),
        }));
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        return id;
    }

    /// <summary>Another number of the company.</summary>
    public Task<Guid> AnotherAsync(string key, string phone, string appSecret = FakeMeta.AppSecret) => MakeAsync(Desk, Meta, key, Queue, phone, appSecret);

    public ChannelDirectory Directory => Desk.Services.GetRequiredService<ChannelDirectory>();

    public LiveChannel Live => Directory.Live(Channel)!;

    public WabaAdapter Adapter => (WabaAdapter)Live.Driver!.Adapter;

    /// <summary>Meta calls, signed unless another signature is given; null sends none.</summary>
    public Task<HttpStatusCode> CallAsync(string body, string key = Key) => PostAsync(Encoding.UTF8.GetBytes(body), [FakeMeta.Sign(body)], key);

    /// <summary>Anybody calls.</summary>
    public async Task<HttpStatusCode> PostAsync(byte[] body, string[] signatures, string key = Key, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, key) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding);
        foreach (var signature in signatures) request.Headers.TryAddWithoutValidation(WabaAdapter.SignatureHeader, signature);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A customer writes, and it is handled.</summary>
    public async Task SaidAsync(string who, string text, string? id = null)
    {
        Assert.Equal(HttpStatusCode.OK, await CallAsync(Meta.Says(who, text, id)));
        await Desk.SettleAsync();
    }

    /// <summary>The ticket of somebody who wrote, served by Ana.</summary>
    public async Task<Guid> ServedAsync(string who = Maria)
    {
        await SaidAsync(who, "Olá");
        var ticket = await TicketOfAsync(who);
        await Desk.SendAs(Ana, new AcceptTicket(ticket));
        return ticket;
    }

    public Task<Guid> TicketOfAsync(string who) => Desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == who).OrderByDescending(t => t.Number).Select(t => t.Id).FirstAsync());

    /// <summary>Ana answers.</summary>
    public async Task<Guid> AnswerAsync(Guid ticket, string text, Guid? quoted = null, Guid? upload = null, bool settle = true)
    {
        var id = Guid.CreateVersion7();
        await Desk.SendAs(Ana, new SendMessage(ticket, id, text, MediaId: upload, QuotedId: quoted, Sign: false));
        if (settle) await Desk.SettleAsync();
        return id;
    }

    public Task<Message> MessageAsync(Guid id) => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    public Task<List<Message>> MessagesAsync(Guid ticket) => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.TicketId == ticket).OrderBy(m => m.Seq).ToListAsync());

    /// <summary>What Meta took for this message.</summary>
    public async Task<MetaMessage> TakenAsync(Guid id)
    {
        var attempts = await Desk.ReadAsync(db => db.Set<Attempt>().Where(a => a.MessageId == id).Select(a => a.Id).ToListAsync());
        return Meta.Accepted.Single(m => attempts.Any(a => (string?)m.Body["biz_opaque_callback_data"] == $"inforzap:{a:N}"));
    }

    /// <summary>Waits until the channel stands there.</summary>
    public async Task StateAsync(ChannelState state)
    {
        var end = DateTime.UtcNow.AddSeconds(15);
        while (Directory.Find(Channel)!.State != state)
        {
            if (DateTime.UtcNow > end) throw new TimeoutException($"The channel is {Directory.Find(Channel)!.State}: {Live.Reason}");
            await Task.Delay(10);
        }
    }

    /// <summary>Nothing secret stands in any log.</summary>
    public void RequireCleanLog()
    {
        foreach (var secret in new[] { FakeMeta.Token, FakeMeta.AppSecret, FakeMeta.VerifyToken }) Assert.DoesNotContain(Desk.Log, l => l.Contains(secret, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await door.DisposeAsync();
        await Desk.DisposeAsync();
        await Meta.DisposeAsync();
    }
}
