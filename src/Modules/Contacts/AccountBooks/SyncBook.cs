using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Inforzap.Contacts.Owners;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.AccountBooks;

/// <summary>What the address book of a channel's account would bring. Holds no transaction while the provider tells it; changes nothing.</summary>
[Allow("contacts.sync"), Reads]
internal sealed record PreviewBook([property: NotEmpty] Guid ChannelId) : IRequest<BookCounts>;

/// <summary>Brings in whoever is in the address book of a channel's account and not known here yet.</summary>
/// <param name="Expected">How many entries the preview found.</param>
/// <param name="TakesNames">Who is known only as they call themselves is called as the account's owner calls them.</param>
[Allow("contacts.sync")]
internal sealed record SyncBook([property: NotEmpty] Guid ChannelId, [property: Range(0, int.MaxValue), Called("Take")] int Expected, Guid? TagId = null, Guid? OwnerId = null, bool TakesNames = false) : IRequest;

/// <summary>Ends the import that runs; who came until then stays.</summary>
[Allow("contacts.sync")]
internal sealed record StopBook([property: NotEmpty] Guid ChannelId) : IRequest;

/// <summary>The import that runs, or the last one of the last day; null: there is none.</summary>
[Allow("contacts.sync"), Reads]
internal sealed record ReadBook : IRequest<BookRow?>;

/// <summary>How many of an address book are what.</summary>
/// <param name="Fresh">Not known here yet.</param>
/// <param name="Known">Known already.</param>
/// <param name="Nameable">Of those, known only as they call themselves, while the account's owner calls them otherwise.</param>
/// <param name="Numberless">Without a number.</param>
/// <param name="Erased">Erased at their request.</param>
public sealed record BookCounts(int Fresh = 0, int Known = 0, int Nameable = 0, int Numberless = 0, int Erased = 0)
{
    /// <summary>All of them.</summary>
    public int Total => Fresh + Known + Numberless + Erased;
}

/// <summary>How far an import is, or how it ended.</summary>
public sealed record BookRow(Guid ChannelId, BookState State, int Expected, int Read, int Added, int Renamed, int Known, int Numberless, int Erased, string? Reason, DateTime? EndedAt)
{
    /// <summary>How far it is.</summary>
    public int Percent => Expected == 0 ? 0 : Math.Min(100, Read * 100 / Expected);
}

internal sealed class PreviewBookHandler(IChannelDirectory channels, IChannelMemory memory, AddressBooks books, IStringLocalizer<Texts> t) : IRequestHandler<PreviewBook, BookCounts>
{
    public async Task<BookCounts> Handle(PreviewBook request, CancellationToken ct)
    {
        channels.RequireBook(request.ChannelId, t);
        var counts = new BookCounts();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var some in memory.BookAsync(request.ChannelId, ct).PiecesAsync(BookWorker.Piece))
                foreach (var plan in await books.PlanAsync(some, ct))
                    if (plan.Digits is null || seen.Add(Phone.MatchKey(plan.Digits))) counts = plan.Counts(counts);
        }
        catch (ProviderException e)
        {
            throw Refusal.Conflict(e.Message);
        }
        return counts;
    }
}

internal sealed class SyncBookHandler(InforzapDb db, IChannelDirectory channels, OwnerBook owners, IActor actor, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SyncBook, Unit>
{
    public async Task<Unit> Handle(SyncBook request, CancellationToken ct)
    {
        channels.RequireBook(request.ChannelId, t);
        if (request.TagId is { } tag && !await db.Tags.Where(x => x.IsActive).For(actor, db).AnyAsync(x => x.Id == tag, ct)) throw Refusal.NotFound(t["TagGone"]);
        if (request.OwnerId is { } owner)
        {
            if (!actor.May("owners.edit")) throw Refusal.Forbidden(t["OwnersForOthers"]);
            await owners.RequireUsersAsync([owner], ct);
        }
        if (await db.BookSyncs.AnyAsync(s => s.ChannelId == request.ChannelId && s.State == BookState.Running, ct)) throw Refusal.Conflict(t["BookRuns"]);
        var now = clock.GetUtcNow().UtcDateTime;
        var sync = new BookSync { Id = Guid.CreateVersion7(), ChannelId = request.ChannelId, TagId = request.TagId, OwnerId = request.OwnerId, TakesNames = request.TakesNames, Expected = request.Expected, By = actor.Id, AskedAt = now };
        db.Add(sync);
        db.Enqueue($"{BookWorker.Lane}/{sync.Id:N}", "book", JsonSerializer.Serialize(new BookItem(sync.Id), JsonSerializerOptions.Web), now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw Refusal.Conflict(t["BookRuns"]);
        }
        db.Touch(Topics.Contacts);
        return Unit.Value;
    }
}

internal sealed class StopBookHandler(InforzapDb db, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<StopBook, Unit>
{
    public async Task<Unit> Handle(StopBook request, CancellationToken ct)
    {
        var (channelId, now) = (request.ChannelId, clock.GetUtcNow().UtcDateTime);
        if (await db.Claim<BookSync>(s => s.ChannelId == channelId && s.State == BookState.Running, set => set.SetProperty(s => s.State, BookState.Stopped).SetProperty(s => s.EndedAt, now), ct) == 0)
            throw await db.BookSyncs.AnyAsync(s => s.ChannelId == channelId, ct) ? Refusal.Conflict(t["BookOver"]) : Refusal.NotFound(t["BookNotHere"]);
        db.Touch(Topics.Contacts);
        return Unit.Value;
    }
}

internal sealed class ReadBookHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<ReadBook, BookRow?>
{
    public async Task<BookRow?> Handle(ReadBook request, CancellationToken ct)
    {
        var day = clock.GetUtcNow().UtcDateTime.AddDays(-1);
        return await db.BookSyncs.Where(s => s.AskedAt > day || s.State == BookState.Running).OrderByDescending(s => s.AskedAt)
            .Select(s => new BookRow(s.ChannelId, s.State, s.Expected, s.Read, s.Added, s.Renamed, s.Known, s.Numberless, s.Erased, s.Reason, s.EndedAt)).FirstOrDefaultAsync(ct);
    }
}

internal static class Books
{
    /// <summary>Channels whose account has an address book.</summary>
    public static IEnumerable<ChannelInfo> WithBook(this IChannelDirectory channels) => channels.All.Where(c => c.Can.HasFlag(Can.AddressBook));

    /// <exception cref="Refusal">The channel is gone, or has none.</exception>
    public static void RequireBook(this IChannelDirectory channels, Guid id, IStringLocalizer<Texts> t)
    {
        if (channels.WithBook().All(c => c.Id != id)) throw Refusal.NotFound(t["BookNotHere"]);
    }

    /// <summary>Pieces of so many.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<BookEntry>> PiecesAsync(this IAsyncEnumerable<BookEntry> entries, int size)
    {
        var piece = new List<BookEntry>(size);
        await foreach (var entry in entries)
        {
            piece.Add(entry);
            if (piece.Count < size) continue;
            yield return piece;
            piece = new(size);
        }
        if (piece.Count > 0) yield return piece;
    }
}
