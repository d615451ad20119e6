using System.Buffers.Binary;
using System.Text;

namespace Inforzap.Benchmarks;

/// <summary>
/// SignalR's MessagePack messages, as far as a circuit speaks them. Written by hand: a client of SignalR would measure itself, and
/// the shapes that are needed are few.
/// </summary>
internal static class BlazorPack
{
    public static readonly byte[] Handshake = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray();

    public static readonly byte[] Ping = [2, 0x91, 6];

    /// <summary>A call of the hub, with its length in front. Without an id nobody answers.</summary>
    public static byte[] Call(string? id, string target, params ReadOnlySpan<object?> arguments)
    {
        using var body = new MemoryStream();
        body.Write([0x95, 1, 0x80]);
        Write(body, id);
        Write(body, target);
        body.WriteByte((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments) Write(body, argument);
        using var message = new MemoryStream();
        var length = (int)body.Length;
        for (; length >= 0x80; length >>= 7) message.WriteByte((byte)(length | 0x80));
        message.WriteByte((byte)length);
        body.WriteTo(message);
        return message.ToArray();
    }

    /// <summary>The next whole message, taken from the front; null when the rest of it is still on its way.</summary>
    public static object?[]? Next(ref ReadOnlyMemory<byte> bytes)
    {
        var (length, at) = (0, 0);
        for (; ; at++)
        {
            if (at == bytes.Length) return null;
            length |= (bytes.Span[at] & 0x7F) << (7 * at);
            if (bytes.Span[at] < 0x80) break;
        }
        at++;
        if (bytes.Length < at + length) return null;
        var body = bytes.Slice(at, length);
        bytes = bytes[(at + length)..];
        return (object?[])Read(ref body)!;
    }

    private static void Write(MemoryStream to, object? value)
    {
        Span<byte> wide = stackalloc byte[9];
        switch (value)
        {
            case null:
                to.WriteByte(0xC0);
                break;
            case bool yes:
                to.WriteByte((byte)(yes ? 0xC3 : 0xC2));
                break;
            case long number:
                wide[0] = 0xD3;
                BinaryPrimitives.WriteInt64BigEndian(wide[1..], number);
                to.Write(wide);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                wide[0] = 0xDB;
                BinaryPrimitives.WriteInt32BigEndian(wide[1..], bytes.Length);
                to.Write(wide[..5]);
                to.Write(bytes);
                break;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    /// <summary>Numbers as long, texts as string, bytes as memory, lists as arrays; maps are left out, they carry only headers.</summary>
    private static object? Read(ref ReadOnlyMemory<byte> from)
    {
        var tag = Take(ref from, 1)[0];
        return tag switch
        {
            < 0x80 => (long)tag,
            < 0x90 => Map(ref from, tag & 0xF),
            < 0xA0 => List(ref from, tag & 0xF),
            < 0xC0 => Text(ref from, tag & 0x1F),
            0xC0 => null,
            0xC2 => false,
            0xC3 => true,
            0xC4 => Bytes(ref from, (int)Number(ref from, 1)),
            0xC5 => Bytes(ref from, (int)Number(ref from, 2)),
            0xC6 => Bytes(ref from, (int)Number(ref from, 4)),
            0xCC or 0xCD or 0xCE or 0xCF => Number(ref from, 1 << (tag - 0xCC)),
            0xD0 => (long)(sbyte)Number(ref from, 1),
            0xD1 => (long)(short)Number(ref from, 2),
            0xD2 => (long)(int)Number(ref from, 4),
            0xD3 => Number(ref from, 8),
            0xD9 => Text(ref from, (int)Number(ref from, 1)),
            0xDA => Text(ref from, (int)Number(ref from, 2)),
            0xDB => Text(ref from, (int)Number(ref from, 4)),
            0xDC => List(ref from, (int)Number(ref from, 2)),
            0xDE => Map(ref from, (int)Number(ref from, 2)),
            >= 0xE0 => (long)(sbyte)tag,
            _ => throw new NotSupportedException($"0x{tag:x2}"),
        };
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlyMemory<byte> from, int count)
    {
        var taken = from.Span[..count];
        from = from[count..];
        return taken;
    }

    private static long Number(ref ReadOnlyMemory<byte> from, int size)
    {
        var value = 0L;
        foreach (var part in Take(ref from, size)) value = (value << 8) | part;
        return value;
    }

    private static string Text(ref ReadOnlyMemory<byte> from, int length) => Encoding.UTF8.GetString(Take(ref from, length));

    private static ReadOnlyMemory<byte> Bytes(ref ReadOnlyMemory<byte> from, int length)
    {
        var taken = from[..length];
        from = from[length..];
        return taken;
    }

    private static object?[] List(ref ReadOnlyMemory<byte> from, int count)
    {
        var all = new object?[count];
        for (var i = 0; i < count; i++) all[i] = Read(ref from);
        return all;
    }

    private static object? Map(ref ReadOnlyMemory<byte> from, int count)
    {
        for (var i = 0; i < 2 * count; i++) Read(ref from);
        return null;
    }
}
