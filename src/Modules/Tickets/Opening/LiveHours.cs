using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Tickets.Answering;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Tickets.Opening;

/// <summary>
/// Holds all hours in memory, so that no message asks the database for them. A change on this node is there after its commit; one on
/// another node comes with the hint, or at the latest with the read of recent changes.
/// </summary>
internal sealed class LiveHours(IServiceScopeFactory scopes, LiveHints live, ISettings settings, ILogger<LiveHours> log) : IAnswerSwitch, IHostedService, IDisposable
{
    private volatile HoursBook book = HoursBook.Empty;
    private IDisposable? subscription;

    public HoursBook Book => book;

    public bool IsOn => !book.IsEmpty;

    public bool Concerns(Ticket ticket, DateTime at) => new ServiceClock(this, settings).ClosedAt(ticket, at) is not null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = live.On([Topics.ServiceHours], topic => _ = LoadQuietlyAsync());
        await LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => subscription?.Dispose();

    internal async Task LoadAsync(CancellationToken ct = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InforzapDb>();
        book = new(await db.ServiceHours.AsNoTracking().ToListAsync(ct), await db.Holidays.AsNoTracking().ToListAsync(ct), await db.NationalHolidays.AsNoTracking().SingleOrDefaultAsync(ct));
    }

    private async Task LoadQuietlyAsync()
    {
        try
        {
            await LoadAsync();
        }
        catch (Exception e)
        {
            log.LogWarning("Service hours can't be read now; the last ones stay: {Exception}", e.GetType().Name);
        }
    }
}
