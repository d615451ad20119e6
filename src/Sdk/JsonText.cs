using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Inforzap.Sdk;

/// <summary>Makes JSON readable whose texts hold halves of characters.</summary>
internal static class JsonText
{
    private static readonly byte[] Replacement = "FFFD"u8.ToArray();

    /// <summary>The same bytes when nothing is wrong with them, which is a normal path and costs one look at each.</summary>
    public static ReadOnlyMemory<byte> Whole(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        var span = json.Span;
        byte[]? mended = null;
        for (var at = 0; at < span.Length;)
        {
            var next = span[at..].IndexOf((byte)'\\');
            if (next < 0) break;
            at += next;
            if (Unit(span, at) is not { } unit)
            {
                // Some other escape, also that of a backslash.
                at += 2;
                continue;
            }
            if (char.IsHighSurrogate(unit) && Unit(span, at + 6) is { } second && char.IsLowSurrogate(second))
            {
                at += 12;
                continue;
            }
            if (char.IsSurrogate(unit)) Replacement.CopyTo(mended ??= json.ToArray(), at + 2);
            at += 6;
        }
        return mended ?? json;
    }

    /// <summary>The UTF-16 unit that is escaped here, if one is.</summary>
    private static char? Unit(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var read, 'x') && read == 4 ? (char)unit : null;
}
