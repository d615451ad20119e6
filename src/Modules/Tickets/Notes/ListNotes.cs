using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Notes;

/// <summary>A page of the notes in tickets that the caller sees and may look into, newest first. Deleted ones are in none.</summary>
/// <param name="Text">A part of what it says, of the contact's name, or the number of a ticket.</param>
/// <param name="From">From this day on, in the company's time zone.</param>
/// <param name="To">Until this day.</param>
/// <param name="AuthorId">Who wrote it.</param>
/// <param name="Pinned">Only those that are pinned.</param>
/// <param name="Take">How many; 0 takes fifty.</param>
[Allow("notes.see"), Reads]
public sealed record ListNotes(
    [property: StringLength(100), Called("NoteSearch")] string? Text = null, DateOnly? From = null, DateOnly? To = null, Guid? AuthorId = null, bool Pinned = false,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<NotePage>;

/// <summary>The same as a table for spreadsheet programs, twenty thousand lines at most.</summary>
[Allow("notes.export"), Reads]
public sealed record ExportNotes([property: NotEmpty, Called("NoteSearch")] ListNotes Of) : IRequest<string>;

/// <summary>The notes of a ticket's contact, over all tickets that the caller sees: pinned ones first, then the newest, a hundred at most.</summary>
[Allow("tickets.see"), Reads]
public sealed record NotesOfContact([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<NoteRow>>;

/// <summary>A page of the list.</summary>
/// <param name="Matching">How many there are with these filters.</param>
/// <param name="Any">Whether there is any at all that the caller sees.</param>
/// <param name="People">To choose from.</param>
public sealed record NotePage(IReadOnlyList<NoteRow> Rows, int Matching, bool Any, IReadOnlyList<PersonChoice> People);

/// <summary>A note outside of its conversation.</summary>
/// <param name="FileName">Of the file that is with it.</param>
public sealed record NoteRow(
    Guid Id, Guid TicketId, long TicketNumber, long Seq, string ContactName, string? AuthorName, string? Body, string? FileName, bool IsPinned, DateTime? EditedAt, DateTime CreatedAt);

internal sealed class ListNotesHandler(InforzapDb db, TicketAccess access, Sight sight, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ListNotes, NotePage>, IRequestHandler<ExportNotes, string>
{
    private const int PageSize = 50;
    private const int MostLines = 20_000;
    private static readonly string[] Heads = ["data", "atendimento", "contato", "autor", "nota", "arquivo", "fixada", "editada_em"];

    public async Task<NotePage> Handle(ListNotes request, CancellationToken ct)
    {
        var matching = await MatchingAsync(request, ct);
        var rows = Named(await NoteRows.Rows(db, matching.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize)).ToListAsync(ct));
        return new(rows, await matching.CountAsync(ct), rows.Count > 0 || await Seen().AnyAsync(ct), await db.PeopleAsync(ct));
    }

    public async Task<string> Handle(ExportNotes request, CancellationToken ct)
    {
        if (!access.Actor.May("notes.see")) throw Refusal.Forbidden(t["NoteGone"]);
        var rows = Named(await NoteRows.Rows(db, (await MatchingAsync(request.Of, ct)).OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(MostLines)).ToListAsync(ct));
        return Csv.Write(rows.Select(IReadOnlyList<string> (NoteRow n) =>
        [
            settings.Minute(n.CreatedAt), n.TicketNumber.ToString(CultureInfo.InvariantCulture), n.ContactName, n.AuthorName ?? "", n.Body ?? "", n.FileName ?? "", n.IsPinned ? "sim" : "não",
            n.EditedAt is { } edited ? settings.Minute(edited) : "",
        ]).Prepend(Heads));
    }

    private List<NoteRow> Named(List<NoteRow> rows) => [.. rows.Select(n => n with { ContactName = sight.Name(n.ContactName) })];

    private IQueryable<Message> Seen() => sight.Readable(db.NotesIn(db.Tickets.VisibleTo(access.Actor, settings, db).MayLookInto(access.Actor, settings)));

    private async Task<IQueryable<Message>> MatchingAsync(ListNotes request, CancellationToken ct)
    {
        var notes = Seen();
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            var contacts = await sight.ContactsAsync(request.Text, ct);
            var number = long.TryParse(request.Text.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
            notes = notes.Where(m => EF.Functions.Like(m.SearchText, like, "\\") || db.Set<Ticket>().Any(x => x.Id == m.TicketId && (contacts.Contains(x.ContactId) || x.Number == number)));
        }
        if (request.From is { } from)
        {
            var begin = settings.Begin(from);
            notes = notes.Where(m => m.CreatedAt >= begin);
        }
        if (request.To is { } to && to < DateOnly.MaxValue)
        {
            var over = settings.Begin(to.AddDays(1));
            notes = notes.Where(m => m.CreatedAt < over);
        }
        if (request.AuthorId is { } author)
        {
            await db.RequirePersonAsync(author, t, ct);
            notes = notes.Where(m => m.SenderUserId == author);
        }
        return request.Pinned ? notes.Where(m => m.PinnedAt != null) : notes;
    }
}

internal sealed class NotesOfContactHandler(InforzapDb db, TicketAccess access, Sight sight, ISettings settings) : IRequestHandler<NotesOfContact, IReadOnlyList<NoteRow>>
{
    private const int Most = 100;

    public async Task<IReadOnlyList<NoteRow>> Handle(NotesOfContact request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        var notes = sight.Readable(db.NotesIn(db.Tickets.Where(x => x.ContactId == ticket.ContactId).VisibleTo(access.Actor, settings, db).MayLookInto(access.Actor, settings)));
        var rows = await NoteRows.Rows(db, notes.OrderByDescending(m => m.PinnedAt != null).ThenByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Most)).ToListAsync(ct);
        return [.. rows.OrderByDescending(n => n.IsPinned).Select(n => n with { ContactName = sight.Name(n.ContactName) })];
    }
}

internal static class NoteRows
{
    /// <summary>The notes of these tickets that are still there.</summary>
    public static IQueryable<Message> NotesIn(this InforzapDb db, IQueryable<Ticket> tickets) =>
        from m in db.Messages.AsNoTracking() where m.IsNote && m.DeletedAt == null && m.ForgottenAt == null join x in tickets on m.TicketId equals x.Id select m;

    /// <summary>Joins what a row shows.</summary>
    public static IQueryable<NoteRow> Rows(this InforzapDb db, IQueryable<Message> notes) =>
        from m in notes
        join x in db.Set<Ticket>() on m.TicketId equals x.Id
        join k in db.Set<ContactView>() on x.ContactId equals k.Id
        join u in db.Set<UserView>() on m.SenderUserId equals u.Id into us
        from u in us.DefaultIfEmpty()
        join f in db.Set<Media>() on m.MediaId equals f.Id into fs
        from f in fs.DefaultIfEmpty()
        orderby m.CreatedAt descending, m.Id descending
        select new NoteRow(m.Id, x.Id, x.Number, m.Seq, k.Name, u.Name, m.Body, f.FileName, m.PinnedAt != null, m.EditedAt, m.CreatedAt);
}
