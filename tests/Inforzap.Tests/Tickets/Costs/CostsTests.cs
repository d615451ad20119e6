using Inforzap.Contracts.Tickets;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Costs;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Time.Testing;

namespace Inforzap.Tests.Tickets.Costs;

/// <summary>What receipts say of costs, kept once a message, and what it comes to with the prices that somebody filled in.</summary>
public sealed class CostsTests : IAsyncLifetime
{
    private const string Maria = "5511988887777";
    private static readonly DateTime Noon = new(2027, 3, 1, 15, 0, 0, DateTimeKind.Utc);
    private static readonly DateOnly Day = new(2027, 3, 1);
    private static readonly PriceForm Utility = new(null, "utility", "BRL", 0.0400m, new(2027, 1, 1));
    private readonly Counter counter = new() { Clock = new FakeTimeProvider(new DateTimeOffset(Noon)) };
    private Actor ana = null!, admin = null!, lead = null!;
    private Guid ticket;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        (ana, lead, admin) = (counter.Agent("Ana"), counter.Agent("Lia", BuiltInRoles.Supervisor), counter.Agent("Rute", BuiltInRoles.Administrator));
        ticket = await counter.ServedAsync(ana, Maria);
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    /// <summary>An answer of ours with one receipt after the other.</summary>
    private async Task<Guid> ChargedAsync(params Cost?[] costs)
    {
        var (id, attempt) = await AnsweredAsync();
        foreach (var cost in costs) await counter.HappenAsync(Receipt(attempt, ReceiptState.Delivered, cost));
        return id;
    }

    private async Task<(Guid Message, Guid Attempt)> AnsweredAsync()
    {
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "oi");
        var attempt = claim.Message!.AttemptId;
        await counter.SendAsSystem(new RecordSend(id, attempt, position, SendResult.Sent($"wamid.{attempt:N}")));
        return (id, attempt);
    }

    private InboundReceipt Receipt(Guid attempt, ReceiptState state, Cost? cost, DateTime? at = null) => counter.Receipt(Maria, $"wamid.{attempt:N}", state, attempt) with { Cost = cost, At = at };

    private Task<List<MessageCharge>> KeptAsync() => counter.ReadAsync(db => db.Set<MessageCharge>().AsNoTracking().ToListAsync());

    private Task<CostPage> ReadAsync(ReadCosts? read = null) => counter.Send(lead, read ?? new());

    [Fact]
    public async Task Repeated_receipts_make_one_entry_and_the_last_word_counts()
    {
        var (id, attempt) = await AnsweredAsync();
        await counter.HappenAsync(Receipt(attempt, ReceiptState.Sent, new("utility", null, "PMP")));
        await counter.HappenAsync(Receipt(attempt, ReceiptState.Delivered, new("Utility", true)), Receipt(attempt, ReceiptState.Read, new("utility", true, "PMP")));
        // What comes too late for the ticks, and what says nothing, change nothing.
        await counter.HappenAsync(Receipt(attempt, ReceiptState.Sent, null));
        var kept = Assert.Single(await KeptAsync());
        Assert.Equal((id, counter.Channel, "utility", true, "PMP", Day), (kept.MessageId, kept.ChannelId, kept.Category, kept.IsBillable, kept.Model, kept.Day));
        Assert.Equal(MessageState.Read, (await counter.MessageAsync(id)).State);
        await counter.HappenAsync(Receipt(attempt, ReceiptState.Delivered, new("utility", false)));
        Assert.Equal(false, Assert.Single(await KeptAsync()).IsBillable);
    }

    [Fact]
    public async Task A_day_is_one_of_the_companys_and_nothing_is_dated_later_than_now()
    {
        var (_, early) = await AnsweredAsync();
        // Half past ten in the evening in São Paulo.
        await counter.HappenAsync(Receipt(early, ReceiptState.Sent, new("utility", true), new(2027, 3, 1, 1, 30, 0, DateTimeKind.Utc)));
        var (_, wrong) = await AnsweredAsync();
        await counter.HappenAsync(Receipt(wrong, ReceiptState.Sent, new("utility", true), Noon.AddDays(9)));
        Assert.Equal([Day.AddDays(-1), Day], (await KeptAsync()).Select(c => c.Day).Order());
    }

    [Fact]
    public async Task Without_prices_only_counts_are_told()
    {
        await ChargedAsync(new Cost("utility", true));
        await ChargedAsync(new Cost("service", false));
        await ChargedAsync(new Cost("service", null));
        await ChargedAsync([null]);
        var page = await ReadAsync();
        Assert.Equal((1, 1, 1, 1), (page.All.Billable, page.All.Free, page.All.Unsaid, page.All.Unpriced));
        Assert.Empty(page.All.Sums);
        Assert.Equal([("service", 2), ("utility", 1)], page.Categories.Select(c => (c.Name, c.Figure.Total)));
        Assert.Equal(("Teste", 3), Assert.Single(page.ByChannel) is var channel ? (channel.Name, channel.Figure.Total) : default);
        Assert.Equal((Day, 3), Assert.Single(page.Days) is var day ? (day.Day, day.Figure.Total) : default);
    }

    [Fact]
    public async Task A_price_counts_from_its_day_on_and_the_channels_own_goes_first()
    {
        for (var i = 0; i < 3; i++) await ChargedAsync(new Cost("utility", true));
        await ChargedAsync(new Cost("utility", false));
        await ChargedAsync(new Cost("marketing", true));
        var all = await counter.Send(admin, new SavePrice(null, Utility, null));
        await counter.Send(admin, new SavePrice(null, Utility with { Amount = 9, Since = Day.AddDays(1) }, null));
        Assert.Equal([new CostSum("BRL", 0.12m)], (await ReadAsync()).All.Sums);
        Assert.Equal(1, (await ReadAsync()).All.Unpriced);
        await counter.Send(admin, new SavePrice(null, Utility with { ChannelId = counter.Channel, Amount = 0.05m }, null));
        await counter.Send(admin, new SavePrice(null, new(null, "marketing", "usd", 0.0625m, Day), null));
        Assert.Equal([new CostSum("BRL", 0.15m), new CostSum("USD", 0.0625m)], (await ReadAsync()).All.Sums);
        Assert.Equal(0, (await ReadAsync()).All.Unpriced);
        await counter.Send(admin, new DeletePrice(all));
        Assert.Equal(3, (await ReadAsync()).Prices.Count);
        Assert.Equal(0.15m, (await ReadAsync()).All.Sums[0].Amount);
    }

    [Fact]
    public async Task A_period_and_a_channel_narrow_it_and_an_impossible_one_is_refused()
    {
        await ChargedAsync(new Cost("utility", true));
        Assert.Equal(1, (await ReadAsync(new(Day, Day, counter.Channel))).All.Total);
        var other = await ReadAsync(new(Day.AddDays(-9), Day.AddDays(-1)));
        Assert.Equal((0, true, 9), (other.All.Total, other.Any, other.Days.Count));
        await Assert.ThrowsAsync<Refusal>(() => ReadAsync(new(Day, Day.AddDays(-1))));
        await Assert.ThrowsAsync<Refusal>(() => ReadAsync(new(DateOnly.MinValue, DateOnly.MaxValue)));
        await Assert.ThrowsAsync<Refusal>(() => ReadAsync(new(ChannelId: Guid.NewGuid())));
    }

    [Fact]
    public async Task The_table_tells_the_same_and_carries_no_formulas()
    {
        await ChargedAsync(new Cost("=cmd|1", true));
        await ChargedAsync(new Cost("utility", true));
        await counter.Send(admin, new SavePrice(null, Utility, null));
        var text = await counter.Send(lead, new ExportCosts(new()));
        Assert.Contains("'=cmd|1", text);
        var lines = Csv.Read(text).Select(l => l.Fields).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(["2027-03-01", "Teste", "Utilidade", "1", "0", "0", "0"], lines[2].Take(7));
        Assert.Equal("BRL", lines[2][8]);
        Assert.Equal(["1", "", ""], lines[1].Skip(6));
    }

    [Theory]
    [InlineData("", "BRL", "0.04")]
    [InlineData("a b", "BRL", "0.04")]
    [InlineData("utility", "R$", "0.04")]
    [InlineData("utility", "BRL", "-1")]
    [InlineData("utility", "BRL", "0.0000001")]
    [InlineData("utility", "BRL", "1000000")]
    public Task What_is_no_price_is_refused(string category, string currency, string amount) => Assert.ThrowsAsync<Refusal>(() =>
        counter.Send(admin, new SavePrice(null, new(null, category, currency, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Day), null)));

    [Fact]
    public async Task Two_prices_of_one_day_and_an_old_version_are_refused()
    {
        var id = await counter.Send(admin, new SavePrice(null, Utility, null));
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new SavePrice(null, Utility with { Currency = "USD" }, null)));
        var version = Assert.Single((await ReadAsync()).Prices).Version;
        await counter.Send(admin, new SavePrice(id, Utility with { Amount = 0.07m }, version));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(admin, new SavePrice(id, Utility, version)))).Kind);
        Assert.Equal(0.07m, Assert.Single((await ReadAsync()).Prices).Amount);
    }

    [Fact]
    public async Task Only_who_may_sees_costs_or_sets_prices()
    {
        var id = await ChargedAsync(new Cost("utility", true));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ReadCosts()))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ExportCosts(new())))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(lead, new SavePrice(null, Utility, null)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(lead, new DeletePrice(Guid.NewGuid())))).Kind);
        // The mark at the message is told to the same people.
        Assert.Equal(new ChargeRow("utility", true), (await counter.Send(lead, new ReadMessages(ticket, 1, 50))).Single(m => m.Id == id).Charge);
        Assert.Null((await counter.Send(ana, new ReadMessages(ticket, 1, 50))).Single(m => m.Id == id).Charge);
    }
}
