using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Past;

/// <summary>Sincronizar histórico: what was said with the contact on this channel before, as far as the channel tells it. Only what is not here yet is kept.</summary>
/// <param name="TicketId">In whose conversation.</param>
/// <param name="Limit">How many messages are read at most, the newest first.</param>
[Allow("tickets.history")]
public sealed record SyncHistory([property: NotEmpty] Guid TicketId, [property: Range(1, HistorySync.MaxLimit), Called("HistoryLimit")] int Limit) : IRequest;

/// <summary>Ends the import that runs in this conversation; what came until then stays.</summary>
[Allow("tickets.history")]
public sealed record StopHistory([property: NotEmpty] Guid TicketId) : IRequest;

/// <summary>The last import of a conversation's history.</summary>
/// <param name="Limit">How many messages are read at most.</param>
/// <param name="Read">How many were read.</param>
/// <param name="Added">How many were not here yet.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="EndedAt">When it ended, UTC.</param>
public sealed record HistoryRow(HistoryState State, int Limit, int Read, int Added, string? Reason, DateTime? EndedAt)
{
    /// <summary>How far it is.</summary>
    public int Percent => Math.Min(100, Read * 100 / Limit);
}

internal sealed class SyncHistoryHandler(InforzapDb db, TicketAccess access, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<SyncHistory, Unit>
{
    public async Task<Unit> Handle(SyncHistory request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        if (!access.MayLookInto(ticket)) throw Refusal.Forbidden(t["PeekSwitchedOff"]);
        if (channels.Find(ticket.ChannelId) is not { } channel || !channel.Can.HasFlag(Can.History)) throw Refusal.Conflict(t["HistoryNotHere"]);
        var contact = await db.Set<ContactView>().SingleAsync(c => c.Id == ticket.ContactId, ct);
        if (contact.IsErased) throw Refusal.Conflict(t["HistoryErased"]);
        if (contact.Blocked) throw Refusal.Conflict(t["LockedBlocked"]);
        if (await db.HistorySyncs.AnyAsync(s => s.ChannelId == ticket.ChannelId && (s.ContactId == ticket.ContactId || db.Set<Ticket>().Any(x => x.Id == s.TicketId && x.ContactId == ticket.ContactId)) && s.State == HistoryState.Running, ct)) throw Refusal.Conflict(t["HistoryRuns"]);
        var sync = new HistorySync { Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = ticket.ChannelId, ContactId = ticket.ContactId, Limit = request.Limit, By = access.Actor.Id, AskedAt = access.Now };
        db.Add(sync);
        db.Add(Timeline.Entry(ticket.Id, "history-asked", access.Actor.Id, access.Now, new { limit = request.Limit }));
        db.Enqueue(HistoryLane.Of(sync.Id), "history", JsonSerializer.Serialize(new HistoryItem(sync.Id), JsonSerializerOptions.Web), access.Now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody asked at the same time, from another ticket of the conversation.
            throw Refusal.Conflict(t["HistoryRuns"]);
        }
        db.TouchTicket(ticket);
        return Unit.Value;
    }
}

internal sealed class StopHistoryHandler(InforzapDb db, TicketAccess access, IStringLocalizer<Texts> t) : IRequestHandler<StopHistory, Unit>
{
    public async Task<Unit> Handle(StopHistory request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        var (channelId, contactId, now) = (ticket.ChannelId, ticket.ContactId, access.Now);
        if (await db.Claim<HistorySync>(s => s.ChannelId == channelId && (s.ContactId == contactId || db.Set<Ticket>().Any(x => x.Id == s.TicketId && x.ContactId == contactId)) && s.State == HistoryState.Running,
                set => set.SetProperty(s => s.State, HistoryState.Stopped).SetProperty(s => s.EndedAt, now), ct) == 0) throw Refusal.Conflict(t["HistoryOver"]);
        db.Add(Timeline.Entry(ticket.Id, "history-stopped", access.Actor.Id, now));
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return Unit.Value;
    }
}

/// <summary>A lane item: import this history.</summary>
internal sealed record HistoryItem(Guid SyncId);

internal static class HistoryLane
{
    public const string Type = "history";

    public static string Of(Guid syncId) => $"{Type}/{syncId:N}";
}
