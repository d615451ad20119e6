using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Security;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Mail;

/// <summary>
/// Sends mails out of their lanes. What may pass is tried again after as long as the mail waited already, up to half an hour;
/// after a day, or at once where no repetition would help, it is parked.
/// </summary>
internal sealed class MailWorker(SystemMediator mediator, IServiceScopeFactory scopes, MailPost post, Secrets secrets, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : ILaneWorker, IDisposable
{
    /// <summary>Between two tries, at least.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    /// <summary>Between two tries, at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    /// <summary>How long tries go on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    // Servers refuse who comes with many lines at once.
    private readonly SemaphoreSlim lines = new(3, 3);

    public string Type => PostedMail.Lane;

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var posted = JsonSerializer.Deserialize<PostedMail>(item.Payload, JsonSerializerOptions.Web)!;
        if (secrets.Unprotect(PostedMail.Purpose(posted.Id), posted.Sealed) is not { } json) return await EndAsync(item, MailFate.Parked, "MailUnreadable", ct);
        var mail = JsonSerializer.Deserialize<MailMessage>(json, JsonSerializerOptions.Web)!;
        if (mail.Until < Now) return await EndAsync(item, MailFate.Dropped, "MailTooLate", ct);
        await lines.WaitAsync(ct);
        try
        {
            return await SendAsync(item, posted, mail, ct);
        }
        finally
        {
            lines.Release();
        }
    }

    public void Dispose() => lines.Dispose();

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async Task<DateTime?> SendAsync(LaneItem item, PostedMail posted, MailMessage mail, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<MailAccounts>().InUseAsync(ct) is not { } account) return await LaterAsync(item, Say(() => t["MailIsOff"]), ct);
        var end = await post.SendAsync(account, scope.ServiceProvider.GetRequiredService<MailLayout>().Compose(account, posted.MessageId, mail), ct);
        if (end.How == MailEnd.Sent)
        {
            await mediator.Send(new RecordMail(item.Position, MailFate.Sent, null, null), ct);
            return null;
        }
        var reason = Say(() => end.Words(t, account, mail.To)) + (end.Answer is null ? "" : $" ({end.Answer})");
        if (end.MayPass) return await LaterAsync(item, reason, ct);
        await mediator.Send(new RecordMail(item.Position, MailFate.Parked, reason, null), ct);
        return null;
    }

    private async Task<DateTime?> LaterAsync(LaneItem item, string reason, CancellationToken ct)
    {
        var waited = Now - item.CreatedAt;
        DateTime? next = waited >= Patience ? null : Now + (waited < Shortest ? Shortest : waited > Longest ? Longest : waited);
        await mediator.Send(new RecordMail(item.Position, next is null ? MailFate.Parked : MailFate.Later, reason, next), ct);
        return next;
    }

    private async Task<DateTime?> EndAsync(LaneItem item, MailFate fate, string why, CancellationToken ct)
    {
        await mediator.Send(new RecordMail(item.Position, fate, Say(() => t[why]), null), ct);
        return null;
    }

    // Nobody in particular reads why.
    private string Say(Func<string> words) => Languages.In(settings.Get(Setting.Language), words);
}

/// <summary>What becomes of a mail after a try.</summary>
internal enum MailFate
{
    Sent,
    Later,
    Parked,
    Dropped,
}

/// <summary>Writes down what became of a mail.</summary>
[AllowSystem]
internal sealed record RecordMail(long Position, MailFate Fate, string? Reason, DateTime? Next) : IRequest;

internal sealed class RecordMailHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<RecordMail, Unit>
{
    public async Task<Unit> Handle(RecordMail request, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await (request.Fate switch
        {
            MailFate.Sent => db.DoneAsync(request.Position, now, ct),
            MailFate.Later => db.PostponeAsync(request.Position, request.Next ?? now, CleanText.Of(request.Reason, 500), ct),
            MailFate.Parked => db.ParkAsync(request.Position, now, request.Reason ?? "", ct),
            _ => db.DropAsync(request.Position, now, request.Reason ?? "", ct),
        });
        return Unit.Value;
    }
}
