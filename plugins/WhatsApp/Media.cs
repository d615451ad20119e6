using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Fetches the file of a message: the gateway gives it as base64 in the middle of JSON, and it is read as it comes.</summary>
internal sealed class Media(Evolution evolution)
{
    private const int LongestHead = 256 * 1024;
    private const string Gone = "O WhatsApp não guarda mais este arquivo.";

    public async Task<Stream> OpenAsync(string id, CancellationToken ct)
    {
        // It happens that the gateway answers with nothing at all, and has it a moment later.
        for (var isSecond = false; ; isSecond = true)
        {
            var response = await evolution.OpenAsync("chat/getBase64FromMediaMessage", new JsonObject { ["message"] = new JsonObject { ["key"] = new JsonObject { ["id"] = id } }, ["convertToMp4"] = false }, ct);
            try
            {
                if (!response.IsSuccessStatusCode) throw Why(new Answer((int)response.StatusCode, Answer.Parse(await response.Content.ReadAsByteArrayAsync(ct))));
                var stream = await response.Content.ReadAsStreamAsync(ct);
                var (head, at) = await FindAsync(stream, ct);
                if (at >= 0) return new CryptoStream(new Quoted(stream, head.AsMemory(at), response), new FromBase64Transform(), CryptoStreamMode.Read);
                if (Answer.Parse(head) is { } told && new Answer((int)response.StatusCode, told) is { IsOk: false } failed) throw Why(failed);
                if (isSecond) throw new HttpRequestException("The gateway gave no file.");
            }
            catch
            {
                response.Dispose();
                throw;
            }
            response.Dispose();
        }
    }

    /// <summary>Whatever goes wrong at the gateway is a 400. Only what says so is gone for good; anything else is asked for again.</summary>
    private static Exception Why(Answer answer) =>
        answer.Code is 400 or 404 && !answer.IsNoInstance && answer.Says("not found", "not of the media type", "status code 403", "status code 404", "status code 410") ? new MediaGoneException(Gone) : new HttpRequestException($"The gateway answered {answer.Code}.");

    /// <summary>Reads as far as the file begins. Inside of a text its quotes would be escaped, so nothing else looks like it.</summary>
    private static async Task<(byte[] Head, int At)> FindAsync(Stream stream, CancellationToken ct)
    {
        var (buffer, filled) = (new byte[LongestHead], 0);
        while (filled < buffer.Length && await stream.ReadAsync(buffer.AsMemory(filled, Math.Min(4096, buffer.Length - filled)), ct) is var read and > 0)
        {
            filled += read;
            if (Begin(buffer.AsSpan(0, filled)) is var at and >= 0) return (buffer[..filled], at);
        }
        return (buffer[..filled], -1);
    }

    private static int Begin(ReadOnlySpan<byte> json)
    {
        var name = json.IndexOf("\"base64\""u8);
        if (name < 0) return -1;
        for (var at = name + 8; at < json.Length; at++)
            if (json[at] == '"') return at + 1;
            else if (json[at] is not ((byte)':' or (byte)' ')) return -1;
        return -1;
    }

    /// <summary>Ends where the text ends.</summary>
    private sealed class Quoted(Stream inner, ReadOnlyMemory<byte> first, HttpResponseMessage response) : Stream
    {
        private ReadOnlyMemory<byte> first = first;
        private bool isOver;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (isOver || buffer.Length == 0) return 0;
            int read;
            if (first.Length > 0)
            {
                read = Math.Min(first.Length, buffer.Length);
                first[..read].CopyTo(buffer);
                first = first[read..];
            }
            else if ((read = await inner.ReadAsync(buffer, cancellationToken)) == 0) throw new HttpRequestException("The gateway hung up in the middle of a file.");
            if (buffer.Span[..read].IndexOf((byte)'"') is var end and >= 0) (isOver, read) = (true, end);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) response.Dispose();
            base.Dispose(disposing);
        }
    }
}
