using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Security;

namespace Inforzap.Settings.Mail;

/// <summary>
/// A mail in its lane. What it says is encrypted: links in it open doors. Each recipient has a lane of their own, so that one
/// whom nobody reaches holds up nobody else.
/// </summary>
/// <param name="Id">Under which its words are encrypted.</param>
/// <param name="MessageId">What the mail calls itself at every try.</param>
/// <param name="Sealed">A <see cref="MailMessage"/>, encrypted.</param>
internal sealed record PostedMail(Guid Id, string MessageId, string Sealed)
{
    public const string Lane = "mail";

    /// <summary>The purpose of its encryption.</summary>
    public static string Purpose(Guid id) => $"mail/{id:N}";
}

/// <summary>Knows on each node whether mail can be sent, and puts mails into their lanes.</summary>
internal sealed class LiveMail(IServiceScopeFactory scopes, LiveHints live, Secrets secrets, TimeProvider clock, ILogger<LiveMail> log) : LiveCopy(scopes, live, log), IMailer
{
    private volatile string? from;

    public bool IsReady => from is not null;

    public void Post(InforzapDb db, MailMessage mail)
    {
        var id = Guid.NewGuid();
        var posted = new PostedMail(id, MailLayout.NewId(from ?? ""), secrets.Protect(PostedMail.Purpose(id), JsonSerializer.Serialize(mail, JsonSerializerOptions.Web)));
        db.Enqueue(CleanText.Cut($"{PostedMail.Lane}/{mail.To.ToLowerInvariant()}", 200), "mail", JsonSerializer.Serialize(posted, JsonSerializerOptions.Web), clock.GetUtcNow().UtcDateTime);
    }

    protected override IEnumerable<string> Topics => [Live.Topics.Settings];

    protected override async Task ReadAsync(InforzapDb db, CancellationToken ct) =>
        from = await db.MailServers.Where(m => m.IsOn).Select(m => m.FromAddress).SingleOrDefaultAsync(ct);
}
