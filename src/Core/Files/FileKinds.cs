using System.Text;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Files;

/// <summary>What a file really is, by its first bytes.</summary>
public static class FileKinds
{
    /// <summary>What can't be told from its bytes.</summary>
    public const string Unknown = "application/octet-stream";

    private static readonly HashSet<string> Inline = ["image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm",
        "audio/ogg", "audio/mpeg", "audio/mp4", "audio/webm", "audio/wav", "audio/aac", "application/pdf"];

    /// <summary>Whether a browser may show it in place. Never SVG, HTML or XML: they can hold script.</summary>
    public static bool IsInline(string mimeType) => Inline.Contains(mimeType);

    /// <summary>The type of what begins with these bytes; 64 are enough.</summary>
    public static string Sniff(ReadOnlySpan<byte> head, MediaKind? said = null)
    {
        static bool Is(ReadOnlySpan<byte> h, int at, ReadOnlySpan<byte> magic) => h.Length >= at + magic.Length && h.Slice(at, magic.Length).SequenceEqual(magic);
        if (Is(head, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (Is(head, 0, [0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (Is(head, 0, "GIF87a"u8) || Is(head, 0, "GIF89a"u8)) return "image/gif";
        if (Is(head, 0, "RIFF"u8) && Is(head, 8, "WEBP"u8)) return "image/webp";
        if (Is(head, 0, "RIFF"u8) && Is(head, 8, "WAVE"u8)) return "audio/wav";
        if (Is(head, 0, "OggS"u8)) return said == MediaKind.Video ? "video/ogg" : "audio/ogg";
        if (Is(head, 0, [0x1A, 0x45, 0xDF, 0xA3])) return said is MediaKind.Audio or MediaKind.Voice ? "audio/webm" : "video/webm";
        if (Is(head, 4, "ftyp"u8)) return Is(head, 8, "M4A "u8) || said is MediaKind.Audio or MediaKind.Voice ? "audio/mp4" : "video/mp4";
        if (Is(head, 0, "ID3"u8) || (head.Length > 1 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2)) return "audio/mpeg";
        if (head.Length > 1 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0) return "audio/aac";
        if (Is(head, 0, "#!AMR"u8)) return "audio/amr";
        if (Is(head, 0, "%PDF-"u8)) return "application/pdf";
        if (Is(head, 0, [0x50, 0x4B, 0x03, 0x04])) return "application/zip";
        return Unknown;
    }

    /// <summary>The kind of bubble that a type gets.</summary>
    public static MediaKind KindOf(string mimeType, MediaKind said) => mimeType switch
    {
        "image/png" or "image/jpeg" or "image/gif" => MediaKind.Image,
        "image/webp" => said == MediaKind.Sticker ? MediaKind.Sticker : MediaKind.Image,
        _ when mimeType.StartsWith("video/", StringComparison.Ordinal) => MediaKind.Video,
        _ when mimeType.StartsWith("audio/", StringComparison.Ordinal) => said == MediaKind.Voice ? MediaKind.Voice : MediaKind.Audio,
        _ => MediaKind.Document,
    };

    /// <summary>A name that is safe in a header, in a list and on anybody's disk. Never empty.</summary>
    public static string SafeName(string? name)
    {
        var last = (name ?? "").Replace('\\', '/').Split('/')[^1];
        var clean = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            if (System.Text.Rune.IsControl(rune) || rune.Value is '"' or '<' or '>' or ':' or '|' or '?' or '*' or 0xFFFD
                or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F) continue;
            clean.Append(rune);
        }
        var text = clean.ToString().Trim(' ', '.');
        if (text.Length > 200) text = CleanText.Cut(text, 150) + text[(char.IsLowSurrogate(text[^50]) ? ^49 : ^50)..];
        return text.Length == 0 ? "arquivo" : text;
    }
}
