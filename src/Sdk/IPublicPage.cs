namespace Inforzap.Sdk;

/// <summary>
/// Ability: a page for customers at <c>/webchat/{channelKey}/**</c>. Files come from the plugin's <c>wwwroot</c>;
/// the host gives them a policy of their own (frame-ancestors and CORS from <see cref="AllowedOrigins"/>, no cookies).
/// </summary>
public interface IPublicPage
{
    /// <summary>Origins that may embed the page or call it, such as <c>https://shop.example</c>. Empty: the product's own only. A single <c>*</c>: any.</summary>
    IReadOnlyList<string> AllowedOrigins(ChannelRef on);

    /// <summary>Answers an API call of the page: everything under <c>/webchat/{channelKey}/api/</c>. The host bounds rate, size and time.</summary>
    Task<PageReply> HandleAsync(ChannelRef on, PageRequest request, CancellationToken ct);
}

/// <summary>A call of the public page.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">What stands behind <c>api/</c>.</param>
/// <param name="Query">Query values.</param>
/// <param name="Visitor">The visitor token in the header <c>X-Visitor</c> (or, for event streams of browsers, none: use fetch), if any.</param>
/// <param name="FileName">Name from the header <c>X-File-Name</c> (percent-encoded UTF-8), for uploads.</param>
/// <param name="ContentType">As sent; not trusted.</param>
/// <param name="Body">The body as it comes. Read it once.</param>
public sealed record PageRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string? Visitor, string? FileName, string? ContentType, Stream Body)
{
    /// <summary>Names the route only: the token is a secret.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What a page's call is answered with. One of the makers.</summary>
public abstract record PageReply
{
    /// <summary>JSON, names in camel case.</summary>
    public static PageReply Json(object body, int status = 200) => new PageJson(body, status);

    /// <summary>No body.</summary>
    public static PageReply Status(int status) => new PageStatus(status);

    /// <summary>A stored file that belongs to this visitor's conversation, with the safe headers of /media.</summary>
    public static PageReply File(Guid fileId) => new PageFile(fileId);

    /// <summary>
    /// Server-sent events. The host calls <paramref name="next"/> on connect and on every hint of this address's
    /// conversation; each object it returns is one event, and it keeps its own cursor. The host sends heartbeats.
    /// </summary>
    /// <param name="address">Whose conversation.</param>
    /// <param name="next">Returns what is new since it was last called.</param>
    /// <param name="typing">Turns the agent's typing into an event, or null to send none.</param>
    public static PageReply Events(Address address, Func<CancellationToken, Task<IReadOnlyList<PageEvent>>> next, Func<bool, PageEvent>? typing = null) =>
        new PageEvents(address, next, typing);
}

/// <summary>See <see cref="PageReply.Json"/>.</summary>
public sealed record PageJson(object Body, int Code) : PageReply;
/// <summary>See <see cref="PageReply.Status"/>.</summary>
public sealed record PageStatus(int Code) : PageReply;
/// <summary>See <see cref="PageReply.File"/>.</summary>
public sealed record PageFile(Guid FileId) : PageReply;
/// <summary>See <see cref="PageReply.Events"/>.</summary>
public sealed record PageEvents(Address Address, Func<CancellationToken, Task<IReadOnlyList<PageEvent>>> Next, Func<bool, PageEvent>? OnTyping) : PageReply;

/// <summary>One server-sent event.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its data, written as JSON.</param>
/// <param name="Id">What a browser gives back when it connects again.</param>
public sealed record PageEvent(string Name, object Data, string? Id = null);

/// <summary>Reads the conversations of a plugin's own channel. Other channels' are never found.</summary>
public interface IConversationView
{
    /// <summary>What is new or changed for the address since <paramref name="change"/> (0: everything), in the order of the changes, at most 200 at a time.</summary>
    Task<IReadOnlyList<ViewedMessage>> SinceAsync(Guid channelId, Address address, long change, CancellationToken ct = default);

    /// <summary>Whether the file was sent in a conversation of this address.</summary>
    Task<bool> MaySeeAsync(Guid channelId, Address address, Guid fileId, CancellationToken ct = default);
}

/// <summary>A message as the customer may see it. Private notes never are.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Seq">Its number over the whole conversation of this address, growing.</param>
/// <param name="Change">Grows with every change of any message of the conversation: the largest one seen is the cursor.</param>
/// <param name="FromCustomer">Written by the customer.</param>
/// <param name="Author">The agent's shown name, if any.</param>
/// <param name="Content">What it says; files as <see cref="MediaRef.FileId"/> once they are ready.</param>
/// <param name="At">When, UTC.</param>
/// <param name="State">For the customer's own messages: <c>sent</c>, or <c>read</c> once an agent saw it.</param>
/// <param name="Deleted">Deleted for all.</param>
/// <param name="Edited">Changed after it was sent.</param>
/// <param name="QuotedId">The message that it answers.</param>
/// <param name="ProviderId">The provider's id: for a plugin's own messages the event id that it gave.</param>
public sealed record ViewedMessage(
    Guid Id, long Seq, long Change, bool FromCustomer, string? Author, Content Content, DateTime At, string State, bool Deleted, bool Edited,
    Guid? QuotedId, string? ProviderId)
{
    /// <summary>Our reaction to it, one emoji.</summary>
    public string? Reaction { get; init; }
}
