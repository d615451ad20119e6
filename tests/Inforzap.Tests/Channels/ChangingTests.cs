using Inforzap.Channels;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Lanes;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Channels;

/// <summary>What agents do to messages afterwards, from the command to the adapter and back.</summary>
public sealed class ChangingTests : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private Desk desk = null!;
    private ChangingAdapter adapter = null!;
    private Person ana = null!;
    private Guid channel, ticket;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(clock: clock);
        desk.Services.GetRequiredService<PluginCatalog>().Load(new Plugin("changing.plugin", "Muda", "1.0", "", null), () => new ChangingPlugin());
        var queue = await desk.QueueAsync("Atendimento");
        channel = await desk.SendAsSystem(new EnsureChannel("changing", "changing", "Muda", queue, new Dictionary<string, string>()));
        await Directory.LoadAsync();
        adapter = (ChangingAdapter)Directory.Live(channel)!.Driver!.Adapter;
        ana = await desk.PersonAsync("Ana", BuiltInRoles.Agent, queue);
        await adapter.Inbox.DeliverAsync(TestChannels.Message(channel, "first", "5511912345678"));
        await desk.SettleAsync();
        ticket = await desk.ReadAsync(db => db.Set<Ticket>().Select(t => t.Id).SingleAsync());
        await desk.SendAs(ana, new AcceptTicket(ticket));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private ChannelDirectory Directory => desk.Services.GetRequiredService<ChannelDirectory>();

    private Task<Message> MessageAsync(Guid id) => desk.ReadAsync(db => db.Set<Message>().AsNoTracking().SingleAsync(m => m.Id == id));

    private async Task<Guid> SayAsync(string text, bool isNote = false)
    {
        var id = Guid.CreateVersion7();
        await desk.SendAs(ana, new SendMessage(ticket, id, text, IsNote: isNote));
        await desk.SettleAsync();
        return id;
    }

    private Task<Guid> FirstAsync() => desk.ReadAsync(db => db.Set<Message>().Where(m => m.ProviderId == "first").Select(m => m.Id).SingleAsync());

    [Fact]
    public void The_host_adds_what_an_adapter_shows_by_implementing_it()
    {
        var info = Directory.Find(channel)!;
        Assert.Equal(Can.Text | Can.React | Can.Edit | Can.Delete | Can.Albums, info.Can);
        Assert.Equal((null, TimeSpan.FromHours(1)), (info.EditWindow, info.DeleteWindow));
    }

    [Fact]
    public async Task A_reaction_is_here_at_once_and_there_after_its_lane()
    {
        var first = await FirstAsync();
        await desk.SendAs(ana, new ReactToMessage(first, "👍"));
        Assert.Equal("👍", (await MessageAsync(first)).OurReaction);
        await desk.SettleAsync();
        Assert.Equal(("first", "👍", false), Assert.Single(adapter.Reactions));
        Assert.Null((await MessageAsync(first)).Act);
        await desk.SendAs(ana, new ReactToMessage(first, null));
        await desk.SettleAsync();
        Assert.Equal(("first", null, false), adapter.Reactions[^1]);
        Assert.Null((await MessageAsync(first)).OurReaction);
    }

    [Theory]
    [InlineData("ok")]
    [InlineData("👍👍")]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("é")]
    [InlineData("\u202E")]
    public async Task What_is_no_single_sign_is_no_reaction(string text)
    {
        var first = await FirstAsync();
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ReactToMessage(first, text)));
        Assert.Empty(adapter.Reactions);
    }

    [Fact]
    public async Task An_edit_keeps_the_signature_and_what_it_said_before()
    {
        var id = await SayAsync("O pedido chega na terça");
        var before = (await MessageAsync(id)).Body!;
        await desk.SendAs(ana, new EditMessage(id, "O pedido chega na quinta"));
        await desk.SettleAsync();
        var message = await MessageAsync(id);
        Assert.Equal(BodyText.SignatureOf(before) + "O pedido chega na quinta", message.Body);
        Assert.Equal((before, true, null), (message.PreviousBody, message.EditedAt is not null, message.Act));
        Assert.Equal(message.Body, Assert.Single(adapter.Edits));
        Assert.Equal("O pedido chega na quinta", (await desk.ReadAsync(db => db.Set<Ticket>().AsNoTracking().SingleAsync())).LastText);
    }

    [Fact]
    public async Task Of_two_wishes_the_newer_one_counts_and_the_older_is_not_sent()
    {
        var id = await SayAsync("um");
        adapter.Answer = () => SendResult.Later(TimeSpan.FromMinutes(1), "devagar");
        await desk.SendAs(ana, new EditMessage(id, "dois"));
        await desk.SettleAsync();
        await desk.SendAs(ana, new EditMessage(id, "três"));
        adapter.Edits.Clear();
        adapter.Answer = null;
        await desk.PassAsync(TimeSpan.FromMinutes(2));
        await desk.RunJobAsync<LaneSweep>();
        await desk.SettleAsync();
        Assert.EndsWith("três", Assert.Single(adapter.Edits), StringComparison.Ordinal);
        Assert.Null((await MessageAsync(id)).Act);
    }

    [Fact]
    public async Task What_the_channel_refuses_is_said_and_can_be_asked_for_again()
    {
        var id = await SayAsync("apague-me");
        adapter.Answer = () => SendResult.Refused("Passou do prazo.");
        await desk.SendAs(ana, new DeleteMessage(id));
        await desk.SettleAsync();
        var message = await MessageAsync(id);
        Assert.Equal((MessageAct.Delete, "Passou do prazo."), (message.Act, message.ActReason));
        adapter.Answer = null;
        await desk.SendAs(ana, new RepeatAct(id));
        await desk.SettleAsync();
        Assert.Null((await MessageAsync(id)).Act);
        Assert.Equal(2, adapter.Revoked.Count);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new RepeatAct(id)));
    }

    [Fact]
    public async Task An_adapter_that_throws_leaves_a_reason_without_its_words()
    {
        var first = await FirstAsync();
        adapter.Answer = () => throw new InvalidOperationException("5511912345678");
        await desk.SendAs(ana, new ReactToMessage(first, "👍"));
        await desk.SettleAsync();
        var message = await MessageAsync(first);
        Assert.NotNull(message.ActReason);
        Assert.DoesNotContain("5511912345678", message.ActReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_waits_for_a_channel_that_is_off()
    {
        var id = await SayAsync("um");
        await desk.SendAsSystem(new Inforzap.Channels.Manage.SwitchChannel(channel, false));
        await Directory.LoadAsync();
        await desk.SendAs(ana, new EditMessage(id, "dois"));
        await desk.SettleAsync();
        Assert.Empty(adapter.Edits);
        await desk.SendAsSystem(new Inforzap.Channels.Manage.SwitchChannel(channel, true));
        await Directory.LoadAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.RunJobAsync<LaneSweep>();
        await desk.SettleAsync();
        Assert.Single(adapter.Edits);
    }

    [Fact]
    public async Task What_has_not_left_is_edited_or_deleted_here_alone()
    {
        adapter.Holds = true;
        var edited = await SayAsync("um");
        var deleted = await SayAsync("dois");
        await desk.SendAs(ana, new EditMessage(edited, "um, corrigido"));
        await desk.SendAs(ana, new DeleteMessage(deleted));
        adapter.Holds = false;
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        await desk.RunJobAsync<LaneSweep>();
        await desk.SettleAsync();
        Assert.EndsWith("um, corrigido", ((TextContent)Assert.Single(adapter.Sent).Content).Body, StringComparison.Ordinal);
        Assert.Empty(adapter.Edits);
        Assert.Empty(adapter.Revoked);
        Assert.NotNull((await MessageAsync(deleted)).DeletedAt);
    }

    [Fact]
    public async Task A_note_changes_here_and_nowhere_else()
    {
        var id = await SayAsync("cliente difícil", isNote: true);
        await desk.SendAs(ana, new EditMessage(id, "cliente exigente"));
        await desk.SendAs(ana, new DeleteMessage(id));
        await desk.SettleAsync();
        Assert.Empty(adapter.Edits);
        Assert.Empty(adapter.Revoked);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ReactToMessage(id, "👍")));
    }

    [Fact]
    public async Task Only_who_wrote_it_changes_it_and_only_while_the_channel_lets_them()
    {
        var first = await FirstAsync();
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new EditMessage(first, "outra coisa")));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new DeleteMessage(first)));
        var id = await SayAsync("minha");
        var bia = await desk.PersonAsync("Bia", BuiltInRoles.Administrator, await desk.QueueAsync("Atendimento"));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(bia, new EditMessage(id, "sua")));
        await desk.SendAs(ana, new TransferTicket(ticket, null, bia.Id, null));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(bia, new DeleteMessage(id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new DeleteMessage(id)));
        await desk.SendAs(bia, new TransferTicket(ticket, null, ana.Id, null));
        clock.Advance(TimeSpan.FromHours(1.1));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new DeleteMessage(id)));
        await desk.SendAs(ana, new EditMessage(id, "ainda minha"));
        Assert.Null((await MessageAsync(id)).DeletedAt);
    }

    [Fact]
    public async Task An_unsure_message_is_left_alone_until_somebody_knows()
    {
        adapter.SendAnswer = SendResult.Unknown("quem sabe");
        var id = await SayAsync("chegou?");
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new DeleteMessage(id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new EditMessage(id, "e agora?")));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new ReactToMessage(id, "👍")));
    }

    [Fact]
    public async Task A_place_goes_only_where_the_channel_takes_places()
    {
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SendMessage(ticket, Guid.CreateVersion7(), null, Card: new LocationContent(-23.5, -46.6))));
        Assert.Empty(adapter.Sent);
    }

    [Fact]
    public async Task A_question_is_a_numbered_list_where_nothing_can_be_pressed()
    {
        var id = Guid.CreateVersion7();
        await desk.SendAs(ana, new SendMessage(ticket, id, null, Card: new OfferContent("Qual?", [new("a", "Entrega"), new("b", "Retirada")])));
        await desk.SettleAsync();
        Assert.Equal("Qual?\n\n1. Entrega\n2. Retirada", ((TextContent)Assert.Single(adapter.Sent).Content).Body);
        Assert.Equal(MessageKind.Text, (await MessageAsync(id)).Kind);
        foreach (var offer in new OfferContent[] { new("", [new("a", "A")]), new("x", []), new("x", [new("a", "A"), new("a", "B")]), new("x", [new("a", "A"), new("b", "A")]), new("x", [new("ç", "A")]), new("x", [new("a", new string('A', 25))]) })
            await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SendMessage(ticket, Guid.CreateVersion7(), null, Card: offer)));
    }

    [Fact]
    public async Task Files_that_are_sent_together_reach_the_adapter_together_and_each_has_its_own_end()
    {
        var (messages, album) = (new List<Guid>(), Guid.CreateVersion7());
        foreach (var name in new[] { "a.png", "b.png", "c.png" })
        {
            var file = await desk.Services.GetRequiredService<Inforzap.Files.FileStore>().WriteAsync(new MemoryStream(Png), name);
            var upload = (await desk.SendAs(ana, new KeepUpload(ticket, file, null))).Id;
            messages.Add(Guid.CreateVersion7());
            await desk.SendAs(ana, new SendMessage(ticket, messages[^1], name, upload, AlbumId: album));
        }
        adapter.AlbumAnswer = (m, i) => i switch { 0 => SendResult.Sent("a-1"), 1 => SendResult.Refused("não"), _ => null };
        await desk.PassAsync(TimeSpan.FromSeconds(2));
        await desk.RunJobAsync<LaneSweep>();
        await desk.SettleAsync();
        Assert.Equal(messages, Assert.Single(adapter.Albums));
        Assert.Empty(adapter.Sent);
        var states = new List<MessageState>();
        foreach (var id in messages) states.Add((await MessageAsync(id)).State);
        Assert.Equal([MessageState.Sent, MessageState.Failed, MessageState.Unknown], states);
        Assert.False(await desk.ReadAsync(db => db.Set<LaneItem>().AnyAsync(i => i.State == LaneItemState.Pending)));
    }

    private sealed class ChangingPlugin : IPlugin
    {
        public PluginInfo Info => new("changing.plugin", "Muda");

        public void Register(IPluginRegistry plugin) => plugin.Channel<ChangingAdapter, ChangingSettings>("changing", "Muda");
    }

    private sealed record ChangingSettings;

    private sealed class ChangingAdapter(IInbox inbox) : IChannelAdapter, IReactions, IEdits, IRevokes, IAlbums
    {
        public IInbox Inbox { get; } = inbox;
        public List<OutboundMessage> Sent { get; } = [];
        public List<(string Message, string? Emoji, bool FromUs)> Reactions { get; } = [];
        public List<string> Edits { get; } = [];
        public List<string> Revoked { get; } = [];
        public Func<SendResult>? Answer { get; set; }
        public SendResult? SendAnswer { get; set; }
        public bool Holds { get; set; }
        public List<List<Guid>> Albums { get; } = [];
        public Func<OutboundMessage, int, SendResult?> AlbumAnswer { get; set; } = (m, _) => SendResult.Sent($"sent-{m.MessageId:N}");
        public TimeSpan? RevokeWindow => TimeSpan.FromHours(1);

        public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
        {
            if (Holds) return Task.FromResult(SendResult.Later(TimeSpan.FromSeconds(30)));
            Sent.Add(message);
            return Task.FromResult(SendAnswer ?? SendResult.Sent($"sent-{message.MessageId:N}"));
        }

        public Task<IReadOnlyList<SendResult>> SendAlbumAsync(ChannelRef on, IReadOnlyList<OutboundMessage> messages, CancellationToken ct)
        {
            Albums.Add([.. messages.Select(m => m.MessageId)]);
            return Task.FromResult<IReadOnlyList<SendResult>>([.. messages.Select(AlbumAnswer).OfType<SendResult>()]);
        }

        public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => Do(message, () => Reactions.Add((message.ProviderId, emoji, message.FromUs)));

        public Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct) => Do(message, () => Edits.Add(body));

        public Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct) => Do(message, () => Revoked.Add(message.ProviderId));

        private Task<SendResult> Do(KnownMessage message, Action act)
        {
            act();
            return Task.FromResult(Answer?.Invoke() ?? SendResult.Sent(message.ProviderId));
        }
    }
}
