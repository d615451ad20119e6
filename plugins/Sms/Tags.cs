namespace Inforzap.Plugins.Sms;

/// <summary>
/// Our name of an attempt. Comtele gives no id when it takes a message, but gives this one back in its reports: it is the message's
/// name for us too.
/// </summary>
internal static class Tags
{
    private const string Prefix = "out:";

    public static string Of(Guid attempt) => $"{Prefix}{attempt:N}";

    /// <summary>Reads it back; null when somebody else wrote it.</summary>
    public static Guid? AttemptOf(string? tag) =>
        tag?.Trim() is { } text && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(text[Prefix.Length..], "N", out var attempt) ? attempt : null;
}
