using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.QuickMessages;

/// <summary>The quick messages that the caller may put into an answer. Of those with one shortcut the nearest: own, queue's, company's.</summary>
[Allow("quick.see"), Reads]
public sealed record OfferQuickMessages : IRequest<IReadOnlyList<QuickChoice>>;

/// <summary>A quick message to choose.</summary>
/// <param name="Beginning">Of its text, in one line.</param>
/// <param name="Files">How many go along.</param>
public sealed record QuickChoice(Guid Id, string Shortcut, string Title, string Beginning, int Files, QuickScope Scope);

/// <summary>
/// Puts a quick message into an answer: its text with the variables of this ticket, and its files as uploads of the caller, where the
/// caller answers in this ticket and asks for them.
/// </summary>
[Allow("tickets.answer")]
public sealed record UseQuickMessage([property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid Id, bool WithFiles) : IRequest<UsedQuickMessage>;

/// <summary>What goes into the composer.</summary>
/// <param name="Unknown">Variables that do not exist; they stand in the text as they were typed.</param>
public sealed record UsedQuickMessage(string Text, IReadOnlyList<string> Unknown, IReadOnlyList<MediaRow> Files);

internal sealed class OfferQuickMessagesHandler(InforzapDb db, QuickAccess access) : IRequestHandler<OfferQuickMessages, IReadOnlyList<QuickChoice>>
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<QuickChoice>> Handle(OfferQuickMessages request, CancellationToken ct)
    {
        var all = await (from q in access.Usable.AsNoTracking() where q.IsActive
                         join u in db.QuickUses on q.Id equals u.QuickMessageId
                         orderby q.Order, u.Count descending, q.Shortcut
                         select new { q.Id, q.Shortcut, q.Title, q.Body, q.Scope, Files = db.Set<QuickFile>().Count(f => f.QuickMessageId == q.Id) }).Take(Most).ToListAsync(ct);
        var nearest = all.GroupBy(q => q.Shortcut).Select(g => g.MaxBy(q => q.Scope)!.Id).ToHashSet();
        return [.. all.Where(q => nearest.Contains(q.Id)).Select(q => new QuickChoice(q.Id, q.Shortcut, q.Title, Beginning(q.Body), q.Files, q.Scope))];
    }

    private static string Beginning(string body)
    {
        var line = string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 140 ? line : CleanText.Cut(line, 140) + "…";
    }
}

internal sealed class UseQuickMessageHandler(InforzapDb db, TicketAccess tickets, QuickAccess access, TicketFacts facts, TextRenderer renderer, IStringLocalizer<Texts> t)
    : IRequestHandler<UseQuickMessage, UsedQuickMessage>
{
    public async Task<UsedQuickMessage> Handle(UseQuickMessage request, CancellationToken ct)
    {
        if (!tickets.Actor.May("quick.see")) throw Refusal.Forbidden(t["QuickNotYours"]);
        var ticket = await tickets.ReadAsync(request.TicketId, ct);
        var message = await access.Usable.AsNoTracking().SingleOrDefaultAsync(q => q.Id == request.Id && q.IsActive, ct) ?? throw Refusal.NotFound(t["QuickGone"]);
        var rendered = await renderer.RenderAsync(message.Body, await facts.OfAsync(ticket, ct), ct);
        if (rendered.Text.Length > CleanText.MaxBody) throw new Refusal(t["MessageTooLong", CleanText.MaxBody]);
        var mayAttach = request.WithFiles && ticket.Status == TicketStatus.Open && ticket.UserId == access.Me;
        IReadOnlyList<MediaRow> files = mayAttach ? await AttachAsync(message, ticket, ct) : [];
        await db.QuickUses.Where(u => u.QuickMessageId == message.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Count, u => u.Count + 1), ct);
        // The text may have made a protocol.
        await db.SaveChangesAsync(ct);
        return new(rendered.Text, rendered.Unknown, files);
    }

    /// <summary>As if the caller had uploaded them here: what becomes of the quick message later is nothing to the answer.</summary>
    private async Task<IReadOnlyList<MediaRow>> AttachAsync(QuickMessage message, Ticket ticket, CancellationToken ct)
    {
        var found = await (from f in db.QuickFiles.AsNoTracking() where f.QuickMessageId == message.Id
                           join s in db.Set<StoredFile>() on f.FileId equals s.Id
                           orderby f.Position
                           select new { f.Name, Stored = s }).ToListAsync(ct);
        var rows = new List<MediaRow>();
        foreach (var file in found)
        {
            var media = new Media { Id = Guid.NewGuid(), TicketId = ticket.Id, UploadedBy = access.Me, FileName = file.Name, CreatedAt = tickets.Now };
            media.Ready(file.Stored, MediaKind.Document);
            db.Add(media);
            rows.Add(new(media.Id, media.State, media.Kind, media.FileName, media.MimeType, media.Size, media.Width, media.Height, null));
        }
        await db.SaveChangesAsync(ct);
        return rows;
    }
}
