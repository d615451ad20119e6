using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Closing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Desk;

/// <summary>How the caller looks at their list: the filter that is on, the order, and the filters that they named.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadOwnDesk : IRequest<OwnDesk>;

/// <summary>A person's own list.</summary>
/// <param name="Filter">Without what is gone, or no longer theirs to know.</param>
/// <param name="OldestFirst">Who waits longest comes first among those who wait.</param>
/// <param name="Saved">By name.</param>
/// <param name="Offer">What may be chosen; null while nothing is.</param>
public sealed record OwnDesk(TicketFilter Filter, bool OldestFirst, IReadOnlyList<SavedFilterRow> Saved, FilterOffer? Offer)
{
    /// <summary>As it is at first.</summary>
    public static readonly OwnDesk New = new(TicketFilter.None, false, [], null);
}

/// <summary>A filter that the caller named.</summary>
public sealed record SavedFilterRow(Guid Id, string Name, TicketFilter Filter);

/// <summary>What the caller may filter the list by.</summary>
[Allow("tickets.see"), Reads]
public sealed record OfferFilters : IRequest<FilterOffer>;

/// <summary>From now on the caller's list is narrowed to this, on every screen of theirs that opens.</summary>
[Allow("tickets.see")]
public sealed record KeepFilter([property: NotEmpty, Called("FiltersTitle")] TicketFilter Filter) : IRequest;

/// <summary>In which order the caller sees those who wait.</summary>
[Allow("tickets.see")]
public sealed record KeepOrder(bool OldestFirst) : IRequest;

/// <summary>Names a filter, to come back to it.</summary>
/// <param name="Replaces">One of this name gives it up.</param>
[Allow("tickets.see")]
public sealed record SaveFilter([property: NotEmpty, StringLength(SavedFilter.MaxName), Called("FilterName")] string Name, [property: NotEmpty, Called("FiltersTitle")] TicketFilter Filter, bool Replaces = false) : IRequest<Guid>;

/// <summary>Gives a filter of the caller's another name.</summary>
[Allow("tickets.see")]
public sealed record RenameFilter([property: NotEmpty] Guid Id, [property: NotEmpty, StringLength(SavedFilter.MaxName), Called("FilterName")] string Name) : IRequest;

/// <summary>Forgets a filter of the caller's.</summary>
[Allow("tickets.see")]
public sealed record DeleteFilter([property: NotEmpty] Guid Id) : IRequest;

internal sealed class ReadOwnDeskHandler(InforzapDb db, IActor actor, IMediator mediator) : IRequestHandler<ReadOwnDesk, OwnDesk>
{
    public async Task<OwnDesk> Handle(ReadOwnDesk request, CancellationToken ct)
    {
        var me = actor.Id;
        var view = await db.DeskViews.AsNoTracking().SingleOrDefaultAsync(v => v.UserId == me, ct);
        var saved = await db.SavedFilters.AsNoTracking().Where(f => f.UserId == me).OrderBy(f => f.SearchText).ToListAsync(ct);
        var filter = TicketFilter.FromJson(view?.Filter ?? "");
        var offer = filter.IsNone ? null : await mediator.Send(new OfferFilters(), ct);
        return new(offer is null ? filter : FilterPart.Known(filter, offer), view?.OldestFirst ?? false, [.. saved.Select(f => new SavedFilterRow(f.Id, f.Name, TicketFilter.FromJson(f.Filter)))], offer);
    }
}

internal sealed class OfferFiltersHandler(InforzapDb db, IActor actor, ISettings settings, TicketFilters filters, IChannelDirectory channels, IMediator mediator, IStringLocalizer<Texts> t)
    : IRequestHandler<OfferFilters, FilterOffer>
{
    private const int MostPeople = 1000;

    public async Task<FilterOffer> Handle(OfferFilters request, CancellationToken ct)
    {
        var (me, mine, all) = (actor.Id, actor.Queues.ToArray(), actor.May("tickets.see-all"));
        var queues = await db.Queues.Where(q => q.DeletedAt == null && (all || mine.Contains(q.Id))).OrderBy(q => q.Order).ThenBy(q => q.Name).Select(q => new FilterChoice(q.Id, q.Name, q.Color)).ToListAsync(ct);
        // Those who left, too: what they closed is still there.
        List<FilterChoice> people = actor.SeesOthers(settings)
            ? await db.Set<UserView>().Where(u => all || u.Id == me || db.Set<QueueMember>().Any(m => m.UserId == u.Id && mine.Contains(m.QueueId)))
                .OrderBy(u => u.Name).Take(MostPeople).Select(u => new FilterChoice(u.Id, u.Name, null)).ToListAsync(ct)
            : [];
        IReadOnlyList<FilterChoice> tags = filters.MayByTag && actor.May("tags.use") ? [.. (await mediator.Send(new OfferTags(), ct)).Select(x => new FilterChoice(x.Id, x.Name, x.Color))] : [];
        var reasons = await db.ClosingReasons.AsNoTracking().Where(r => r.DeletedAt == null).OrderBy(r => r.Order).ThenBy(r => r.Name).ToListAsync(ct);
        return new(queues, people, [.. channels.All.Select(c => new FilterChoice(c.Id, c.Name))], tags, [.. reasons.Select(r => new FilterChoice(r.Id, r.IsSystem ? t[r.Name] : r.Name, r.Color))], filters.MayBySchedule, all)
        {
            Owners = filters.MayByOwner ? [.. (await mediator.Send(new OfferOwners(), ct)).Select(o => new FilterChoice(o.Id, o.Name))] : [],
        };
    }
}

internal sealed class KeepDeskHandler(InforzapDb db, IActor actor) : IRequestHandler<KeepFilter, Unit>, IRequestHandler<KeepOrder, Unit>
{
    public Task<Unit> Handle(KeepFilter request, CancellationToken ct) => KeepAsync(v => v.Filter = request.Filter.Tidy().ToJson(), ct);

    public Task<Unit> Handle(KeepOrder request, CancellationToken ct) => KeepAsync(v => v.OldestFirst = request.OldestFirst, ct);

    private async Task<Unit> KeepAsync(Action<DeskView> change, CancellationToken ct)
    {
        var me = actor.Id;
        var view = await db.DeskViews.SingleOrDefaultAsync(v => v.UserId == me, ct);
        if (view is null) db.Add(view = new DeskView { UserId = me });
        change(view);
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }
}

internal sealed class SaveFilterHandler(InforzapDb db, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<SaveFilter, Guid>, IRequestHandler<RenameFilter, Unit>, IRequestHandler<DeleteFilter, Unit>
{
    public async Task<Guid> Handle(SaveFilter request, CancellationToken ct)
    {
        var own = await OwnAsync(ct);
        var (name, key) = Named(request.Name);
        var filter = request.Filter.Tidy();
        if (filter.IsNone) throw new Refusal(t["FilterEmpty"]);
        if (own.Find(f => f.SearchText == key) is { } same)
        {
            if (!request.Replaces) throw Refusal.At(nameof(request.Name), t["FilterTaken", same.Name]);
            (same.Name, same.Filter) = (name, filter.ToJson());
            await db.SaveChangesAsync(ct);
            return same.Id;
        }
        if (own.Count >= SavedFilter.Most) throw new Refusal(t["FilterTooMany", SavedFilter.Most]);
        var saved = new SavedFilter
        {
            Id = Guid.CreateVersion7(), UserId = actor.Id, Place = Enumerable.Range(1, SavedFilter.Most).Except(own.Select(f => f.Place)).First(), Name = name, SearchText = key, Filter = filter.ToJson(),
        };
        db.Add(saved);
        await SaveAsync(name, ct);
        return saved.Id;
    }

    public async Task<Unit> Handle(RenameFilter request, CancellationToken ct)
    {
        var own = await OwnAsync(ct);
        var filter = own.Find(f => f.Id == request.Id) ?? throw Refusal.NotFound(t["FilterGone"]);
        var (name, key) = Named(request.Name);
        if (own.Find(f => f.Id != filter.Id && f.SearchText == key) is { } same) throw Refusal.At(nameof(request.Name), t["FilterTaken", same.Name]);
        (filter.Name, filter.SearchText) = (name, key);
        await SaveAsync(name, ct);
        return Unit.Value;
    }

    public async Task<Unit> Handle(DeleteFilter request, CancellationToken ct)
    {
        db.Remove((await OwnAsync(ct)).Find(f => f.Id == request.Id) ?? throw Refusal.NotFound(t["FilterGone"]));
        await db.SaveChangesAsync(ct);
        return Unit.Value;
    }

    private Task<List<SavedFilter>> OwnAsync(CancellationToken ct)
    {
        var me = actor.Id;
        return db.SavedFilters.Where(f => f.UserId == me).ToListAsync(ct);
    }

    private static (string Name, string Key) Named(string name)
    {
        var clean = CleanText.Of(name.Trim(), SavedFilter.MaxName);
        return (clean, SearchText.Of(2 * SavedFilter.MaxName, clean));
    }

    private async Task SaveAsync(string name, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another screen of theirs was faster.
            throw Refusal.At(nameof(SaveFilter.Name), t["FilterTaken", name]);
        }
    }
}

/// <summary>How somebody looked at their list is nobody else's business.</summary>
internal sealed class OwnDeskViews(InforzapDb db) : IBelongings
{
    public Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => Task.FromResult<string?>(null);

    public Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct) => Task.FromResult(0);

    public async Task ForgetAsync(Guid userId, CancellationToken ct)
    {
        await db.DeskViews.Where(v => v.UserId == userId).ExecuteDeleteAsync(ct);
        await db.SavedFilters.Where(f => f.UserId == userId).ExecuteDeleteAsync(ct);
    }
}
