using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>What strangers post at the door for providers.</summary>
[Collection(OverHttp.Name)]
public sealed class WebhookTests(RunningHost host)
{
    [Theory]
    [InlineData("nobody")]
    [InlineData("ECHO")]
    [InlineData("echo%00")]
    [InlineData("..%2fecho")]
    [InlineData("' OR 1=1--")]
    public async Task A_channel_that_is_not_there_says_no_more_than_that(string channel)
    {
        var answer = await host.HookAsync("{}"u8.ToArray(), channel: channel);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_body_of_100_MB_is_refused_before_it_is_read()
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        var body = new Endless(100L * 1024 * 1024, pause: TimeSpan.FromMilliseconds(1));
        var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/echo") { Content = new StreamContent(body, 64 * 1024) };
        request.Headers.TransferEncodingChunked = true;
        var (answer, broken) = (default(HttpResponseMessage), default(Exception));
        try
        {
            answer = await http.SendAsync(request);
        }
        catch (HttpRequestException e)
        {
            // The server hung up while we were still sending.
            broken = e;
        }
        Assert.True(broken is not null || answer!.StatusCode == HttpStatusCode.RequestEntityTooLarge);
        Assert.True(body.Given < 60L * 1024 * 1024, $"{body.Given} bytes were taken");
        var said = new HttpRequestMessage(HttpMethod.Post, "/hooks/echo") { Content = new ByteArrayContent([]) };
        said.Content.Headers.ContentLength = 0;
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(said)).StatusCode);
    }

    [Fact]
    public async Task A_body_that_comes_byte_by_byte_holds_no_connection_for_long()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Url.Host, host.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /hooks/echo HTTP/1.1\r\nHost: {host.Url.Authority}\r\nContent-Length: 1000\r\n\r\n"));
        var answer = new byte[200];
        var reading = stream.ReadAsync(answer).AsTask();
        var began = System.Diagnostics.Stopwatch.StartNew();
        while (!reading.IsCompleted && began.Elapsed < TimeSpan.FromSeconds(15))
        {
            try
            {
                await stream.WriteAsync("x"u8.ToArray());
            }
            catch (IOException)
            {
                break;
            }
            await Task.WhenAny(reading, Task.Delay(1_000));
        }
        Assert.True(reading.IsCompleted, "Fifteen seconds later it was still waiting.");
        var read = reading.IsCompletedSuccessfully ? Encoding.ASCII.GetString(answer, 0, await reading) : "";
        Assert.True(read.Length == 0 || read.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), read);
    }

    public static TheoryData<string> Bodies() =>
        ["truncated", "10,000 levels deep", "10,000 levels deep inside an event", "a million keys", "a million keys inside an event", "350,000 different keys", "350,000 different keys inside an event", "gzip", "a gzip bomb", "not UTF-8", "nothing", "a number", "numbers of 100,000 digits", "20,000 events that make no sense"];

    [Theory, MemberData(nameof(Bodies))]
    public async Task Whatever_a_signed_body_is_it_ends_quickly_and_without_a_failure(string what)
    {
        static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        static byte[] Gzip(byte[] bytes)
        {
            using var made = new MemoryStream();
            using (var zip = new GZipStream(made, CompressionLevel.Fastest)) zip.Write(bytes);
            return made.ToArray();
        }
        byte[] body = what switch
        {
            "truncated" => "{\"events\":[{\"type\":\"message\",\"id\":\"t1\",\"from\":\"55419"u8.ToArray(),
            "10,000 levels deep" => Encoding.ASCII.GetBytes(Repeat("{\"a\":", 10_000) + "1" + Repeat("}", 10_000)),
            "10,000 levels deep inside an event" => Encoding.ASCII.GetBytes("{\"events\":[{\"x\":" + Repeat("[", 10_000) + Repeat("]", 10_000) + "}]}"),
            // A million fit into 5 MB only without a name; of those that differ there fit 350,000 or so.
            "a million keys" => Encoding.ASCII.GetBytes("{" + Repeat("\"\":0,", 1_000_000) + "\"events\":[]}"),
            "a million keys inside an event" => Encoding.ASCII.GetBytes("{\"events\":[{" + Repeat("\"\":0,", 1_000_000) + "\"id\":\"k1\"}]}"),
            "350,000 different keys" => Encoding.ASCII.GetBytes("{" + string.Join(',', Enumerable.Range(0, 350_000).Select(i => $"\"{i:x}\":0")) + ",\"events\":[]}"),
            "350,000 different keys inside an event" => Encoding.ASCII.GetBytes("{\"events\":[{" + string.Join(',', Enumerable.Range(0, 350_000).Select(i => $"\"{i:x}\":0")) + "}]}"),
            "gzip" => Gzip("{\"events\":[]}"u8.ToArray()),
            "a gzip bomb" => Gzip(new byte[200 * 1024 * 1024]),
            "not UTF-8" => [.. "{\"events\":[{\"type\":\"message\",\"id\":\"u1\",\"from\":\"5541900000000\",\"text\":\""u8, 0xFF, 0xFE, 0xC3, .. "\"}]}"u8],
            "nothing" => [],
            "a number" => "1"u8.ToArray(),
            "numbers of 100,000 digits" => Encoding.ASCII.GetBytes("{\"events\":[{\"type\":\"receipt\",\"id\":\"n1\",\"from\":\"1\",\"at\":" + new string('9', 100_000) + "}]}"),
            _ => Encoding.ASCII.GetBytes("{\"events\":[" + string.Join(',', Enumerable.Repeat("{\"id\":1}", 20_000)) + "]}"),
        };
        Assert.True(body.Length < 5 * 1024 * 1024);
        var began = System.Diagnostics.Stopwatch.StartNew();
        var answer = await host.HookAsync(body, encoding: what.Contains("gzip", StringComparison.Ordinal) ? "gzip" : null);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"It took {began.Elapsed}.");
        // The door stays open for the next one: it was no failure of the plugin.
        Assert.Equal(HttpStatusCode.OK, (await host.HookAsync("{\"events\":[]}"u8.ToArray())).StatusCode);
    }

    public static TheoryData<string> Texts() => HostileText.Names();

    [Theory, MemberData(nameof(Texts))]
    public async Task Whatever_a_customer_writes_can_be_read_in_the_inbox(string what)
    {
        var (text, number) = (HostileText.All[what], Customers.Number());
        // As JSON escapes it: so half a character can be written down at all.
        var escaped = string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? $"{c}" : $"\\u{(int)c:x4}"));
        var body = Encoding.ASCII.GetBytes($"{{\"events\":[{{\"type\":\"message\",\"id\":\"h-{number}\",\"from\":\"{number}\",\"name\":\"{escaped}\",\"text\":\"{escaped}\"}}]}}");
        Assert.Equal(HttpStatusCode.OK, (await host.HookAsync(body)).StatusCode);
        var ticket = await host.TicketOfAsync(number);
        var administrator = await host.PersonAsync("Rita", BuiltInRoles.Administrator);
        var message = Assert.Single(await host.SendAs(administrator, new ReadMessages(ticket, 1, 10)));
        Assert.True(HostileText.IsWhole(message.Body!) && !message.Body!.Contains('\0', StringComparison.Ordinal));
        if (text.StartsWith("antes", StringComparison.Ordinal)) Assert.StartsWith("antes", message.Body, StringComparison.Ordinal);
        var row = Assert.Single((await host.SendAs(administrator, new ListTickets(TicketStatus.Pending, number))).Rows);
        Assert.False(Inforzap.Data.CleanText.IsBlank(row.ContactName));
    }

    [Fact]
    public async Task A_signature_is_of_these_bytes_by_this_secret()
    {
        var body = "{\"events\":[ ]}"u8.ToArray();
        Assert.Equal(HttpStatusCode.OK, (await host.HookAsync(body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.HookAsync(body, Customers.Sign(body).ToUpperInvariant())).StatusCode);
        var again = JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(body));
        foreach (var forged in new[]
        {
            "", " ", "sha256=", new string('0', 64), Customers.Sign(body, "other secret"), Customers.Sign(again), Customers.Sign(body)[..63], Customers.Sign(body) + "0",
            "sha1=" + Customers.Sign(body), Customers.Sign(body) + ", " + Customers.Sign(body), Customers.Sign([]),
        }) Assert.Equal(HttpStatusCode.Forbidden, (await host.HookAsync(body, forged)).StatusCode);
    }

    /// <summary>Bytes without end, and how many of them somebody wanted.</summary>
    private sealed class Endless(long length, TimeSpan pause) : Stream
    {
        public long Given { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Given >= length) return 0;
            await Task.Delay(pause, cancellationToken);
            Given += buffer.Length;
            return buffer.Length;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
