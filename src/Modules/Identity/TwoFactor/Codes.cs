using System.Security.Cryptography;
using System.Text;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Links;
using Inforzap.Security;
using Microsoft.Extensions.Localization;
using OtpNet;

namespace Inforzap.Identity.TwoFactor;

/// <summary>What a phone needs to make codes.</summary>
/// <param name="Secret">For typing, in groups of four.</param>
/// <param name="Uri">For the picture.</param>
public sealed record Pairing(string Secret, string Uri)
{
    /// <summary>Names nothing: it is a secret.</summary>
    public override string ToString() => nameof(Pairing);
}

/// <summary>Makes and checks codes: six digits of an app (RFC 6238, 30 s, one step of tolerance), or a recovery code.</summary>
internal sealed class Codes(InforzapDb db, Secrets secrets, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : ISecondFactors
{
    /// <summary>How many recovery codes there are at first.</summary>
    public const int Recovery = 10;

    private static readonly VerificationWindow OneStep = new(previous: 1, future: 1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether codes are asked of this user.</summary>
    public Task<bool> AreOnAsync(Guid userId, CancellationToken ct) => db.SecondFactors.AnyAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct);

    /// <summary>Whether this role must have codes.</summary>
    public bool AreRequired(BuiltInRoles role) =>
        settings.Get(Setting.TwoFactorRoles).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(role.ToString());

    /// <summary>A secret to be confirmed. Asked again soon, it is the same: a page that is loaded twice shows one picture.</summary>
    public async Task<Pairing> BeginAsync(User user, CancellationToken ct)
    {
        var factor = await db.SecondFactors.SingleOrDefaultAsync(f => f.UserId == user.Id, ct);
        if (factor?.ConfirmedAt is not null) throw Refusal.Conflict(t["CodesAreOn"]);
        var secret = factor is not null && factor.MadeAt > Now - Patience ? secrets.Unprotect(Purpose(user.Id), factor.Secret) : null;
        if (secret is null)
        {
            secret = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(20));
            if (factor is null) db.Add(factor = new SecondFactor { UserId = user.Id, Secret = "" });
            (factor.Secret, factor.MadeAt, factor.LastStep) = (secrets.Protect(Purpose(user.Id), secret), Now, 0);
            await db.SaveChangesAsync(ct);
        }
        var issuer = settings.Get(Setting.CompanyName) is { Length: > 0 } company ? $"{company} (Inforzap)" : "Inforzap";
        return new(string.Join(' ', secret.Chunk(4).Select(c => new string(c))), new OtpUri(OtpType.Totp, secret, user.Email, issuer).ToString());
    }

    /// <summary>Switches codes on with a first right one, and gives the recovery codes; null when it is wrong.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(User user, string code, CancellationToken ct)
    {
        var factor = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.UserId == user.Id && f.ConfirmedAt == null, ct) ?? throw Refusal.Conflict(t["CodesAreOn"]);
        if (Step(factor, code) is not { } step) return null;
        var now = Now;
        var won = await db.SecondFactors.Where(f => f.UserId == user.Id && f.ConfirmedAt == null && f.Secret == factor.Secret)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.ConfirmedAt, now).SetProperty(f => f.LastStep, step), ct);
        return won == 0 ? throw Refusal.Conflict(t["CodesAreOn"]) : await RenewRecoveryAsync(user.Id, ct);
    }

    /// <summary>Takes a code, once. Says of which sort it was; null when it is wrong, used or too old.</summary>
    public async Task<CodeSort?> TakeAsync(Guid userId, string code, CancellationToken ct)
    {
        var factor = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt != null, ct);
        if (factor is null) return null;
        if (Step(factor, code) is { } step)
            return await db.SecondFactors.Where(f => f.UserId == userId && f.LastStep < step).ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step), ct) == 1 ? CodeSort.App : null;
        var (hash, now) = (HashOf(userId, code), Now);
        return await db.RecoveryCodes.Where(c => c.UserId == userId && c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), ct) == 1 ? CodeSort.Recovery : null;
    }

    /// <summary>New recovery codes; those before stop working.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryAsync(Guid userId, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
        var made = Enumerable.Range(0, Recovery).Select(_ => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant()).ToList();
        foreach (var code in made) db.Add(new RecoveryCode { UserId = userId, Hash = HashOf(userId, code) });
        await db.SaveChangesAsync(ct);
        return [.. made.Select(c => string.Join('-', c.Chunk(4).Select(g => new string(g))))];
    }

    /// <summary>No codes are asked any more.</summary>
    public async Task EndAsync(Guid userId, CancellationToken ct)
    {
        await db.SecondFactors.Where(f => f.UserId == userId).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
    }

    private long? Step(SecondFactor factor, string code)
    {
        var digits = string.Concat(code.Where(c => !char.IsWhiteSpace(c)));
        if (digits.Length != 6 || !digits.All(char.IsAsciiDigit)) return null;
        // A lost key ring takes the secret with it: an administrator resets, and the user begins anew.
        if (secrets.Unprotect(Purpose(factor.UserId), factor.Secret) is not { } secret) return null;
        return new Totp(Base32Encoding.ToBytes(secret)).VerifyTotp(Now, digits, out var step, OneStep) ? step : null;
    }

    private static string HashOf(Guid userId, string code) =>
        OneTimeLinks.Hash($"{userId:N}:{string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant()}");

    private static string Purpose(Guid userId) => $"two-factor/{userId:N}";
}

/// <summary>What sort of code was taken.</summary>
internal enum CodeSort
{
    /// <summary>Of the app.</summary>
    App,
    /// <summary>For the day the phone is lost.</summary>
    Recovery,
}
