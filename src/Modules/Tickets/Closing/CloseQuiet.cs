using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tickets.Closing;

/// <summary>Looks twice a minute. What is due stands in the rows of tickets.</summary>
internal sealed class CloseQuiet(SystemMediator mediator) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        while (await mediator.Send(new CloseQuietTickets(), ct) > 0) ct.ThrowIfCancellationRequested();
    }
}

/// <summary>
/// Warns in, closes or hands on the tickets in which nobody has spoken for as long as the rules say, the quietest first. It looks
/// at how things are: it may run at any time, twice at once, and after any pause. Returns how many it touched; as long as there
/// were some, there may be more.
/// </summary>
[AllowSystem]
internal sealed record CloseQuietTickets : IRequest<int>;

internal sealed class CloseQuietTicketsHandler(InforzapDb db, TicketAccess access, HouseVoice voice, ServiceClock hours, SurveySender surveys) : IRequestHandler<CloseQuietTickets, int>
{
    /// <summary>So many in one transaction: nobody waits long for it.</summary>
    internal const int Most = 50;

    private const int MostCandidates = 2000;

    /// <summary>
    /// So often a day a customer is told that their ticket will be closed, and that it was: where a machine answers each of these words, there would be
    /// no end of it.
    /// </summary>
    internal const int MostTextsADay = 3;

    public async Task<int> Handle(CloseQuietTickets request, CancellationToken ct)
    {
        var rules = await db.QuietRules.AsNoTracking().Where(r => r.IsActive).ToListAsync(ct);
        var due = new List<(Pass Pass, Guid Id)>();
        foreach (var pass in Passes(rules))
        {
            if (due.Count >= Most) break;
            if (await IsTargetThereAsync(pass.Rule, ct)) due.AddRange((await DueAsync(pass, Most - due.Count, ct)).Select(id => (pass, id)));
        }
        if (due.Count == 0) return 0;
        // All at once and in one order: others hold many, too.
        var held = await db.HoldTicketsAsync([.. due.Select(d => d.Id)], ct);
        var done = 0;
        foreach (var (pass, id) in due)
            if (await ActAsync(pass, held[id], ct)) done++;
        return done;
    }

    /// <summary>
    /// A rule and one side whose word is awaited, without the places of nearer rules: so every ticket is in one pass at most, and none
    /// that a nearer rule leaves alone for now stands before others.
    /// </summary>
    private sealed record Pass(QuietRule Rule, bool CustomerWaits, Guid[] OtherQueues, Guid[] OtherChannels);

    private static IEnumerable<Pass> Passes(List<QuietRule> rules)
    {
        var seen = new HashSet<(QuietScope, Guid?, TicketStatus, bool)>();
        foreach (var rule in rules.OrderByDescending(r => r.Scope).ThenBy(r => r.CreatedAt).ThenBy(r => r.Id))
            foreach (var customerWaits in new[] { false, true })
            {
                if (!Covers(rule, customerWaits) || !seen.Add((rule.Scope, rule.PlaceId, rule.Status, customerWaits))) continue;
                var nearer = rules.Where(r => r.Scope > rule.Scope && r.Status == rule.Status && r.PlaceId is not null && Covers(r, customerWaits)).ToLookup(r => r.Scope, r => r.PlaceId!.Value);
                yield return new(rule, customerWaits, [.. nearer[QuietScope.Queue]], [.. nearer[QuietScope.Channel]]);
            }
    }

    private static bool Covers(QuietRule rule, bool customerWaits) => rule.WaitingFor == QuietSide.Anybody || (rule.WaitingFor == QuietSide.Us) == customerWaits;

    private async Task<bool> IsTargetThereAsync(QuietRule rule, CancellationToken ct) => rule.Action switch
    {
        QuietAction.ToQueue => await db.Queues.AnyAsync(q => q.Id == rule.TargetId && q.IsActive, ct),
        QuietAction.ToUser => await db.Set<UserView>().AnyAsync(u => u.Id == rule.TargetId && u.IsActive, ct),
        _ => true,
    };

    /// <summary>Those that are due by the clock on the wall; where only service hours count, of these the ones that are due by them, too.</summary>
    private async Task<List<Guid>> DueAsync(Pass pass, int most, CancellationToken ct)
    {
        var (rule, status, place, target, now) = (pass.Rule, pass.Rule.Status, pass.Rule.PlaceId, pass.Rule.TargetId, access.Now);
        var quiet = db.Tickets.Where(t => t.Status == status && !t.IsGroup);
        quiet = pass.CustomerWaits ? quiet.Where(t => t.WaitingSince != null) : quiet.Where(t => t.WaitingSince == null);
        if (rule.Scope == QuietScope.Queue) quiet = quiet.Where(t => t.QueueId == place);
        if (rule.Scope == QuietScope.Channel) quiet = quiet.Where(t => t.ChannelId == place);
        if (pass.OtherQueues is { Length: > 0 } queues) quiet = quiet.Where(t => t.QueueId == null || !queues.Contains(t.QueueId.Value));
        if (pass.OtherChannels is { Length: > 0 } channels) quiet = quiet.Where(t => !channels.Contains(t.ChannelId));
        // Where it shall go it may be already: then nothing happens any more.
        if (rule.Action == QuietAction.ToQueue) quiet = quiet.Where(t => t.QueueId != target || t.UserId != null);
        if (rule.Action == QuietAction.ToUser) quiet = quiet.Where(t => t.UserId != target);
        var due = now.AddMinutes(-rule.AfterMinutes);
        if (rule.WarnMinutes is { } warn)
        {
            var (warnFrom, warned) = (due.AddMinutes(warn), now.AddMinutes(-warn));
            quiet = quiet.Where(t => (t.WarnedAt == null && t.QuietSince <= warnFrom) || (t.WarnedAt <= warned && t.QuietSince <= due));
        }
        else
        {
            quiet = quiet.Where(t => t.QuietSince <= due);
        }
        var ordered = quiet.OrderBy(t => t.QuietSince).ThenBy(t => t.Number);
        if (!rule.OnlyOpenHours) return await ordered.Select(t => t.Id).Take(most).ToListAsync(ct);
        // Many: those that are not due yet must not stand before others.
        var candidates = await ordered.Select(t => new { t.Id, t.ChannelId, t.QueueId, t.QuietSince, t.WarnedAt }).Take(MostCandidates).ToListAsync(ct);
        return [.. candidates.Where(t => IsDueByHours(rule, t.ChannelId, t.QueueId, t.QuietSince, t.WarnedAt)).Select(t => t.Id).Take(most)];
    }

    /// <summary>Whether enough open time has passed, and it is open now: nobody is told anything in the night.</summary>
    private bool IsDueByHours(QuietRule rule, Guid channel, Guid? queue, DateTime quietSince, DateTime? warnedAt)
    {
        var now = access.Now;
        if (!hours.IsOpen(channel, queue, now)) return false;
        var quiet = hours.Elapsed(channel, queue, quietSince, now).TotalMinutes;
        if (rule.WarnMinutes is not { } warn) return quiet >= rule.AfterMinutes;
        return warnedAt is { } warned ? quiet >= rule.AfterMinutes && hours.Elapsed(channel, queue, warned, now).TotalMinutes >= warn : quiet >= rule.AfterMinutes - warn;
    }

    /// <summary>False: somebody spoke, took it or moved it between the look and the hold.</summary>
    private async Task<bool> ActAsync(Pass pass, Ticket ticket, CancellationToken ct)
    {
        var rule = pass.Rule;
        var now = access.Now;
        if (ticket.Status != rule.Status || ticket.WaitingSince is not null != pass.CustomerWaits) return false;
        if (rule.Scope == QuietScope.Queue ? ticket.QueueId != rule.PlaceId : pass.OtherQueues.Contains(ticket.QueueId ?? Guid.Empty)) return false;
        if (rule.OnlyOpenHours && !IsDueByHours(rule, ticket.ChannelId, ticket.QueueId, ticket.QuietSince, ticket.WarnedAt)) return false;
        if (rule.WarnMinutes is { } warn && ticket.WarnedAt is null)
        {
            if (ticket.QuietSince > now.AddMinutes(warn - rule.AfterMinutes)) return false;
            // A machine that answers each notice would be told again and again: then nothing is said, and the time runs on.
            if (await MayTellAsync(ticket, Warned, ct)) await voice.SayAsync(ticket, rule.WarnText!, ct);
            ticket.Warn(now);
            await access.RecordAsync(ticket, "auto-warned", new { rule = rule.Name }, ct);
            return true;
        }
        if (ticket.QuietSince > now.AddMinutes(-rule.AfterMinutes) || ticket.WarnedAt > now.AddMinutes(-(rule.WarnMinutes ?? 0))) return false;
        if (rule.Text is not null && await MayTellAsync(ticket, Acted, ct)) await voice.SayAsync(ticket, rule.Text, ct);
        var (queue, user) = (ticket.QueueId, ticket.UserId);
        switch (rule.Action)
        {
            case QuietAction.ToQueue:
                ticket.Transfer(rule.TargetId, null, opens: false, now);
                await access.RecordAsync(ticket, "auto-queue", new { rule = rule.Name, queue = await access.NameOfQueueAsync(rule.TargetId, ct) }, ct, queue, user);
                break;
            case QuietAction.ToUser:
                ticket.Transfer(queue, rule.TargetId, opens: false, now);
                await access.RecordAsync(ticket, "auto-user", new { rule = rule.Name, user = await access.NameOfAsync(rule.TargetId, ct) }, ct, queue, user);
                break;
            default:
                if (rule.SendSurvey) await surveys.SendNearestAsync(ticket, ct);
                ticket.Close(null, rule.ReasonId ?? ClosingReason.Inactivity, null, now);
                await access.RecordAsync(ticket, "auto-closed", new { rule = rule.Name }, ct);
                break;
        }
        return true;
    }

    private static readonly string[] Warned = ["auto-warned"];
    private static readonly string[] Acted = ["auto-closed", "auto-queue", "auto-user"];

    private async Task<bool> MayTellAsync(Ticket ticket, string[] entries, CancellationToken ct)
    {
        var since = access.Now.AddDays(-1);
        var told = await (from x in db.Tickets
                          where x.ChannelId == ticket.ChannelId && x.ContactId == ticket.ContactId
                          join e in db.Timeline on x.Id equals e.TicketId
                          where e.At > since && entries.Contains(e.Type)
                          select e.Position).CountAsync(ct);
        return told < MostTextsADay;
    }
}
