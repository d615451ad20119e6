using Inforzap.Audit;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Links;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>
/// Ends their access at once. What they have in hand goes to somebody else, or, without one, back to where everybody finds it.
/// Returns how many things those were.
/// </summary>
[Allow("users.edit")]
internal sealed record DeactivateUser([property: NotEmpty] Guid Id, Guid? GiveTo = null) : IRequest<int>;

/// <summary>What a user has in hand, in words, and who could take it over.</summary>
[Allow("users.edit"), Reads]
internal sealed record ReadBelongings([property: NotEmpty] Guid Id) : IRequest<Belongings>;

/// <summary>What somebody has in hand.</summary>
/// <param name="Things">A line for each kind of thing.</param>
/// <param name="Heirs">Active users beside them, by name.</param>
public sealed record Belongings(IReadOnlyList<string> Things, IReadOnlyList<Heir> Heirs);

/// <summary>Somebody who could take over.</summary>
public sealed record Heir(Guid Id, string Name, bool IsOnline);

/// <summary>Removes a deactivated user from all lists for good. Their name stays with what they did; the e-mail is free again.</summary>
[Allow("users.delete")]
internal sealed record DeleteUser([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Lets them sign in again, with the password that they had.</summary>
[Allow("users.edit")]
internal sealed record ActivateUser([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Ends all sessions of a user; they may sign in again.</summary>
[Allow("users.edit")]
internal sealed record SignOutEverywhere([property: NotEmpty] Guid Id) : IRequest;

/// <summary>The token of a new one-time link with which they choose a password. Those before stop working.</summary>
[Allow("users.edit")]
internal sealed record MakeOneTimeLink([property: NotEmpty] Guid Id) : IRequest<string>;

internal sealed class DeactivateUserHandler(InforzapDb db, People people, Rights rights, IEnumerable<IBelongings> belongings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeactivateUser, int>
{
    public async Task<int> Handle(DeactivateUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (rights.IsSelf(user)) throw new Refusal(t["NotYourself"]);
        if (!user.IsActive) return 0;
        if (request.GiveTo is { } heir && (heir == user.Id || !await db.Users.AnyAsync(u => u.Id == heir && u.IsActive, ct))) throw Refusal.NotFound(t["UserGone"]);
        await people.RequireAnotherAdministratorAsync(user, ct);
        (user.IsActive, user.IsOnline) = (false, false);
        var now = clock.GetUtcNow().UtcDateTime;
        db.Note(user.Id, AccessEvent.Deactivated, now, by: rights.Caller);
        await people.EndSessionsAsync(user);
        await db.OneTimeLinks.Where(l => l.UserId == user.Id && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), ct);
        var moved = 0;
        foreach (var kind in belongings) moved += await kind.MoveAsync(user.Id, request.GiveTo, ct);
        return moved;
    }
}

internal sealed class ReadBelongingsHandler(InforzapDb db, Rights rights, IEnumerable<IBelongings> belongings) : IRequestHandler<ReadBelongings, Belongings>
{
    public async Task<Belongings> Handle(ReadBelongings request, CancellationToken ct)
    {
        await rights.EditableAsync(request.Id, ct);
        var things = new List<string>();
        foreach (var kind in belongings) if (await kind.DescribeAsync(request.Id, ct) is { } words) things.Add(words);
        return new(things, await db.Users.Where(u => u.IsActive && u.Id != request.Id).OrderBy(u => u.Name).Select(u => new Heir(u.Id, u.Name, u.IsOnline)).ToListAsync(ct));
    }
}

internal sealed class DeleteUserHandler(InforzapDb db, People people, Rights rights, IMediator mediator, IEnumerable<IBelongings> belongings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeleteUser, Unit>
{
    public async Task<Unit> Handle(DeleteUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        if (rights.IsSelf(user)) throw new Refusal(t["NotYourself"]);
        if (user.IsActive) throw new Refusal(t["DeactivateFirst"]);
        await mediator.Send(new SetUserQueues(user.Id, []), ct);
        foreach (var kind in belongings) await kind.ForgetAsync(user.Id, ct);
        await people.RemoveAsync(user, clock.GetUtcNow().UtcDateTime, ct);
        // What was written of them holds addresses and numbers; what they did to other things stays.
        var subject = user.Id.ToString();
        await db.AuditEntries.Where(e => e.Kind == "user" && e.SubjectId == subject).ExecuteDeleteAsync(ct);
        db.AuditGone("user", user.Id, user.Name);
        return Unit.Value;
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

internal sealed class SignOutEverywhereHandler(InforzapDb db, People people, Rights rights, OneTimeLinks links, TimeProvider clock) : IRequestHandler<SignOutEverywhere, Unit>
{
    public async Task<Unit> Handle(SignOutEverywhere request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(request.Id, ct);
        db.Note(user.Id, AccessEvent.SessionsEnded, clock.GetUtcNow().UtcDateTime, by: rights.Caller);
        await people.EndSessionsAsync(user);
        await links.EndOwnAsync(user.Id, ct);
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
