using System.Text.Json.Serialization;

namespace Inforzap.Sdk;

/// <summary>What a message says. One of the records below.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextContent), "text")]
[JsonDerivedType(typeof(MediaContent), "media")]
[JsonDerivedType(typeof(LocationContent), "location")]
[JsonDerivedType(typeof(ContactContent), "contact")]
[JsonDerivedType(typeof(ChoiceContent), "choice")]
[JsonDerivedType(typeof(OfferContent), "offer")]
[JsonDerivedType(typeof(TemplateContent), "template")]
[JsonDerivedType(typeof(UnsupportedContent), "unsupported")]
public abstract record Content;

/// <summary>Plain text. WhatsApp's marks (*bold*, _italic_, ~strike~) are drawn by the product.</summary>
/// <param name="Body">At most 65,536 characters; longer text is cut by the host and marked as cut.</param>
public sealed record TextContent(string Body) : Content;

/// <summary>A file. Which kind it really is, the host decides from its bytes.</summary>
/// <param name="Kind">What the sender says that it is.</param>
/// <param name="Source">Where its bytes are.</param>
/// <param name="FileName">The sender's name for it; never used as a path.</param>
/// <param name="Caption">Text that belongs to it.</param>
/// <param name="MimeType">What the sender says; not trusted.</param>
/// <param name="Size">Bytes, if known before the fetch.</param>
public sealed record MediaContent(
    MediaKind Kind, MediaRef Source, string? FileName = null, string? Caption = null, string? MimeType = null, long? Size = null) : Content;

/// <summary>A place.</summary>
public sealed record LocationContent(double Latitude, double Longitude, string? Name = null, string? Street = null) : Content;

/// <summary>A contact card.</summary>
public sealed record ContactContent(string Name, IReadOnlyList<string> Phones) : Content;

/// <summary>A button or list row that the customer chose.</summary>
/// <param name="Id">What we called the choice when we offered it.</param>
/// <param name="Title">What the customer saw.</param>
public sealed record ChoiceContent(string Id, string Title) : Content;

/// <summary>
/// A question with choices to press; the one that is pressed comes back as <see cref="ChoiceContent"/>. Only adapters that say
/// <see cref="Can.Offers"/> get it; for the others the host writes a numbered list.
/// </summary>
/// <param name="Body">The question, at most 1,024 characters.</param>
/// <param name="Choices">1 to 10, with titles of their own.</param>
public sealed record OfferContent(string Body, IReadOnlyList<Offer> Choices) : Content;

/// <summary>A choice.</summary>
/// <param name="Id">What comes back; at most 60 letters and digits of ASCII, <c>_</c>, <c>:</c> or <c>-</c>.</param>
/// <param name="Title">What is read on it; at most 24 characters.</param>
public sealed record Offer(string Id, string Title);

/// <summary>Something the channel can't translate yet. It is kept and shown as such, never dropped.</summary>
/// <param name="What">The provider's own word for it.</param>
public sealed record UnsupportedContent(string What) : Content;

/// <summary>Kinds of media.</summary>
public enum MediaKind
{
    /// <summary>A still picture.</summary>
    Image,
    /// <summary>A sound file.</summary>
    Audio,
    /// <summary>A recording made to be listened to as a message.</summary>
    Voice,
    /// <summary>A film.</summary>
    Video,
    /// <summary>Any other file.</summary>
    Document,
    /// <summary>A sticker.</summary>
    Sticker,
}

/// <summary>Where the bytes of a file are.</summary>
/// <param name="Url">A plain GET through the safe factory gets it.</param>
/// <param name="Reference">The adapter gets it: <see cref="IMediaSource.OpenAsync"/>.</param>
/// <param name="FileId">The host has it already: <see cref="IInbox.StoreAsync"/>, or an outbound message.</param>
public sealed record MediaRef(Uri? Url = null, string? Reference = null, Guid? FileId = null);
