using System.Text;
using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Plugins;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>A desk with a channel of Telegram, and Telegram itself, near enough.</summary>
internal sealed class TelegramDesk : IAsyncDisposable
{
    public const long Maria = 777001;
    public const string Secret = "segredo-do-webhook";

    private TelegramDesk(Desk desk, FakeTelegram telegram, Guid channel, Person ana) => (Desk, Telegram, Channel, Ana) = (desk, telegram, channel, ana);

    public Desk Desk { get; }
    public FakeTelegram Telegram { get; }
    public Guid Channel { get; }
    public Person Ana { get; }

    public static async Task<TelegramDesk> OpenAsync(TelegramMode mode = TelegramMode.Webhook, bool groups = false, bool keepsSessions = false, string publicUrl = "https://desk.example", Action<FakeTelegram>? before = null, FakeTimeProvider? clock = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var telegram = await FakeTelegram.StartAsync();
        var desk = await Desk.OpenAsync(clock: clock, settings: new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["Http:Allow:0"] = telegram.Server.Url.Authority, ["Public:Url"] = publicUrl }, keepsSessions: keepsSessions);
        before?.Invoke(telegram);
        await LoadAsync(desk);
        var queue = await desk.QueueAsync("Atendimento");
        var channel = await desk.SendAsSystem(new EnsureChannel("telegram", "telegram", "Telegram", queue, new Dictionary<string, string>
        {
            [nameof(TelegramSettings.BotToken)] = FakeTelegram.Token,
            [nameof(TelegramSettings.BaseUrl)] = telegram.Server.Url.ToString(),
            [nameof(TelegramSettings.Mode)] = mode.ToString(),
            [nameof(TelegramSettings.WebhookSecret)] = Secret,
            [nameof(TelegramSettings.AllowGroups)] = groups ? "true" : "false",
        }));
        await desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
        return new TelegramDesk(desk, telegram, channel, await desk.PersonAsync("Ana", BuiltInRoles.Administrator, queue));
    }

    /// <summary>The plugin, as the host loads it.</summary>
    public static Task LoadAsync(Desk desk)
    {
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("inforzap.telegram", "Telegram", "1.0", "", null), () => new TelegramPlugin());
        return desk.Services.GetRequiredService<ChannelDirectory>().LoadAsync();
    }

    public LiveChannel Live => Desk.Services.GetRequiredService<ChannelDirectory>().Live(Channel)!;

    /// <summary>Waits until something is so; long, for a busy machine, and shorter than a poll lasts that nobody ends.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what, int seconds = 30)
    {
        var end = DateTime.UtcNow.AddSeconds(seconds);
        while (!isSo())
        {
            if (DateTime.UtcNow > end) throw new TimeoutException(what);
            await Task.Delay(20);
        }
    }

    public Task StateAsync(ChannelState state) => UntilAsync(() => Live.Info.State == state, $"The channel is {Live.Info.State} ({Live.Reason}) and not {state}.");

    /// <summary>Telegram brings an update.</summary>
    public Task<WebhookReply> BringAsync(string update, string? secret = Secret)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (secret is not null) headers[TelegramAdapter.SecretHeader] = secret;
        return ((IWebhook)Live.Driver!.Adapter).ReceiveAsync(Live.On(new Uri("https://desk.example")), new WebhookRequest("POST", "", new Dictionary<string, string>(), headers, Encoding.UTF8.GetBytes(update)), default);
    }

    /// <summary>The customer's ticket, served by Ana.</summary>
    public async Task<Guid> ServedAsync()
    {
        await Desk.SettleAsync();
        var ticket = await Desk.ReadAsync(db => db.Set<Ticket>().Where(t => t.ChannelId == Channel).Select(t => t.Id).SingleAsync());
        await Desk.SendAs(Ana, new AcceptTicket(ticket));
        return ticket;
    }

    public async Task<Guid> AnswerAsync(Guid ticket, string text, Guid? quoted = null)
    {
        var id = Guid.CreateVersion7();
        await Desk.SendAs(Ana, new SendMessage(ticket, id, text, QuotedId: quoted));
        await Desk.SettleAsync();
        return id;
    }

    public Task<List<Message>> MessagesAsync() => Desk.ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.ChannelId == Channel).OrderBy(m => m.TicketId).ThenBy(m => m.Seq).ToListAsync());

    public async Task<Message> MessageAsync(Guid id) => (await MessagesAsync()).Single(m => m.Id == id);

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Telegram.DisposeAsync();
    }
}
