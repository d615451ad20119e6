using Inforzap.Data;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inforzap.Tests.Core.Data;

public sealed class DatabaseClockTests
{
    private readonly DatabaseClock clock = new(NullLogger<DatabaseClock>.Instance);

    [Theory]
    [InlineData(90_000, 90_000)]
    [InlineData(-90_000, -90_000)]
    [InlineData(300, 300)]
    [InlineData(200, 0)]
    public void A_machine_that_is_wrong_goes_by_the_database_and_noise_changes_nothing(int measured, int taken)
    {
        clock.Set(TimeSpan.FromMilliseconds(measured));
        Assert.Equal(TimeSpan.FromMilliseconds(taken), clock.Offset);
        Assert.Equal(DateTimeOffset.UtcNow.AddMilliseconds(taken), clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_machine_that_was_set_right_is_believed_again()
    {
        clock.Set(TimeSpan.FromSeconds(-90));
        clock.Set(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(20), clock.Offset);
    }

    [Fact]
    public void The_time_can_be_asked_for_on_SQL_Server()
    {
        using var db = ModelTests.Open(DatabaseProvider.SqlServer);
        TransactSql.Parse(DatabaseClock.NowOf(db).ToQueryString());
    }
}
