using System.Net;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks.Http;

[Collection(OverHttp.Name)]
public sealed class DoorTests(RunningHost host)
{
    [Fact]
    public async Task A_person_signs_in()
    {
        using var browser = await new Browser(host).SignInAsync("admin@example.test");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }
}
