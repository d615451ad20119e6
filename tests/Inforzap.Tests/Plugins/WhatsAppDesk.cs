using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Inforzap.Channels;
using Inforzap.Channels.In;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Plugins.WhatsApp;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Inforzap.Tests.Plugins;

/// <summary>A desk with a number that is paired by QR code, the door that the gateway knocks at, and the gateway itself, near enough.</summary>
internal sealed class WhatsAppDesk : IAsyncDisposable
{
    public const string Maria = "5511988887777";
    public const string MariaJid = Maria + "@s.whatsapp.net";
    public const string Key = "whatsapp";
    public const string Instance = "loja";

    private readonly WebApplication door;
    private readonly HttpClient http;

    private WhatsAppDesk(Desk desk, FakeEvolution gateway, Guid channel, Person ana, WebApplication door)
    {
        (Desk, Gateway, Channel, Ana, this.door) = (desk, gateway, channel, ana, door);
        http = new HttpClient { BaseAddress = new Uri(door.Urls.Single() + "/hooks/") };
    }

    public Desk Desk { get; }
    public FakeEvolution Gateway { get; }
    public Guid Channel { get; }
    public Person Ana { get; }

    /// <param name="keepsSessions">The session runs.</param>
    /// <param name="groups">Groups are conversations.</param>
    /// <param name="instance">Of the gateway; null: one is made.</param>
    /// <param name="before">Sets the gateway up; without it, it is paired.</param>
    /// <param name="more">Further settings of the channel.</param>
    public static async Task<WhatsAppDesk> OpenAsync(bool keepsSessions = false, bool groups = false, string? instance = Instance, Action<FakeEvolution>? before = null, IReadOnlyDictionary<string, string>? more = null)
    {
        var gateway = await FakeEvolution.StartAsync();
        if (instance is not null) gateway.Instances.Add(instance);
        if (before is null) gateway.Pair();
        else before(gateway);
        var desk = await Desk.OpenAsync(settings: new Dictionary<string, string?> { ["Http:Allow:0"] = gateway.Server.Url.Authority, ["Public:Url"] = "https://desk.example" }, keepsSessions: keepsSessions);
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.whatsapp", "WhatsApp", "1.0", "", null), () => new WhatsAppPlugin());
        var queue = await desk.QueueAsync("Atendimento");
        var values = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            [nameof(WhatsAppSettings.BaseUrl)] = gateway.Server.Url.ToString(), [nameof(WhatsAppSettings.ApiKey)] = FakeEvolution.Key, [nameof(WhatsAppSettings.WebhookSecret)] = FakeEvolution.Secret,
            [nameof(WhatsAppSettings.AllowGroups)] = groups ? "true" : "false", [nameof(WhatsAppSettings.SecondsBetween)] = "0.2",
        };
        if (instance is not null) values[nameof(WhatsAppSettings.InstanceName)] = instance;
        var channel = await desk.SendAsSystem(new EnsureChannel(Key, WhatsAppPlugin.Kind, "WhatsApp", queue, values));
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Services.GetRequiredService<Webhooks>());
        var door = builder.Build();
        Webhooks.Map(door);
        await door.StartAsync();
        return new WhatsAppDesk(desk, gateway, channel, await desk.PersonAsync("Ana", BuiltInRoles.Administrator, queue), door);
    }

    public ChannelDirectory Directory => Desk.Services.GetRequiredService<ChannelDirectory>();

    public LiveChannel Live => Directory.Live(Channel)!;

    public WhatsAppAdapter Adapter => (WhatsAppAdapter)Live.Driver!.Adapter;

    public async Task<HttpStatusCode> PostAsync(string body, string? secret = FakeEvolution.Secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Key) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new("application/json");
        if (secret is not null) request.Headers.TryAddWithoutValidation(WhatsAppAdapter.SecretHeader, secret);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>The gateway tells of something, and it is handled.</summary>
    public async Task TellAsync(string name, JsonNode data, string instance = Instance)
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync(FakeEvolution.Event(name, data, instance)));
        await Desk.SettleAsync();
    }

    public Task SaidAsync(string text, string id, string jid = MariaJid, string? quoted = null) => TellAsync("messages.upsert", FakeEvolution.Message(jid, new JsonObject { ["conversation"] = text }, id, quoted: quoted));

    /// <summary>Maria's ticket, served by Ana.</summary>
    public async Task<Guid> ServedAsync()
    {
        await SaidAsync("Olá", "3EB0FIRST");
        var ticket = await Desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.ChannelId == Channel).Select(t => t.Id).SingleAsync());
        await Desk.SendAs(Ana, new AcceptTicket(ticket));
        return ticket;
    }

    public async Task<Guid> AnswerAsync(Guid ticket, string? text, Guid? quoted = null, Guid? upload = null, bool settle = true)
    {
        var id = Guid.CreateVersion7();
        await Desk.SendAs(Ana, new SendMessage(ticket, id, text, MediaId: upload, QuotedId: quoted, Sign: false));
        if (settle) await Desk.SettleAsync();
        return id;
    }

    public Task<Message> MessageAsync(Guid id) => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    public Task<List<Message>> MessagesAsync() => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ChannelId == Channel).OrderBy(m => m.TicketId).ThenBy(m => m.Seq).ToListAsync());

    public Task UntilAsync(Func<bool> isSo, string what) => TelegramDesk.UntilAsync(isSo, what);

    public Task StateAsync(ChannelState state) => UntilAsync(() => Live.Info.State == state, $"The channel is {Live.Info.State} ({Live.Reason}) and not {state}.");

    public async ValueTask DisposeAsync()
    {
        foreach (var secret in new[] { FakeEvolution.Key, FakeEvolution.Secret }) Assert.DoesNotContain(Desk.Log, l => l.Contains(secret, StringComparison.Ordinal));
        http.Dispose();
        await door.DisposeAsync();
        await Desk.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
