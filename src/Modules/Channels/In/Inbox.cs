using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inforzap.Channels.Watch;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Channels.In;

/// <summary>The door of one plugin for what comes in: its own channels only.</summary>
internal sealed class Inbox(Plugin plugin, ChannelDirectory channels, LaneAppender lanes, FileStore files, SystemMediator mediator, LiveHints live, Arrivals arrivals, ChannelLog diary, ILogger<Inbox> log) : IInbox
{
    private const int LongestEventId = 300;
    private const int LongestAddress = 128;
    private const int LongestKind = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new CleanConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public Task DeliverAsync(InboundEvent happened, CancellationToken ct = default)
    {
        if (Fault(happened) is { } fault) return Task.FromException(Refuse(happened, fault));
        return AppendAsync([happened], ct);
    }

    /// <inheritdoc/>
    public Task DeliverAsync(IReadOnlyList<InboundEvent> happened, CancellationToken ct = default)
    {
        BadEventException? refused = null;
        var good = new List<InboundEvent>(happened.Count);
        foreach (var one in happened)
        {
            // A bad one costs only itself: were all refused, the provider would bring them again and again.
            if (Fault(one) is { } fault) refused = Refuse(one, fault);
            else good.Add(one);
        }
        if (good.Count > 0) return AppendAsync(good, ct);
        return refused is null ? Task.CompletedTask : Task.FromException(refused);
    }

    /// <inheritdoc/>
    public async Task<Guid> StoreAsync(Guid channelId, Stream content, string? fileName, CancellationToken ct = default)
    {
        if (!IsOurs(channelId)) throw new BadEventException("The channel is not this plugin's.");
        var file = await files.WriteAsync(content, fileName is null ? null : CleanText.Of(fileName, 255), null, ct);
        await mediator.Send(new KeepFile(file), ct);
        return file.Id;
    }

    /// <inheritdoc/>
    public void Typing(Guid channelId, Address from, bool typing)
    {
        if (IsOurs(channelId)) _ = WhisperAsync(channelId, from, typing);
    }

    private async Task WhisperAsync(Guid channelId, Address from, bool typing)
    {
        try
        {
            if (await mediator.Send(new ConversationTopic(channelId, from)) is { } topic) live.Whisper(Topics.CustomerTyping(topic), typing);
        }
        catch (Exception e)
        {
            log.LogInformation("Typing on channel {Channel} went unheard: {Exception}", channelId, e.GetType().Name);
        }
    }

    private async Task AppendAsync(IReadOnlyList<InboundEvent> happened, CancellationToken ct)
    {
        var items = new NewLaneItem[happened.Count];
        for (var i = 0; i < items.Length; i++) items[i] = Item(happened[i]);
        Fail.Point(Fail.At.InBeforeAppend);
        int kept;
        try
        {
            kept = await lanes.AppendAsync(items, CancellationToken.None).WaitAsync(Patience, ct);
        }
        catch (TimeoutException e)
        {
            throw new InboxFullException("The database is too slow now.", e);
        }
        catch (System.Data.Common.DbException e)
        {
            log.LogError("Nothing can be appended now: {Exception}", Telemetry.Describe(e));
            throw new InboxFullException("The database takes nothing now.", e);
        }
        Fail.Point(Fail.At.InAfterAppend);
        if (kept > 0) Telemetry.Received.Add(kept, Kept);
        if (kept < items.Length) Telemetry.Received.Add(items.Length - kept, Duplicate);
        foreach (var one in happened)
        {
            arrivals.Saw(one.ChannelId);
            diary.Add(one.ChannelId, KindOf(one), kept == items.Length ? "kept" : kept == 0 ? "duplicate" : "partly", payload: one.Raw);
        }
    }

    private static readonly KeyValuePair<string, object?> Kept = new("inforzap.inbox.outcome", "kept");
    private static readonly KeyValuePair<string, object?> Duplicate = new("inforzap.inbox.outcome", "duplicate");

    private NewLaneItem Item(InboundEvent happened) => ItemOf(happened switch
    {
        InboundMessage { AlsoKnownAs: { Count: > 0 } known } message => message with { AlsoKnownAs = [.. known.Where(IsAddress)] },
        InboundReceipt { Reason: { } reason } receipt => receipt with { Reason = channels.Live(receipt.ChannelId)?.Told(reason) },
        InboundReach { Reason: { } reason } reach => reach with { Reason = channels.Live(reach.ChannelId)?.Told(reason) },
        _ => happened,
    });

    private static NewLaneItem ItemOf(InboundEvent happened) => new(
        $"in/{happened.ChannelId:N}/{happened.From.Kind}:{happened.From.Value}", KindOf(happened), JsonSerializer.Serialize(happened, Json),
        $"{happened.ChannelId:N}:{happened.EventId}", happened.Raw);

    private static string KindOf(InboundEvent happened) => happened switch
    {
        InboundMessage => "message",
        InboundReceipt => "receipt",
        InboundEdit => "edit",
        InboundRevoke => "revoke",
        InboundReaction => "reaction",
        InboundReach => "reach",
        InboundMove => "move",
        _ => happened.GetType().Name,
    };

    private bool IsOurs(Guid channelId) => channels.Live(channelId) is { Kind: { } kind } && kind.Plugin == plugin;

    private string? Fault(InboundEvent happened) =>
        !IsOurs(happened.ChannelId) ? "the channel is not this plugin's"
        : !IsId(happened.EventId, LongestEventId) ? "its id is empty, too long or not text"
        : happened.From is null || !IsId(happened.From.Value, LongestAddress) ? "its address is empty, too long or not text"
        : !IsId(happened.From.Kind, LongestKind) ? "its kind of address is empty, too long or not text"
        : NamedBy(happened) is { } named && !IsId(named, LongestEventId) ? "the id of its message is empty, too long or not text"
        : null;

    /// <summary>As what comes in is cleaned; null when an id or an address of it can't be kept.</summary>
    internal static PastMessage? Clean(PastMessage past) =>
        !IsId(past.ProviderId, LongestEventId) ? null : JsonSerializer.Deserialize<PastMessage>(JsonSerializer.Serialize(past, Json), Json);

    /// <inheritdoc cref="Clean(PastMessage)"/>
    internal static BookEntry? Clean(BookEntry entry) => entry.Address is null || !IsAddress(entry.Address) ? null
        : JsonSerializer.Deserialize<BookEntry>(JsonSerializer.Serialize(entry with { AlsoKnownAs = [.. entry.AlsoKnownAs.Where(IsAddress)] }, Json), Json);

    private static bool IsAddress(Address address) => IsId(address.Value, LongestAddress) && IsId(address.Kind, LongestKind);

    /// <summary>The provider's id of the message that an event is, or speaks of; null when it names it otherwise.</summary>
    private static string? NamedBy(InboundEvent happened) => happened switch
    {
        InboundMessage message => message.ProviderId,
        InboundReceipt { ProviderId: null or "" } receipt when receipt.AttemptId is not null || receipt.UpToSeq is not null => null,
        InboundReceipt receipt => receipt.ProviderId ?? "",
        InboundEdit edit => edit.ProviderId ?? "",
        InboundRevoke revoke => revoke.ProviderId ?? "",
        InboundReaction reaction => reaction.ProviderId ?? "",
        _ => null,
    };

    private static bool IsId(string? text, int max)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > max) return false;
        if (Ascii.IsValid(text)) return !text.Contains('\0', StringComparison.Ordinal);
        return CleanText.Of(text, max) == text;
    }

    private BadEventException Refuse(InboundEvent happened, string fault)
    {
        log.LogWarning("An event of channel {Channel} was refused: {Fault}", happened.ChannelId, fault);
        if (IsOurs(happened.ChannelId)) diary.Add(happened.ChannelId, KindOf(happened), "refused", fault, happened.Raw);
        return new BadEventException($"The event was refused: {fault}.");
    }

    /// <summary>Every text on its way into the database is cleaned; one that is too long ends with an ellipsis.</summary>
    private sealed class CleanConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (value.Length > CleanText.MaxBody) writer.WriteStringValue(CleanText.Of(value, CleanText.MaxBody - 1) + "…");
            else if (Ascii.IsValid(value) && !value.Contains('\0', StringComparison.Ordinal)) writer.WriteStringValue(value);
            else writer.WriteStringValue(CleanText.Of(value));
        }
    }
}

/// <summary>An event that nothing can be done with: trying again won't help.</summary>
internal sealed class BadEventException(string message) : ArgumentException(message);

/// <summary>Keeps the row of a file that came along.</summary>
[AllowSystem]
internal sealed record KeepFile(StoredFile File) : IRequest;

internal sealed class KeepFileHandler(InforzapDb db) : IRequestHandler<KeepFile, Unit>
{
    public Task<Unit> Handle(KeepFile request, CancellationToken ct)
    {
        db.Add(request.File);
        return Unit.Task;
    }
}
