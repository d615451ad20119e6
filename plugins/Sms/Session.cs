using System.Globalization;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;

namespace Inforzap.Plugins.Sms;

/// <summary>
/// Asks Comtele for what came and for what became of what was sent, and looks at the balance. It repeats nothing: whatever goes wrong
/// ends it, and the host starts it again.
/// </summary>
internal sealed class Session(Comtele comtele, SmsSettings settings, ChannelRef on, IInbox inbox, IPluginStore store, IChannelDiary diary, IOwnChannels own, TimeProvider clock, ILogger log)
{
    /// <summary>A reply may reach the report later than another that came after it.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);
    /// <summary>What has no end after that gets none.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(48);
    private static readonly TimeSpan BalancePeriod = TimeSpan.FromMinutes(15);
    private const int MostTold = 20_000;

    /// <summary>What was delivered to the host already: reports tell it again and again.</summary>
    private readonly HashSet<string> told = [];
    private readonly HashSet<string> strange = new(StringComparer.OrdinalIgnoreCase);
    private DateTime balanceAt = DateTime.MinValue;
    private DateTime? unfinished;
    private bool isLow;
    private SessionAccount? account;
    private string? trouble;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private string Key => $"received/{on.Id:N}";

    /// <exception cref="SessionEndedException">It can't go on, with the reason for people.</exception>
    public async Task RunAsync(ISessionReport report, CancellationToken ct)
    {
        // Since before it was off: what was sent then may have an end by now.
        unfinished = Now - Horizon;
        try
        {
            while (true)
            {
                await LookAtBalanceAsync(ct);
                if (trouble is null) report.Connected(account);
                else report.Retrying(trouble);
                await RepliesAsync(ct);
                if (comtele.Cooldown > TimeSpan.Zero) await Task.Delay(comtele.Cooldown, clock, ct);
                await ReportAsync(ct);
                await Task.Delay(TimeSpan.FromSeconds(Math.Max(settings.PollSeconds, comtele.Cooldown.TotalSeconds)), clock, ct);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new SessionEndedException(Failures.NoConnection, e);
        }
    }

    /// <summary>Replies come to the account, whichever channel sent: of several with the same account, one asks.</summary>
    private bool IsSecond => own.All.Any(c => c.IsOn && c.On.Id.CompareTo(on.Id) < 0 && c.On.Form is SmsSettings other && other.Panel == settings.Panel && other.ApiKey.Trim() == settings.ApiKey.Trim());

    private async Task RepliesAsync(CancellationToken ct)
    {
        if (IsSecond) return;
        var kept = await store.GetAsync(Key, ct);
        var last = DateTime.TryParse(kept, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : Now;
        // After a long rest no more than the report would tell of sent messages.
        var from = new[] { last - Overlap, Now - Horizon }.Max();
        var (rows, answer) = await comtele.RepliesAsync(from, Now, ct);
        Require(answer);
        await DeliverAsync([.. rows.Select(r => Events.Reply(on.Id, r)).OfType<InboundEvent>()], ct);
        var newest = rows.Select(r => r.At).OfType<DateTime>().Append(kept is null ? Now : last).Max();
        // A clock of theirs that runs ahead must not make us pass over anything.
        if (newest > Now) newest = Now;
        if (kept is null || newest != last) await store.SetAsync(Key, newest.ToString("O", CultureInfo.InvariantCulture), ct);
    }

    private async Task ReportAsync(CancellationToken ct)
    {
        var (rows, answer) = await comtele.ReportAsync(new[] { unfinished ?? Now - Overlap, Now - Horizon }.Max(), Now, ct);
        Require(answer);
        var ours = rows.Where(r => Tags.AttemptOf(r.Tag) is not null).ToList();
        foreach (var row in ours.Where(r => !string.IsNullOrWhiteSpace(r.Status) && States.Of(r.Status) is null && strange.Count < 20 && strange.Add(r.Status!)))
            diary.Note(on.Id, $"A Comtele diz de um SMS algo que não se conhece: {(row.Status!.Length > 60 ? row.Status[..60] : row.Status)}.", isTrouble: true);
        await DeliverAsync([.. ours.Select(r => Events.Receipt(on.Id, r)).OfType<InboundEvent>()], ct);
        var open = ours.Where(r => !States.IsFinal(States.Of(r.Status))).Select(r => r.At).OfType<DateTime>().ToList();
        unfinished = new[] { Now - Overlap }.Concat(open.Select(o => o.AddMinutes(-1))).Min();
    }

    private async Task DeliverAsync(List<InboundEvent> events, CancellationToken ct)
    {
        var news = events.Where(e => !told.Contains(e.EventId)).ToList();
        if (news.Count == 0) return;
        await inbox.DeliverAsync(news, ct);
        if (told.Count > MostTold) told.Clear();
        told.UnionWith(news.Select(e => e.EventId));
    }

    private async Task LookAtBalanceAsync(CancellationToken ct)
    {
        if (Now - balanceAt < BalancePeriod) return;
        var (left, answer) = await comtele.BalanceAsync(ct);
        Require(answer);
        balanceAt = Now;
        if (left is not { } amount)
        {
            log.LogInformation("Channel {Channel}: Comtele does not tell the balance", on.Key);
            return;
        }
        account = new SessionAccount($"Saldo: {comtele.Money(amount)}");
        trouble = amount <= 0 ? Failures.NoCredits : null;
        var low = amount <= 0 || amount < settings.LowBalance;
        // Once each time that it falls below.
        if (low && !isLow) diary.Note(on.Id, amount <= 0 ? Failures.NoCredits : $"O saldo na Comtele está baixo: {comtele.Money(amount)}.", isTrouble: true);
        isLow = low;
    }

    private static void Require(Answer answer)
    {
        if (Failures.EndOf(answer) is { } end) throw end;
    }
}
