using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Links;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>Ends their access at once and gives their open tickets back to the queues. Returns how many those were.</summary>
[Allow("users.edit")]
internal sealed record DeactivateUser([property: NotEmpty] Guid Id) : IRequest<int>;

/// <summary>Lets them sign in again, with the password that they had.</summary>
[Allow("users.edit")]
internal sealed record ActivateUser([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Ends all sessions of a user; they may sign in again.</summary>
[Allow("users.edit")]
internal sealed record SignOutEverywhere([property: NotEmpty] Guid Id) : IRequest;

/// <summary>The token of a new one-time link with which they choose a password. Those before stop working.</summary>
[Allow("users.edit")]
internal sealed record MakeOneTimeLink([property: NotEmpty] Guid Id) : IRequest<string>;

internal sealed class DeactivateUserHandler(InforzapDb db, People people, Rights rights, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeactivateUser, int>
{
    public async Task<int> Handle(DeactivateUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (rights.IsSelf(user)) throw new Refusal(t["NotYourself"]);
        if (!user.IsActive) return 0;
        await people.RequireAnotherAdministratorAsync(user, ct);
        user.IsActive = false;
        var now = clock.GetUtcNow().UtcDateTime;
        db.Note(user.Id, AccessEvent.Deactivated, now, by: rights.Caller);
        await people.EndSessionsAsync(user);
        await db.OneTimeLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
        return await mediator.Send(new ReleaseTicketsOf(user.Id), ct);
    }
}

internal sealed class ActivateUserHandler(InforzapDb db, Rights rights, TimeProvider clock) : IRequestHandler<ActivateUser, Unit>
{
    public async Task<Unit> Handle(ActivateUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (!user.IsActive) db.Note(user.Id, AccessEvent.Activated, clock.GetUtcNow().UtcDateTime, by: rights.Caller);
        user.IsActive = true;
        db.Touch(Topics.User(user.Id), Topics.People);
        return Unit.Value;
    }
}

internal sealed class SignOutEverywhereHandler(InforzapDb db, People people, Rights rights, TimeProvider clock) : IRequestHandler<SignOutEverywhere, Unit>
{
    public async Task<Unit> Handle(SignOutEverywhere request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        db.Note(user.Id, AccessEvent.SessionsEnded, clock.GetUtcNow().UtcDateTime, by: rights.Caller);
        await people.EndSessionsAsync(user);
        return Unit.Value;
    }
}

internal sealed class MakeOneTimeLinkHandler(OneTimeLinks links, Rights rights, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<MakeOneTimeLink, string>
{
    public async Task<string> Handle(MakeOneTimeLink request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (!user.IsActive) throw new Refusal(t["ActivateFirst"]);
        return await links.MakeAsync(user.Id, actor.Id, ct);
    }
}
