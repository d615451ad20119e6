using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Settings.Mail;

/// <summary>The server that takes the product's mail: one row, or none.</summary>
[Audited("mail", NamedBy = nameof(Host), Secret = [nameof(Password)])]
internal sealed class MailServer : Versioned
{
    /// <summary>There is only one.</summary>
    public static readonly Guid Key = new("6d61696c-0000-4000-8000-000000000001");

    public Guid Id { get; init; } = Key;
    public required string Host { get; set; }
    public int Port { get; set; }
    public MailSecurity Security { get; set; }
    /// <summary>Null: it takes mail without a sign-in.</summary>
    public string? UserName { get; set; }
    /// <summary>Encrypted; see <see cref="MailAccounts"/>.</summary>
    public string? Password { get; set; }
    public required string FromName { get; set; }
    public required string FromAddress { get; set; }
    public string? ReplyTo { get; set; }
    public bool IsOn { get; set; }
}

/// <summary>How the way to the server is kept secret.</summary>
public enum MailSecurity
{
    /// <summary>It begins in clear and is encrypted from there on; a server that does not offer that is refused.</summary>
    StartTls,
    /// <summary>Encrypted from the beginning.</summary>
    Tls,
    /// <summary>Not at all.</summary>
    Plain,
}

/// <summary>A server as it is spoken to, with the password in clear.</summary>
internal sealed record MailAccount(string Host, int Port, MailSecurity Security, string? UserName, string? Password, string FromName, string FromAddress, string? ReplyTo)
{
    /// <summary>Says no password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>An alarm that was told by mail, or is about to be. Stays while it lasts, and until it may be told of again.</summary>
internal sealed class AlarmMail
{
    /// <summary>As its source calls it.</summary>
    public required string AlarmId { get; init; }
    /// <summary>When it was first seen; it may stand for longer.</summary>
    public DateTime Since { get; set; }
    /// <summary>When any node last saw it.</summary>
    public DateTime SeenAt { get; set; }
    /// <summary>When it was told.</summary>
    public DateTime? ToldAt { get; set; }
    /// <summary>It is told, and that it is over was not.</summary>
    public bool IsOpen { get; set; }
    /// <summary>What it said, by language, as JSON: when it is over nobody can say it again.</summary>
    public required string Words { get; set; }
}
