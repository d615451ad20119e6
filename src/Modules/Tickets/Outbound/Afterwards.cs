using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Notes;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Outbound;

/// <summary>Our one reaction to a message of either side; null takes it back.</summary>
[Allow("tickets.answer")]
public sealed record ReactToMessage([property: NotEmpty] Guid MessageId, string? Emoji) : IRequest;

/// <summary>Another text for what the caller wrote. The signature in it stays.</summary>
/// <param name="MessageId">Which.</param>
/// <param name="Text">The text, or the caption of the file, without the signature.</param>
[Allow("tickets.answer")]
public sealed record EditMessage([property: NotEmpty] Guid MessageId, [property: Called("KindText")] string? Text) : IRequest, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Text?.Length > CleanText.MaxBody) yield return new(t["MessageTooLong", CleanText.MaxBody], [nameof(Text)]);
    }
}

/// <summary>Deletes what the caller wrote, for both sides. What it said stays readable for colleagues.</summary>
[Allow("tickets.answer")]
public sealed record DeleteMessage([property: NotEmpty] Guid MessageId) : IRequest;

/// <summary>Asks the channel once more for a change that it did not take.</summary>
[Allow("tickets.answer")]
public sealed record RepeatAct([property: NotEmpty] Guid MessageId) : IRequest;

/// <summary>A lane item: the message shall be on the other side as it is here.</summary>
internal sealed record ActItem(Guid MessageId, Guid ActId);

/// <summary>
/// What an agent does to a message afterwards. It is so here at once; the other side follows by a lane of its own, and until
/// then, or when it can't, the message says so.
/// </summary>
internal sealed class Afterwards(InforzapDb db, TicketAccess access, IChannelDirectory channels, IStringLocalizer<Texts> t)
{
    public DateTime Now => access.Now;

    /// <summary>A message of a ticket that the caller serves.</summary>
    public async Task<(Ticket Ticket, Message Message)> HoldAsync(Guid messageId, CancellationToken ct)
    {
        var (ticket, message) = await access.HoldMessageAsync(messageId, ct);
        if (!MayEditAll(message)) await access.RequireMineAsync(ticket, ct);
        if (message.DeletedAt is not null || message.ForgottenAt is not null || message.Kind == MessageKind.System) throw Refusal.Conflict(t["MessageGone"]);
        return (ticket, message);
    }

    /// <summary>Refuses what somebody else wrote.</summary>
    public void RequireOwn(Message message)
    {
        if (MayEditAll(message)) return;
        if (!message.FromUs || (message.SenderUserId != access.Actor.Id && !access.Actor.IsSystem)) throw Refusal.Conflict(t["NotYourMessage"]);
    }

    /// <summary>Whether it is another's note, and the caller looks after all of them: whoever wrote it, whoever serves the ticket.</summary>
    private bool MayEditAll(Message message) => message.IsNote && !access.Actor.IsSystem && access.Actor.May("notes.edit-all");

    /// <summary>Writes down what somebody else did to the note of a colleague; their own changes stand in the ticket's log alone.</summary>
    public void AuditNote(Ticket ticket, Message note, string? before, string? after)
    {
        if (!note.IsNote || note.SenderUserId == access.Actor.Id) return;
        var subject = $"#{ticket.Number}/{note.Seq}";
        if (after is null) db.AuditGone("note", note.Id, subject);
        db.Audit("note", note.Id, subject, "Body", before is null ? [] : [before], after is null ? [] : [after]);
    }

    /// <summary>The channel, if it can do this to a message of this age.</summary>
    public ChannelInfo Require(Ticket ticket, Message message, Can can, Func<ChannelInfo, TimeSpan?> window)
    {
        if (channels.All.FirstOrDefault(c => c.Id == ticket.ChannelId) is not { } channel || !channel.Can.HasFlag(can)) throw Refusal.Conflict(t["ChannelCannot"]);
        // Until its provider has named it, there is nothing to speak of.
        if (message.ProviderId is null) throw Refusal.Conflict(t["NotThereYet"]);
        if (window(channel) is { } length && message.CreatedAt + length < Now) throw Refusal.Conflict(t["TooLate"]);
        return channel;
    }

    public Task RequireWindowAsync(ChannelInfo channel, Ticket ticket, CancellationToken ct) => db.RequireReplyWindowAsync(channel, ticket, Now, t, ct);

    /// <summary>Puts the wish in its lane.</summary>
    public void Ask(Ticket ticket, Message message, MessageAct act)
    {
        (message.Act, message.ActId, message.ActReason) = (act, Guid.CreateVersion7(), null);
        db.Enqueue(Lane(ticket.ChannelId, ticket.ContactId), "act", JsonSerializer.Serialize(new ActItem(message.Id, message.ActId.Value), JsonSerializerOptions.Web), Now);
    }

    public static string Lane(Guid channelId, Guid contactId) => $"act/{channelId:N}/{contactId:N}";

    /// <summary>Saves and tells.</summary>
    public Task EndAsync(Ticket ticket, Message message, string what, CancellationToken ct)
    {
        message.Change = ticket.NextChange();
        return access.RecordAsync(ticket, what, new { seq = message.Seq }, ct);
    }
}

internal sealed class ReactToMessageHandler(InforzapDb db, Afterwards afterwards, IStringLocalizer<Texts> t) : IRequestHandler<ReactToMessage, Unit>
{
    private const int Longest = 40;

    public async Task<Unit> Handle(ReactToMessage request, CancellationToken ct)
    {
        var (ticket, message) = await afterwards.HoldAsync(request.MessageId, ct);
        if (message.IsNote) throw Refusal.Conflict(t["ChannelCannot"]);
        var channel = afterwards.Require(ticket, message, Can.React, _ => null);
        var emoji = string.IsNullOrWhiteSpace(request.Emoji) ? null : request.Emoji.Trim();
        if (emoji is not null && (!IsEmoji(emoji) || channel.Emojis?.Contains(emoji) == false)) throw new Refusal(t["NotAReaction"]);
        if (emoji == message.OurReaction && message.Act is null) return Unit.Value;
        await afterwards.RequireWindowAsync(channel, ticket, ct);
        message.OurReaction = emoji;
        afterwards.Ask(ticket, message, MessageAct.React);
        message.Change = ticket.NextChange();
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return Unit.Value;
    }

    /// <summary>One picture sign.</summary>
    private static bool IsEmoji(string text) =>
        text.Length <= Longest && new StringInfo(text).LengthInTextElements == 1 && Rune.GetUnicodeCategory(text.EnumerateRunes().First()) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol;
}

internal sealed class EditMessageHandler(InforzapDb db, Afterwards afterwards, Mentions mentions, IStringLocalizer<Texts> t) : IRequestHandler<EditMessage, Unit>
{
    public async Task<Unit> Handle(EditMessage request, CancellationToken ct)
    {
        var (ticket, message) = await afterwards.HoldAsync(request.MessageId, ct);
        afterwards.RequireOwn(message);
        var text = CleanText.Of(request.Text?.TrimEnd());
        if (message.Kind is not (MessageKind.Text or MessageKind.Image or MessageKind.Video or MessageKind.Document)) throw Refusal.Conflict(t["ChannelCannot"]);
        if (text.Length == 0 && message.MediaId is null) throw new Refusal(t["MessageEmpty"]);
        var body = BodyText.SignatureOf(message.Body) + text;
        if (body == (message.Body ?? "")) return Unit.Value;
        // What has not left yet leaves as it is now; and nobody but colleagues reads a note.
        var isHere = message.IsNote || message.State == MessageState.Queued;
        if (!isHere) await afterwards.RequireWindowAsync(afterwards.Require(ticket, message, Can.Edit, c => c.EditWindow), ticket, ct);
        afterwards.AuditNote(ticket, message, message.Body, body);
        message.PreviousBody ??= message.Body;
        (message.Body, message.EditedAt) = (body.Length == 0 ? null : body, afterwards.Now);
        var media = message.MediaId is { } id ? await db.Media.AsNoTracking().Where(m => m.Id == id).Select(m => m.FileName).SingleOrDefaultAsync(ct) : null;
        message.SearchText = SearchText.Of(4000, text, media);
        if (message.Seq == ticket.LastSeq && !message.IsNote) ticket.LastText = Contents.Snippet(message.Kind, text, media);
        if (message.IsNote) await mentions.KeepAsync(ticket, message, afterwards.Now, ct);
        if (!isHere) afterwards.Ask(ticket, message, MessageAct.Edit);
        await afterwards.EndAsync(ticket, message, "message-edited", ct);
        return Unit.Value;
    }
}

internal sealed class DeleteMessageHandler(Afterwards afterwards, Mentions mentions, IStringLocalizer<Texts> t) : IRequestHandler<DeleteMessage, Unit>
{
    public async Task<Unit> Handle(DeleteMessage request, CancellationToken ct)
    {
        var (ticket, message) = await afterwards.HoldAsync(request.MessageId, ct);
        afterwards.RequireOwn(message);
        if (message.State is MessageState.Sending or MessageState.Unknown && !message.IsNote) throw Refusal.Conflict(t["NotThereYet"]);
        // A message that has not left is not claimed any more; one that failed is nowhere but here.
        var isHere = message.IsNote || message.State is MessageState.Queued or MessageState.Failed;
        if (!isHere) afterwards.Require(ticket, message, Can.Delete, c => c.DeleteWindow);
        afterwards.AuditNote(ticket, message, message.Body, null);
        if (message.IsNote) await mentions.ForgetAsync(message.Id, ct);
        message.DeletedAt = afterwards.Now;
        if (!isHere) afterwards.Ask(ticket, message, MessageAct.Delete);
        await afterwards.EndAsync(ticket, message, "message-deleted", ct);
        return Unit.Value;
    }
}

internal sealed class RepeatActHandler(InforzapDb db, TicketAccess access, Afterwards afterwards, IStringLocalizer<Texts> t) : IRequestHandler<RepeatAct, Unit>
{
    public async Task<Unit> Handle(RepeatAct request, CancellationToken ct)
    {
        var (ticket, message) = await access.HoldMessageAsync(request.MessageId, ct);
        await access.RequireMineAsync(ticket, ct);
        if (message is not { Act: { } act, ActReason: not null }) throw Refusal.Conflict(t["NothingToResend"]);
        afterwards.Ask(ticket, message, act);
        message.Change = ticket.NextChange();
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return Unit.Value;
    }
}
