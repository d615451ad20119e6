using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.TwoFactor;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Links;

/// <summary>For whom a link is; null when it is unknown, used or too old.</summary>
[AllowAnyone, Reads]
internal sealed record ReadInvitation([property: NotEmpty, StringLength(100), Called("MakeLink")] string Token) : IRequest<Invitation?>;

/// <summary>Who may choose a password.</summary>
internal sealed record Invitation(string Name, string Email);

/// <summary>Uses a link: chooses the password and opens a session, or leads to the second step. It works once.</summary>
[AllowAnyone]
internal sealed record AcceptInvitation(
    [property: NotEmpty, StringLength(100), Called("MakeLink")] string Token,
    [property: NotEmpty, StringLength(200), Called("NewPassword")] string Password,
    From? From = null) : IRequest<PasswordAnswer>;

internal sealed class ReadInvitationHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<ReadInvitation, Invitation?>
{
    public Task<Invitation?> Handle(ReadInvitation request, CancellationToken ct)
    {
        var (hash, now) = (OneTimeLinks.Hash(request.Token), clock.GetUtcNow().UtcDateTime);
        return (from link in db.OneTimeLinks
                join user in db.Users on link.UserId equals user.Id
                where link.TokenHash == hash && link.UsedAt == null && link.ExpiresAt > now && user.IsActive
                select new Invitation(user.Name, user.Email!)).SingleOrDefaultAsync(ct);
    }
}

internal sealed class AcceptInvitationHandler(InforzapDb db, People people, OneTimeLinks links, Codes codes, SecondSteps steps, TimeProvider clock, IStringLocalizer<Texts> t)
    : IRequestHandler<AcceptInvitation, PasswordAnswer>
{
    public async Task<PasswordAnswer> Handle(AcceptInvitation request, CancellationToken ct)
    {
        var (hash, now) = (OneTimeLinks.Hash(request.Token), clock.GetUtcNow().UtcDateTime);
        var won = await db.OneTimeLinks.Where(l => l.TokenHash == hash && l.UsedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
        var user = won == 0 ? null : await (from link in db.OneTimeLinks
                                            join u in db.Users on link.UserId equals u.Id
                                            where link.TokenHash == hash && u.IsActive
                                            select u).SingleOrDefaultAsync(ct);
        if (user is null) throw Refusal.NotFound(t["LinkGone"]);
        await people.SetPasswordAsync(user, request.Password);
        // Others that are on their way would undo it.
        await links.EndAsync(user.Id, ct);
        db.Note(user.Id, AccessEvent.NewPassword, now, request.From);
        var on = await codes.AreOnAsync(user.Id, ct);
        if (on || codes.AreRequired(user.Role)) return new(null, null, steps.Seal(SignedIn.Of(user)), Enrols: !on);
        user.LastSignInAt = now;
        db.Note(user.Id, AccessEvent.SignedIn, now, request.From);
        return new(SignedIn.Of(user), null);
    }
}
