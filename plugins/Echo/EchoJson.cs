using System.Text.Json.Serialization;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Echo;

/// <summary>What is posted for each message.</summary>
internal sealed record EchoMessage(string To, string? Text, EchoFile? Media, string? Quoted, Guid Reference, Guid MessageId);

/// <summary>What is posted when a message changes afterwards: <c>reaction</c> (without text: taken back), <c>edit</c> or <c>revoke</c>.</summary>
internal sealed record EchoChange(string To, string Change, string Message, string? Text);

/// <summary>A file inside a message; <c>data</c> in base64.</summary>
internal sealed record EchoFile(MediaKind Kind, string? FileName, string? MimeType, Uri? Url, byte[]? Data);

/// <summary>What the other side answers.</summary>
internal sealed record EchoAnswer(string? Id);

/// <summary>One event of a webhook call. Which fields count depends on <c>type</c>.</summary>
internal sealed record EchoEvent(
    string? Type, string? Id, string? From, string? Name, DateTimeOffset? At,
    string? Text, string? MediaUrl, string? MediaKind, string? FileName, string? Quoted,
    string? Message, string? State, Guid? Attempt, string? Reason, string? Emoji, bool? Ours = null);

/// <summary>The address book, as it is read.</summary>
internal sealed record EchoBook(EchoEntry[]? Contacts);

/// <summary>Somebody in it: how the account's owner calls them, and how they call themselves.</summary>
internal sealed record EchoEntry(string? Address, string? Name, string? Self);

/// <summary>Generated readers and writers: no reflection on the path of each message.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, MaxDepth = 32,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EchoMessage))]
[JsonSerializable(typeof(EchoChange))]
[JsonSerializable(typeof(EchoAnswer))]
[JsonSerializable(typeof(EchoEvent))]
[JsonSerializable(typeof(EchoBook))]
internal sealed partial class EchoJson : JsonSerializerContext;
