using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>Files of customers and of agents: who may have them, and what a browser makes of them.</summary>
[Collection(OverHttp.Name)]
public sealed class MediaTests(RunningHost host) : IAsyncLifetime
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private Person ana = null!;
    private Browser browser = null!;
    private Guid ticket;

    public async ValueTask InitializeAsync()
    {
        ana = await host.PersonAsync("Ana", BuiltInRoles.Agent, host.Queue);
        browser = await new Browser(host).SignInAsync(ana.Email);
        ticket = await host.WritesAsync(Customers.Number());
        await host.SendAs(ana, new AcceptTicket(ticket), host.Queue);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<HttpResponseMessage> UploadAsync(byte[] bytes, string name, Guid? into = null, bool chunked = false, bool ours = true, Browser? by = null, string? type = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/media?ticket={into ?? ticket}&kind=image") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.TryAddWithoutValidation("X-File-Name", Uri.EscapeDataString(name));
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (ours) request.Headers.TryAddWithoutValidation("X-Requested-With", "inforzap");
        return (by ?? browser).SendAsync(request);
    }

    private async Task<Guid> UploadedAsync(byte[] bytes, string name, string? type = null)
    {
        var answer = await UploadAsync(bytes, name, type: type);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
    }

    [Fact]
    public async Task A_file_is_for_who_sees_its_ticket()
    {
        var id = await UploadedAsync(Png, "foto.png");
        var path = $"/media/{id}";
        var admin = await host.PersonAsync("Rita", BuiltInRoles.Administrator);
        using var boss = await new Browser(host).SignInAsync(admin.Email);
        using var other = await new Browser(host).SignInAsync((await host.PersonAsync("Bia", BuiltInRoles.Agent, await host.Mediator.Send(new EnsureQueue("Outra fila")))).Email);
        using var stranger = new Browser(host);
        // Until a message uses it, it is its owner's.
        Assert.Equal(HttpStatusCode.NotFound, (await boss.GetAsync(path, "*/*")).StatusCode);
        await host.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "veja", id), host.Queue);
        Assert.Equal(HttpStatusCode.OK, (await boss.GetAsync(path, "*/*")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path, "*/*")).StatusCode);
        foreach (var (who, status) in new[] { (other, HttpStatusCode.NotFound), (stranger, HttpStatusCode.Found) })
            foreach (var trick in new[] { path, path + "?inline=1", path + "/", path.ToUpperInvariant(), path + "?ticket=" + ticket })
            {
                var answer = await who.GetAsync(trick, "*/*");
                Assert.Contains(answer.StatusCode, new[] { status, HttpStatusCode.NotFound });
                Assert.True((await answer.Content.ReadAsByteArrayAsync()).AsSpan().IndexOf("IHDR"u8) < 0);
            }
        var range = await other.GetAsync(path, "*/*", ("Range", "bytes=0-10"));
        Assert.Equal(HttpStatusCode.NotFound, range.StatusCode);
    }

    private Task<HttpResponseMessage> RecordAsync(byte[] bytes, Guid? into = null, bool ours = true, Browser? by = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/media/voice?ticket={into ?? ticket}") { Content = new ByteArrayContent(bytes) };
        if (ours) request.Headers.TryAddWithoutValidation("X-Requested-With", "inforzap");
        return (by ?? browser).SendAsync(request);
    }

    private static async Task<string> MessageAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString()!;

    [Fact]
    public async Task A_recording_becomes_a_voice_message_and_leaves_nothing_else_behind()
    {
        var answer = await RecordAsync(await Sounds.RecordedAsync("webm"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var id = told.GetProperty("id").GetGuid();
        await host.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "", id), host.Queue);
        var file = await browser.GetAsync($"/media/{id}", "*/*");
        Assert.Equal("audio/ogg", file.Content.Headers.ContentType!.MediaType);
        Assert.True((await file.Content.ReadAsByteArrayAsync()).AsSpan().StartsWith("OggS"u8));
        Assert.Empty(Directory.EnumerateFiles(host.Services.GetRequiredService<Inforzap.Files.FileStore>().Root, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_no_recording_is_refused_with_a_sentence_and_nothing_stays()
    {
        Assert.SkipUnless(Sounds.Recordings().IsThere, "ffmpeg is not installed");
        var answer = await RecordAsync("#EXTM3U\nfile:///etc/passwd\n"u8.ToArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith("O servidor não conseguiu ler esta gravação", await MessageAsync(answer), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await RecordAsync([])).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(host.Services.GetRequiredService<Inforzap.Files.FileStore>().Root, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_recording_is_for_who_serves_the_ticket_from_our_pages_only()
    {
        using var stranger = new Browser(host);
        using var other = await new Browser(host).SignInAsync((await host.PersonAsync("Bia", BuiltInRoles.Agent, await host.Mediator.Send(new EnsureQueue("Outra fila")))).Email);
        byte[] sound = [0x1A, 0x45, 0xDF, 0xA3, 1, 2, 3];
        Assert.Equal(HttpStatusCode.BadRequest, (await RecordAsync(sound, ours: false)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RecordAsync(sound, by: other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RecordAsync(sound, Guid.NewGuid())).StatusCode);
        Assert.Contains((await RecordAsync(sound, by: stranger)).StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.Unauthorized });
    }

    [Theory]
    [InlineData("svg", "photo.png", "image/png")]
    [InlineData("svg", "desenho.svg", "image/svg+xml")]
    [InlineData("html", "pagina.html", "text/html")]
    [InlineData("html", "foto.jpg", "image/jpeg")]
    [InlineData("html with the first bytes of a PNG", "foto.png", "image/png")]
    [InlineData("xml", "nota.xml", "application/xml")]
    [InlineData("javascript", "a.js", "text/javascript")]
    public async Task What_may_hold_script_is_saved_and_never_shown(string what, string name, string type)
    {
        const string script = "<script>alert(document.cookie)</script>";
        byte[] bytes = what switch
        {
            "svg" => Encoding.UTF8.GetBytes($"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">{script}</svg>"),
            "html with the first bytes of a PNG" => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Encoding.UTF8.GetBytes($"<html>{script}")],
            "xml" => Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>"),
            "javascript" => "alert(1)"u8.ToArray(),
            _ => Encoding.UTF8.GetBytes($"<!DOCTYPE html><html>{script}</html>"),
        };
        var id = await UploadedAsync(bytes, name, type);
        foreach (var query in new[] { "", "?inline=1", "?disposition=inline", "?type=text/html" })
        {
            var answer = await browser.GetAsync($"/media/{id}{query}", "text/html");
            Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
            Careful(answer, "attachment");
        }
    }

    /// <summary>A file can be two things at once: it is sent as the one that it is for us, and browsers are told to look no further.</summary>
    [Fact]
    public async Task A_GIF_that_is_a_page_as_well_is_a_GIF()
    {
        byte[] both = [.. GifOf(1, 1, 1), .. "<html><script>alert(1)</script>"u8];
        var answer = await browser.GetAsync($"/media/{await UploadedAsync(both, "pagina.html", "text/html")}", "text/html");
        Assert.Equal("image/gif", answer.Content.Headers.ContentType!.MediaType);
        Careful(answer, "inline");
    }

    [Fact]
    public async Task A_picture_is_shown_in_a_sandbox()
    {
        var answer = await browser.GetAsync($"/media/{await UploadedAsync(Png, "foto.html", "text/html")}?inline=0", "text/html");
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Careful(answer, "inline");
    }

    private static void Careful(HttpResponseMessage answer, string disposition)
    {
        Assert.Equal(disposition, answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", string.Join(',', answer.Headers.GetValues("X-Content-Type-Options")));
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("sandbox; default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", string.Join(',', answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.True(answer.Headers.CacheControl!.Private);
    }

    [Theory]
    [InlineData("a\"\r\nSet-Cookie: x=y", "aSet-Cookie x=y")]
    [InlineData("..\\..\\windows\\win.ini", "win.ini")]
    [InlineData("../../../etc/passwd", "passwd")]
    [InlineData("\u202Egpj.exe", "gpj.exe")]
    [InlineData("cat.png');position:absolute;top:0", "cat.png');position-absolute;top-0")]
    [InlineData("   ", "arquivo")]
    [InlineData("nome; filename=evil.html", "nome; filename=evil.html")]
    [InlineData("relatório ação 😀.pdf", "relatório ação 😀.pdf")]
    // A device of Windows is a label here: nothing is ever stored under the name that somebody gave.
    [InlineData("CON", "CON")]
    [InlineData("foto\0.png\0.exe", "foto.png.exe")]
    [InlineData("\0", "arquivo")]
    [InlineData("/etc/shadow", "shadow")]
    [InlineData("C:\\Windows\\win.ini", "win.ini")]
    [InlineData("....//....//etc/passwd", "passwd")]
    [InlineData("....//", "arquivo")]
    public async Task A_name_is_data_and_no_header_and_no_path(string name, string shown)
    {
        var id = await UploadedAsync("%PDF-1.4 x"u8.ToArray(), name);
        var answer = await browser.GetAsync($"/media/{id}", "*/*");
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal(shown.Replace("position-", "position", StringComparison.Ordinal).Replace("top-", "top", StringComparison.Ordinal), disposition.FileNameStar ?? disposition.FileName!.Trim('"'));
        Assert.Single(answer.Content.Headers.GetValues("Content-Disposition"));
        Assert.All(Directory.EnumerateFiles(Path.Combine(host.Folder, "files"), "*", SearchOption.AllDirectories), f => Assert.Matches("^[0-9a-f]{32}$", Path.GetFileName(f)));
        Assert.Empty(Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(f => f is "passwd" or "win.ini" or "shadow" or "CON"));
    }

    public static TheoryData<string> Bombs() => ["30,000 x 30,000 pixels of one bit", "a header that promises 65,535 x 65,535", "a GIF of 100,000 frames", "a GIF whose one frame is huge"];

    [Theory, MemberData(nameof(Bombs))]
    public async Task A_picture_that_would_fill_the_memory_is_refused_without_being_drawn(string what)
    {
        var bytes = what switch
        {
            "30,000 x 30,000 pixels of one bit" => PngOf(30_000, 30_000, rows: 30_000),
            "a header that promises 65,535 x 65,535" => PngOf(65_535, 65_535, rows: 1),
            "a GIF of 100,000 frames" => GifOf(1, 1, 100_000),
            _ => GifOf(65_535, 65_535, 1),
        };
        Assert.True(bytes.Length < 2 * 1024 * 1024);
        var before = GC.GetTotalAllocatedBytes();
        var answer = await UploadAsync(bytes, "foto.png");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 200L * 1024 * 1024);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Folder, "files"), "*.part", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_over_the_limit_is_refused(bool chunked)
    {
        var answer = await UploadAsync(new byte[(2 * 1024 * 1024) + 1], "grande.bin", chunked: chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("2 MB", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_come_from_our_page_by_who_serves_the_ticket_and_are_used_once()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync(Png, "a.png", ours: false)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await UploadAsync(Png, "a.png", into: Guid.NewGuid())).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await UploadAsync([], "vazio.png")).StatusCode);
        using var colleague = await new Browser(host).SignInAsync((await host.PersonAsync("Caio", BuiltInRoles.Agent, host.Queue)).Email);
        Assert.Equal(HttpStatusCode.NotFound, (await UploadAsync(Png, "a.png", by: colleague)).StatusCode);
        using var stranger = new Browser(host);
        Assert.Contains((await UploadAsync(Png, "a.png", by: stranger)).StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.Unauthorized });
        var id = await UploadedAsync(Png, "a.png");
        await host.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "uma", id), host.Queue);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => host.SendAs(ana, new SendMessage(ticket, Guid.NewGuid(), "duas", id), host.Queue))).Kind);
    }

    /// <summary>A gray picture of one bit per pixel, of which so many rows are really there.</summary>
    private static byte[] PngOf(int width, int height, int rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] size = [.. BitConverter.GetBytes(width).Reverse(), .. BitConverter.GetBytes(height).Reverse()];
        Chunk(file, "IHDR"u8, [.. size, 1, 0, 0, 0, 0]);
        using var data = new MemoryStream();
        using (var zip = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + ((width + 7) / 8)];
            for (var i = 0; i < rows; i++) zip.Write(row);
        }
        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] named = [.. name, .. data];
        file.Write([.. BitConverter.GetBytes(data.Length).Reverse()]);
        file.Write(named);
        var crc = uint.MaxValue;
        foreach (var b in named)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        file.Write([.. BitConverter.GetBytes(~crc).Reverse()]);
    }

    private static byte[] GifOf(ushort width, ushort height, int frames)
    {
        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        file.Write([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
        for (var i = 0; i < frames; i++) file.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        file.WriteByte(0x3B);
        return file.ToArray();
    }
}
