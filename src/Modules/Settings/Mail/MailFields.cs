using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Mail;

/// <summary>The mail server as its form says it.</summary>
/// <param name="Host">Name or address of the server.</param>
/// <param name="UserName">The name that signs in; nothing where the server asks for none.</param>
/// <param name="Password">Nothing keeps the one before.</param>
/// <param name="FromName">What stands before the address.</param>
/// <param name="FromAddress">From which address mails come.</param>
/// <param name="ReplyTo">Where answers go, if elsewhere.</param>
internal abstract record MailFields(
    [property: NotEmpty, StringLength(255), Called("MailHost")] string Host,
    [property: Range(1, 65_535), Called("MailPort")] int Port,
    MailSecurity Security,
    [property: StringLength(256), Called("MailUserName")] string? UserName,
    [property: StringLength(500), Called("MailPassword")] string? Password,
    [property: NotEmpty, StringLength(120), Called("MailFromName")] string FromName,
    [property: NotEmpty, StringLength(256), Called("MailFromAddress")] string FromAddress,
    [property: StringLength(256), Called("MailReplyTo")] string? ReplyTo) : IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Uri.CheckHostName(Host.Trim()) == UriHostNameType.Unknown) yield return new(t["MailHostWrong"], [nameof(Host)]);
        if (!Enum.IsDefined(Security)) yield return new(t["SettingChoice"], [nameof(Security)]);
        if (FromName.Any(char.IsControl)) yield return new(t["SettingLine"], [nameof(FromName)]);
        if (!SettingValues.IsEmail(FromAddress.Trim())) yield return new(t["SettingEmail", FromAddress.Trim()], [nameof(FromAddress)]);
        if (!string.IsNullOrWhiteSpace(ReplyTo) && !SettingValues.IsEmail(ReplyTo.Trim())) yield return new(t["SettingEmail", ReplyTo.Trim()], [nameof(ReplyTo)]);
    }

    /// <summary>Says no password.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>The mail server as it is kept, without its password.</summary>
[Allow("users.administrators"), Reads]
internal sealed record ReadMail : IRequest<MailView>;

/// <summary>What the page shows.</summary>
/// <param name="Version">Who saves hands it back; null: there is none yet.</param>
public sealed record MailView(
    string Host, int Port, MailSecurity Security, string? UserName, bool HasPassword, string FromName, string FromAddress, string? ReplyTo, bool IsOn, int? Version);

/// <summary>Keeps the mail server. For administrators: links by which one signs in go out through it.</summary>
/// <param name="IsOn">Mails go out through it.</param>
/// <param name="Version">As it was read; null: there was none.</param>
[Allow("users.administrators")]
internal sealed record SaveMail(string Host, int Port, MailSecurity Security, string? UserName, string? Password, string FromName, string FromAddress, string? ReplyTo, bool IsOn, int? Version)
    : MailFields(Host, Port, Security, UserName, Password, FromName, FromAddress, ReplyTo), IRequest;

/// <summary>Sends a test message through the server as the form says it, saved or not. It holds no transaction while it waits.</summary>
/// <param name="To">Where it goes.</param>
[Allow("users.administrators"), Reads]
internal sealed record TestMail(
    string Host, int Port, MailSecurity Security, string? UserName, string? Password, string FromName, string FromAddress, string? ReplyTo,
    [property: NotEmpty, StringLength(256), EmailAddress, Called("MailTestTo")] string To)
    : MailFields(Host, Port, Security, UserName, Password, FromName, FromAddress, ReplyTo), IRequest<MailTrial>;

/// <summary>How a test ended, in words.</summary>
/// <param name="Answer">What the server said, in its own words.</param>
public sealed record MailTrial(bool IsSent, string Text, string? Answer);

internal sealed class ReadMailHandler(InforzapDb db, ISettings settings) : IRequestHandler<ReadMail, MailView>
{
    public async Task<MailView> Handle(ReadMail request, CancellationToken ct) =>
        await db.MailServers.AsNoTracking().SingleOrDefaultAsync(ct) is { } row
            ? new(row.Host, row.Port, row.Security, row.UserName, row.Password is not null, row.FromName, row.FromAddress, row.ReplyTo, row.IsOn, row.Version)
            : new("", 587, MailSecurity.StartTls, null, false, settings.Get(Setting.CompanyName), "", null, false, null);
}

internal sealed class SaveMailHandler(InforzapDb db, MailAccounts accounts, IStringLocalizer<Texts> t) : IRequestHandler<SaveMail, Unit>
{
    public async Task<Unit> Handle(SaveMail request, CancellationToken ct)
    {
        var row = await db.MailServers.SingleOrDefaultAsync(ct);
        if (row?.Version != request.Version) throw Refusal.Conflict(t["MailChanged"]);
        var account = accounts.Of(request, row);
        if (row is null) db.Add(row = new MailServer { Host = account.Host, FromName = account.FromName, FromAddress = account.FromAddress });
        (row.Host, row.Port, row.Security, row.UserName) = (account.Host, account.Port, account.Security, account.UserName);
        (row.FromName, row.FromAddress, row.ReplyTo, row.IsOn) = (account.FromName, account.FromAddress, account.ReplyTo, request.IsOn);
        if (account.Password is null) row.Password = null;
        else if (!string.IsNullOrWhiteSpace(request.Password)) row.Password = accounts.Protect(account.Password);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Settings);
        return Unit.Value;
    }
}

internal sealed class TestMailHandler(InforzapDb db, MailAccounts accounts, MailPost post, MailLayout layout, IStringLocalizer<Texts> t) : IRequestHandler<TestMail, MailTrial>
{
    public async Task<MailTrial> Handle(TestMail request, CancellationToken ct)
    {
        var account = accounts.Of(request, await db.MailServers.AsNoTracking().SingleOrDefaultAsync(ct));
        var mail = new MailMessage(request.To.Trim(), t["MailTestSubject"], System.Globalization.CultureInfo.CurrentUICulture.Name, [t["MailTestBody"]]);
        var end = await post.SendAsync(account, layout.Compose(account, MailLayout.NewId(account.FromAddress), mail), ct);
        return new(end.How == MailEnd.Sent, end.Words(t, account, mail.To), end.Answer);
    }
}
