using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Inforzap.Data;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Localization;
using MimeKit;

namespace Inforzap.Settings.Mail;

/// <summary>How a try to send ended.</summary>
internal enum MailEnd
{
    /// <summary>The server took it.</summary>
    Sent,
    /// <summary>Nobody knows the server's name.</summary>
    UnknownHost,
    /// <summary>Nobody answers there, or the line broke.</summary>
    NoConnection,
    /// <summary>It took too long.</summary>
    TimedOut,
    /// <summary>The server's certificate is not to be trusted.</summary>
    Certificate,
    /// <summary>The server does not speak the encryption that was chosen.</summary>
    NoEncryption,
    /// <summary>Name or password are wrong.</summary>
    SignIn,
    /// <summary>The server wants a sign-in, or offers none.</summary>
    SignInKind,
    /// <summary>The server does not send from this address.</summary>
    Sender,
    /// <summary>The server does not take mail for the recipient.</summary>
    Recipient,
    /// <summary>The server does not take this message.</summary>
    Message,
    /// <summary>What answers there is no mail server, or speaks in a way that nobody understands.</summary>
    Strange,
}

/// <summary>The end of a try.</summary>
/// <param name="Answer">The server's own words, if it had any.</param>
/// <param name="MayPass">Another try may end otherwise: the server said so, or somebody can mend the settings.</param>
internal sealed record MailResult(MailEnd How, string? Answer = null, bool MayPass = true)
{
    /// <summary>In words for people, with what they can do.</summary>
    public string Words(IStringLocalizer<Texts> t, MailAccount account, string to) => t[$"MailEnd{How}", account.Host, account.Port, account.FromAddress, to];
}

/// <summary>Speaks to mail servers. They may stand in the own network; what takes too long is given up.</summary>
internal sealed class MailPost(ILogger<MailPost> log)
{
    /// <summary>Tests trust certificates of their own.</summary>
    internal RemoteCertificateValidationCallback? Trust { get; init; }

    /// <summary>How long one try may take.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One try. Only the caller's own wish to stop is thrown.</summary>
    public async Task<MailResult> SendAsync(MailAccount account, MimeMessage message, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds, ServerCertificateValidationCallback = Trust, CheckCertificateRevocation = false };
        var step = Step.Connecting;
        try
        {
            await client.ConnectAsync(account.Host, account.Port, account.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            }, limit.Token);
            step = Step.SigningIn;
            if (account.UserName is not null) await client.AuthenticateAsync(Encoding.UTF8, account.UserName, account.Password ?? "", limit.Token);
            step = Step.Sending;
            await client.SendAsync(message, limit.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && Read(e, step) is MailResult end)
        {
            // Names and addresses stay out of the log.
            log.LogInformation("A mail was not taken: {End} ({Exception})", end.How, e.GetType().Name);
            return end;
        }
        await LeaveAsync(client, limit.Token);
        return new(MailEnd.Sent);
    }

    /// <summary>It was taken; that the good-bye fails changes nothing.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is IOException or ProtocolException or CommandException or OperationCanceledException or SocketException)
        {
            // The server hung up first.
        }
    }

    private static MailResult? Read(Exception e, Step step) => e switch
    {
        OperationCanceledException or TimeoutException => new(MailEnd.TimedOut),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery } => new(MailEnd.UnknownHost),
        SocketException { SocketErrorCode: SocketError.TimedOut } => new(MailEnd.TimedOut),
        SocketException => new(MailEnd.NoConnection),
        SslHandshakeException { ServerCertificate: not null } => new(MailEnd.Certificate),
        SslHandshakeException => new(MailEnd.NoEncryption),
        AuthenticationException => new(MailEnd.SignIn, Answer(e)),
        ServiceNotAuthenticatedException => new(MailEnd.SignInKind, Answer(e)),
        NotSupportedException when step == Step.Connecting => new(MailEnd.NoEncryption),
        NotSupportedException when step == Step.SigningIn => new(MailEnd.SignInKind),
        // An address with letters that the server can't spell.
        NotSupportedException => new(MailEnd.Recipient, MayPass: false),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } command => new(MailEnd.Recipient, Answer(e), IsPassing(command)),
        // Of the sender and of the rest somebody can mend the settings.
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } => new(MailEnd.Sender, Answer(e)),
        SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } command => new(MailEnd.Message, Answer(e), IsPassing(command)),
        SmtpCommandException => new(step == Step.SigningIn ? MailEnd.SignIn : MailEnd.Strange, Answer(e)),
        ProtocolException => new(MailEnd.Strange),
        IOException => new(MailEnd.NoConnection),
        _ => null,
    };

    private enum Step
    {
        Connecting,
        SigningIn,
        Sending,
    }

    private static bool IsPassing(SmtpCommandException e) => (int)e.StatusCode < 500;

    private static string? Answer(Exception e) =>
        CleanText.Of(string.Join(' ', e.Message.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)), 300) is { Length: > 0 } said ? said : null;
}
