using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;

namespace Inforzap.Identity.Users;

internal sealed class MakeUserHandler(People people, IMediator mediator) : IRequestHandler<MakeUser, Guid>
{
    public async Task<Guid> Handle(MakeUser request, CancellationToken ct)
    {
        var user = await people.AddAsync(request.Name, request.Email, request.Password, request.Role, request.Language, ct);
        if (request.Queues.Count > 0) await mediator.Send(new SetUserQueues(user.Id, request.Queues), ct);
        return user.Id;
    }
}
