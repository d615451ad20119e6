using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Attacks.Http;

/// <summary>Customers of the Echo channel, as their provider brings them.</summary>
internal static class Customers
{
    private static int numbers;

    public static string Sign(byte[] body, string secret = RunningHost.WebhookSecret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static Task<HttpResponseMessage> HookAsync(this RunningHost host, byte[] body, string? signature = null, string channel = "echo", string? encoding = null)
    {
        var http = new HttpClient { BaseAddress = host.Url, Timeout = TimeSpan.FromSeconds(60) };
        var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{channel}") { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Echo-Signature", signature ?? Sign(body));
        if (encoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> HookAsync(this RunningHost host, object body) => host.HookAsync(JsonSerializer.SerializeToUtf8Bytes(body));

    public static string Number() => $"5541{Interlocked.Increment(ref numbers):00000000}";

    /// <summary>A new customer writes; their ticket, once it is there.</summary>
    public static async Task<Guid> WritesAsync(this RunningHost host, string number, string text = "Olá", string? id = null)
    {
        Assert.Equal(HttpStatusCode.OK, (await host.HookAsync(new { events = new[] { new { type = "message", id = id ?? $"e-{number}-{text.GetHashCode()}", from = number, text } } })).StatusCode);
        return await host.TicketOfAsync(number);
    }

    public static async Task<Guid> TicketOfAsync(this RunningHost host, string number)
    {
        for (var i = 0; i < 500; i++)
        {
            var rows = (await host.Mediator.Send(new ListTickets(TicketStatus.Pending, number))).Rows;
            if (rows.Count > 0) return rows[0].Id;
            await Task.Delay(20);
        }
        throw new TimeoutException($"No ticket of {number} came to be.");
    }

    public static Task<T> SendAs<T>(this RunningHost host, Person person, IRequest<T> request, params Guid[] queues) =>
        host.Mediator.Send(request, new Actor(person.Id, person.Name, Inforzap.Host.Modules.All.SelectMany(m => m.Permissions).Where(p => (p.Roles & person.Role) != 0).Select(p => p.Name).ToHashSet(), queues));
}
