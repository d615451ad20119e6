using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Opening;
using Inforzap.Variables;

namespace Inforzap.Tickets.Answering;

/// <summary>Tells who writes while nobody is there, at most once in some hours, and does with the ticket what the hours say.</summary>
internal sealed class OutOfHours(InforzapDb db, ServiceClock hours, AnswerVoice voice, TicketAccess access, LiveMenus menus, ISettings settings) : IAnswerStep
{
    /// <summary>In the text: when it opens again.</summary>
    internal const string OpensAt = "abertura";

    public int Order => 100;

    public async Task<bool> TryAsync(Ticket ticket, Message newest, CancellationToken ct)
    {
        // What counts is when the customer wrote, however late it is answered.
        var at = newest.CreatedAt;
        if (hours.ClosedAt(ticket, at) is not { } closed) return false;
        var told = await TellAsync(ticket, closed, at, ct);
        switch (closed.Hours.Action)
        {
            case OutOfHoursAction.Close:
                ticket.Close(null, null, null, access.Now);
                await access.RecordAsync(ticket, "hours-closed", null, ct);
                return true;
            case OutOfHoursAction.Move when closed.Hours.MoveToQueueId is { } target && ticket.QueueId != target && ticket.UserId is null:
                return await MoveAsync(ticket, target, ct) || told;
            default:
                // Where a menu leads into the queues it is asked now as well: nobody would see the ticket before.
                return told && !menus.Concerns(ticket, at);
        }
    }

    /// <summary>True: something was said. Where nothing could be, that is tried again no sooner.</summary>
    private async Task<bool> TellAsync(Ticket ticket, Closed closed, DateTime at, CancellationToken ct)
    {
        if (closed.Text is not { } text) return false;
        var (contact, since) = (ticket.ContactId, at.AddHours(-closed.Hours.RepeatHours));
        var state = await voice.StateOfAsync(ticket, ct);
        if (state.ToldClosedAt > since || await db.Set<AnswerState>().AnyAsync(s => s.ContactId == contact && s.ToldClosedAt > since, ct)) return false;
        state.ToldClosedAt = at;
        var said = VariableText.Render(text, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [OpensAt] = Words(closed.Until) }).Text;
        return await voice.SayAsync(ticket, said, ct);
    }

    private async Task<bool> MoveAsync(Ticket ticket, Guid target, CancellationToken ct)
    {
        if (await db.Queues.Where(q => q.Id == target && q.IsActive).Select(q => q.Name).SingleOrDefaultAsync(ct) is not { } name) return false;
        var former = ticket.QueueId;
        ticket.MoveTo(target);
        await access.RecordAsync(ticket, "hours-moved", new { queue = name }, ct, formerQueue: former);
        if (former is null) db.Touch(Topics.Queue(null));
        return true;
    }

    /// <summary>As the company would say it: the weekday where that is enough, else the date.</summary>
    private string? Words(DateTime? until)
    {
        if (until is not { } utc) return null;
        var (language, local, now) = (CultureInfo.GetCultureInfo(settings.Get(Setting.Language)), settings.Local(utc), settings.Local(access.Now));
        var time = local.ToString("t", language).Replace('\u202F', ' ');
        return local.Date == now.Date ? time : $"{local.ToString(local.Date < now.Date.AddDays(7) ? "dddd" : "M", language)}, {time}";
    }
}
