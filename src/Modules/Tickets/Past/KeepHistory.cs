using System.Globalization;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tickets.Past;

/// <summary>Keeps a piece of history, the newest first, and says how far it is. False: it is over, or was ended.</summary>
/// <param name="SyncId">Of which import.</param>
/// <param name="Position">Its item, which is done with the last piece.</param>
/// <param name="Messages">The piece.</param>
/// <param name="Answers">Messages of this piece, or before it, and what they answer.</param>
/// <param name="Read">How many were read so far.</param>
/// <param name="IsLast">Nothing follows.</param>
[AllowSystem]
internal sealed record KeepHistory(Guid SyncId, long Position, IReadOnlyList<PastMessage> Messages, IReadOnlyList<Answer> Answers, int Read, bool IsLast) : IRequest<bool>
{
    /// <summary>Why nothing follows, when it should.</summary>
    public string? Failure { get; init; }

    public override string ToString() => $"{SyncId} {Read}";
}

/// <summary>
/// History is written beside what happens: no ticket is opened, nothing becomes unread, nobody is called, no bot and no rule looks at it,
/// and no last message, waiting time or figure changes.
/// </summary>
internal sealed class KeepHistoryHandler(InforzapDb db, Tombstones tombstones, ISettings settings, TimeProvider clock) : IRequestHandler<KeepHistory, bool>
{
    /// <summary>What was said just now still comes by the usual way, which tells people of it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private DateTime now;

    public async Task<bool> Handle(KeepHistory request, CancellationToken ct)
    {
        now = clock.GetUtcNow().UtcDateTime;
        var asked = await db.HistorySyncs.AsNoTracking().SingleAsync(s => s.Id == request.SyncId, ct);
        var wanted = await MissingAsync(asked, request.Messages, ct);
        var places = await TicketsAsync(asked, ct);
        var parts = wanted.GroupBy(m => TicketAt(places, m.At)).ToList();
        // Tickets first, as whoever ends it does.
        var tickets = await db.HoldTicketsAsync([.. parts.Select(p => p.Key).Append(asked.TicketId).Distinct()], ct);
        await db.Hold<HistorySync>(s => s.Id == asked.Id, ct);
        var sync = await db.HistorySyncs.SingleAsync(s => s.Id == asked.Id, ct);
        var ticket = tickets[sync.TicketId];
        var contact = await db.Set<ContactView>().SingleAsync(c => c.Id == ticket.ContactId, ct);
        if (sync.State == HistoryState.Running && (contact.IsErased || contact.Blocked)) (sync.State, sync.EndedAt) = (HistoryState.Stopped, now);
        if (sync.State != HistoryState.Running)
        {
            await db.DoneAsync(request.Position, now, ct);
            await db.SaveChangesAsync(ct);
            db.TouchTicket(ticket);
            return false;
        }
        sync.Read = request.Read;
        var quoted = await QuotedAsync(sync.ChannelId, request.Answers, ct);
        foreach (var part in parts) sync.Added += await WriteAsync(tickets[part.Key], [.. part], quoted, ct);
        await AnswerAsync(sync.ChannelId, request.Answers, tickets, ct);
        if (request.IsLast) await EndAsync(sync, ticket, request, ct);
        await db.SaveChangesAsync(ct);
        foreach (var touched in tickets.Values) db.TouchTicket(touched);
        return !request.IsLast;
    }

    private async Task EndAsync(HistorySync sync, Ticket ticket, KeepHistory request, CancellationToken ct)
    {
        (sync.State, sync.Reason, sync.EndedAt) = (request.Failure is null ? HistoryState.Done : HistoryState.Failed, request.Failure is { } why ? CleanText.Of(why, 500) : null, now);
        db.Add(request.Failure is null ? Timeline.Entry(ticket.Id, "history-synced", null, now, new { added = sync.Added, read = sync.Read })
            : Timeline.Entry(ticket.Id, "history-failed", null, now, new { reason = sync.Reason }));
        await db.DoneAsync(request.Position, now, ct);
    }

    /// <summary>Those that are not here, were not erased, are not on their way in, and would not be taken away at once.</summary>
    private async Task<List<PastMessage>> MissingAsync(HistorySync sync, IReadOnlyList<PastMessage> messages, CancellationToken ct)
    {
        if (messages.Count == 0) return [];
        var names = messages.Select(m => m.ProviderId).Distinct().ToArray();
        var known = (await db.Messages.Where(m => m.ChannelId == sync.ChannelId && names.Contains(m.ProviderId!)).Select(m => m.ProviderId!).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var keys = names.Select(n => Tombstones.NameOf(sync.ChannelId, n)).ToArray();
        var away = (await tombstones.AmongAsync(db, keys, ct)).ToHashSet(StringComparer.Ordinal);
        away.UnionWith(await db.Set<LaneItem>().Where(i => keys.Contains(i.DedupKey!) && i.State == LaneItemState.Pending).Select(i => i.DedupKey!).ToListAsync(ct));
        var (oldest, newest) = (Oldest, sync.AskedAt - Fresh);
        return [.. messages.DistinctBy(m => m.ProviderId).Where(m => !known.Contains(m.ProviderId) && !away.Contains(Tombstones.NameOf(sync.ChannelId, m.ProviderId))
            && m.At >= oldest && m.At <= newest && m.State != ReceiptState.Failed)];
    }

    /// <summary>What the house keeps no longer than that is not brought back.</summary>
    private DateTime Oldest => int.TryParse(settings.Get(Setting.MessageRetentionDays), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 ? now.AddDays(-days) : DateTime.UnixEpoch;

    /// <summary>The tickets of the conversation, the oldest first.</summary>
    private async Task<List<(Guid Id, DateTime From)>> TicketsAsync(HistorySync sync, CancellationToken ct)
    {
        var contact = await db.Tickets.Where(x => x.Id == sync.TicketId).Select(x => x.ContactId).SingleAsync(ct);
        return [.. (await db.Tickets.Where(x => x.ChannelId == sync.ChannelId && x.ContactId == contact).OrderBy(x => x.Number).Select(x => new { x.Id, x.CreatedAt }).ToListAsync(ct)).Select(x => (x.Id, x.CreatedAt))];
    }

    /// <summary>The ticket that was there then, or the one before; what was said before all of them stands above the first.</summary>
    private static Guid TicketAt(List<(Guid Id, DateTime From)> tickets, DateTime at) => tickets.FindLast(x => x.From <= at) is { Id: var id } && id != default ? id : tickets[0].Id;

    private async Task<int> WriteAsync(Ticket ticket, List<PastMessage> messages, Dictionary<string, Guid> quoted, CancellationToken ct)
    {
        var fileIds = messages.Select(m => (m.Content as MediaContent)?.Source.FileId).OfType<Guid>().Distinct().ToArray();
        var files = fileIds.Length == 0 ? [] : await db.Set<StoredFile>().AsNoTracking().Where(f => fileIds.Contains(f.Id)).ToDictionaryAsync(f => f.Id, ct);
        var id = ticket.Id;
        var rows = (await db.Messages.AsNoTracking().Where(m => m.TicketId == id).OrderBy(m => m.Place).Select(m => new { m.Place, At = m.ProviderAt ?? m.CreatedAt }).ToListAsync(ct)).ConvertAll(m => (m.Place, m.At));
        var places = Places.For(rows, Message.PlaceOf(ticket.LastSeq + 1), messages.ConvertAll(m => m.At));
        var written = messages.Zip(places).Where(x => x.Second is not null).Select(x => MessageOf(ticket, x.First, x.Second!.Value, quoted, files)).ToList();
        await db.InsertAsync(written, ct);
        return written.Count;
    }

    private Message MessageOf(Ticket ticket, PastMessage past, long place, Dictionary<string, Guid> quoted, Dictionary<Guid, StoredFile> files)
    {
        var (seq, change) = ticket.NextPast();
        var (kind, body, extra) = Contents.Describe(past.Content);
        var media = db.MediaOf(past.Content, ticket.Id, files, now);
        if (media is not null) kind = media.Kind;
        var message = new Message
        {
            // Of its own time: ids are the order in which searches look.
            Id = Guid.CreateVersion7(new DateTimeOffset(DateTime.SpecifyKind(past.At, DateTimeKind.Utc))), TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, ServedBy = ticket.UserId, Place = place, Seq = seq, Change = change, ProviderId = past.ProviderId,
            FromUs = past.IsOurs, Origin = MessageOrigin.Sync, Kind = kind, Body = body, Extra = extra, MediaId = media?.Id, State = !past.IsOurs ? MessageState.Received : past.State is { } state ? Lattice.Of(state) : MessageState.Sent,
            ProviderAt = past.At, CreatedAt = past.At, ReadAt = past.IsOurs ? null : past.At, QuotedId = past.QuotedProviderId is { } answered && quoted.TryGetValue(answered, out var q) ? q : null,
            Author = past.Participant is { Name: { Length: > 0 } author } ? CleanText.Of(author.Trim(), 120) : null, SearchText = SearchText.Of(4000, body, media?.FileName),
        };
        if (media is not null) media.MessageId = message.Id;
        return message;
    }

    /// <summary>What is answered and is here already.</summary>
    private async Task<Dictionary<string, Guid>> QuotedAsync(Guid channelId, IReadOnlyList<Answer> answers, CancellationToken ct)
    {
        var names = answers.Select(a => a.Quoted).Distinct().ToArray();
        return names.Length == 0 ? [] : await db.Messages.Where(m => m.ChannelId == channelId && names.Contains(m.ProviderId!)).ToDictionaryAsync(m => m.ProviderId!, m => m.Id, StringComparer.Ordinal, ct);
    }

    /// <summary>What is answered came with this piece: whatever answers it, in this piece or one before, leads there from now on.</summary>
    private async Task AnswerAsync(Guid channelId, IReadOnlyList<Answer> answers, Dictionary<Guid, Ticket> tickets, CancellationToken ct)
    {
        if (answers.Count == 0) return;
        var (quoted, names) = (await QuotedAsync(channelId, answers, ct), answers.Select(a => a.Message).Distinct().ToArray());
        var ids = tickets.Keys.ToArray();
        foreach (var message in await db.Messages.Where(m => m.ChannelId == channelId && names.Contains(m.ProviderId!) && m.Origin == MessageOrigin.Sync && m.QuotedId == null && ids.Contains(m.TicketId)).ToListAsync(ct))
        {
            if (answers.FirstOrDefault(a => a.Message == message.ProviderId) is not { } answer || !quoted.TryGetValue(answer.Quoted, out var other)) continue;
            (message.QuotedId, message.Change) = (other, tickets[message.TicketId].NextChange());
        }
    }
}

/// <summary>
/// Where messages of the past stand among those that are there: by their time, in room that is left between two. Nothing that is there
/// moves, so no number, link or cursor that anybody has becomes wrong.
/// </summary>
internal static class Places
{
    /// <summary>Between two that were imported one after the other: room for others that turn up later.</summary>
    private const long Step = 1 << 20;
    private const int PerGap = 4096;

    /// <summary>A place for each, in the order in which they were given: the newest first. Null: there is no room left, however it came to that.</summary>
    /// <param name="rows">What is there, in the order of its places.</param>
    /// <param name="end">Where the next message that is said here will stand.</param>
    /// <param name="times">When the new ones were said, the newest first.</param>
    public static List<long?> For(List<(long Place, DateTime At)> rows, long end, List<DateTime> times)
    {
        var places = new long?[times.Count];
        // Of those with one time the one that was told later was said earlier.
        var order = Enumerable.Range(0, times.Count).OrderByDescending(i => times[i]).ThenBy(i => i).ToList();
        foreach (var gap in order.GroupBy(i => rows.FindIndex(r => r.At > times[i])))
        {
            var right = gap.Key < 0 ? end : rows[gap.Key].Place;
            var index = gap.Key < 0 ? rows.Count - 1 : gap.Key - 1;
            var many = gap.ToList();
            // Before the first there is no end; between two the new ones keep to the later one, since what comes next is older.
            var step = index < 0 ? Step : Math.Min(Step, Math.Max((right - rows[index].Place) / PerGap, 1));
            if (index >= 0 && step * many.Count >= right - rows[index].Place) step = Math.Max(1, (right - rows[index].Place) / (many.Count + 1));
            for (var n = 0; n < many.Count; n++)
            {
                var place = right - (step * (n + 1));
                places[many[n]] = index >= 0 && place <= rows[index].Place ? null : place;
            }
        }
        return [.. places];
    }
}
