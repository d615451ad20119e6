using Inforzap.Alarms;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Inforzap.Tickets.Panel;

/// <summary>Somebody served a ticket until a colleague took it, or passed it on. They are told, and need not see it any more.</summary>
internal sealed class TakenTicket
{
    public Guid Id { get; init; }
    /// <summary>Who served it.</summary>
    public Guid UserId { get; init; }
    public Guid TicketId { get; init; }
    public long Number { get; init; }
    /// <summary>Who decided so.</summary>
    public Guid ById { get; init; }
    /// <summary>Who has it now; null: its queue.</summary>
    public Guid? ToId { get; init; }
    public DateTime At { get; init; }
}

/// <summary>The tickets that colleagues took from the caller in the last two hours, newest first, twenty at most.</summary>
[Allow("tickets.see"), Reads]
public sealed record ReadTakenTickets : IRequest<IReadOnlyList<TakenRow>>;

/// <summary>A ticket that was the caller's.</summary>
/// <param name="By">Who decided so.</param>
/// <param name="IsTheirs">They serve it themselves now.</param>
public sealed record TakenRow(Guid Id, long Number, string? By, bool IsTheirs, DateTime At);

internal static class TakenTickets
{
    /// <summary>So long it is told.</summary>
    internal static readonly TimeSpan Told = TimeSpan.FromHours(2);

    public static void Map(ModelBuilder model)
    {
        var taken = model.Entity<TakenTicket>();
        taken.ToTable("TakenTickets", "tickets");
        taken.Property(x => x.Id).ValueGeneratedNever();
        taken.HasIndex(x => new { x.UserId, x.At });
    }

    /// <summary>Tells who served it until now, unless they decided so themselves; the caller saves.</summary>
    public static async Task TellTakenAsync(this InforzapDb db, Ticket ticket, Guid? former, TicketAccess access, CancellationToken ct)
    {
        if (former is not { } user || user == access.Actor.Id || user == ticket.UserId || access.Actor.IsSystem) return;
        var old = access.Now - Told;
        await db.Set<TakenTicket>().Where(x => x.UserId == user && x.At < old).ExecuteDeleteAsync(ct);
        db.Add(new TakenTicket
        {
            Id = Guid.CreateVersion7(), UserId = user, TicketId = ticket.Id, Number = ticket.Number, ById = access.Actor.Id, ToId = ticket.UserId, At = access.Now,
        });
        db.Touch(Topics.Taken(user));
    }

    /// <summary>What a toast and the bell say of it.</summary>
    public static string Words(this TakenRow row, IStringLocalizer<Texts> t) => t[row.IsTheirs ? "TakenOverBy" : "PassedOnBy", row.By ?? t["Somebody"], row.Number];
}

internal sealed class ReadTakenTicketsHandler(InforzapDb db, IActor actor, TimeProvider clock) : IRequestHandler<ReadTakenTickets, IReadOnlyList<TakenRow>>
{
    private const int Most = 20;

    public async Task<IReadOnlyList<TakenRow>> Handle(ReadTakenTickets request, CancellationToken ct)
    {
        var (me, since) = (actor.Id, clock.GetUtcNow().UtcDateTime - TakenTickets.Told);
        return await (from x in db.Set<TakenTicket>()
                      where x.UserId == me && x.At >= since
                      join u in db.Set<UserView>() on x.ById equals u.Id into us
                      from u in us.DefaultIfEmpty()
                      orderby x.At descending
                      select new TakenRow(x.Id, x.Number, u.Name, x.ToId == x.ById, x.At)).Take(Most).ToListAsync(ct);
    }
}

/// <summary>Keeps it in the bell for two hours: who was away for a moment is told, too.</summary>
internal sealed class TakenAlarms(IMediator mediator, IActor actor, IStringLocalizer<Texts> t) : IAlarmSource
{
    public string Permission => "tickets.see";

    public async Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct) => actor.IsSystem ? []
        : [.. (await mediator.Send(new ReadTakenTickets(), ct)).Select(x => new Alarm($"taken/{x.Id:N}", t["TakenFromYou", x.Number], x.Words(t), "/desk", x.At) { Icon = Icons.Material.Outlined.SwapHoriz })];
}

/// <summary>Who is removed for good is told nothing any more.</summary>
internal sealed class OwnTakenTickets(InforzapDb db) : IBelongings
{
    public Task<string?> DescribeAsync(Guid userId, CancellationToken ct) => Task.FromResult<string?>(null);

    public Task<int> MoveAsync(Guid userId, Guid? to, CancellationToken ct) => Task.FromResult(0);

    public Task ForgetAsync(Guid userId, CancellationToken ct) => db.Set<TakenTicket>().Where(x => x.UserId == userId).ExecuteDeleteAsync(ct);
}
