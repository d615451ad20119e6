using Inforzap.Data;
using Inforzap.Security;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Mail;

/// <summary>The server with its password.</summary>
internal sealed class MailAccounts(InforzapDb db, Secrets secrets, IStringLocalizer<Texts> t)
{
    private const string Purpose = "mail/Password";

    /// <summary>The one that is switched on, or null. Its password is null also when the keys to it are lost.</summary>
    public async Task<MailAccount?> InUseAsync(CancellationToken ct) =>
        await db.MailServers.AsNoTracking().SingleOrDefaultAsync(m => m.IsOn, ct) is { } row
            ? new(row.Host, row.Port, row.Security, row.UserName, row.Password is null ? null : secrets.Unprotect(Purpose, row.Password), row.FromName, row.FromAddress, row.ReplyTo) : null;

    /// <summary>Encrypted, as it is kept.</summary>
    public string Protect(string password) => secrets.Protect(Purpose, password);

    /// <summary>
    /// The server as the form says it. An empty password stands for the one that is kept, but only for the server and the name
    /// that it was given for, and never more openly than before: else whoever may edit this could have it sent to themselves.
    /// </summary>
    public MailAccount Of(MailFields form, MailServer? kept)
    {
        var account = new MailAccount(form.Host.Trim(), form.Port, form.Security, Blank(form.UserName), Blank(form.Password), form.FromName.Trim(), form.FromAddress.Trim(), Blank(form.ReplyTo));
        if (account.UserName is null) return account with { Password = null };
        if (account.Password is not null) return account;
        if (kept?.Password is null) throw At(t["MailPasswordNeeded"]);
        if (!string.Equals(kept.Host, account.Host, StringComparison.OrdinalIgnoreCase) || kept.Port != account.Port || kept.UserName != account.UserName
            || (account.Security == MailSecurity.Plain && kept.Security != MailSecurity.Plain)) throw At(t["MailPasswordAgain"]);
        return account with { Password = secrets.Unprotect(Purpose, kept.Password) ?? throw At(t["MailPasswordLost"]) };
    }

    private static Refusal At(string message) => Refusal.At(nameof(MailFields.Password), message);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
