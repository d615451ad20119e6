using System.Text.Json.Nodes;
using Inforzap.Http;
using Inforzap.Plugins.Telegram;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Inbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Plugins;

/// <summary>A customer's file in two steps: from its id to a path that holds for an hour, from there to the bytes. Whole, or not at all.</summary>
public sealed class TelegramMediaTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    // ---- What the adapter opens ----

    private static async Task<byte[]> OpenAsync(FakeTelegram telegram, string reference = "AgAC-x", CancellationToken ct = default)
    {
        using var safe = new SafeHttp(new ConfigurationBuilder().AddInMemoryCollection([new("Http:Allow:0", telegram.Server.Url.Authority)]).Build());
        using var http = safe.Create();
        var adapter = new TelegramAdapter(http, new FakeInbox(), new FakeMedia(), new FakeStore(), TimeProvider.System, NullLogger<TelegramAdapter>.Instance);
        var on = new ChannelRef(Guid.NewGuid(), "telegram", "Telegram", null, new TelegramSettings { BotToken = FakeTelegram.Token, BaseUrl = telegram.Server.Url.ToString() });
        await using var stream = await adapter.OpenAsync(on, reference, ct);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    private static async Task<FakeTelegram> WithFileAsync()
    {
        var telegram = await FakeTelegram.StartAsync();
        telegram.Keeps("AgAC-x", Png);
        return telegram;
    }

    /// <summary>Some bytes arrive, slowly enough to be read, before the line breaks.</summary>
    private static FakeAnswer Cut(FakeAnswer own) => own with { CutAfter = 20, BytesPerSecond = 100 };

    private static IEnumerable<string> Steps(FakeTelegram telegram) => telegram.Server.Requests.Select(r => r.Path.Contains("/file/", StringComparison.Ordinal) ? "file" : r.Path.Split('/')[^1]);

    [Fact]
    public async Task The_bytes_come_in_two_steps()
    {
        await using var telegram = await WithFileAsync();
        Assert.Equal(Png, await OpenAsync(telegram));
        Assert.Equal(["getFile", "file"], Steps(telegram));
    }

    [Fact]
    public async Task A_path_that_is_over_is_asked_for_anew()
    {
        await using var telegram = await WithFileAsync();
        telegram.Expire("AgAC-x");
        Assert.Equal(Png, await OpenAsync(telegram));
        Assert.Equal(["getFile", "file", "getFile", "file"], Steps(telegram));
    }

    [Fact]
    public async Task What_is_gone_is_gone()
    {
        await using var telegram = await WithFileAsync();
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync(telegram, "unknown"));
        telegram.Answer("file", FakeTelegram.Error(404, "Not Found"), FakeTelegram.Error(410, "Gone"));
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync(telegram));
        Assert.Equal(["getFile", "getFile", "file", "getFile", "file"], Steps(telegram));
        // Telegram itself says so when it is asked once more.
        telegram.Expire("AgAC-x");
        telegram.AcceptAnd("getFile", own => own, _ => FakeTelegram.Error(400, "Bad Request: invalid file_id"));
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync(telegram));
    }

    [Fact]
    public async Task What_bots_do_not_get_says_how_much_they_get()
    {
        await using var telegram = await WithFileAsync();
        telegram.Answer("getFile", FakeTelegram.Error(400, "Bad Request: file is too big"));
        Assert.Equal(20L << 20, (await Assert.ThrowsAsync<MediaTooLargeException>(() => OpenAsync(telegram))).Limit);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(429)]
    [InlineData(401)]
    public async Task Trouble_is_no_reason_to_give_a_file_up(int status)
    {
        await using var telegram = await WithFileAsync();
        foreach (var step in new[] { "getFile", "file" })
        {
            telegram.Answer(step, FakeTelegram.Error(status, "An error"), new FakeAnswer(status, "<html>"), FakeAnswer.Drop);
            for (var i = 0; i < 3; i++) Assert.False(await Record.ExceptionAsync(() => OpenAsync(telegram)) is null or MediaGoneException or MediaTooLargeException);
        }
        telegram.Answer("getFile", FakeTelegram.Error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"));
        Assert.False(await Record.ExceptionAsync(() => OpenAsync(telegram)) is null or MediaGoneException);
        Assert.Equal(Png, await OpenAsync(telegram));
    }

    [Fact]
    public async Task Bytes_that_are_cut_are_not_taken_for_the_file()
    {
        await using var telegram = await WithFileAsync();
        telegram.AcceptAnd("file", Cut);
        Assert.True(await Record.ExceptionAsync(() => OpenAsync(telegram)) is IOException or HttpRequestException);
    }

    [Fact]
    public async Task Bytes_that_drip_are_left_when_the_host_says_so()
    {
        await using var telegram = await WithFileAsync();
        telegram.AcceptAnd("file", own => own with { BytesPerSecond = 10, Bytes = new byte[10_000] });
        using var stop = new CancellationTokenSource();
        var opening = OpenAsync(telegram, ct: stop.Token);
        await telegram.Server.RequestAsync(2, TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../x")]
    [InlineData("http://evil.example/x")]
    public async Task A_path_that_leads_elsewhere_is_not_followed(string path)
    {
        await using var telegram = await WithFileAsync();
        telegram.Answer("getFile", FakeTelegram.Result(new JsonObject { ["file_id"] = "x", ["file_unique_id"] = "y", ["file_path"] = path }));
        await Assert.ThrowsAsync<MediaGoneException>(() => OpenAsync(telegram, "x"));
        Assert.Single(telegram.Server.Requests);
    }

    // ---- What becomes of it in a conversation ----

    [Fact]
    public async Task A_file_that_breaks_off_is_fetched_again_and_kept_whole()
    {
        await using var it = await TelegramDesk.OpenAsync();
        it.Telegram.Keeps("AgAC-x", Png);
        it.Telegram.AcceptAnd("file", Cut);
        await it.BringAsync(Picture(it, 55, "AgAC-x"));
        await it.Desk.SettleAsync();
        Assert.Equal((MediaState.Ready, Png.Length), (Assert.Single(await MediaAsync(it)).State, (int)(await MediaAsync(it))[0].Size!));
        Assert.Equal(Png, await File.ReadAllBytesAsync(Assert.Single(Kept(it))));
    }

    [Fact]
    public async Task A_file_that_breaks_off_each_time_is_given_up_and_no_half_of_it_stays()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var it = await TelegramDesk.OpenAsync(clock: clock);
        it.Telegram.Keeps("AgAC-x", Png);
        it.Telegram.AcceptAnd("file", Enumerable.Repeat<Func<FakeAnswer, FakeAnswer>>(Cut, 20));
        await it.BringAsync(Picture(it, 55, "AgAC-x"));
        await it.Desk.SettleAsync();
        Assert.Equal(MediaState.Pending, Assert.Single(await MediaAsync(it)).State);
        for (var i = 0; i < 8; i++) await it.Desk.PassAsync(TimeSpan.FromMinutes(7));
        var media = Assert.Single(await MediaAsync(it));
        Assert.Equal((MediaState.Failed, MediaReason.Unreachable, null), (media.State, media.Reason, media.FileId));
        Assert.Equal(8, Steps(it.Telegram).Count(s => s == "file"));
        Assert.Empty(Kept(it));
        // The message itself is there.
        Assert.Equal("veja", Assert.Single(await it.MessagesAsync()).Body);
    }

    [Fact]
    public async Task A_file_that_drips_is_left_after_a_minute_and_fetched_again()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var it = await TelegramDesk.OpenAsync(clock: clock);
        it.Telegram.Keeps("AgAC-x", Png);
        it.Telegram.AcceptAnd("file", own => own with { BytesPerSecond = 10, Bytes = [.. Png, .. new byte[10_000]] });
        await it.BringAsync(Picture(it, 55, "AgAC-x"));
        // The first bytes are here.
        await TelegramDesk.UntilAsync(() => Kept(it).Any(), "It was not begun.");
        clock.Advance(TimeSpan.FromSeconds(61));
        await it.Desk.SettleAsync();
        Assert.Equal(MediaState.Pending, Assert.Single(await MediaAsync(it)).State);
        Assert.Empty(Kept(it));
        await it.Desk.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(MediaState.Ready, Assert.Single(await MediaAsync(it)).State);
        Assert.Equal(Png, await File.ReadAllBytesAsync(Assert.Single(Kept(it))));
    }

    [Theory]
    [InlineData(null, 20L << 20)]
    [InlineData(5L, 5L << 20)]
    public async Task A_file_that_bots_do_not_get_leaves_the_limit_for_the_screen(long? houseMegabytes, long limit)
    {
        await using var it = await TelegramDesk.OpenAsync(settings: houseMegabytes is { } most ? new Dictionary<string, string?> { ["Files:MaxMegabytes"] = $"{most}" } : null);
        it.Telegram.Answer("getFile", FakeTelegram.Error(400, "Bad Request: file is too big"));
        await it.BringAsync(Picture(it, 55, "AgAC-x"));
        await it.Desk.SettleAsync();
        var media = Assert.Single(await MediaAsync(it));
        Assert.Equal((MediaState.Failed, limit), (media.State, MediaReason.LimitOf(media.Reason)));
    }

    [Fact]
    public async Task A_file_that_the_house_does_not_take_leaves_the_house_s_limit()
    {
        await using var it = await TelegramDesk.OpenAsync(settings: new Dictionary<string, string?> { ["Files:MaxMegabytes"] = "1" });
        it.Telegram.Keeps("AgAC-x", new byte[(1 << 20) + 1]);
        await it.BringAsync(Picture(it, 55, "AgAC-x"));
        await it.Desk.SettleAsync();
        Assert.Equal("too-large:1048576", Assert.Single(await MediaAsync(it)).Reason);
        Assert.Empty(Kept(it));
    }

    /// <summary>Telegram brings each picture by itself; only the first carries the words.</summary>
    [Theory]
    [InlineData(TelegramMode.Webhook)]
    [InlineData(TelegramMode.Polling)]
    public async Task An_album_is_its_pictures_in_their_order_with_its_caption_once(TelegramMode mode)
    {
        await using var it = await TelegramDesk.OpenAsync(mode, keepsSessions: mode == TelegramMode.Polling);
        foreach (var file in new[] { "A", "B", "C" }) it.Telegram.Keeps(file, Png);
        string[] album = [Picture(it, 61, "A", "O defeito, de três lados", "13900000001"), Picture(it, 62, "B", null, "13900000001"), Picture(it, 63, "C", null, "13900000001")];
        if (mode == TelegramMode.Polling) await TelegramDesk.UntilAsync(() => it.Telegram.Pending == 0, "The updates were not fetched.");
        else
            // Twice, as after answers that were lost.
            foreach (var update in album.Concat(album)) Assert.Equal(200, (await it.BringAsync(update)).Status);
        await it.Desk.SettleAsync();
        var messages = await it.MessagesAsync();
        Assert.Equal(["123456789/777001/61", "123456789/777001/62", "123456789/777001/63"], messages.Select(m => m.ProviderId));
        Assert.Equal(["O defeito, de três lados", null, null], messages.Select(m => m.Body));
        Assert.All(messages, m => Assert.Equal(MessageKind.Image, m.Kind));
        var media = (await MediaAsync(it)).ToDictionary(m => m.Id);
        Assert.Equal(["foto-61.jpg", "foto-62.jpg", "foto-63.jpg"], messages.Select(m => media[m.MediaId!.Value].FileName));
        Assert.All(media.Values, m => Assert.Equal(MediaState.Ready, m.State));
    }

    private static string Picture(TelegramDesk it, int id, string file, string? caption = "veja", string? album = null)
    {
        var content = new JsonObject { ["photo"] = new JsonArray(new JsonObject { ["file_id"] = file, ["file_unique_id"] = "u" + file, ["width"] = 1, ["height"] = 1 }) };
        if (caption is not null) content["caption"] = caption;
        if (album is not null) content["media_group_id"] = album;
        return it.Telegram.Happens("message", FakeTelegram.Message(TelegramDesk.Maria, id, content).ToJsonString());
    }

    private static Task<List<Media>> MediaAsync(TelegramDesk it) => it.Desk.ReadAsync(db => db.Set<Media>().AsNoTracking().ToListAsync());

    /// <summary>The files of the house, finished or not.</summary>
    private static IEnumerable<string> Kept(TelegramDesk it) => Directory.EnumerateFiles(Path.Combine(it.Desk.Folder, "files"), "*", SearchOption.AllDirectories);
}
