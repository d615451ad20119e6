using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Sessions;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.FirstStart;

/// <summary>Company data and the first administrator, once in the life of an installation.</summary>
[AllowSystem]
internal sealed record SetUpCompany(string Company, string TimeZone, string PublicUrl, string Name, string Email, string Password, string Language) : IRequest<SignedIn>;

internal sealed class SetUpCompanyHandler(InforzapDb db, People people, IMediator mediator, TimeProvider clock, IStringLocalizer<Texts> t)
    : IRequestHandler<SetUpCompany, SignedIn>
{
    /// <summary>A row with this key says that it happened: of two that try at once, the database takes one.</summary>
    private static readonly Guid Mark = new("5e7a0000-0000-4000-8000-000000000001");

    public async Task<SignedIn> Handle(SetUpCompany request, CancellationToken ct)
    {
        if (await db.Users.AnyAsync(ct)) throw Refusal.Conflict(t["AlreadySetUp"]);
        var now = clock.GetUtcNow().UtcDateTime;
        db.Add(new OneTimeLink { Id = Mark, UserId = Guid.Empty, TokenHash = "set-up", ExpiresAt = now, UsedAt = now });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Refusal.Conflict(t["AlreadySetUp"]);
        }
        var values = new Dictionary<string, string>
        {
            [Setting.CompanyName.Name] = request.Company.Trim(), [Setting.TimeZone.Name] = request.TimeZone, [Setting.Language.Name] = request.Language,
        };
        if (request.PublicUrl.Trim().TrimEnd('/') is { Length: > 0 } url) values[Setting.PublicUrl.Name] = url;
        await mediator.Send(new ChangeSettings(values), ct);
        return SignedIn.Of(await people.AddAsync(request.Name, request.Email, request.Password, BuiltInRoles.Administrator, request.Language, ct));
    }
}

internal sealed class IsSetUpHandler(InforzapDb db) : IRequestHandler<IsSetUp, bool>
{
    public Task<bool> Handle(IsSetUp request, CancellationToken ct) => db.Users.AnyAsync(ct);
}
