using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Sdk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tickets;

/// <summary>One bubble.</summary>
internal sealed class Message : Versioned
{
    /// <summary>Made by whoever writes it, before the first try, so that writing it twice makes one.</summary>
    public Guid Id { get; init; }
    public Guid TicketId { get; init; }
    public Guid ChannelId { get; init; }
    /// <summary>
    /// 1, 2, 3 ... within the ticket, in the order of the commits: its name there, never another's. History that was imported has
    /// -1, -2, -3 ..., so that to all that asks for the last, the next or the unread message it is older than what was said here.
    /// </summary>
    public long Seq { get; init { field = value; if (Place == 0) Place = PlaceOf(value); } }
    /// <summary>
    /// The order that people see. What was said here stands far apart, at <see cref="PlaceOf"/>; imported history stands between, where
    /// its time puts it, and nothing that is there already moves.
    /// </summary>
    public long Place { get; init; }
    /// <summary>The ticket's change number when this row was last changed.</summary>
    public long Change { get; set; }
    public string? ProviderId { get; set; }
    public bool FromUs { get; init; }
    public Guid? SenderUserId { get; init; }
    /// <summary>Who of the group wrote it, as they call themselves.</summary>
    public string? Author { get; init; }
    public MessageOrigin Origin { get; init; }
    public MessageKind Kind { get; set; }
    public string? Body { get; set; }
    /// <summary>What it said before the customer edited it.</summary>
    public string? PreviousBody { get; set; }
    /// <summary>JSON of what has no column: places, cards, choices.</summary>
    public string? Extra { get; set; }
    public Guid? MediaId { get; init; }
    public Guid? QuotedId { get; set; }
    public string? Reaction { get; set; }
    /// <summary>When, by the provider's clock: an earlier reaction may come later.</summary>
    public DateTime? ReactedAt { get; set; }
    /// <summary>Ours, as people here see it at once; the customer sees it when <see cref="Act"/> is over.</summary>
    public string? OurReaction { get; set; }
    /// <summary>What of it is not yet on the other side as it is here; with a reason: and won't be by itself.</summary>
    public MessageAct? Act { get; set; }
    /// <summary>The newest wish: what an older one came to says nothing any more.</summary>
    public Guid? ActId { get; set; }
    public string? ActReason { get; set; }
    /// <summary>Shared by files that were sent together.</summary>
    public Guid? AlbumId { get; init; }
    public bool IsNote { get; init; }
    /// <summary>Since when a note stands before the others; null: it doesn't.</summary>
    public DateTime? PinnedAt { get; set; }
    public DateTime? EditedAt { get; set; }
    public DateTime? DeletedAt { get; set; }
    /// <summary>The queue that its ticket had when it was written, and who served it then: of whose talk it is.</summary>
    public Guid? QueueId { get; init; }
    /// <inheritdoc cref="QueueId"/>
    public Guid? ServedBy { get; init; }
    /// <summary>When the retention took its words away; the row stays for figures.</summary>
    public DateTime? ForgottenAt { get; private set; }
    public MessageState State { get; set; }
    public string? FailReason { get; set; }
    public string? FailCode { get; set; }
    public DateTime? ProviderAt { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid? AttemptId { get; set; }
    /// <summary>After this time a missing result means Unknown.</summary>
    public DateTime? AttemptDeadline { get; set; }
    /// <summary>When an agent saw this message of the customer.</summary>
    public DateTime? ReadAt { get; set; }
    public string SearchText { get; set; } = "";

    /// <summary>The customer reacts, or takes the reaction back. False when a later one is there already.</summary>
    public bool React(InboundReaction reaction)
    {
        if (reaction.At < ReactedAt) return false;
        (Reaction, ReactedAt) = (reaction.Emoji.Length is 0 or > LongestReaction ? null : reaction.Emoji, reaction.At ?? ReactedAt);
        return true;
    }

    private const int LongestReaction = 40;

    /// <summary>From one message to the next: room for all that may lie between.</summary>
    public const long Room = 1L << 32;

    /// <summary>Where a message stands that was said here.</summary>
    public static long PlaceOf(long seq) => seq * Room;

    /// <summary>Nothing of what it said is left.</summary>
    public void Forget(DateTime now)
    {
        if (Body is not null || PreviousBody is not null || Extra is not null) ForgottenAt = now;
        (Body, PreviousBody, Extra, SearchText) = (null, null, null, "");
    }
}

/// <summary>What a bubble shows.</summary>
public enum MessageKind
{
    /// <summary>Text.</summary>
    Text,
    /// <summary>A picture.</summary>
    Image,
    /// <summary>A sound file.</summary>
    Audio,
    /// <summary>A recording.</summary>
    Voice,
    /// <summary>A film.</summary>
    Video,
    /// <summary>A file.</summary>
    Document,
    /// <summary>A sticker.</summary>
    Sticker,
    /// <summary>A place.</summary>
    Location,
    /// <summary>A contact card.</summary>
    Contact,
    /// <summary>A button or row that the customer chose.</summary>
    Choice,
    /// <summary>A wording that the provider knows.</summary>
    Template,
    /// <summary>Kept, but not to be drawn.</summary>
    Unsupported,
    /// <summary>The provider says it, and not the customer.</summary>
    System,
}

/// <summary>Who or what wrote it.</summary>
public enum MessageOrigin
{
    /// <summary>A person in the workspace, or the customer.</summary>
    Chat,
    /// <summary>A bot.</summary>
    Bot,
    /// <summary>A campaign.</summary>
    Campaign,
    /// <summary>A schedule.</summary>
    Schedule,
    /// <summary>The public API.</summary>
    Api,
    /// <summary>Imported history.</summary>
    Sync,
    /// <summary>Somebody of the company, on another device.</summary>
    Device,
}

/// <summary>
/// How far a message came. Receipts only ever raise it: queued, sending, unknown, sent, delivered, read, played; failed
/// from any up to sent.
/// </summary>
public enum MessageState
{
    /// <summary>From the customer.</summary>
    Received,
    /// <summary>Accepted from the agent; not yet on its way.</summary>
    Queued,
    /// <summary>An attempt is running.</summary>
    Sending,
    /// <summary>Nobody knows whether it left; a receipt or a person decides.</summary>
    Unknown,
    /// <summary>Taken by the provider.</summary>
    Sent,
    /// <summary>On the customer's device.</summary>
    Delivered,
    /// <summary>Seen.</summary>
    Read,
    /// <summary>Listened to.</summary>
    Played,
    /// <summary>Refused; may be sent again.</summary>
    Failed,
}

/// <summary>One try to send a message. A resend is a new one.</summary>
internal sealed class Attempt
{
    public Guid Id { get; init; }
    public Guid MessageId { get; init; }
    public int Number { get; init; }
    public DateTime StartedAt { get; init; }
    public DateTime? EndedAt { get; set; }
    /// <summary>Sent, Refused, Later or Unknown; empty while it runs.</summary>
    public string? Outcome { get; set; }
    public string? ProviderId { get; set; }
    public string? Reason { get; set; }
}

/// <summary>A file of a message, with a state of its own: the message is there before its bytes are.</summary>
internal sealed class Media : Versioned
{
    public Guid Id { get; init; }
    public Guid TicketId { get; init; }
    /// <summary>Empty while it is an upload that no message uses yet.</summary>
    public Guid? MessageId { get; set; }
    public Guid? UploadedBy { get; init; }
    public MediaState State { get; set; }
    public MessageKind Kind { get; set; }
    public Guid? FileId { get; set; }
    public string FileName { get; set; } = "";
    public string? MimeType { get; set; }
    public long? Size { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }
    public string? SourceUrl { get; set; }
    public string? SourceReference { get; set; }
    public string? Reason { get; set; }
    public DateTime CreatedAt { get; init; }

    /// <summary>Its bytes are stored; what they really are decides how it is shown.</summary>
    public void Ready(StoredFile file, MediaKind said)
    {
        (State, FileId, MimeType, Size, Width, Height, Reason) = (MediaState.Ready, file.Id, file.MimeType, file.Size, file.Width, file.Height, null);
        Kind = Enum.Parse<MessageKind>(FileKinds.KindOf(file.MimeType, said).ToString());
        if (FileName is "" or "arquivo") FileName = file.Name;
    }

    /// <summary>Its bytes and its name go; how large it was stays for figures.</summary>
    public void Forget() => (State, FileId, FileName, SourceUrl, SourceReference, Reason) = (MediaState.Gone, null, "", null, null, MediaReason.Forgotten);
}

/// <summary>Whether the bytes are here.</summary>
public enum MediaState
{
    /// <summary>On their way.</summary>
    Pending,
    /// <summary>Here.</summary>
    Ready,
    /// <summary>Could not be fetched; can be tried again.</summary>
    Failed,
    /// <summary>The provider no longer has them.</summary>
    Gone,
}

/// <summary>What happened to a ticket, and who did it. Only ever added to.</summary>
internal sealed class TimelineEntry
{
    public long Position { get; private set; }
    public Guid TicketId { get; init; }
    public required string Type { get; init; }
    public Guid? UserId { get; init; }
    /// <summary>JSON with what the sentence needs: names at that time.</summary>
    public string? Data { get; init; }
    public DateTime At { get; init; }
}

/// <summary>One period of service, from opening to closing, so that reopening doesn't destroy earlier figures.</summary>
internal sealed class ServiceCycle : Versioned
{
    public Guid Id { get; init; }
    public Guid TicketId { get; init; }
    public Guid ChannelId { get; init; }
    public Guid? QueueId { get; set; }
    public Guid? UserId { get; set; }
    public bool StartedByAgent { get; init; }
    /// <summary>A group's, which no figure counts.</summary>
    public bool IsGroup { get; init; }
    public DateTime QueuedAt { get; init; }
    /// <summary>The minute of <see cref="QueuedAt"/>: what figures are looked for and grouped by, see <see cref="Figures.FigureTime"/>.</summary>
    public int QueuedMinute { get => Figures.FigureMinute.Of(QueuedAt); private set { } }
    public DateTime? AcceptedAt { get; set; }
    public DateTime? FirstResponseAt { get; set; }
    public DateTime? ClosedAt { get; set; }
    /// <summary>The minute of <see cref="ClosedAt"/>.</summary>
    public int? ClosedMinute { get => ClosedAt is { } at ? Figures.FigureMinute.Of(at) : null; private set { } }
    /// <summary>Why it was closed; kept when the ticket is reopened.</summary>
    public Guid? ClosingReasonId { get; set; }
    /// <summary>From queued to accepted.</summary>
    public long? WaitSeconds { get; set; }
    /// <summary>From accepted to closed.</summary>
    public long? ServiceSeconds { get; set; }
    public long? FirstResponseSeconds { get; set; }
}
