using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>A file that could not be fetched, and the person who has it tried again.</summary>
public sealed class FetchAgainTests(Counter counter) : IClassFixture<Counter>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static int people;

    private static string Somebody() => $"55219222{Interlocked.Increment(ref people):00000}";

    private static InboundMessage Brings(Counter counter, string who, Uri from) =>
        counter.Says(who, "") with { Content = new MediaContent(MediaKind.Image, new MediaRef(from), "foto.png") };

    private static Task<Media> MediaAsync(Desk counter, Guid ticket) => counter.ReadAsync(db => db.Set<Media>().AsNoTracking().SingleAsync(m => m.TicketId == ticket));

    private static Task<List<LaneItem>> ItemsAsync(Desk counter, Guid media) => counter.ReadAsync(db => db.Set<LaneItem>().AsNoTracking().Where(i => i.Lane == $"media/{media:N}").OrderBy(i => i.Position).ToListAsync());

    /// <summary>A ticket that this agent serves, with a file from an address that is not called: it has failed at once.</summary>
    private async Task<(Guid Ticket, Media Media)> FailedAsync(Actor agent)
    {
        var who = Somebody();
        var ticket = await counter.ServedAsync(agent, who);
        await counter.HappenAsync(Brings(counter, who, new Uri("http://127.0.0.1:1/foto.png")));
        var media = await MediaAsync(counter, ticket);
        Assert.Equal((MediaState.Failed, MediaReason.Blocked), (media.State, media.Reason));
        return (ticket, media);
    }

    private Task BecomeAsync(Guid media, MediaState state) => counter.WriteAsync(db => db.Claim<Media>(m => m.Id == media, s => s.SetProperty(m => m.State, state)));

    [Fact]
    public async Task What_could_not_be_fetched_is_fetched_when_it_is_tried_again()
    {
        await using var server = await FakeServer.StartAsync();
        server.Otherwise = _ => new FakeAnswer(500);
        // Later than what is written with the machine's own clock.
        await using var desk = new Counter { Clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1)), Settings = new Dictionary<string, string?> { ["Http:Allow:0"] = server.Url.Authority } };
        await desk.InitializeAsync();
        var (ana, who) = (desk.Agent("Ana"), Somebody());
        var ticket = await desk.ServedAsync(ana, who);
        await desk.HappenAsync(Brings(desk, who, new Uri(server.Url, "foto.png")));
        for (var i = 0; i < LaneMarks.MaxAttempts; i++) await desk.PassAsync(TimeSpan.FromMinutes(10));
        var failed = await MediaAsync(desk, ticket);
        Assert.Equal((MediaState.Failed, MediaReason.Unreachable, LaneMarks.MaxAttempts), (failed.State, failed.Reason, server.Requests.Count));
        var cursor = (await desk.Send(ana, new ReadTicket(ticket))).LastChange;

        // One more failure does not end it: it has all its tries again.
        server.Answer(new FakeAnswer(500));
        await desk.Send(ana, new FetchMediaAgain(failed.Id));
        await desk.SettleAsync();
        var row = Assert.Single(await desk.Send(ana, new ReadChanges(ticket, cursor)));
        Assert.Equal((MediaState.Pending, null), (row.Media!.State, row.Media.Reason));
        server.Otherwise = _ => new FakeAnswer { Bytes = Png, ContentType = "image/png" };
        await desk.PassAsync(TimeSpan.FromMinutes(10));
        var ready = Assert.Single(await desk.Send(ana, new ReadChanges(ticket, row.Change)));
        Assert.Equal((MediaState.Ready, "image/png", (int?)1), (ready.Media!.State, ready.Media.MimeType, ready.Media.Width));
        Assert.NotNull(await desk.Send(ana, new FindMedia(failed.Id)));
        Assert.Equal([LaneItemState.Done, LaneItemState.Done], (await ItemsAsync(desk, failed.Id)).Select(i => i.State));
        var told = Assert.Single(await desk.Send(ana, new ReadTimeline(ticket)), e => e.Type == "refetched");
        Assert.Contains($"\"seq\":{ready.Seq}", told.Data);
    }

    [Fact]
    public async Task A_second_click_is_told_that_there_is_nothing_to_do()
    {
        var ana = counter.Agent("Ana");
        var (ticket, media) = await FailedAsync(ana);
        await BecomeAsync(media.Id, MediaState.Pending);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new FetchMediaAgain(media.Id)))).Kind);
        await BecomeAsync(media.Id, MediaState.Failed);
        // Both at once: one is first, whatever the lane makes of it meanwhile.
        counter.Services.GetRequiredService<LaneWaker>().Paused = true;
        try
        {
            var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () => await Record.ExceptionAsync(() => counter.Send(ana, new FetchMediaAgain(media.Id))))));
            Assert.Equal(RefusalKind.Conflict, Assert.IsType<Refusal>(Assert.Single(both, e => e is not null)).Kind);
            Assert.Equal(2, (await ItemsAsync(counter, media.Id)).Count);
        }
        finally
        {
            counter.Services.GetRequiredService<LaneWaker>().Paused = false;
        }
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<TimelineEntry>().CountAsync(e => e.TicketId == ticket && e.Type == "refetched")));
    }

    [Theory]
    [InlineData(MediaState.Gone)]
    [InlineData(MediaState.Ready)]
    public async Task What_is_gone_or_here_is_not_fetched(MediaState state)
    {
        var ana = counter.Agent("Ana");
        var (ticket, media) = await FailedAsync(ana);
        await BecomeAsync(media.Id, state);
        var change = (await counter.TicketAsync(ticket)).LastChange;
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new FetchMediaAgain(media.Id)))).Kind);
        Assert.Equal((state, change), ((await MediaAsync(counter, ticket)).State, (await counter.TicketAsync(ticket)).LastChange));
        Assert.Single(await ItemsAsync(counter, media.Id));
    }

    [Theory]
    [InlineData("owner", BuiltInRoles.Agent, null)]
    [InlineData("administrator", BuiltInRoles.Administrator, null)]
    [InlineData("supervisor who sees the ticket", BuiltInRoles.Supervisor, RefusalKind.Conflict)]
    [InlineData("colleague", BuiltInRoles.Agent, RefusalKind.NotFound)]
    public async Task It_is_for_who_serves_the_ticket_and_for_who_looks_after_lanes(string who, BuiltInRoles role, RefusalKind? refused)
    {
        var ana = counter.Agent("Ana");
        var caller = who == "owner" ? ana : counter.Agent("Rui", role);
        var (ticket, media) = await FailedAsync(ana);
        // The button stands there for exactly those who may.
        if (refused != RefusalKind.NotFound) Assert.Equal(refused is null, (await counter.Send(caller, new ReadTicket(ticket))).MayDecide);
        var refusal = await Record.ExceptionAsync(() => counter.Send(caller, new FetchMediaAgain(media.Id)));
        Assert.Equal(refused, (refusal as Refusal)?.Kind);
        Assert.Equal(refused is null ? 2 : 1, (await ItemsAsync(counter, media.Id)).Count);
    }

    [Fact]
    public async Task In_a_closed_ticket_nothing_is_tried_again_by_who_served_it()
    {
        var ana = counter.Agent("Ana");
        var (ticket, media) = await FailedAsync(ana);
        await counter.Send(ana, new CloseTicket(ticket));
        Assert.False((await counter.Send(ana, new ReadTicket(ticket))).MayDecide);
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new FetchMediaAgain(media.Id)))).Kind);
    }

    [Fact]
    public async Task An_upload_that_no_message_uses_is_nothing_to_fetch()
    {
        var ana = counter.Agent("Ana");
        var ticket = await counter.ServedAsync(ana, Somebody());
        var file = await counter.Services.GetRequiredService<Files.FileStore>().WriteAsync(new MemoryStream(Png), "foto.png");
        var upload = await counter.Send(ana, new KeepUpload(ticket, file, null));
        foreach (var id in new[] { upload.Id, Guid.NewGuid() })
            Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new FetchMediaAgain(id)))).Kind);
    }

    [Fact]
    public async Task A_late_failure_of_the_try_before_does_not_end_the_new_one()
    {
        var ana = counter.Agent("Ana");
        var (ticket, media) = await FailedAsync(ana);
        var before = Assert.Single(await ItemsAsync(counter, media.Id));
        await BecomeAsync(media.Id, MediaState.Pending);
        await counter.SendAsSystem(new RecordMedia(media.Id, before.Position, null, null, MediaReason.Unreachable, false));
        Assert.Equal(MediaState.Pending, (await MediaAsync(counter, ticket)).State);
    }
}
