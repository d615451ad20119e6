using System.Globalization;
using Inforzap.Audit;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Live;

namespace Inforzap.Tickets.Retaining;

/// <summary>
/// Takes away what the company does not want to keep: the words of messages, and their files, some days after they were written and
/// their ticket was closed. Rows and figures stay. A ticket knows up to which number this is done, so that a run looks at nothing twice,
/// goes on where it was interrupted, and may run twice at once.
/// </summary>
internal sealed class ForgetMessages(InforzapDb db, Commits commits, ISettings settings, ModuleList modules, FileStore files, TimeProvider clock, ILogger<ForgetMessages> log) : IJob
{
    private const int Tickets = 200;
    private const int Messages = 500;

    /// <summary>What a run did, as the audit tells it.</summary>
    internal static readonly Guid Subject = Guid.Parse("7b1f5d7e-6a53-4f5c-9d0a-0c1a4c0f2e11");

    private enum What
    {
        Words,
        Files,
    }

    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        var words = await RunAsync(What.Words, Setting.MessageRetentionDays, ct);
        var media = await RunAsync(What.Files, Setting.MediaRetentionDays, ct);
        if (words + media == 0) return;
        log.LogInformation("Retention: the words of {Words} messages and {Files} files were removed", words, media);
        await commits.RunAsync(db, async () =>
        {
            var day = settings.Day(clock.GetUtcNow().UtcDateTime);
            db.Audit("retention", Subject, day, "RetainedWords", [], words > 0 ? [words.ToString(CultureInfo.InvariantCulture)] : []);
            db.Audit("retention", Subject, day, "RetainedFiles", [], media > 0 ? [media.ToString(CultureInfo.InvariantCulture)] : []);
            return await db.SaveChangesAsync(ct);
        }, WriterKind.Background, ct);
    }

    private async Task<int> RunAsync(What what, Setting setting, CancellationToken ct)
    {
        var (count, last) = (0, 0L);
        while (Limit(setting) is { } old)
        {
            var after = last;
            // Found without the writers' gate, since it reads much; each is asked again when it is held.
            var some = await Due(what, old).Where(t => t.Number > after).OrderBy(t => t.Number).Select(t => new { t.Id, t.Number }).Take(Tickets).ToListAsync(ct);
            if (some.Count == 0) break;
            foreach (var ticket in some)
                // A long one in pieces: others write meanwhile.
                while (Limit(setting) is { } limit)
                {
                    var done = await commits.RunAsync(db, () => ForgetAsync(ticket.Id, what, limit, ct), WriterKind.Background, ct);
                    await DeleteAsync(done.Files, ct);
                    db.ChangeTracker.Clear();
                    count += done.Count;
                    if (!done.IsMore) break;
                }
            last = some[^1].Number;
        }
        return count;
    }

    /// <summary>Before this moment nothing is kept; null: all is. Asked anew before each step, so that switching it off ends a run.</summary>
    private DateTime? Limit(Setting setting) =>
        int.TryParse(settings.Get(setting), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 ? clock.GetUtcNow().UtcDateTime.AddDays(-days) : null;

    private IQueryable<Ticket> Due(What what, DateTime old)
    {
        // What the law wants kept is kept.
        var held = db.Set<ContactView>().Where(c => c.IsHeld);
        var closed = db.Tickets.Where(t => t.Status == TicketStatus.Closed && t.ClosedAt < old && !held.Any(c => c.Id == t.ContactId));
        var past = Past(what, old);
        return what == What.Words ? closed.Where(t => t.WordsGoneTo < t.LastSeq || (t.FirstSeq < 0 && past.Any(m => m.TicketId == t.Id)))
            : closed.Where(t => t.FilesGoneTo < t.LastSeq || (t.FirstSeq < 0 && past.Any(m => m.TicketId == t.Id)));
    }

    /// <summary>Imported history of which something is left: its numbers say nothing of its time, so no number says how far it is done.</summary>
    private IQueryable<Message> Past(What what, DateTime old)
    {
        var past = db.Messages.Where(m => m.Seq < 0 && m.CreatedAt < old);
        return what == What.Words ? past.Where(m => m.Body != null || m.PreviousBody != null || m.Extra != null)
            : past.Where(m => m.MediaId != null && db.Set<Media>().Any(f => f.Id == m.MediaId && (f.FileId != null || f.State != MediaState.Gone)));
    }

    private sealed record Done(int Count, bool IsMore, IReadOnlyList<Guid> Files);

    private async Task<Done> ForgetAsync(Guid id, What what, DateTime old, CancellationToken ct)
    {
        await db.Hold<Ticket>(t => t.Id == id, ct);
        if (await Due(what, old).SingleOrDefaultAsync(t => t.Id == id, ct) is not { } ticket) return new(0, false, []);
        var begin = Math.Max(0, what == What.Words ? ticket.WordsGoneTo : ticket.FilesGoneTo);
        var past = await Past(what, old).Where(m => m.TicketId == id).OrderBy(m => m.Seq).Take(Messages).ToListAsync(ct);
        // In the order of their numbers they were written: what is old enough stands before what is not.
        var messages = await db.Messages.Where(m => m.TicketId == id && m.Seq > begin).OrderBy(m => m.Seq).Take(Messages).ToListAsync(ct);
        // What is still to leave would leave empty: it and what follows wait for the next run.
        var live = messages.TakeWhile(m => m.CreatedAt < old && !IsOnItsWay(m)).ToList();
        var due = past.Concat(live).ToList();
        if (due.Count == 0) return new(0, false, []);
        var end = live.Count > 0 ? live[^1].Seq : begin;
        var (count, gone) = what == What.Words ? (Words(due), []) : await FilesAsync(due, ct);
        if (what == What.Words) ticket.WordsGoneTo = end;
        else ticket.FilesGoneTo = end;
        if (what == What.Words) await ForgetAuditAsync(due, ct);
        if (!await db.Messages.AnyAsync(m => m.TicketId == id && m.Seq > end && !m.IsNote && m.Kind != MessageKind.System, ct)
            && (what == What.Words || ticket.LastKind == MessageKind.Document)) ticket.LastText = "";
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Ticket(id));
        return new(count, past.Count == Messages || live.Count == Messages, gone);
    }

    /// <summary>The message itself, or a change of it. What was deleted before it left never leaves.</summary>
    private static bool IsOnItsWay(Message message) =>
        message is { State: MessageState.Queued, DeletedAt: null } or { State: MessageState.Sending } or { Act: not null, ActReason: null };

    private int Words(List<Message> messages)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var m in messages) m.Forget(now);
        return messages.Count(m => m.ForgottenAt == now);
    }

    /// <summary>What others made of a note stands in the audit, too: that they did stays there, and what it said goes.</summary>
    private async Task ForgetAuditAsync(List<Message> messages, CancellationToken ct)
    {
        var notes = messages.Where(m => m.IsNote).Select(m => m.Id.ToString()).ToArray();
        if (notes.Length > 0) await db.AuditEntries.Where(e => e.Kind == "note" && notes.Contains(e.SubjectId)).ExecuteUpdateAsync(set => set.SetProperty(e => e.Changes, "[]"), ct);
    }

    private async Task<(int Count, IReadOnlyList<Guid> Files)> FilesAsync(List<Message> messages, CancellationToken ct)
    {
        var ids = messages.Select(m => m.MediaId).OfType<Guid>().ToArray();
        if (ids.Length == 0) return (0, []);
        var media = await db.Media.Where(m => ids.Contains(m.Id) && (m.FileId != null || m.State != MediaState.Gone)).ToListAsync(ct);
        var gone = media.Select(m => m.FileId).OfType<Guid>().Distinct().ToList();
        foreach (var m in media) m.Forget();
        // Names of files are searched for, too.
        foreach (var m in messages.Where(m => m.MediaId is not null)) m.SearchText = SearchText.Of(4000, BodyOf(m));
        return (media.Count, gone);
    }

    private static string? BodyOf(Message message) => message.Body?[Desk.BodyText.SignatureOf(message.Body).Length..];

    /// <summary>Of files that nobody uses any more the rows go first, then the bytes: bytes without a row are swept, a row without bytes is a fault.</summary>
    private async Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        var unused = await commits.RunAsync(db, async () =>
        {
            var left = ids.ToHashSet();
            foreach (var use in modules.SelectMany(m => m.FileUses))
                if (left.Count > 0) left.ExceptWith(await use.AmongAsync(db, left, ct));
            if (left.Count > 0) await db.Set<StoredFile>().Where(f => left.Contains(f.Id)).ExecuteDeleteAsync(ct);
            return left;
        }, WriterKind.Background, ct);
        foreach (var id in unused) files.Delete(id);
    }
}
