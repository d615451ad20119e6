using System.Text.Json;
using System.Text.RegularExpressions;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WebChat;

/// <summary>Drives one WebChat channel. The visitor's page reads from the conversation itself, so a message is sent once it is stored.</summary>
public sealed partial class WebChatAdapter(IInbox inbox, IConversationView conversations) : IChannelAdapter, IPublicPage, IAbilities, IPresence, IProbe, IReactions, IEdits, IRevokes
{
    /// <summary>As many as <see cref="IConversationView.SinceAsync"/> gives at a time.</summary>
    private const int PageSize = 200;

    private const int LongestName = 100;
    private const int LongestReference = 300;

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Receipts | Can.Typing | Can.Places | Can.Cards | Can.Stickers;

    private long MaxBytes => ((IAbilities)this).MaxMediaBytes;

    /// <inheritdoc/>
    public Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct) =>
        Task.FromResult(SendResult.Sent(message.MessageId.ToString()));

    /// <summary>The page sees from the conversation what became of a message.</summary>
    public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => Task.FromResult(SendResult.Sent(message.ProviderId));

    /// <inheritdoc cref="ReactAsync"/>
    public Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct) => Task.FromResult(SendResult.Sent(message.ProviderId));

    /// <inheritdoc cref="ReactAsync"/>
    public Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct) => Task.FromResult(SendResult.Sent(message.ProviderId));

    /// <summary>Nothing to tell: the page learns from the conversation that its message was read.</summary>
    public Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Nothing to tell: the host puts the agent's typing into the visitor's open event stream.</summary>
    public Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<WebChatSettings>();
        var wrong = Lines(settings).FirstOrDefault(line => Origin(line) is null);
        return Task.FromResult(wrong is not null
            ? new ProbeResult(false, $"“{wrong}” não é o endereço de um site. Escreva como https://loja.exemplo, sem caminho.")
            : !HexColor().IsMatch(settings.Color) ? new ProbeResult(false, "A cor precisa de seis dígitos hexadecimais, como #0B7A75.")
            : new ProbeResult(true, "O chat está pronto."));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> AllowedOrigins(ChannelRef on) => [.. Lines(on.Settings<WebChatSettings>()).Select(Origin).OfType<string>().Distinct()];

    /// <inheritdoc/>
    public async Task<PageReply> HandleAsync(ChannelRef on, PageRequest request, CancellationToken ct)
    {
        var route = $"{request.Method} {request.Path}";
        if (route == "GET config") return Config(on);
        if (route == "POST session") return PageReply.Json(new { token = Visitor.NewToken() });
        if (Visitor.Of(request.Visitor) is not { } visitor) return PageReply.Status(401);
        try
        {
            return route switch
            {
                "GET messages" => await MessagesAsync(on, visitor, Since(request), ct),
                "GET events" => Events(on, visitor, Since(request)),
                "POST messages" => await TakeTextAsync(on, visitor, await ReadAsync<SentText>(request, ct), ct),
                "POST files" => await TakeFileAsync(on, visitor, request, ct),
                "POST typing" => TakeTyping(on, visitor, await ReadAsync<SentTyping>(request, ct)),
                "POST read" => await TakeReadAsync(on, visitor, await ReadAsync<SentRead>(request, ct), ct),
                _ when request.Method == "GET" && request.Path.StartsWith("files/", StringComparison.Ordinal)
                    => await FileAsync(on, visitor, request.Path["files/".Length..], ct),
                _ => PageReply.Status(404),
            };
        }
        catch (JsonException)
        {
            return PageReply.Status(400);
        }
        catch (MediaTooLargeException)
        {
            return PageReply.Status(413);
        }
        catch (InboxFullException)
        {
            return PageReply.Status(503);
        }
    }

    private PageReply Config(ChannelRef on)
    {
        var settings = on.Settings<WebChatSettings>();
        return PageReply.Json(new
        {
            title = Text(settings.Title),
            subtitle = Text(settings.Subtitle),
            greeting = Text(settings.Greeting),
            color = HexColor().IsMatch(settings.Color) ? settings.Color : WebChatSettings.DefaultColor,
            askName = settings.AskName,
            maxBytes = MaxBytes,
        });
    }

    private async Task<PageReply> MessagesAsync(ChannelRef on, Address visitor, long since, CancellationToken ct) =>
        PageReply.Json(PageOf(await conversations.SinceAsync(on.Id, visitor, since, ct), since));

    /// <summary>Each event brings a page of messages. The last one of the first call is <c>ready</c>: the page has seen all that there is.</summary>
    private PageReply Events(ChannelRef on, Address visitor, long since)
    {
        var ready = false;
        return PageReply.Events(visitor, async ct =>
        {
            List<PageEvent> events = [];
            for (var more = true; more;)
            {
                var page = PageOf(await conversations.SinceAsync(on.Id, visitor, since, ct), since);
                (since, more) = (page.Cursor, page.More);
                if (page.Messages.Count > 0) events.Add(new PageEvent("messages", page, $"{since}"));
            }
            if (!ready) events.Add(new PageEvent("ready", new { cursor = since }));
            ready = true;
            return events;
        }, typing => new PageEvent("typing", new { typing }));
    }

    /// <summary>The event id is the visitor's own id of the message, so whatever is sent again after a lost answer is a duplicate.</summary>
    private async Task<PageReply> TakeTextAsync(ChannelRef on, Address visitor, SentText sent, CancellationToken ct)
    {
        if (sent.Id == Guid.Empty || string.IsNullOrWhiteSpace(sent.Text) || sent.Quoted?.Length > LongestReference) return PageReply.Status(400);
        await inbox.DeliverAsync(new InboundMessage(on.Id, sent.Id.ToString(), Named(visitor, sent.Name), new TextContent(sent.Text))
        {
            QuotedProviderId = Text(sent.Quoted),
        }, ct);
        return PageReply.Json(new { id = sent.Id });
    }

    private async Task<PageReply> TakeFileAsync(ChannelRef on, Address visitor, PageRequest request, CancellationToken ct)
    {
        if (!Guid.TryParse(request.Query.GetValueOrDefault("id"), out var id) || id == Guid.Empty) return PageReply.Status(400);
        var file = await inbox.StoreAsync(on.Id, request.Body, request.FileName, ct);
        var content = new MediaContent(Kind(request.ContentType), new MediaRef(FileId: file), request.FileName, MimeType: request.ContentType);
        await inbox.DeliverAsync(new InboundMessage(on.Id, id.ToString(), visitor, content), ct);
        return PageReply.Json(new { id });
    }

    private PageReply TakeTyping(ChannelRef on, Address visitor, SentTyping sent)
    {
        inbox.Typing(on.Id, visitor, sent.Typing);
        return PageReply.Status(204);
    }

    /// <summary>One receipt for all that came before. It names the visitor in its id, since numbers repeat over conversations.</summary>
    private async Task<PageReply> TakeReadAsync(ChannelRef on, Address visitor, SentRead sent, CancellationToken ct)
    {
        if (sent.Seq <= 0) return PageReply.Status(400);
        var (name, state) = sent.Delivered ? ("delivered", ReceiptState.Delivered) : ("read", ReceiptState.Read);
        await inbox.DeliverAsync(new InboundReceipt(on.Id, $"{name}:{visitor.Value}:{sent.Seq}", visitor, "", state) { UpToSeq = sent.Seq }, ct);
        return PageReply.Status(204);
    }

    private async Task<PageReply> FileAsync(ChannelRef on, Address visitor, string id, CancellationToken ct) =>
        Guid.TryParse(id, out var file) && await conversations.MaySeeAsync(on.Id, visitor, file, ct) ? PageReply.File(file) : PageReply.Status(404);

    private static MessagePage PageOf(IReadOnlyList<ViewedMessage> viewed, long since) =>
        new([.. viewed.Select(ShownMessage.Of)], viewed.Count > 0 ? viewed[^1].Change : since, viewed.Count >= PageSize);

    private static async Task<T> ReadAsync<T>(PageRequest request, CancellationToken ct) =>
        await JsonSerializer.DeserializeAsync<T>(request.Body, Wire.Options, ct) ?? throw new JsonException("null");

    private static long Since(PageRequest request) =>
        long.TryParse(request.Query.GetValueOrDefault("since"), out var since) && since > 0 ? since : 0;

    private static Address Named(Address visitor, string? name) =>
        Text(name) is { } given ? visitor with { Name = given.Length > LongestName ? given[..LongestName] : given } : visitor;

    private static MediaKind Kind(string? contentType) => contentType?.Split('/')[0] switch
    {
        "image" => MediaKind.Image,
        "audio" => MediaKind.Audio,
        "video" => MediaKind.Video,
        _ => MediaKind.Document,
    };

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static IEnumerable<string> Lines(WebChatSettings settings) => settings.AllowedOrigins.Select(line => line.Trim()).Where(line => line.Length > 0);

    /// <summary>Scheme, host and port as browsers write them, or null for what is no origin.</summary>
    private static string? Origin(string line) =>
        line == "*" ? line
        : Uri.TryCreate(line, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : null;

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$")]
    private static partial Regex HexColor();
}
