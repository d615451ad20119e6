using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WebChat;

/// <summary>How the page's calls are read.</summary>
internal static class Wire
{
    /// <summary>Names in camel case, shallow: no call of the page nests.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = 4 };
}

/// <summary>A text from the visitor.</summary>
/// <param name="Id">Made by the browser, and the same when it is sent again.</param>
/// <param name="Text">What it says.</param>
/// <param name="Quoted">The <see cref="ShownMessage.Ref"/> of the message that it answers.</param>
/// <param name="Name">How the visitor calls themselves, if they said so.</param>
internal sealed record SentText(Guid Id, string? Text, string? Quoted, string? Name);

/// <summary>The visitor is typing, or stopped.</summary>
internal sealed record SentTyping(bool Typing);

/// <summary>The visitor read up to a message, or only has it on the screen's machine.</summary>
internal sealed record SentRead(long Seq, bool Delivered);

/// <summary>Messages in the order of their changes.</summary>
/// <param name="Messages">New or changed.</param>
/// <param name="Cursor">Where to read on.</param>
/// <param name="More">There are more already.</param>
internal sealed record MessagePage(IReadOnlyList<ShownMessage> Messages, long Cursor, bool More);

/// <summary>A message as the page shows it; what is deleted says nothing any more.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Seq">Its place.</param>
/// <param name="Ref">What a quote of it is called; for the visitor's own, the id that the browser made.</param>
/// <param name="Mine">The visitor wrote it.</param>
/// <param name="Author">Who wrote it, if not.</param>
/// <param name="At">When, in milliseconds since 1970, UTC.</param>
/// <param name="State"><c>sent</c> or <c>read</c>.</param>
/// <param name="Deleted">Deleted for all.</param>
/// <param name="Edited">Changed later.</param>
/// <param name="Quoted">The <see cref="Id"/> of the message that it answers.</param>
/// <param name="Type"><c>text</c>, <c>file</c>, <c>place</c>, <c>contact</c> or <c>other</c>.</param>
/// <param name="Text">Text, caption, or the words for a place or contact.</param>
/// <param name="File">The file.</param>
internal sealed record ShownMessage(
    Guid Id, long Seq, string? Ref, bool Mine, string? Author, long At, string State, bool Deleted, bool Edited, Guid? Quoted,
    string Type, string? Text = null, ShownFile? File = null)
{
    /// <summary>The company's reaction to it.</summary>
    public string? Reaction { get; init; }

    public static ShownMessage Of(ViewedMessage m)
    {
        var at = new DateTimeOffset(DateTime.SpecifyKind(m.At, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
        var bare = new ShownMessage(m.Id, m.Seq, m.ProviderId, m.FromCustomer, m.Author, at, m.State, m.Deleted, m.Edited, m.QuotedId, "text") { Reaction = m.Deleted ? null : m.Reaction };
        return m.Deleted ? bare : m.Content switch
        {
            TextContent text => bare with { Text = text.Body },
            MediaContent file => bare with
            {
                Type = "file",
                Text = file.Caption,
                File = new ShownFile(file.Source.FileId, file.Kind.ToString().ToLowerInvariant(), file.FileName, file.Size),
            },
            LocationContent place => bare with
            {
                Type = "place",
                Text = FormattableString.Invariant($"{place.Name ?? place.Street}\nhttps://www.openstreetmap.org/?mlat={place.Latitude}&mlon={place.Longitude}").Trim(),
            },
            ContactContent contact => bare with { Type = "contact", Text = string.Join('\n', contact.Phones.Prepend(contact.Name)) },
            ChoiceContent choice => bare with { Text = choice.Title },
            _ => bare with { Type = "other" },
        };
    }
}

/// <summary>A file of a message.</summary>
/// <param name="Id">Null while it is on its way.</param>
/// <param name="Kind">Name of a <see cref="MediaKind"/>, in lower case.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Size">In bytes, if known.</param>
internal sealed record ShownFile(Guid? Id, string Kind, string? Name, long? Size);
