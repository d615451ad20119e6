using System.Text.Json;
using System.Text.Json.Serialization;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Schedules;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// What the list of the desk is narrowed to (Filtros Avançados). It only ever narrows what the caller sees, and says nothing of what
/// they may not know. Another condition is a property here, a line in <see cref="FilterPart"/> and one in <see cref="TicketFilters"/>.
/// </summary>
public sealed record TicketFilter
{
    private const int MostChosen = 50;

    /// <summary>All that the caller sees.</summary>
    public static readonly TicketFilter None = new();

    /// <summary>Any of these queues.</summary>
    public IReadOnlyList<Guid> Queues { get; init; } = [];
    /// <summary>Served by any of these.</summary>
    public IReadOnlyList<Guid> People { get; init; } = [];
    /// <summary>Through any of these channels.</summary>
    public IReadOnlyList<Guid> Channels { get; init; } = [];
    /// <summary>Whose contact has any of these tags.</summary>
    public IReadOnlyList<Guid> Tags { get; init; } = [];
    /// <summary>Whose contact any of these look after (Carteira).</summary>
    public IReadOnlyList<Guid> Owners { get; init; } = [];
    /// <summary>Closed for any of these reasons; says nothing of what is not closed.</summary>
    public IReadOnlyList<Guid> Reasons { get; init; } = [];
    /// <summary>The last message was on this day or later.</summary>
    public DateOnly? From { get; init; }
    /// <summary>The last message was on this day or before.</summary>
    public DateOnly? To { get; init; }
    /// <summary>With messages that nobody has read.</summary>
    public bool Unread { get; init; }
    /// <summary>That nobody serves.</summary>
    public bool Unassigned { get; init; }
    /// <summary>To whose contact a message is going to be sent.</summary>
    public bool Scheduled { get; init; }
    /// <summary>Whose.</summary>
    public TicketScope Scope { get; init; }

    /// <summary>Nothing is narrowed.</summary>
    [JsonIgnore]
    public bool IsNone => FilterPart.CountOf(this) == 0;

    /// <summary>As it is kept: each choice once, and not more than anybody ticks.</summary>
    public TicketFilter Tidy()
    {
        var (from, to) = From > To ? (To, From) : (From, To);
        return FilterPart.Choices.Aggregate(this, (f, part) => part.With(f, [.. part.Of(f).Where(id => id != Guid.Empty).Distinct().Take(MostChosen)])) with { From = Day(from), To = Day(to) };
    }

    /// <summary>A day that the clocks of all time zones and databases know.</summary>
    private static DateOnly? Day(DateOnly? day) => day is { Year: >= 2000 and < 2200 } ? day : null;

    internal string ToJson() => IsNone ? "" : JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>One that this version can't read is none.</summary>
    internal static TicketFilter FromJson(string json)
    {
        if (json.Length == 0) return None;
        try
        {
            return JsonSerializer.Deserialize<TicketFilter>(json, JsonSerializerOptions.Web)?.Tidy() ?? None;
        }
        catch (JsonException)
        {
            return None;
        }
    }
}

/// <summary>Whose tickets a list shows.</summary>
public enum TicketScope
{
    /// <summary>All that the caller sees.</summary>
    All,
    /// <summary>The caller's own, and those of their queues: for who sees all.</summary>
    MyQueues,
    /// <summary>The caller's own.</summary>
    Mine,
}

/// <summary>A condition of which some of many are chosen, as form and chips show it.</summary>
/// <param name="Text">Its name among the texts.</param>
/// <param name="Of">What is chosen.</param>
/// <param name="With">Another choice.</param>
/// <param name="Offered">What there is to choose.</param>
internal sealed record FilterPart(
    string Text, Func<TicketFilter, IReadOnlyList<Guid>> Of, Func<TicketFilter, IReadOnlyList<Guid>, TicketFilter> With, Func<FilterOffer, IReadOnlyList<FilterChoice>> Offered)
{
    public static readonly IReadOnlyList<FilterPart> Choices =
    [
        new("FilterQueues", f => f.Queues, (f, ids) => f with { Queues = ids }, o => o.Queues),
        new("FilterPeople", f => f.People, (f, ids) => f with { People = ids }, o => o.People),
        new("FilterChannels", f => f.Channels, (f, ids) => f with { Channels = ids }, o => o.Channels),
        new("FilterTags", f => f.Tags, (f, ids) => f with { Tags = ids }, o => o.Tags),
        new("FilterOwners", f => f.Owners, (f, ids) => f with { Owners = ids }, o => o.Owners),
        new("FilterReasons", f => f.Reasons, (f, ids) => f with { Reasons = ids }, o => o.Reasons),
    ];

    /// <summary>Conditions that hold or don't.</summary>
    public static readonly IReadOnlyList<FilterSwitch> Switches =
    [
        new("FilterUnread", f => f.Unread, (f, on) => f with { Unread = on }, _ => true),
        new("FilterUnassigned", f => f.Unassigned, (f, on) => f with { Unassigned = on }, _ => true),
        new("FilterScheduled", f => f.Scheduled, (f, on) => f with { Scheduled = on }, o => o.Schedules),
    ];

    /// <summary>How many conditions there are.</summary>
    public static int CountOf(TicketFilter filter) => Choices.Count(p => p.Of(filter).Count > 0) + Switches.Count(s => s.Of(filter))
        + (filter.From is null && filter.To is null ? 0 : 1) + (filter.Scope == TicketScope.All ? 0 : 1);

    /// <summary>Without what is not offered: gone since, or no longer the caller's to know.</summary>
    public static TicketFilter Known(TicketFilter filter, FilterOffer offer)
    {
        foreach (var part in Choices)
        {
            var offered = part.Offered(offer).Select(c => c.Id).ToHashSet();
            if (part.Of(filter).Any(id => !offered.Contains(id))) filter = part.With(filter, [.. part.Of(filter).Where(offered.Contains)]);
        }
        foreach (var one in Switches.Where(s => s.Of(filter) && !s.IsOffered(offer))) filter = one.With(filter, false);
        return filter.Scope == TicketScope.MyQueues && !offer.All ? filter with { Scope = TicketScope.All } : filter;
    }
}

/// <inheritdoc cref="FilterPart"/>
internal sealed record FilterSwitch(string Text, Func<TicketFilter, bool> Of, Func<TicketFilter, bool, TicketFilter> With, Func<FilterOffer, bool> IsOffered);

/// <summary>Something to filter by.</summary>
/// <param name="Color">#rrggbb, where it has one.</param>
public sealed record FilterChoice(Guid Id, string Name, string? Color = null);

/// <summary>What the caller may filter by.</summary>
/// <param name="Schedules">By messages that are planned.</param>
/// <param name="All">They see all tickets, and may wish to see theirs only.</param>
public sealed record FilterOffer(
    IReadOnlyList<FilterChoice> Queues, IReadOnlyList<FilterChoice> People, IReadOnlyList<FilterChoice> Channels, IReadOnlyList<FilterChoice> Tags, IReadOnlyList<FilterChoice> Reasons,
    bool Schedules, bool All)
{
    /// <summary>Who looks after contacts.</summary>
    public IReadOnlyList<FilterChoice> Owners { get; init; } = [];
}

/// <summary>Narrows queries to a filter. What the caller may not filter by narrows nothing: whether a ticket comes would tell it.</summary>
internal sealed class TicketFilters(InforzapDb db, IActor actor, ISettings settings, ScheduleAccess schedules)
{
    public bool MayBySchedule => actor.May("schedules.use") || actor.May("schedules.manage");

    public bool MayByTag => actor.May("tags.see");

    /// <summary>Where somebody knows only whom they look after themselves, there is nothing to choose.</summary>
    public bool MayByOwner => actor.May("contacts.see") && !actor.SeesOwnOnly(settings);

    /// <summary>Of tickets that are visible already.</summary>
    /// <param name="status">Those of one tab; null: of all.</param>
    public IQueryable<Ticket> Narrow(IQueryable<Ticket> tickets, TicketFilter? filter, TicketStatus? status)
    {
        if (filter is null || filter.IsNone) return tickets;
        filter = filter.Tidy();
        var me = actor.Id;
        if (filter.Scope == TicketScope.Mine) tickets = tickets.Where(t => t.UserId == me);
        if (filter.Scope == TicketScope.MyQueues && actor.Queues.ToArray() is var mine) tickets = tickets.Where(t => t.UserId == me || (t.QueueId != null && mine.Contains(t.QueueId.Value)));
        if (filter.Queues.Count > 0 && filter.Queues.ToArray() is var queues) tickets = tickets.Where(t => t.QueueId != null && queues.Contains(t.QueueId.Value));
        if (filter.People.Count > 0 && actor.SeesOthers(settings) && filter.People.ToArray() is var people) tickets = tickets.Where(t => t.UserId != null && people.Contains(t.UserId.Value));
        if (filter.Channels.Count > 0 && filter.Channels.ToArray() is var channels) tickets = tickets.Where(t => channels.Contains(t.ChannelId));
        if (filter.Tags.Count > 0 && MayByTag && filter.Tags.ToArray() is var tags) tickets = tickets.Where(t => db.Set<ContactTagView>().Any(x => x.ContactId == t.ContactId && tags.Contains(x.TagId)));
        if (filter.Owners.Count > 0 && MayByOwner && filter.Owners.ToArray() is var owners) tickets = tickets.Where(t => db.Set<ContactOwnerView>().Any(o => o.ContactId == t.ContactId && owners.Contains(o.UserId)));
        if (filter.Reasons.Count > 0 && status is null or TicketStatus.Closed && filter.Reasons.ToArray() is { Length: > 0 } reasons)
            tickets = tickets.Where(t => t.ClosingReasonId != null && reasons.Contains(t.ClosingReasonId.Value));
        if (filter.Unread) tickets = tickets.Where(t => t.Unread > 0);
        if (filter.Unassigned) tickets = tickets.Where(t => t.UserId == null);
        if (filter.From is { } from && settings.Begin(from) is var begin) tickets = tickets.Where(t => t.LastMessageAt >= begin);
        if (filter.To is { } to && settings.Begin(to.AddDays(1)) is var end) tickets = tickets.Where(t => t.LastMessageAt < end);
        if (filter.Scheduled && MayBySchedule)
        {
            var live = schedules.Seen.Where(s => s.State == ScheduleState.Active || s.State == ScheduleState.Paused);
            tickets = tickets.Where(t => db.Set<ScheduleContact>().Any(c => c.ContactId == t.ContactId && c.RepliedAt == null && live.Any(s => s.Id == c.ScheduleId && s.ChannelId == t.ChannelId)));
        }
        return tickets;
    }
}
