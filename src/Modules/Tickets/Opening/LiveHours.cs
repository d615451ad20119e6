using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Answering;

namespace Inforzap.Tickets.Opening;

/// <summary>
/// Holds all hours in memory, so that no message asks the database for them. A change on this node is there after its commit; one on
/// another node comes with the hint, or at the latest with the read of recent changes.
/// </summary>
internal sealed class LiveHours(IServiceScopeFactory scopes, LiveHints live, ISettings settings, ILogger<LiveHours> log) : LiveCopy(scopes, live, log), IAnswerSwitch
{
    private volatile HoursBook book = HoursBook.Empty;

    public HoursBook Book => book;

    public bool IsOn => !book.IsEmpty;

    public bool Concerns(Ticket ticket, DateTime at) => new ServiceClock(this, settings).ClosedAt(ticket, at) is not null;

    protected override IEnumerable<string> Topics => [Live.Topics.ServiceHours];

    protected override async Task ReadAsync(InforzapDb db, CancellationToken ct) =>
        book = new(await db.ServiceHours.AsNoTracking().ToListAsync(ct), await db.Holidays.AsNoTracking().ToListAsync(ct), await db.NationalHolidays.AsNoTracking().SingleOrDefaultAsync(ct));
}
