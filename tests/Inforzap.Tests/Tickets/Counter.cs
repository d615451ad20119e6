using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>A desk with a queue and a channel whose far end the test plays: customers write, attempts are claimed and recorded by hand.</summary>
public class Counter : Desk
{
    private readonly TestChannels channels = new();
    private int events;

    public Counter() => Configure = services => services.AddSingleton<IChannelDirectory>(channels);

    public Guid Channel => TestChannels.Id;

    public Guid Queue { get; private set; }

    /// <summary>How long after the customer's last message the channel takes answers.</summary>
    public TimeSpan? ReplyWindow { set => channels.ReplyWindow = value; }

    /// <summary>What the channel can do; media, unless a test says otherwise.</summary>
    public Can Can { set => channels.Can = value; }

    /// <summary>Whether the channel works; it does, unless a test says otherwise.</summary>
    public ChannelState State { set => channels.State = value; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Queue = await SendAsSystem(new EnsureQueue("Vendas"));
        channels.Queue = Queue;
    }

    /// <summary>Somebody of the queue, with an agent's rights.</summary>
    public Actor Agent(string name, BuiltInRoles role = BuiltInRoles.Agent, params Guid[] queues) => new(
        Guid.CreateVersion7(), name, Host.Modules.All.SelectMany(m => m.Permissions).Where(p => (p.Roles & role) != 0).Select(p => p.Name).ToHashSet(),
        queues.Length == 0 ? [Queue] : queues);

    public Task<T> Send<T>(Actor actor, IRequest<T> request) => Services.GetRequiredService<SystemMediator>().Send(request, actor);

    /// <summary>Appends what an adapter would deliver, all at once, and waits until it is done.</summary>
    public async Task HappenAsync(params InboundEvent[] happened)
    {
        await WriteAsync(db =>
        {
            foreach (var e in happened) db.Enqueue(LaneOf(e), "event", JsonSerializer.Serialize(e, JsonSerializerOptions.Web), DateTime.UtcNow);
            return Task.CompletedTask;
        });
        await SettleAsync();
    }

    public static string LaneOf(InboundEvent e) => $"in/{e.ChannelId:N}/{e.From.Kind}:{e.From.Value}";

    public InboundMessage Says(string who, string text, string? id = null) =>
        new(Channel, id ?? $"e{Interlocked.Increment(ref events)}", new Address(who, AddressKind.Phone, "Ana"), new TextContent(text));

    public InboundReceipt Receipt(string who, string providerId, ReceiptState state, Guid? attempt = null) =>
        new(Channel, $"r{Interlocked.Increment(ref events)}", new Address(who), providerId, state) { AttemptId = attempt };

    /// <summary>One run of a job.</summary>
    public async Task RunAsync<T>() where T : Inforzap.Jobs.IJob
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = Actor.System;
        await scope.ServiceProvider.GetRequiredService<T>().RunAsync(default, default);
    }

    /// <summary>A ticket that this agent has accepted.</summary>
    public async Task<Guid> ServedAsync(Actor agent, string who)
    {
        await HappenAsync(Says(who, "Olá"));
        var id = await TicketOfAsync(who);
        await Send(agent, new AcceptTicket(id));
        return id;
    }

    public Task<Guid> TicketOfAsync(string who) => ReadAsync(db => db.Set<Ticket>().Where(t => t.AddressValue == who).OrderByDescending(t => t.Number).Select(t => t.Id).FirstAsync());

    internal Task<List<Message>> MessagesOfAsync(Guid ticket) => ReadAsync(db => db.Set<Message>().AsNoTracking().Where(m => m.TicketId == ticket).OrderBy(m => m.Seq).ToListAsync());

    internal Task<Message> MessageAsync(Guid id) => ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    internal Task<Ticket> TicketAsync(Guid id) => ReadAsync(db => db.Set<Ticket>().AsNoTracking().SingleAsync(t => t.Id == id));

    internal Task<LaneItem> ItemAsync(string type) => ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.Lane.StartsWith(type + "/")).OrderByDescending(i => i.Position).FirstAsync());

    /// <summary>Answers, and claims the attempt as the send worker does.</summary>
    public async Task<(Guid Message, ClaimedSend Claim, long Position)> AnswerAsync(Actor agent, Guid ticket, string text)
    {
        var id = Guid.CreateVersion7();
        await Send(agent, new SendMessage(ticket, id, text));
        var item = await ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.Payload.Contains(id.ToString())).SingleAsync());
        var claim = await SendAsSystem(new ClaimSend(id, item.Position, TimeSpan.FromSeconds(60)));
        return (id, claim!, item.Position);
    }

    private sealed class TestChannels : IChannelDirectory
    {
        public static readonly Guid Id = Guid.Parse("5f0c2f0e-0000-4000-8000-000000000001");

        public Guid Queue { get; set; }

        public TimeSpan? ReplyWindow { get; set; }

        public Can Can { get; set; } = Can.Media;

        public ChannelState State { get; set; } = ChannelState.Connected;

        private ChannelInfo Info => new(Id, "test", "test", "Teste", AddressKind.Phone, Queue, State, Can, 1_000_000, true) { ReplyWindow = ReplyWindow };

        public IReadOnlyList<ChannelInfo> All => [Info];

        public ChannelInfo? Find(Guid id) => id == Id ? Info : null;
    }
}
