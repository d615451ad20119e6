using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Users;

/// <summary>Makes a user, or changes one. Without a password a new user waits for a one-time link; of others it stays.</summary>
[Allow("users.edit")]
internal sealed record SaveUser(
    Guid? Id,
    [property: NotEmpty, StringLength(120)] string Name,
    [property: NotEmpty, StringLength(256), EmailAddress] string Email,
    BuiltInRoles Role,
    IReadOnlyList<Guid> Queues,
    [property: StringLength(200)] string? Password,
    string? Stamp) : IRequest<Guid>;

internal sealed class SaveUserHandler(InforzapDb db, People people, Rights rights, IMediator mediator, Contracts.Settings.ISettings settings, IStringLocalizer<Texts> t)
    : IRequestHandler<SaveUser, Guid>
{
    public async Task<Guid> Handle(SaveUser request, CancellationToken ct)
    {
        if (request.Role is not (BuiltInRoles.Administrator or BuiltInRoles.Supervisor or BuiltInRoles.Agent)) throw new Refusal(t["UnknownRole"]);
        rights.RequireMayGive(request.Role);
        var user = request.Id is { } id ? await ChangeAsync(id, request, ct)
            : await people.AddAsync(request.Name, request.Email, request.Password, request.Role, settings.Get(Contracts.Settings.Setting.Language), ct);
        await mediator.Send(new SetUserQueues(user.Id, request.Queues), ct);
        return user.Id;
    }

    private async Task<User> ChangeAsync(Guid id, SaveUser request, CancellationToken ct)
    {
        var user = await rights.EditableAsync(id, ct);
        if (user.ConcurrencyStamp != request.Stamp) throw Refusal.Conflict(t["UserChanged", user.Name]);
        await people.RenameAsync(user, request.Name, request.Email, ct);
        user.ConcurrencyStamp = Guid.NewGuid().ToString();
        if (user.Role != request.Role)
        {
            await people.RequireAnotherAdministratorAsync(user, ct);
            user.Role = request.Role;
            await people.EndSessionsAsync(user);
        }
        if (!string.IsNullOrEmpty(request.Password)) await people.SetPasswordAsync(user, request.Password);
        await db.SaveChangesAsync(ct);
        return user;
    }
}
