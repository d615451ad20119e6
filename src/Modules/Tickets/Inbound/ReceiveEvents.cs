using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Costs;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Owners;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tickets.Inbound;

/// <summary>
/// What came in, a set at a time: contacts, tickets, messages and marks of all items are each read or written in one
/// statement. The order of FEATURES 1.6: duplicates, contact, blocked, answers to surveys, ticket, message.
/// </summary>
internal sealed class ReceiveEvents(
    InforzapDb db, IMediator mediator, IChannelDirectory channels, LiveMenus menus, Tombstones tombstones, OptOuts optOuts, IEnumerable<IAnswerSwitch> answers, SurveyAnswers surveys, OwnerWay owners, ChargeBook charges, ISettings settings, TimeProvider clock) : ILaneHandler
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    private readonly Dictionary<(Guid Channel, string ProviderId), Message> messages = [];
    private readonly List<Message> received = [];
    private readonly Dictionary<Guid, Message> attempts = [];
    private readonly Dictionary<Guid, Ticket> tickets = [];
    private readonly Dictionary<(Guid Channel, Guid Contact), Ticket> active = [];
    private readonly Dictionary<(Guid Channel, Guid Contact), Ticket> latest = [];
    private readonly Dictionary<(Guid Channel, Guid Contact), Ticket> leading = [];
    private readonly HashSet<Guid> spoken = [];
    private readonly List<string> landed = [];
    private readonly List<(string Key, LaneItem Item, InboundEvent Event)> waits = [];
    private readonly System.Collections.Generic.Queue<long> numbers = new();
    private readonly Dictionary<Guid, StoredFile> files = [];
    private IReadOnlyDictionary<string, ResolvedContact> contacts = new Dictionary<string, ResolvedContact>();
    private DateTime now;

    public string Type => "in";

    public async Task HandleAsync(LaneSet set, CancellationToken ct)
    {
        now = clock.GetUtcNow().UtcDateTime;
        var events = set.Items.Select(i => (Item: i, Event: JsonSerializer.Deserialize<InboundEvent>(i.Payload, Web)!)).ToList();
        if (settings.Is(Setting.IgnoreGroups))
        {
            // Before anybody becomes a contact by it.
            foreach (var (item, _) in events.Where(IsOfGroup)) set.Drop(item, "groups are ignored");
            if (events.RemoveAll(IsOfGroup) > 0 && events.Count == 0) return;
        }
        await LeaveErasedAsync(set, events, ct);
        if (events.Count == 0) return;
        // First of all: messages of the new address belong to whom the former one led to.
        foreach (var (item, move) in events.Select(e => (e.Item, e.Event as InboundMove))) if (move is not null && !await MoveAsync(move, ct)) set.Drop(item, "nothing to move");
        await LoadAsync([.. events.Select(e => e.Event)], ct);
        foreach (var (item, happened) in events) Apply(set, item, happened);
        for (var i = 0; i < events.Count; i++)
            if (events[i].Event is InboundReach reach && !(events.Skip(i + 1).Any(e => IsWritten(e.Event, reach.From)) && !reach.IsReachable)) await ReachAsync(reach, ct);
        // What came before its message was set aside, earlier or just now; its message may be among these.
        var early = waits.ToLookup(w => w.Key, w => (w.Item, w.Event));
        var waiting = await db.TakeWaitingAsync(landed, now, ct);
        foreach (var item in waiting) Apply(null, item, JsonSerializer.Deserialize<InboundEvent>(item.Payload, Web)!);
        foreach (var key in landed)
            foreach (var (item, happened) in early[key])
            {
                set.Done(item);
                Apply(null, item, happened);
            }
        foreach (var message in await charges.WriteAsync(ct)) Changed(message);
        await db.InsertAsync(received, ct);
        await surveys.SayAsync(ct);
        await optOuts.EndAsync(ct);
        db.EnqueueAnswers(answers, received.Where(m => !surveys.Took(m)), id => tickets[id], now);
    }

    /// <summary>What was erased with its person is brought again by some: before anybody becomes a contact by it, it is left out, and nothing of it is kept.</summary>
    private async Task LeaveErasedAsync(LaneSet set, List<(LaneItem Item, InboundEvent Event)> events, CancellationToken ct)
    {
        var erased = await tombstones.AmongAsync(db, events.SelectMany(e => NamesOf(e.Event)), ct);
        if (erased.Count == 0) return;
        var gone = events.FindAll(e => NamesOf(e.Event).Any(erased.Contains));
        foreach (var (item, _) in gone) set.Drop(item, "erased");
        events.RemoveAll(gone.Contains);
        foreach (var channel in gone.GroupBy(e => e.Event.ChannelId))
        {
            var (positions, lane) = (channel.Select(e => e.Item.Position).ToArray(), $"in/{channel.Key:N}/erased");
            await db.Set<LaneItem>().Where(i => positions.Contains(i.Position)).ExecuteUpdateAsync(s => s.SetProperty(i => i.Lane, lane).SetProperty(i => i.Payload, "{}")
                .SetProperty(i => i.Raw, (byte[]?)null).SetProperty(i => i.DedupKey, (string?)null), ct);
        }
    }

    /// <summary>How an event, and the message that it is or speaks of, may have been known. A message that quotes one is another.</summary>
    private static IEnumerable<string> NamesOf(InboundEvent e) =>
        (e is InboundMessage m ? [m.ProviderId ?? m.EventId] : ProviderIds(e)).Append(e.EventId).Select(id => Tombstones.NameOf(e.ChannelId, id));

    private static bool IsOfGroup((LaneItem Item, InboundEvent Event) e) => e.Event is InboundMessage { Participant: not null };

    private async Task LoadAsync(List<InboundEvent> events, CancellationToken ct)
    {
        var written = events.OfType<InboundMessage>().ToList();
        if (written.Count > 0)
            contacts = await mediator.Send(new ResolveContacts([.. written.Select(m => m.From)])
            {
                Aliases = [.. written.SelectMany(m => m.AlsoKnownAs.Select(other => new Alias(m.From, other)))],
                Wrote = [.. written.Where(m => IsWritten(m, m.From)).Select(m => m.From)],
                CameFrom = written.Where(m => !string.IsNullOrWhiteSpace(m.CameFrom)).DistinctBy(m => ResolveContacts.KeyOf(m.From)).ToDictionary(m => ResolveContacts.KeyOf(m.From), m => m.CameFrom!),
            }, ct);

        var channelIds = events.Select(e => e.ChannelId).Distinct().ToArray();
        var providerIds = events.SelectMany(ProviderIds).Distinct().ToArray();
        foreach (var m in await db.Messages.Where(m => channelIds.Contains(m.ChannelId) && providerIds.Contains(m.ProviderId!)).ToListAsync(ct))
            messages[(m.ChannelId, m.ProviderId!)] = m;
        await LoadAttemptsAsync([.. events.OfType<InboundReceipt>().Select(r => r.AttemptId).OfType<Guid>().Distinct()], ct);
        await LoadTicketsAsync(channelIds, events, ct);
        await LoadBulkReceiptsAsync([.. events.OfType<InboundReceipt>().Where(r => r.UpToSeq is not null)], ct);

        var fileIds = events.OfType<InboundMessage>().Select(m => (m.Content as MediaContent)?.Source.FileId).OfType<Guid>().Distinct().ToArray();
        if (fileIds.Length > 0) foreach (var f in await db.Set<StoredFile>().AsNoTracking().Where(f => fileIds.Contains(f.Id)).ToListAsync(ct)) files[f.Id] = f;
    }

    private async Task<bool> MoveAsync(InboundMove move, CancellationToken ct)
    {
        if (await mediator.Send(new MoveAddress(move.Former, move.From), ct) is not { } contactId) return false;
        var (kind, former, value) = (move.Former.Kind, move.Former.Value, move.From.Value);
        await db.Claim<Ticket>(t => t.ContactId == contactId && t.AddressKind == kind && t.AddressValue == former, set => set.SetProperty(t => t.AddressValue, value), ct);
        return true;
    }

    private static bool IsWritten(InboundEvent happened, Address by) =>
        happened is InboundMessage { Echo: false, Notice: false } message && ResolveContacts.KeyOf(message.From) == ResolveContacts.KeyOf(by);

    /// <summary>After the messages of the set: only one that was written later says that it can be answered.</summary>
    private async Task ReachAsync(InboundReach reach, CancellationToken ct)
    {
        await mediator.Send(new NoteReach(reach.From, reach.IsReachable, reach.Reason), ct);
        var (channelId, kind, value) = (reach.ChannelId, reach.From.Kind, reach.From.Value);
        foreach (var ticket in await db.Tickets.Where(t => t.ChannelId == channelId && t.Status != TicketStatus.Closed && t.AddressKind == kind && t.AddressValue == value).ToListAsync(ct))
            db.TouchTicket(ticket);
    }

    private static IEnumerable<string> ProviderIds(InboundEvent e) => e switch
    {
        InboundMessage m => m.QuotedProviderId is { } quoted ? [m.ProviderId ?? m.EventId, quoted] : [m.ProviderId ?? m.EventId],
        InboundReceipt r => r.ProviderId.Length > 0 ? [r.ProviderId] : [],
        InboundEdit x => [x.ProviderId],
        InboundRevoke x => [x.ProviderId],
        InboundReaction x => [x.ProviderId],
        _ => [],
    };

    private async Task LoadAttemptsAsync(Guid[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return;
        var owners = await db.Attempts.AsNoTracking().Where(a => ids.Contains(a.Id)).Select(a => new { a.Id, a.MessageId }).ToListAsync(ct);
        var messageIds = owners.Select(o => o.MessageId).ToArray();
        var found = await db.Messages.Where(m => messageIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, ct);
        foreach (var o in owners) if (found.TryGetValue(o.MessageId, out var m)) attempts[o.Id] = m;
    }

    private async Task LoadTicketsAsync(Guid[] channelIds, List<InboundEvent> events, CancellationToken ct)
    {
        var contactIds = contacts.Values.Where(c => !c.IsNew).Select(c => c.Id).Distinct().ToArray();
        var ofMessages = messages.Values.Concat(attempts.Values).Select(m => m.TicketId).Distinct().ToArray();
        await db.Hold<Ticket>(t => ofMessages.Contains(t.Id)
            || (t.Status != TicketStatus.Closed && channelIds.Contains(t.ChannelId) && contactIds.Contains(t.ContactId)), ct);
        foreach (var t in await db.Tickets.Where(t => ofMessages.Contains(t.Id)
            || (t.Status != TicketStatus.Closed && channelIds.Contains(t.ChannelId) && contactIds.Contains(t.ContactId))).ToListAsync(ct))
        {
            tickets[t.Id] = t;
            if (t.IsActive) active[KeyOf(t)] = t;
        }
        // Contacts that we know but have nothing open with: their last ticket may be reopened, and numbers go on from it.
        var idle = events.OfType<InboundMessage>().Select(m => (m.ChannelId, Contact: contacts[ResolveContacts.KeyOf(m.From)]))
            .Where(m => !m.Contact.IsNew).Select(m => (m.ChannelId, m.Contact.Id)).Where(c => !active.ContainsKey(c)).ToHashSet();
        var closed = tickets.Values.Where(t => !t.IsActive).ToList();
        if (idle.Count + closed.Count > 0) await LoadLeadingAsync(idle, closed, ct);
        await LoadSpokenAsync(events, ct);
        await owners.LoadAsync([.. events.OfType<InboundMessage>().Where(m => m is { Echo: false, Notice: false, Participant: null }).Select(m => (m.ChannelId, contacts[ResolveContacts.KeyOf(m.From)]))
            .Where(m => !m.Item2.IsNew && !active.ContainsKey((m.ChannelId, m.Item2.Id))).Select(m => m.Item2.Id).Distinct()], ct);
        var writing = events.OfType<InboundMessage>().Select(m => (m.ChannelId, contacts[ResolveContacts.KeyOf(m.From)].Id)).ToHashSet();
        await surveys.LoadAsync([.. active.Concat(latest).Where(t => writing.Contains(t.Key)).Select(t => t.Value)], now, ct);
    }

    private async Task LoadLeadingAsync(HashSet<(Guid Channel, Guid Contact)> idle, List<Ticket> closed, CancellationToken ct)
    {
        var found = await db.LeadersAsync([.. idle.Concat(closed.Select(KeyOf))], ct);
        foreach (var (key, conversation) in found) leading[key] = conversation.Leader;
        var newest = idle.Where(found.ContainsKey).Select(key => found[key].Newest).ToArray();
        foreach (var t in await db.Tickets.Where(t => newest.Contains(t.Number)).ToListAsync(ct))
        {
            tickets[t.Id] = latest[KeyOf(t)] = t;
            closed.Add(t);
        }
        foreach (var t in closed) t.Follow(leading[KeyOf(t)]);
    }

    /// <summary>In which tickets the house said something after the end. Asked only where somebody seems to thank.</summary>
    private async Task LoadSpokenAsync(List<InboundEvent> events, CancellationToken ct)
    {
        var ids = events.OfType<InboundMessage>().Select(m => (Message: m, Last: latest.GetValueOrDefault((m.ChannelId, contacts[ResolveContacts.KeyOf(m.From)].Id))))
            .Where(m => SeemsThanks(m.Message, m.Last)).Select(m => m.Last!.Id).Distinct().ToArray();
        if (ids.Length == 0) return;
        // Farewells and surveys belong to the end itself.
        spoken.UnionWith(await db.Messages.Where(m => ids.Contains(m.TicketId) && m.FromUs && !m.IsNote && m.Origin != MessageOrigin.Bot && m.Origin != MessageOrigin.Sync)
            .Join(db.Tickets, m => m.TicketId, t => t.Id, (m, t) => new { t.Id, m.CreatedAt, t.ClosedAt }).Where(x => x.CreatedAt > x.ClosedAt).Select(x => x.Id).Distinct().ToListAsync(ct));
    }

    private static (Guid Channel, Guid Contact) KeyOf(Ticket ticket) => (ticket.ChannelId, ticket.ContactId);

    private readonly Dictionary<InboundReceipt, List<Message>> bulk = [];

    private async Task LoadBulkReceiptsAsync(List<InboundReceipt> receipts, CancellationToken ct)
    {
        foreach (var receipt in receipts)
        {
            var (number, seq) = ConversationSeq.Split(receipt.UpToSeq!.Value);
            var ticket = await db.Tickets.SingleOrDefaultAsync(t => t.Number == number && t.ChannelId == receipt.ChannelId
                && t.AddressKind == receipt.From.Kind && t.AddressValue == receipt.From.Value, ct);
            if (ticket is null) continue;
            await db.Hold<Ticket>(t => t.Id == ticket.Id, ct);
            if (db.Provider != DatabaseProvider.Sqlite) await db.Entry(ticket).ReloadAsync(ct);
            await db.FollowAsync(ticket, ct);
            tickets[ticket.Id] = ticket;
            // A page shows what is stored, so its reader may be faster than the send that writes down its result.
            bulk[receipt] = await db.Messages.Where(m => m.TicketId == ticket.Id && m.FromUs && !m.IsNote && m.Seq <= seq
                && m.State != MessageState.Failed && m.State != MessageState.Read && m.State != MessageState.Played).ToListAsync(ct);
        }
    }

    /// <summary>Applies one event. <paramref name="set"/> is null for what waited: it is marked already.</summary>
    private void Apply(LaneSet? set, LaneItem item, InboundEvent happened)
    {
        switch (happened)
        {
            case InboundMessage message:
                if (contacts[ResolveContacts.KeyOf(message.From)] is { Blocked: true }) set?.Drop(item, "contact blocked");
                else if (message.Notice && !HasTicket(message)) set?.Drop(item, "nothing to tell it in");
                else Receive(message);
                break;
            case InboundReceipt receipt when bulk.TryGetValue(receipt, out var many):
                foreach (var m in many) Raise(m, receipt);
                break;
            case InboundReceipt { UpToSeq: not null }:
                set?.Drop(item, "nothing to mark");
                break;
            case InboundReceipt receipt:
                if (receipt.AttemptId is { } attempt && attempts.TryGetValue(attempt, out var sent) && sent.ChannelId == receipt.ChannelId)
                {
                    if (receipt.ProviderId.Length > 0 && sent.ProviderId is null && sent.AttemptId == attempt)
                    {
                        sent.ProviderId = receipt.ProviderId;
                        messages[(receipt.ChannelId, receipt.ProviderId)] = sent;
                        landed.Add(WaitKey(receipt.ChannelId, receipt.ProviderId));
                    }
                    // That an earlier attempt failed says nothing of the one that a person started since.
                    if (receipt.State != ReceiptState.Failed || sent.AttemptId == attempt) Raise(sent, receipt);
                }
                else Target(set, item, receipt, receipt.ProviderId, m => Raise(m, receipt));
                break;
            case InboundEdit edit:
                Target(set, item, edit, edit.ProviderId, m =>
                {
                    // The provider's clock decides: an earlier edit may come later.
                    if (m.DeletedAt is not null || m.ForgottenAt is not null || edit.At < m.EditedAt) return;
                    m.PreviousBody ??= m.Body;
                    (m.Body, m.EditedAt, m.SearchText) = (edit.Body, edit.At ?? now, SearchText.Of(4000, edit.Body));
                    Changed(m);
                });
                break;
            case InboundRevoke revoke:
                Target(set, item, revoke, revoke.ProviderId, m =>
                {
                    m.DeletedAt ??= revoke.At ?? now;
                    Changed(m);
                });
                break;
            case InboundReaction reaction:
                Target(set, item, reaction, reaction.ProviderId, m =>
                {
                    if (m.React(reaction)) Changed(m);
                });
                break;
            case InboundMove or InboundReach:
                // Done before, or after, the messages of the set.
                break;
            default:
                throw new InvalidOperationException($"{happened.GetType().Name} is not an event that tickets know.");
        }
    }

    private void Target(LaneSet? set, LaneItem item, InboundEvent happened, string providerId, Action<Message> apply)
    {
        var channelId = happened.ChannelId;
        if (messages.TryGetValue((channelId, providerId), out var message)) apply(message);
        else if (set is not null)
        {
            set.Wait(item, WaitKey(channelId, providerId), "its message has not come yet");
            waits.Add((WaitKey(channelId, providerId), item, happened));
        }
    }

    /// <summary>Under this key events wait for their message.</summary>
    internal static string WaitKey(Guid channelId, string providerId) => $"{channelId:N}:{providerId}";

    private void Raise(Message message, InboundReceipt receipt)
    {
        charges.Note(message, receipt, now);
        if (!Lattice.Raise(message, Lattice.Of(receipt.State), receipt.Reason, receipt.Code)) return;
        Changed(message);
    }

    private void Changed(Message message)
    {
        var ticket = tickets[message.TicketId];
        message.Change = ticket.NextChange();
        db.TouchTicket(ticket);
    }

    private void Receive(InboundMessage inbound)
    {
        var providerId = inbound.ProviderId ?? inbound.EventId;
        if (messages.ContainsKey((inbound.ChannelId, providerId))) return;
        var contact = contacts[ResolveContacts.KeyOf(inbound.From)];
        var key = (inbound.ChannelId, contact.Id);
        var (open, last) = (active.GetValueOrDefault(key), latest.GetValueOrDefault(key));
        var rates = surveys.Takes(inbound, key, open, last, now);
        var thanks = !rates && open is null && IsThanks(inbound, last);
        var ticket = rates || thanks ? (open ?? last)! : TicketFor(inbound, contact);
        if (inbound is { Echo: false, Notice: false }) (ticket.AddressKind, ticket.AddressValue) = (contact.Address.Kind, inbound.From.Value);
        var (seq, change) = ticket.NextMessage();
        var (kind, body, extra) = Contents.Describe(inbound.Content);
        var media = db.MediaOf(inbound.Content, ticket.Id, files, now);
        if (media is not null) kind = media.Kind;
        if (inbound.Notice) kind = MessageKind.System;
        var message = new Message
        {
            Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = ticket.ChannelId, QueueId = ticket.QueueId, ServedBy = ticket.UserId, Seq = seq, Change = change, ProviderId = providerId,
            FromUs = inbound.Echo, Origin = inbound.Echo ? MessageOrigin.Device : MessageOrigin.Chat, Kind = kind, Body = body, Extra = extra,
            MediaId = media?.Id, State = inbound.Echo ? MessageState.Sent : MessageState.Received, ProviderAt = inbound.At, CreatedAt = now,
            // A visitor may name any message: only what stands in their own conversation is quoted to whoever reads it.
            QuotedId = inbound.QuotedProviderId is { } quoted && messages.TryGetValue((inbound.ChannelId, quoted), out var q) && tickets[q.TicketId].ContactId == contact.Id ? q.Id : null,
            Author = inbound.Participant is { Name: { Length: > 0 } author } ? CleanText.Of(author.Trim(), 120) : null,
            SearchText = SearchText.Of(4000, body, media?.FileName),
        };
        if (media is not null) media.MessageId = message.Id;
        received.Add(message);
        optOuts.Look(inbound, ticket);
        messages[(inbound.ChannelId, providerId)] = message;
        landed.Add(WaitKey(inbound.ChannelId, providerId));
        db.TouchTicket(ticket);
        if (inbound.Notice) return;
        ticket.LastText = Contents.Snippet(kind, body, media?.FileName);
        (ticket.LastKind, ticket.LastFromUs, ticket.LastMessageAt) = (kind, inbound.Echo, now);
        if (inbound.Echo)
        {
            ticket.Replied(now);
            if (ticket.IsActive) ticket.Answered(now);
            else spoken.Add(ticket.Id);
            return;
        }
        if (rates)
        {
            // Nobody is waited for, and nobody is called.
            surveys.Note(message);
            return;
        }
        // The talk is over, and stays so.
        if (thanks) return;
        ticket.Wrote(now);
        ticket.Unread++;
    }

    /// <summary>Politeness soon after the end. Where the house spoke since, 'ok' is an answer, and somebody waits for it.</summary>
    private bool IsThanks(InboundMessage inbound, Ticket? last) => SeemsThanks(inbound, last) && !spoken.Contains(last!.Id);

    /// <summary>Politeness soon after a person closed the last ticket, and nothing beside it.</summary>
    private bool SeemsThanks(InboundMessage inbound, Ticket? last) => settings.Is(Setting.QuietThanks) && inbound is { Echo: false, Notice: false, Participant: null }
        && last is { IsGroup: false, ClosedBy: not null, ClosedAt: { } closed } && now - closed <= Thanks.Window && Thanks.IsThanks(inbound.Content);

    private bool HasTicket(InboundMessage inbound)
    {
        var key = (inbound.ChannelId, contacts[ResolveContacts.KeyOf(inbound.From)].Id);
        return active.ContainsKey(key) || latest.ContainsKey(key);
    }

    private Ticket TicketFor(InboundMessage inbound, ResolvedContact contact)
    {
        var key = (inbound.ChannelId, contact.Id);
        if (active.TryGetValue(key, out var ticket)) return ticket;
        latest.TryGetValue(key, out var last);
        if ((inbound.Echo || inbound.Notice) && last is not null) return last;
        if (!inbound.Echo && last?.ClosedAt is { } closed && ReopenWindow is { } window && window > TimeSpan.Zero && closed + window >= now)
        {
            last.Reopen(null, now);
            db.Add(Timeline.Entry(last.Id, "reopened", null, now));
            if (!last.IsGroup) owners.Take(last, now);
            db.Add(Timeline.Cycle(last, now, startedByAgent: false));
            return active[key] = leading[key] = last;
        }
        // A menu asks people for their queue.
        var queue = menus.Of(inbound.ChannelId) is null || inbound.Participant is not null ? channels.Find(inbound.ChannelId)?.QueueId : null;
        ticket = Ticket.New(TakeNumber(), inbound.ChannelId, contact.Id, contact.Address, queue, now, leading.GetValueOrDefault(key), inbound.Participant is not null);
        if (inbound.Echo) ticket.Close(null, null, null, now);
        db.Add(ticket);
        db.Add(Timeline.Entry(ticket.Id, "created", null, now));
        if (inbound is { Echo: false, Participant: null }) owners.Take(ticket, now);
        db.Add(Timeline.Cycle(ticket, now));
        tickets[ticket.Id] = leading[key] = ticket;
        return inbound.Echo ? latest[key] = ticket : active[key] = ticket;
    }

    private TimeSpan? ReopenWindow => int.TryParse(settings.Get(Setting.ReopenMinutes), out var minutes) ? TimeSpan.FromMinutes(minutes) : null;

    /// <summary>One statement for all tickets that this set may open; what is left over makes gaps, which are allowed.</summary>
    private long TakeNumber()
    {
        if (numbers.Count == 0)
        {
            var activeContacts = active.Keys.Select(k => k.Contact).ToHashSet();
            var wanted = contacts.Values.Select(c => c.Id).Distinct().Count(c => !activeContacts.Contains(c));
            var last = TicketNumbers.Take(db, Math.Max(1, wanted));
            for (var n = last - Math.Max(1, wanted) + 1; n <= last; n++) numbers.Enqueue(n);
        }
        return numbers.Dequeue();
    }
}

/// <summary>A lane item: fetch these bytes.</summary>
internal sealed record FetchMedia(Guid MediaId);

internal static class MediaLane
{
    /// <summary>The file that a message brings, to be fetched where its bytes are not here yet; null when it brings none.</summary>
    public static Media? MediaOf(this InforzapDb db, Content brought, Guid ticketId, IReadOnlyDictionary<Guid, StoredFile> files, DateTime now)
    {
        if (brought is not MediaContent content) return null;
        var said = Enum.Parse<MessageKind>(content.Kind.ToString());
        var media = new Media
        {
            Id = Guid.NewGuid(), TicketId = ticketId, Kind = said, FileName = FileKinds.SafeName(content.FileName), CreatedAt = now, Size = content.Size,
            SourceUrl = content.Source.Url?.AbsoluteUri, SourceReference = content.Source.Reference, State = MediaState.Pending,
        };
        if (content.Source.FileId is { } fileId)
        {
            if (files.TryGetValue(fileId, out var file)) media.Ready(file, content.Kind);
            else (media.State, media.Reason) = (MediaState.Gone, "file not stored");
        }
        else
        {
            db.Enqueue(media, now);
        }
        db.Add(media);
        return media;
    }

    /// <summary>Has the bytes fetched, in a lane of their own: a slow file holds up no other.</summary>
    public static void Enqueue(this InforzapDb db, Media media, DateTime now) =>
        db.Enqueue($"media/{media.Id:N}", "fetch", JsonSerializer.Serialize(new FetchMedia(media.Id), JsonSerializerOptions.Web), now);
}
