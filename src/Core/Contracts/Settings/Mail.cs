using Inforzap.Data;

namespace Inforzap.Contracts.Settings;

/// <summary>Sends the product's own mail: links, alarms.</summary>
public interface IMailer
{
    /// <summary>A server is known and switched on. Without it nothing that needs mail is offered.</summary>
    bool IsReady { get; }

    /// <summary>
    /// Puts a mail in its lane, in the caller's transaction. What is committed is sent at least once, always under the same
    /// Message-Id; what no server takes is tried again with growing pauses and then waits, parked, for a person.
    /// </summary>
    void Post(InforzapDb db, MailMessage mail);
}

/// <summary>A mail in words; how it looks is the same for all.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">The subject, and the title in the mail.</param>
/// <param name="Language">The language that it is written in.</param>
/// <param name="Paragraphs">Plain text.</param>
public sealed record MailMessage(string To, string Subject, string Language, IReadOnlyList<string> Paragraphs)
{
    /// <summary>What stands on the button; null: no button.</summary>
    public string? Button { get; init; }

    /// <summary>Where the button leads.</summary>
    public string? Url { get; init; }

    /// <summary>Small print under it all: why they get this, what to do if they did not expect it.</summary>
    public string? Small { get; init; }

    /// <summary>After this time it would be of no use, and is not sent any more; UTC.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Says nothing of what is in it, since that may be a secret.</summary>
    public override string ToString() => nameof(MailMessage);
}
