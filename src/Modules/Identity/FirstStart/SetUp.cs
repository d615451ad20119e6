using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Inforzap.Identity.Sessions;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.FirstStart;

/// <summary>The set-up page's request: whoever holds the token of the console makes the first administrator.</summary>
[AllowAnyone, Reads]
internal sealed record SetUp(
    [property: NotEmpty, StringLength(100), Called("SetUpToken")] string Token,
    [property: NotEmpty, StringLength(120)] string Company,
    [property: NotEmpty, StringLength(80)] string TimeZone,
    [property: StringLength(200)] string? PublicUrl,
    [property: NotEmpty, StringLength(120), Called("YourName")] string Name,
    [property: NotEmpty, StringLength(256), EmailAddress] string Email,
    [property: NotEmpty, StringLength(200)] string Password,
    [property: RegularExpression("pt-BR|en|es")] string Language) : IRequest<SignedIn>;

internal sealed class SetUpHandler(SetUpToken token, SystemMediator system, FirstThings first, IStringLocalizer<Texts> t) : IRequestHandler<SetUp, SignedIn>
{
    public async Task<SignedIn> Handle(SetUp request, CancellationToken ct)
    {
        if (!token.Is(request.Token)) throw Refusal.Forbidden(t["WrongSetUpToken"]);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _)) throw new Refusal(t["UnknownTimeZone"]);
        if (!string.IsNullOrWhiteSpace(request.PublicUrl) && !(Uri.TryCreate(request.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            throw new Refusal(t["BadPublicUrl"]);
        var admin = await system.Send(new SetUpCompany(request.Company, request.TimeZone, request.PublicUrl ?? "", request.Name, request.Email, request.Password, request.Language), ct);
        await first.MakeAsync(admin.Id, ct);
        return admin;
    }
}

/// <summary>The token that the console prints at the first start. It lives in memory: each start makes another.</summary>
internal sealed class SetUpToken
{
    public string Text { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public bool Is(string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.Trim()), Encoding.UTF8.GetBytes(Text));
}
