using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Links;

/// <summary>Mails a link that was just made to its owner. The link stays the same, so that it may be handed over as well.</summary>
/// <param name="Id">Whose it is.</param>
/// <param name="Token">As it was shown.</param>
/// <param name="Root">Where the caller sees the product; the public address goes before it.</param>
[Allow("users.edit")]
internal sealed record MailOneTimeLink(
    [property: NotEmpty] Guid Id,
    [property: NotEmpty, StringLength(100), Called("MakeLink")] string Token,
    [property: NotEmpty, StringLength(300), Called("MakeLink")] string Root) : IRequest
{
    /// <summary>Says no token.</summary>
    public override string ToString() => nameof(MailOneTimeLink);
}

internal sealed class MailOneTimeLinkHandler(InforzapDb db, Rights rights, LinkMail mail, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<MailOneTimeLink, Unit>
{
    public async Task<Unit> Handle(MailOneTimeLink request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (!user.IsActive) throw new Refusal(t["ActivateFirst"]);
        var root = mail.RequireRoot(request.Root);
        var (hash, now) = (OneTimeLinks.Hash(request.Token), clock.GetUtcNow().UtcDateTime);
        var link = await db.OneTimeLinks.AsNoTracking().SingleOrDefaultAsync(l => l.TokenHash == hash && l.UserId == user.Id && l.UsedAt == null && l.ExpiresAt > now, ct)
            ?? throw Refusal.NotFound(t["LinkGone"]);
        mail.Post(user, root, request.Token.Trim(), link.ExpiresAt);
        return Unit.Value;
    }
}

/// <summary>One-time links by e-mail: as an invitation to who has no password yet.</summary>
internal sealed class LinkMail(InforzapDb db, IMailer mailer, ISettings settings, IActor actor, IStringLocalizer<Texts> t)
{
    /// <summary>Where the product is seen: its public address, else where the caller sees it.</summary>
    /// <exception cref="Refusal">It sends no e-mail, or nobody could follow a link.</exception>
    public string RequireRoot(string seen)
    {
        if (!mailer.IsReady) throw new Refusal(t["AskNotOffered"]);
        var root = settings.Get(Setting.PublicUrl) is { Length: > 0 } url ? url : seen;
        if (!Uri.TryCreate(root, UriKind.Absolute, out var site) || site.Scheme is not ("http" or "https")) throw new Refusal(t["BadPublicUrl"]);
        return root.TrimEnd('/');
    }

    /// <summary>Posted when the transaction is.</summary>
    public void Post(User user, string root, string token, DateTime until)
    {
        var isNew = user.PasswordHash is null;
        mailer.Post(db, Languages.In(user.Language, () => new MailMessage(user.Email!, isNew ? t["InviteMailSubject"] : t["PasswordMailSubject"], user.Language,
            [t["PasswordMailHello", user.Name], isNew ? t["InviteMailText", actor.Name, user.Email!] : t["LinkMailText", actor.Name, user.Email!]])
        {
            Button = isNew ? t["InviteMailGo"] : t["PasswordMailGo"], Url = $"{root}/invite/{token}", Small = t["LinkMailSmall"], Until = until,
        }));
    }
}
