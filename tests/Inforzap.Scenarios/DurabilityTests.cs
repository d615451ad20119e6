using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Tests.Support;
using Inforzap.Tickets;

namespace Inforzap.Scenarios;

/// <summary>
/// A process dies at every named step; after a restart nothing is lost, nothing was sent twice, and what is unsure shows as
/// unknown. The list of steps is read from the product: a step that no scenario reaches fails.
/// </summary>
public abstract class DurabilityTests(string database)
{
    private const string Customer = "5511987650001";

    public static TheoryData<string> Failpoints => [.. typeof(Fail.At).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Failpoints))]
    public async Task Nothing_is_lost_and_nothing_is_sent_twice_when_the_process_dies_at(string failpoint)
    {
        Assert.SkipWhen(!Databases.Available.Contains(database), "INFORZAP_TEST_POSTGRES says nothing; test.sh sets it.");
        await using var place = await Place.MakeAsync(database);
        await using var provider = await FakeServer.StartAsync();
        provider.Otherwise = request => request.Path.StartsWith("/picture", StringComparison.Ordinal) ? new FakeAnswer { Bytes = Picture } : new FakeAnswer(200, "{\"id\":\"p-1\"}");
        var settings = place.Settings(provider.Url);

        var answered = false;
        if (failpoint.StartsWith("out.", StringComparison.Ordinal)) await DieSendingAsync(failpoint, place, settings);
        else answered = await DieReceivingAsync(failpoint, settings, provider);

        // Restarted without the failpoint, it goes on by itself.
        await using var host = await HostProcess.StartAsync(settings);
        Assert.False(host.HasExited, string.Join('\n', host.Output));
        if (failpoint.StartsWith("out.", StringComparison.Ordinal)) await SentOnceOrUnknownAsync(failpoint, place, provider);
        else await ReceivedOnceAsync(failpoint, answered, place, host, provider);
        await host.StopAsync();
    }

    /// <summary>Says whether the provider had its answer: whoever has it brings the message never again.</summary>
    private static async Task<bool> DieReceivingAsync(string failpoint, Dictionary<string, string> settings, FakeServer provider)
    {
        await using var host = await HostProcess.StartAsync(new Dictionary<string, string>(settings) { ["FAILPOINT"] = failpoint });
        Assert.False(host.HasExited, string.Join('\n', host.Output));
        var answered = true;
        try
        {
            await PostAsync(host, failpoint.StartsWith("media.", StringComparison.Ordinal) ? new Uri(provider.Url, "picture.png") : null);
        }
        catch (HttpRequestException)
        {
            // It died before it answered: the provider will try again.
            answered = false;
        }
        Assert.True(await host.DiesAsync(TimeSpan.FromSeconds(30)), $"{failpoint} was never reached");
        Assert.Contains(host.Output, l => l == $"failpoint {failpoint}");
        if (failpoint is Fail.At.InBeforeAppend or Fail.At.InAfterAppend) Assert.False(answered);
        return answered;
    }

    private static async Task DieSendingAsync(string failpoint, Place place, Dictionary<string, string> settings)
    {
        await using (var host = await HostProcess.StartAsync(settings))
        {
            await PostAsync(host, null);
            await place.EventuallyAsync(db => db.Set<Ticket>().AnyAsync());
            await host.StopAsync();
        }
        var id = Guid.CreateVersion7().ToString();
        if (failpoint == Fail.At.OutQueued)
        {
            Assert.NotEqual(0, await HostProcess.ActAsync(new Dictionary<string, string>(settings) { ["FAILPOINT"] = failpoint }, "answer", id, "Bom dia"));
            return;
        }
        Assert.Equal(0, await HostProcess.ActAsync(settings, "answer", id, "Bom dia"));
        await using var dying = await HostProcess.StartAsync(new Dictionary<string, string>(settings) { ["FAILPOINT"] = failpoint, ["Sends__DeadlineSeconds"] = "3" });
        Assert.True(await dying.DiesAsync(TimeSpan.FromSeconds(40)), $"{failpoint} was never reached");
        Assert.Contains(dying.Output, l => l == $"failpoint {failpoint}");
    }

    private static async Task ReceivedOnceAsync(string failpoint, bool answered, Place place, HostProcess host, FakeServer provider)
    {
        var isMedia = failpoint.StartsWith("media.", StringComparison.Ordinal);
        // What was answered is there without anybody's help, and so is what was stored, answered or not.
        if (answered || failpoint != Fail.At.InBeforeAppend) await ThereOnceAsync(place, isMedia);
        // A provider repeats what was not answered, and now and then what was.
        await PostAsync(host, isMedia ? new Uri(provider.Url, "picture.png") : null);
        await ThereOnceAsync(place, isMedia);
        Assert.Single(await place.ReadAsync(db => db.Set<Message>().ToListAsync()));
    }

    private static Task ThereOnceAsync(Place place, bool isMedia) => place.EventuallyAsync(async db =>
        await db.Set<Message>().CountAsync() == 1 && await db.Set<Ticket>().CountAsync() == 1
        && (!isMedia || await db.Set<Media>().CountAsync(m => m.State == MediaState.Ready) == 1)
        && !await db.Set<LaneItem>().AnyAsync(i => i.State != LaneItemState.Done));

    private static async Task SentOnceOrUnknownAsync(string failpoint, Place place, FakeServer provider)
    {
        await place.EventuallyAsync(async db => (await db.Set<Message>().SingleAsync(m => m.FromUs)).State is MessageState.Sent or MessageState.Unknown);
        var state = (await place.ReadAsync(db => db.Set<Message>().SingleAsync(m => m.FromUs))).State;
        var calls = provider.Requests.Count(r => r.Method == "POST");
        Assert.True(calls <= 1, $"{calls} calls");
        // From the claim to the written result nobody can know; outside of that there is no doubt.
        var unsure = failpoint is Fail.At.OutClaimed or Fail.At.OutAfterCall or Fail.At.OutBeforeResult;
        Assert.Equal(unsure ? MessageState.Unknown : MessageState.Sent, state);
        if (!unsure) Assert.Equal(1, calls);
    }

    private static async Task PostAsync(HostProcess host, Uri? media)
    {
        object message = media is null ? new { type = "message", id = "m1", from = Customer, name = "Ana", text = "Olá" }
            : new { type = "message", id = "m1", from = Customer, name = "Ana", text = "Veja", mediaUrl = media, mediaKind = "image", fileName = "foto.png" };
        var body = JsonSerializer.SerializeToUtf8Bytes(new { events = new[] { message } });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "hooks/echo")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Echo-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Place.Secret), body)));
        using var answer = await host.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}

/// <summary>On the embedded database.</summary>
public sealed class SqliteDurabilityTests() : DurabilityTests("Sqlite");

/// <summary>On a server, beside the other one: most of the time is waiting.</summary>
public sealed class PostgreSqlDurabilityTests() : DurabilityTests("PostgreSql");
