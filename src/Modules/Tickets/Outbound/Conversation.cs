using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tickets.Outbound;

/// <summary>The customer's side of a conversation: their own channel and address, never notes, never anybody else's.</summary>
internal sealed class ReadConversationHandler(InforzapDb db) : IRequestHandler<ReadConversation, IReadOnlyList<ViewedMessage>>
{
    public async Task<IReadOnlyList<ViewedMessage>> Handle(ReadConversation request, CancellationToken ct)
    {
        if (await Conversations.ContactOfAsync(db, request.Address, ct) is not { } contactId) return [];
        var rows = await (from m in db.Messages.AsNoTracking()
                          join x in db.Tickets on m.TicketId equals x.Id
                          where x.ChannelId == request.ChannelId && x.ContactId == contactId && !m.IsNote && m.Seq > 0 && m.ForgottenAt == null && m.Change > request.Change
                          join u in db.Set<UserView>() on m.SenderUserId equals u.Id into us
                          from u in us.DefaultIfEmpty()
                          join f in db.Media on m.MediaId equals f.Id into fs
                          from f in fs.DefaultIfEmpty()
                          orderby m.Change
                          select new { m, x.Number, Author = (string?)u.Name, Media = f }).Take(200).ToListAsync(ct);
        return [.. rows.Select(r => new ViewedMessage(r.m.Id, ConversationSeq.Of(r.Number, r.m.Seq), r.m.Change, !r.m.FromUs, r.m.FromUs && !BodyText.IsSigned(r.m.Body) ? r.Author : null,
            ContentOf(r.m, r.Media), r.m.ProviderAt ?? r.m.CreatedAt, r.m.FromUs ? r.m.State.ToString().ToLowerInvariant() : r.m.ReadAt is null ? "sent" : "read",
            r.m.DeletedAt is not null, r.m.EditedAt is not null, r.m.QuotedId, r.m.ProviderId) { Reaction = r.m.OurReaction })];
    }

    private static Content ContentOf(Message message, Media? media)
    {
        if (message.DeletedAt is not null) return new TextContent("");
        if (media is not null)
            return new MediaContent(Enum.Parse<MediaKind>(media.Kind.ToString()), new MediaRef(FileId: media.FileId), media.FileName, message.Body, media.MimeType, media.Size);
        return Contents.CardOf(message) ?? new TextContent(message.Body ?? "");
    }
}

internal sealed class IsInConversationHandler(InforzapDb db) : IRequestHandler<IsInConversation, bool>
{
    public async Task<bool> Handle(IsInConversation request, CancellationToken ct) =>
        await Conversations.ContactOfAsync(db, request.Address, ct) is { } contactId
        && await (from f in db.Media
                  join m in db.Messages on f.MessageId equals m.Id
                  join x in db.Tickets on m.TicketId equals x.Id
                  where f.FileId == request.FileId && x.ChannelId == request.ChannelId && x.ContactId == contactId && !m.IsNote && m.DeletedAt == null
                  select f.Id).AnyAsync(ct);
}

internal sealed class ConversationTopicHandler(InforzapDb db) : IRequestHandler<ConversationTopic, string?>
{
    public async Task<string?> Handle(ConversationTopic request, CancellationToken ct) =>
        await Conversations.ContactOfAsync(db, request.Address, ct) is { } contactId ? Topics.Conversation(request.ChannelId, contactId) : null;
}

internal static class Conversations
{
    /// <summary>Whose address this is. Adapters spell an address always alike, so the exact spelling is asked for.</summary>
    public static async Task<Guid?> ContactOfAsync(InforzapDb db, Address address, CancellationToken ct) =>
        await db.Set<ContactAddressView>().Where(a => a.Kind == address.Kind && a.Value == address.Value).Select(a => (Guid?)a.ContactId).FirstOrDefaultAsync(ct);
}
