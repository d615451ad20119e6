using Inforzap.Alarms;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Inforzap.Tickets.Notes;

/// <summary>The notes that name the caller and wait to be opened, newest first, fifty at most.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadMentions : IRequest<IReadOnlyList<MentionRow>>;

/// <summary>A note that names the caller.</summary>
/// <param name="By">Who wrote it.</param>
/// <param name="Beginning">Of its text.</param>
public sealed record MentionRow(Guid MessageId, Guid TicketId, long Number, long Seq, string? By, string Beginning, DateTime At)
{
    /// <summary>Where it stands.</summary>
    public string Href => $"/desk/{TicketId}?m={Seq}";
}

/// <summary>The colleagues who may be named in a note of this ticket: active ones who see it, by name.</summary>
[Allow("tickets.answer"), Reads]
public sealed record OfferMentions([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<PersonChoice>>;

internal sealed class OfferMentionsHandler(InforzapDb db, TicketAccess access, Mentions mentions) : IRequestHandler<OfferMentions, IReadOnlyList<PersonChoice>>
{
    public async Task<IReadOnlyList<PersonChoice>> Handle(OfferMentions request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var me = access.Actor.Id;
        var people = await db.Set<UserView>().Where(u => u.IsActive && u.Id != me).OrderBy(u => u.Name).Select(u => new PersonChoice(u.Id, u.Name)).ToListAsync(ct);
        var seers = await mentions.SeersAsync(ticket, [.. people.Select(p => p.Id)], ct);
        return people.FindAll(p => seers.Contains(p.Id));
    }
}

internal sealed class ReadMentionsHandler(InforzapDb db, IActor actor, ISettings settings, TicketAccess access, Sight sight) : IRequestHandler<ReadMentions, IReadOnlyList<MentionRow>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<MentionRow>> Handle(ReadMentions request, CancellationToken ct)
    {
        var me = actor.Id;
        var rows = await (from n in db.Mentions.AsNoTracking()
                          where n.UserId == me && n.SeenAt == null
                          join x in db.Tickets.VisibleTo(actor, settings, db) on n.TicketId equals x.Id
                          join m in db.Set<Message>() on n.MessageId equals m.Id
                          where m.DeletedAt == null
                          join u in db.Set<UserView>() on m.SenderUserId equals u.Id into us
                          from u in us.DefaultIfEmpty()
                          orderby n.At descending
                          select new { m.Id, Ticket = x, m.Seq, By = (string?)u.Name, m.Body, n.At }).Take(Most).ToListAsync(ct);
        var ids = rows.Select(r => r.Id).ToArray();
        var shut = sight.SeesElsewhere || ids.Length == 0 ? [] : await db.Messages.Where(m => ids.Contains(m.Id)).Where(sight.IsElsewhere).Select(m => m.Id).ToListAsync(ct);
        return [.. rows.Select(r => new MentionRow(r.Id, r.Ticket.Id, r.Ticket.Number, r.Seq, r.By, access.MayLookInto(r.Ticket) && !shut.Contains(r.Id) ? Shown.Quote(r.Body ?? "") : "", r.At))];
    }
}

/// <summary>Puts them into the bell of who is named. The product itself is named nowhere.</summary>
internal sealed class MentionAlarms(IMediator mediator, IActor actor, IStringLocalizer<Texts> t) : IAlarmSource
{
    public string Permission => "tickets.see";

    public async Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct) => actor.IsSystem ? []
        : [.. (await mediator.Send(new ReadMentions(), ct)).Select(m => new Alarm($"mention/{m.MessageId:N}", t["MentionedYou", m.By ?? t["Somebody"]], m.Beginning.Length == 0 ? $"#{m.Number}" : $"#{m.Number} · {m.Beginning}", m.Href, m.At)
        {
            Icon = Icons.Material.Outlined.AlternateEmail,
        })];
}

/// <summary>Who is removed for good is named nowhere any more.</summary>
internal sealed class OwnMentions(InforzapDb db) : IBelongings
{
    public Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => Task.FromResult<string?>(null);

    public Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct) => Task.FromResult(0);

    public Task ForgetAsync(Guid userId, CancellationToken ct) => db.Mentions.Where(m => m.UserId == userId).ExecuteDeleteAsync(ct);
}
