using System.Text.RegularExpressions;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Sms;

/// <summary>What Comtele's words for a message's fate mean. It publishes no list of them, so they are read by what stands in them.</summary>
internal static partial class States
{
    /// <summary>Null for a word that nobody knows.</summary>
    public static ReceiptState? Of(string? word) =>
        string.IsNullOrWhiteSpace(word) ? null
        : Failed().IsMatch(word) ? ReceiptState.Failed
        : Delivered().IsMatch(word) ? ReceiptState.Delivered
        : Sent().IsMatch(word) ? ReceiptState.Sent : null;

    public static bool IsFinal(ReceiptState? state) => state is ReceiptState.Delivered or ReceiptState.Failed;

    [GeneratedRegex("error|erro|fail|falh|reject|rejeit|expir|undeliver|n[aã]o (foi )?(entreg|envi)|not (deliver|sent)|unsent|inv[aá]lid|blacklist|cancel|bloque", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Failed();

    [GeneratedRegex("deliver|entreg", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Delivered();

    [GeneratedRegex("sent|envi|process|accept|aceit|queue|agend|fila", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Sent();
}
