using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Inforzap.Benchmarks;

/// <summary>One signed webhook, ready to be written to a connection.</summary>
/// <param name="Bytes">Head and body.</param>
/// <param name="Ids">The ids of its events.</param>
internal readonly record struct Call(byte[] Bytes, IReadOnlyList<string> Ids);

/// <summary>
/// Signed webhooks over so many connections, each waiting for its answer. Written on bare sockets: what the sender burns is
/// missing for whom it measures.
/// </summary>
/// <param name="server">Where.</param>
/// <param name="connections">So many at once.</param>
/// <param name="perSecond">So many calls and no more; 0: as many as are answered.</param>
internal sealed class Load(Uri server, int connections, double perSecond = 0)
{
    private readonly IPEndPoint endPoint = new(IPAddress.Loopback, server.Port);

    /// <summary>Ids of events that were answered 200.</summary>
    public ConcurrentBag<string> Accepted { get; } = [];

    public sealed record Result(long Calls, double PerSecond, TimeSpan P50, TimeSpan P99, int Refused);

    /// <summary>Sends for so long; the warm-up is sent too, but not measured.</summary>
    /// <param name="next">The next call of a connection; null ends it.</param>
    /// <param name="warmup">Not measured.</param>
    /// <param name="measured">Measured; calls that end later don't count.</param>
    public async Task<Result> RunAsync(Func<int, Call?> next, TimeSpan warmup, TimeSpan measured)
    {
        var times = new ConcurrentBag<List<long>>();
        var (refused, turn, begin) = (0, 0L, Stopwatch.GetTimestamp());
        var from = Stopwatch.GetTimestamp() + (long)(warmup.TotalSeconds * Stopwatch.Frequency);
        var to = measured == Timeout.InfiniteTimeSpan ? long.MaxValue : from + (long)(measured.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            var mine = new List<long>(100_000);
            times.Add(mine);
            using var wire = new Wire(endPoint);
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                if (perSecond > 0)
                {
                    // Measured from when it was due: a server that stops for a while makes all wait who come meanwhile.
                    started = begin + (long)((Interlocked.Increment(ref turn) - 1) / perSecond * Stopwatch.Frequency);
                    if (started < to && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), started) is { Ticks: > 0 } wait) await Task.Delay(wait);
                }
                if (started >= to || next(connection) is not { } call) return;
                if (await wire.AskAsync(call.Bytes) == 200) foreach (var id in call.Ids) Accepted.Add(id);
                else
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(10);
                }
                var ended = Stopwatch.GetTimestamp();
                if (started >= from && ended <= to) mine.Add(ended - started);
            }
        })));
        var all = times.SelectMany(t => t).Order().ToArray();
        return new(all.Length, all.Length / measured.TotalSeconds, At(all, 0.5), At(all, 0.99), refused);
    }

    /// <summary>So many calls, none of which may be refused.</summary>
    public async Task DeliverAsync(int count, Func<int, Call> call)
    {
        var next = -1;
        var result = await RunAsync(_ => Interlocked.Increment(ref next) is var n && n < count ? call(n) : null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        if (result.Refused > 0) throw new InvalidOperationException($"{result.Refused} webhooks were refused.");
    }

    private static TimeSpan At(long[] sorted, double share) =>
        sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))]);

    /// <summary>One connection that is opened again when it breaks.</summary>
    private sealed class Wire(IPEndPoint server) : IDisposable
    {
        private readonly byte[] buffer = new byte[4096];
        private Socket? socket;

        /// <summary>The status of the answer, or 0 when there was none.</summary>
        public async ValueTask<int> AskAsync(byte[] call)
        {
            try
            {
                if (socket is null)
                {
                    socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(server);
                }
                await socket.SendAsync(call);
                return await ReadAsync(socket);
            }
            catch (SocketException)
            {
                Dispose();
                return 0;
            }
        }

        private async ValueTask<int> ReadAsync(Socket from)
        {
            var length = 0;
            while (true)
            {
                var read = await from.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                {
                    Dispose();
                    return 0;
                }
                length += read;
                if (TryParse(buffer.AsSpan(0, length), out var status)) return status;
            }
        }

        /// <summary>Answers to webhooks are small: head and body fit the buffer.</summary>
        private static bool TryParse(ReadOnlySpan<byte> answer, out int status)
        {
            status = 0;
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0 || !Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out status, out _)) return false;
            var head = answer[..end];
            var at = head.IndexOf("Content-Length: "u8);
            var body = at >= 0 && Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out int length, out _) ? length : 0;
            return answer.Length >= end + 4 + body;
        }

        public void Dispose()
        {
            socket?.Dispose();
            socket = null;
        }
    }
}

/// <summary>Makes webhooks as the channel under test takes them: our own Echo, or Meta's for a number of WhatsApp.</summary>
internal static class Webhook
{
    public const string Secret = "bench-secret-0123456789abcdef";
    private const string PhoneNumberId = "106540352242922";
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);
    private static long last;

    /// <summary>Set once, before anything is made; the bare server of the baseline is told by its mode.</summary>
    public static bool IsWaba { get; set; }

    public static string SignatureHeader => IsWaba ? "X-Hub-Signature-256" : "X-Echo-Signature";

    /// <summary>What stands before the signature in its header.</summary>
    public static string SignaturePrefix => IsWaba ? "sha256=" : "";

    /// <summary>The channel's kind and settings, for the host.</summary>
    public static Dictionary<string, string> Channel => IsWaba
        ? new()
        {
            ["Channels__bench__Provider"] = "waba",
            ["Channels__bench__Settings__PhoneNumberId"] = PhoneNumberId,
            ["Channels__bench__Settings__BusinessAccountId"] = "102290129340398",
            ["Channels__bench__Settings__AccessToken"] = "EAAGbench",
            ["Channels__bench__Settings__AppSecret"] = Secret,
            ["Channels__bench__Settings__VerifyToken"] = "bench-verify-token",
            // Nobody is there: what is measured only receives.
            ["Channels__bench__Settings__BaseUrl"] = "https://graph.invalid",
        }
        : new() { ["Channels__bench__Provider"] = "echo", ["Channels__bench__Settings__Secret"] = Secret };

    /// <summary>A message nobody sent before, from one of so many customers.</summary>
    public static Call New(int conversations)
    {
        var id = Interlocked.Increment(ref last);
        return Of([$"b-{id}"], [Message($"b-{id}", id % conversations, id)]);
    }

    /// <summary>A message nobody sent before, from this customer, with the words that its number makes.</summary>
    public static Call NewFrom(long conversation, Func<long, string> words)
    {
        var id = Interlocked.Increment(ref last);
        return Of([$"b-{id}"], [Message($"b-{id}", conversation, words(id))]);
    }

    /// <summary>A message as the provider writes it.</summary>
    public static string Message(string id, long conversation, long number) => Message(id, conversation, Text(number));

    /// <summary>A message that says this, as the provider writes it.</summary>
    public static string Message(string id, long conversation, string text) => IsWaba
        ? Change(conversation, string.Create(CultureInfo.InvariantCulture, $$$"""{"from":"{{{From(conversation)}}}","id":"{{{id}}}","timestamp":"{{{Now}}}","type":"text","text":{"body":"{{{text}}}"}}"""))
        : string.Create(CultureInfo.InvariantCulture, $$"""{"type":"message","id":"{{id}}","from":"{{From(conversation)}}","name":"Cliente {{conversation}}","text":"{{text}}"}""");

    /// <summary>An edit of a message as the provider writes it.</summary>
    public static string Edit(string id, long conversation, string of, string text) => IsWaba
        ? Change(conversation, string.Create(CultureInfo.InvariantCulture,
            $$$$$"""{"from":"{{{{{From(conversation)}}}}}","id":"{{{{{id}}}}}","timestamp":"{{{{{Now}}}}}","type":"edit","edit":{"original_message_id":"{{{{{of}}}}}","message":{"type":"text","text":{"body":"{{{{{text}}}}}"},"context":{}}}}"""))
        : string.Create(CultureInfo.InvariantCulture, $$"""{"type":"edit","id":"{{id}}","from":"{{From(conversation)}}","message":"{{of}}","text":"{{text}}"}""");

    /// <summary>The telephone of a customer.</summary>
    public static long From(long conversation) => 5511900000000 + conversation;

    /// <summary>A sentence of common length.</summary>
    public static string Text(long number) => string.Create(CultureInfo.InvariantCulture,
        $"Bom dia, gostaria de saber o prazo de entrega do pedido {number} para Campinas, por favor.");

    /// <summary>One call with these events, signed.</summary>
    public static Call Of(IReadOnlyList<string> ids, IEnumerable<string> events)
    {
        var all = string.Join(',', events);
        var bytes = Encoding.UTF8.GetBytes(IsWaba ? $$"""{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{{all}}]}]}""" : $$"""{"events":[{{all}}]}""");
        var head = $"POST /hooks/bench HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n{SignatureHeader}: {SignaturePrefix}{Convert.ToHexStringLower(HMACSHA256.HashData(Key, bytes))}\r\n\r\n";
        return new([.. Encoding.ASCII.GetBytes(head), .. bytes], ids);
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static string Change(long conversation, string message) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"551140028922","phone_number_id":"{{{PhoneNumberId}}}"},"contacts":[{"profile":{"name":"Cliente {{{conversation}}}"},"wa_id":"{{{From(conversation)}}}"}],"messages":[{{{message}}}]}}""");
}
