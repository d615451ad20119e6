using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Lanes;
using Inforzap.Requests;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace Inforzap.Identity.Links;

/// <summary>
/// Asks for a link by mail, with which a new password is chosen. Whoever it is, the answer and the work for it are the same: who that
/// address belongs to is looked up later, in a lane.
/// </summary>
[AllowAnyone]
internal sealed record AskNewPassword([property: NotEmpty, StringLength(256)] string Email, From? From = null) : IRequest;

/// <summary>What waits in the lane.</summary>
internal sealed record AskedPassword(string Email, From? From)
{
    public const string Lane = "password";
}

internal sealed class AskNewPasswordHandler(InforzapDb db, PasswordByMail byMail, PasswordAsks asks, ILookupNormalizer normalizer, TimeProvider clock, IStringLocalizer<Texts> t)
    : IRequestHandler<AskNewPassword, Unit>
{
    public Task<Unit> Handle(AskNewPassword request, CancellationToken ct)
    {
        if (!byMail.IsOffered) throw Refusal.NotFound(t["AskNotOffered"]);
        var email = normalizer.NormalizeEmail(CleanText.Of(request.Email.Trim(), 256))!;
        if (!asks.Take(email, request.From?.Address)) throw new Refusal(t["AskTooOften"]);
        var asked = new AskedPassword(email, request.From is null ? null : request.From with { Browser = CleanText.Of(request.From.Browser, 200) });
        db.Enqueue($"{AskedPassword.Lane}/{OneTimeLinks.Hash(email)}", "password", JsonSerializer.Serialize(asked, JsonSerializerOptions.Web), clock.GetUtcNow().UtcDateTime);
        return Unit.Task;
    }
}

/// <summary>Whether people can have a new password by mail.</summary>
internal sealed class PasswordByMail(IMailer mailer, ISettings settings)
{
    /// <summary>
    /// Needs the public address: one that a stranger's request brings along could lead elsewhere, and the link with it.
    /// </summary>
    public bool IsOffered => mailer.IsReady && settings.Get(Setting.PublicUrl).Length > 0;
}

/// <summary>Makes the links that were asked for, and mails them. Whoever is unknown or deactivated gets nothing.</summary>
internal sealed class PasswordLane(InforzapDb db, OneTimeLinks links, IMailer mailer, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : ILaneHandler
{
    /// <summary>Links that one user gets within the life of one; whichever node they ask.</summary>
    public const int Most = 3;

    public string Type => AskedPassword.Lane;

    public async Task HandleAsync(LaneSet set, CancellationToken ct)
    {
        foreach (var item in set.Items)
        {
            var asked = JsonSerializer.Deserialize<AskedPassword>(item.Payload, JsonSerializerOptions.Web)!;
            var user = await db.Users.AsNoTracking().Where(u => u.NormalizedEmail == asked.Email && u.IsActive).Select(u => new { u.Id, u.Name, u.Email, u.Language }).SingleOrDefaultAsync(ct);
            var (now, root) = (clock.GetUtcNow().UtcDateTime, settings.Get(Setting.PublicUrl).TrimEnd('/'));
            if (user is null || root.Length == 0 || await db.OneTimeLinks.CountAsync(l => l.UserId == user.Id && l.MadeBy == null && l.ExpiresAt > now && l.ExpiresAt <= now + OneTimeLinks.OwnLife, ct) >= Most) continue;
            var token = await links.MakeForThemselvesAsync(user.Id, ct);
            db.Note(user.Id, AccessEvent.PasswordAsked, now, asked.From);
            mailer.Post(db, Languages.In(user.Language, () => new MailMessage(user.Email!, t["PasswordMailSubject"], user.Language, [t["PasswordMailHello", user.Name], t["PasswordMailText", user.Email!]])
            {
                Button = t["PasswordMailGo"], Url = $"{root}/invite/{token}", Small = t["PasswordMailSmall", (int)OneTimeLinks.OwnLife.TotalMinutes], Until = now + OneTimeLinks.OwnLife,
            }));
        }
    }
}

/// <summary>
/// How often a link may be asked for: by address of the caller and by e-mail, known or not. In memory and bounded; what one user gets
/// is bounded by the database beside it.
/// </summary>
internal sealed class PasswordAsks(TimeProvider clock)
{
    /// <summary>For one e-mail in an hour.</summary>
    public const int PerEmail = 3;
    /// <summary>From one address in an hour: a whole office may stand behind it.</summary>
    public const int PerAddress = 20;
    private const int Most = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock sync = new();
    private readonly Dictionary<(bool IsEmail, string Key), (int Count, DateTimeOffset Until)> known = [];

    /// <summary>Counts one; false when there were too many.</summary>
    public bool Take(string email, string? address)
    {
        lock (sync)
        {
            if (known.Count > Most) Forget();
            // Who asks too often from one place takes nobody else's tries away.
            return Count((false, address ?? ""), PerAddress) && Count((true, email), PerEmail);
        }
    }

    private bool Count((bool, string) key, int most)
    {
        var now = clock.GetUtcNow();
        var (count, until) = known.TryGetValue(key, out var before) && before.Until > now ? before : (0, now + Window);
        known[key] = (Math.Min(count + 1, most + 1), until);
        return count < most;
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var key in known.Where(k => k.Value.Until <= now).Select(k => k.Key).ToList()) known.Remove(key);
        if (known.Count > Most) known.Clear();
    }
}
