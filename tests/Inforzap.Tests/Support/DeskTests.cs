using Inforzap.Contracts.Settings;

namespace Inforzap.Tests.Support;

public sealed class DeskTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_request_goes_through_the_whole_pipeline_and_is_kept()
    {
        await desk.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "Padaria Sol" }));
        Assert.Equal("Padaria Sol", await desk.ReadAsync(db => db.Database.SqlQueryRaw<string>(
            db.Provider == Data.DatabaseProvider.Sqlite ? "SELECT \"Value\" FROM \"settings_Settings\"" : "SELECT \"Value\" FROM settings.\"Settings\"").SingleAsync()));
    }

    [Fact]
    public async Task A_stranger_may_not()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => desk.SendAsStranger(new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "x" })));
        Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
    }
}

public sealed class FakeServerTests
{
    [Fact]
    public async Task It_records_and_answers_as_told()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer(new FakeAnswer(429, "later"), FakeAnswer.Drop, new FakeAnswer { Body = "0123456789", CutAfter = 4 });
        using var http = new HttpClient { BaseAddress = server.Url };
        Assert.Equal(429, (int)(await http.PostAsync("send?x=1", new StringContent("oi"))).StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync("gone"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync("cut"));
        Assert.Equal(("/send?x=1", "oi"), (server.Requests[0].Path, server.Requests[0].Body));
        Assert.Equal(3, server.Requests.Count);
    }
}
