using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Costs;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>A window of the history, in order, by the messages' own numbers.</summary>
/// <param name="TicketId">Whose.</param>
/// <param name="From">First number wanted.</param>
/// <param name="To">Last number wanted.</param>
[Allow("tickets.see"), Reads]
public sealed record ReadMessages([property: NotEmpty] Guid TicketId, long From, long To) : IRequest<IReadOnlyList<MessageRow>>;

/// <summary>A stretch of the history in the order that people see: the last one, one beside a place, or one around a message.</summary>
/// <param name="TicketId">Whose.</param>
/// <param name="Before">What stands before this <see cref="MessageRow.Place"/>.</param>
/// <param name="After">What stands after this one.</param>
/// <param name="Around">What stands around the message of this number.</param>
/// <param name="Take">How many at most.</param>
[Allow("tickets.see"), Reads]
public sealed record ReadStretch([property: NotEmpty] Guid TicketId, long? Before = null, long? After = null, long? Around = null, [property: Range(1, 500)] int Take = 60) : IRequest<Stretch>;

/// <summary>Messages in their order, and whether there are more on either side.</summary>
public sealed record Stretch(IReadOnlyList<MessageRow> Rows, bool HasOlder, bool HasNewer);

/// <summary>What is new or changed since a cursor: one call after each hint.</summary>
/// <param name="TicketId">Whose.</param>
/// <param name="Since">The largest <see cref="MessageRow.Change"/> seen.</param>
[Allow("tickets.see"), Reads]
public sealed record ReadChanges([property: NotEmpty] Guid TicketId, long Since) : IRequest<IReadOnlyList<MessageRow>>;

/// <summary>Where the messages with a text stand, newest first, at most 100: search inside a conversation.</summary>
[Allow("tickets.see"), Reads]
public sealed record FindInTicket([property: NotEmpty] Guid TicketId, [property: NotEmpty, StringLength(100), Called("KeySearch")] string Text) : IRequest<IReadOnlyList<long>>;

/// <summary>A bubble.</summary>
public sealed record MessageRow(
    Guid Id, long Seq, long Change, bool FromUs, Guid? SenderUserId, string? SenderName, MessageOrigin Origin, MessageKind Kind, string? Body, string? PreviousBody,
    string? Extra, MediaRow? Media, QuotedRow? Quoted, string? Reaction, bool IsNote, DateTime? EditedAt, DateTime? DeletedAt, MessageState State,
    string? FailReason, DateTime CreatedAt, DateTime? ProviderAt)
{
    private readonly long? place;
    /// <summary>Where it stands; see <see cref="Message.Place"/>.</summary>
    public long Place { get => place ?? Message.PlaceOf(Seq); init => place = value; }
    /// <summary>Who of a group wrote it.</summary>
    public string? Author { get; init; }
    /// <summary>A note that stands before the others.</summary>
    public bool IsPinned { get; init; }
    /// <summary>Our own reaction.</summary>
    public string? OurReaction { get; init; }
    /// <summary>What of it the other side does not have yet.</summary>
    public MessageAct? Act { get; init; }
    /// <summary>Why it won't get that by itself.</summary>
    public string? ActReason { get; init; }
    /// <summary>It was said in a queue of others, and nothing of it is told.</summary>
    public bool IsElsewhere { get; init; }
    /// <summary>It was deleted, and the caller may not read any more what it said.</summary>
    public bool IsShut { get; init; }
    /// <summary>The retention took its words away.</summary>
    public bool IsForgotten { get; init; }
    /// <summary>What the provider said of its cost; null also for whoever does not see costs.</summary>
    public ChargeRow? Charge { get; init; }
}

/// <summary>As what a message counts at the provider, in its word, and whether it is charged.</summary>
public sealed record ChargeRow(string Category, bool? IsBillable);

/// <summary>The file of a bubble; its bytes are at <c>/media/{Id}</c> once it is ready.</summary>
public sealed record MediaRow(Guid Id, MediaState State, MessageKind Kind, string FileName, string? MimeType, long? Size, int? Width, int? Height, string? Reason);

/// <summary>The message that a bubble answers.</summary>
public sealed record QuotedRow(Guid Id, long Seq, bool FromUs, MessageKind Kind, string? Body)
{
    /// <summary>It was deleted.</summary>
    public bool IsDeleted { get; init; }
    /// <summary>It was said in a queue of others.</summary>
    public bool IsElsewhere { get; init; }
    /// <summary>The caller may not read it.</summary>
    public bool IsShut { get; init; }
}

internal sealed class ReadMessagesHandler(InforzapDb db, TicketAccess access, Sight sight) : IRequestHandler<ReadMessages, IReadOnlyList<MessageRow>>
{
    public async Task<IReadOnlyList<MessageRow>> Handle(ReadMessages request, CancellationToken ct)
    {
        await access.ReadInsideAsync(request.TicketId, ct);
        var to = Math.Min(request.To, request.From + 499);
        var rows = await db.Rows(db.Messages.AsNoTracking().Where(m => m.TicketId == request.TicketId && m.Seq >= request.From && m.Seq <= to)).ToListAsync(ct);
        return await sight.ShowAsync([.. rows.OrderBy(m => m.Seq)], ct);
    }
}

internal sealed class ReadStretchHandler(InforzapDb db, TicketAccess access, Sight sight) : IRequestHandler<ReadStretch, Stretch>
{
    public async Task<Stretch> Handle(ReadStretch request, CancellationToken ct)
    {
        await access.ReadInsideAsync(request.TicketId, ct);
        var (id, take) = (request.TicketId, request.Take);
        if (request.Around is { } seq && await db.Messages.Where(m => m.TicketId == id && m.Seq == seq).Select(m => (long?)m.Place).SingleOrDefaultAsync(ct) is { } place)
        {
            var (before, hasOlder) = await OlderAsync(id, place, take / 2, ct);
            var (after, hasNewer) = await NewerAsync(id, place - 1, take - (take / 2), ct);
            return await ShowAsync([.. before, .. after], hasOlder, hasNewer, ct);
        }
        if (request.After is { } end)
        {
            var (rows, hasNewer) = await NewerAsync(id, end, take, ct);
            return await ShowAsync(rows, true, hasNewer, ct);
        }
        var (last, isMore) = await OlderAsync(id, request.Before ?? long.MaxValue, take, ct);
        return await ShowAsync(last, isMore, request.Before is not null, ct);
    }

    private async Task<(List<MessageRow> Rows, bool IsMore)> OlderAsync(Guid id, long before, int take, CancellationToken ct)
    {
        var places = await db.Messages.Where(m => m.TicketId == id && m.Place < before).OrderByDescending(m => m.Place).Select(m => m.Place).Take(take + 1).ToListAsync(ct);
        return (await BetweenAsync(id, places.Take(take), ct), places.Count > take);
    }

    private async Task<(List<MessageRow> Rows, bool IsMore)> NewerAsync(Guid id, long after, int take, CancellationToken ct)
    {
        var places = await db.Messages.Where(m => m.TicketId == id && m.Place > after).OrderBy(m => m.Place).Select(m => m.Place).Take(take + 1).ToListAsync(ct);
        return (await BetweenAsync(id, places.Take(take), ct), places.Count > take);
    }

    /// <summary>Where they stand is read from the index alone; what a bubble shows is joined for these only.</summary>
    private async Task<List<MessageRow>> BetweenAsync(Guid id, IEnumerable<long> places, CancellationToken ct)
    {
        var wanted = places.ToList();
        if (wanted.Count == 0) return [];
        var (from, to) = (wanted.Min(), wanted.Max());
        return [.. (await db.Rows(db.Messages.AsNoTracking().Where(m => m.TicketId == id && m.Place >= from && m.Place <= to)).ToListAsync(ct)).OrderBy(m => m.Place)];
    }

    private async Task<Stretch> ShowAsync(List<MessageRow> rows, bool hasOlder, bool hasNewer, CancellationToken ct) => new(await sight.ShowAsync(rows, ct), hasOlder, hasNewer);
}

internal sealed class ReadChangesHandler(InforzapDb db, TicketAccess access, Sight sight) : IRequestHandler<ReadChanges, IReadOnlyList<MessageRow>>
{
    public async Task<IReadOnlyList<MessageRow>> Handle(ReadChanges request, CancellationToken ct)
    {
        await access.ReadInsideAsync(request.TicketId, ct);
        var rows = await db.Rows(db.Messages.AsNoTracking().Where(m => m.TicketId == request.TicketId && m.Change > request.Since).OrderBy(m => m.Change).Take(500)).ToListAsync(ct);
        return await sight.ShowAsync([.. rows.OrderBy(m => m.Change)], ct);
    }
}

internal sealed class FindInTicketHandler(InforzapDb db, TicketAccess access, Sight sight) : IRequestHandler<FindInTicket, IReadOnlyList<long>>
{
    public async Task<IReadOnlyList<long>> Handle(FindInTicket request, CancellationToken ct)
    {
        await access.ReadInsideAsync(request.TicketId, ct);
        var like = SearchText.Like(request.Text);
        return await sight.Searchable(db.Messages.Where(m => m.TicketId == request.TicketId && EF.Functions.Like(m.SearchText, like, "\\")))
            .OrderByDescending(m => m.Place).Select(m => m.Seq).Take(100).ToListAsync(ct);
    }
}

internal static class MessageRows
{
    /// <summary>Joins what a bubble shows; <see cref="Sight"/> takes out what the caller may not read.</summary>
    public static IQueryable<MessageRow> Rows(this InforzapDb db, IQueryable<Message> messages) =>
        from m in messages
        join u in db.Set<UserView>() on m.SenderUserId equals u.Id into us
        from u in us.DefaultIfEmpty()
        join f in db.Set<Media>() on m.MediaId equals f.Id into fs
        from f in fs.DefaultIfEmpty()
        join q in db.Set<Message>() on m.QuotedId equals q.Id into qs
        from q in qs.DefaultIfEmpty()
        join c in db.Set<MessageCharge>() on m.Id equals c.MessageId into cs
        from c in cs.DefaultIfEmpty()
        select new MessageRow(m.Id, m.Seq, m.Change, m.FromUs, m.SenderUserId, u.Name, m.Origin, m.Kind, m.Body, m.PreviousBody, m.Extra,
            f == null ? null : new MediaRow(f.Id, f.State, f.Kind, f.FileName, f.MimeType, f.Size, f.Width, f.Height, f.Reason),
            q == null ? null : new QuotedRow(q.Id, q.Seq, q.FromUs, q.Kind, q.Body) { IsDeleted = q.DeletedAt != null },
            m.Reaction, m.IsNote, m.EditedAt, m.DeletedAt, m.State, m.FailReason, m.CreatedAt, m.ProviderAt)
            { Place = m.Place, Author = m.Author, OurReaction = m.OurReaction, Act = m.Act, ActReason = m.ActReason, IsPinned = m.PinnedAt != null, IsForgotten = m.ForgottenAt != null, Charge = c == null ? null : new ChargeRow(c.Category, c.IsBillable) };
}
