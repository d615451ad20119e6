using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Inforzap.Scenarios;

/// <summary>What customers do in these scenarios.</summary>
internal static class Customers
{
    /// <summary>Each says its number, and belongs to one of seven people.</summary>
    public static Task SayAsync(this HostProcess host, IEnumerable<int> numbers) =>
        HappenAsync(host, numbers.Select(n => (object)new { type = "message", id = $"m{n}", from = $"55119700000{n % 7:00}", text = $"mensagem {n}" }));

    public static Task SendFileAsync(this HostProcess host, Uri file) =>
        HappenAsync(host, [new { type = "message", id = "file", from = "5511970000099", text = "Segue o pedido", mediaUrl = file, mediaKind = "document", fileName = "pedido.txt" }]);

    /// <summary>One of them writes; says how the host answered, null when it did not.</summary>
    public static async Task<HttpStatusCode?> TryWriteAsync(this HostProcess host, string id, string from, string text)
    {
        try
        {
            return await PostAsync(host, [new { type = "message", id, from, text }]);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Writes until the host has it, as a provider does.</summary>
    public static async Task WriteAsync(this HostProcess host, string id, string from, string text)
    {
        while (await host.TryWriteAsync(id, from, text) is not HttpStatusCode.OK) await Task.Delay(200);
    }

    private static async Task HappenAsync(HostProcess host, IEnumerable<object> events)
    {
        var status = await PostAsync(host, events);
        Assert.True(status == HttpStatusCode.OK, $"{status}");
    }

    private static async Task<HttpStatusCode> PostAsync(HostProcess host, IEnumerable<object> events)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { events });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "hooks/echo")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Echo-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Place.Secret), body)));
        using var answer = await host.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
