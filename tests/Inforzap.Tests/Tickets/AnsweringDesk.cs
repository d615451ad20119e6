using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Opening;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets;

/// <summary>A counter on a Monday at ten in São Paulo, where the clock is turned by hand and the product may answer by itself.</summary>
public sealed class AnsweringDesk : Counter
{
    public const string WorkingDays = "1 08:00-18:00;2 08:00-18:00;3 08:00-18:00;4 08:00-18:00;5 08:00-18:00";

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private int written;

    public AnsweringDesk() => Clock = new FakeTimeProvider(new DateTimeOffset(2027, 3, 1, 13, 0, 0, TimeSpan.Zero));

    public Person Admin { get; private set; } = null!;

    public Person Ana { get; private set; } = null!;

    public Guid Support { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Support = await QueueAsync("Suporte");
        Admin = await PersonAsync("Rute", BuiltInRoles.Administrator);
        Ana = await PersonAsync("Ana", BuiltInRoles.Agent, Queue, Support);
    }

    /// <summary>Turns the clock to this time of the company.</summary>
    public Task UntilAsync(string local) =>
        PassAsync(TimeZoneInfo.ConvertTimeToUtc(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture), Zone) - Clock!.GetUtcNow().UtcDateTime);

    /// <summary>A customer writes these, one right after the other, and is answered if anybody answers.</summary>
    public async Task<Guid> WritesAsync(string who, params string[] texts)
    {
        foreach (var text in texts) await ComesAsync(Says(who, text));
        // Two steps: the answer is given in the first, and read in the second.
        await PassAsync(TimeSpan.FromSeconds(2));
        await PassAsync(TimeSpan.FromSeconds(8));
        return await TicketOfAsync(who);
    }

    /// <summary>What an adapter delivers now; nobody waits for an answer.</summary>
    public async Task ComesAsync(InboundMessage message)
    {
        var now = Clock!.GetUtcNow().UtcDateTime;
        await WriteAsync(db =>
        {
            db.Enqueue(LaneOf(message), "event", JsonSerializer.Serialize<InboundEvent>(message with { EventId = $"a{Interlocked.Increment(ref written)}" }, JsonSerializerOptions.Web), now);
            return Task.CompletedTask;
        });
        await SettleAsync();
    }

    /// <summary>What the product said in a ticket.</summary>
    internal async Task<IReadOnlyList<string>> SaidAsync(Guid ticket) => [.. (await MessagesOfAsync(ticket)).Where(m => m is { FromUs: true, Origin: MessageOrigin.Bot }).Select(m => m.Body ?? "")];

    public Task<IReadOnlyList<string>> LogAsync(Guid ticket) => ReadAsync<IReadOnlyList<string>>(async db => await db.Set<TimelineEntry>().Where(e => e.TicketId == ticket).OrderBy(e => e.Position).Select(e => e.Type).ToListAsync());

    public Task<int> AnswerItemsAsync() => ReadAsync(db => db.Set<LaneItem>().CountAsync(i => i.Lane.StartsWith("answer/")));

    internal async Task<Guid> HoursAsync(Func<SaveHours, SaveHours>? change = null)
    {
        var save = new SaveHours(null, HoursScope.Company, Guid.Empty, WorkingDays, "Voltamos {{abertura}}.", 24, OutOfHoursAction.Message, null, false, true, null, null, null, null);
        var id = await SendAs(Admin, change?.Invoke(save) ?? save);
        await Services.GetRequiredService<LiveHours>().LoadAsync();
        return id;
    }

    internal async Task MenuAsync(Func<SaveMenu, SaveMenu>? change = null)
    {
        var version = (await SendAs(Admin, new ListMenus())).Cards.Single().Menu?.Version;
        var save = new SaveMenu(Channel, true, "Qual setor?", [new(Queue, "Vendas"), new(Support, "Pós-venda")], "Não entendi.", 3, 10, Queue, "Você está em {{fila}}.", version);
        await SendAs(Admin, change?.Invoke(save) ?? save);
        await Services.GetRequiredService<LiveMenus>().LoadAsync();
    }

    public Task SetAsync(Setting setting, string value) => SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [setting.Name] = value }));
}
