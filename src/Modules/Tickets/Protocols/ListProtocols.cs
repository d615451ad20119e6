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

namespace Inforzap.Tickets.Protocols;

/// <summary>A page of the protocols of tickets that the caller sees, newest first.</summary>
/// <param name="Text">A number or its last digits, or a part of the contact's name.</param>
/// <param name="From">From this day on, in the company's time zone.</param>
/// <param name="To">Until this day.</param>
/// <param name="UserId">Who asked for it.</param>
/// <param name="Automatic">Only those that the product made by itself.</param>
/// <param name="Open">Whether its cycle still runs.</param>
/// <param name="Take">How many; 0 takes fifty.</param>
[Allow("protocols.see"), Reads]
public sealed record ListProtocols(
    [property: StringLength(100), Called("ProtocolSearch")] string? Text = null, DateOnly? From = null, DateOnly? To = null, Guid? UserId = null, bool Automatic = false, bool? Open = null,
    [property: Range(0, 1_000_000)] int Skip = 0, [property: Range(0, 200)] int Take = 0) : IRequest<ProtocolPage>;

/// <summary>The same as a table for spreadsheet programs, twenty thousand lines at most.</summary>
[Allow("protocols.export"), Reads]
public sealed record ExportProtocols([property: NotEmpty, Called("ProtocolSearch")] ListProtocols Of) : IRequest<string>;

/// <summary>The protocols of one ticket, newest first.</summary>
[Allow("protocols.see"), Reads]
public sealed record ProtocolsOfTicket([property: NotEmpty] Guid TicketId) : IRequest<IReadOnlyList<ProtocolRow>>;

/// <summary>A page of the list.</summary>
/// <param name="Matching">How many there are with these filters.</param>
/// <param name="Any">Whether there is any at all that the caller sees.</param>
/// <param name="People">To choose from.</param>
public sealed record ProtocolPage(IReadOnlyList<ProtocolRow> Rows, int Matching, bool Any, IReadOnlyList<PersonChoice> People);

/// <summary>A protocol in the list.</summary>
/// <param name="UserName">Who asked for it; null: the product.</param>
/// <param name="Version">Who saves hands it back.</param>
public sealed record ProtocolRow(
    Guid Id, string Number, Guid TicketId, long TicketNumber, string ContactName, string? UserName, string? Subject, string? Description, DateTime? SentAt, bool IsOpen, DateTime CreatedAt, int Version);

internal sealed class ListProtocolsHandler(InforzapDb db, IActor actor, Sight sight, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ListProtocols, ProtocolPage>, IRequestHandler<ExportProtocols, string>
{
    private const int PageSize = 50;
    private const int MostLines = 20_000;
    private static readonly string[] Heads = ["protocolo", "atendimento", "contato", "gerado_por", "assunto", "descricao", "enviado_em", "estado", "criado_em"];

    public async Task<ProtocolPage> Handle(ListProtocols request, CancellationToken ct)
    {
        var matching = await MatchingAsync(request, ct);
        var rows = await ProtocolRows.Rows(db, matching.OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Number).Skip(request.Skip).Take(request.Take > 0 ? request.Take : PageSize)).ToListAsync(ct);
        rows = [.. rows.Select(p => p with { ContactName = sight.Name(p.ContactName) })];
        return new(rows, await matching.CountAsync(ct), rows.Count > 0 || await Seen().AnyAsync(ct), await db.PeopleAsync(ct));
    }

    public async Task<string> Handle(ExportProtocols request, CancellationToken ct)
    {
        if (!actor.May("protocols.see")) throw Refusal.Forbidden(t["ProtocolGone"]);
        var rows = await ProtocolRows.Rows(db, (await MatchingAsync(request.Of, ct)).OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Number).Take(MostLines)).ToListAsync(ct);
        return Csv.Write(rows.Select(IReadOnlyList<string> (ProtocolRow p) =>
        [
            p.Number, p.TicketNumber.ToString(CultureInfo.InvariantCulture), sight.Name(p.ContactName), p.UserName ?? "", p.Subject ?? "", p.Description ?? "",
            p.SentAt is { } sent ? settings.Minute(sent) : "", p.IsOpen ? "aberto" : "fechado", settings.Minute(p.CreatedAt),
        ]).Prepend(Heads));
    }

    private IQueryable<Protocol> Seen() =>
        from p in db.Protocols.AsNoTracking() join x in db.Tickets.VisibleTo(actor, settings, db) on p.TicketId equals x.Id select p;

    private async Task<IQueryable<Protocol>> MatchingAsync(ListProtocols request, CancellationToken ct)
    {
        var protocols = Seen();
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var contacts = await sight.ContactsAsync(request.Text, ct);
            var (first, end) = ProtocolNumber.Ending(request.Text) ?? (-1, -1);
            protocols = protocols.Where(p => contacts.Contains(p.ContactId) || (p.Backwards >= first && p.Backwards < end));
        }
        if (request.From is { } from)
        {
            var begin = settings.Begin(from);
            protocols = protocols.Where(p => p.CreatedAt >= begin);
        }
        if (request.To is { } to && to < DateOnly.MaxValue)
        {
            var over = settings.Begin(to.AddDays(1));
            protocols = protocols.Where(p => p.CreatedAt < over);
        }
        if (request.UserId is { } user)
        {
            await db.RequirePersonAsync(user, t, ct);
            protocols = protocols.Where(p => p.UserId == user);
        }
        if (request.Automatic) protocols = protocols.Where(p => p.UserId == null);
        return request.Open is { } open ? protocols.Where(p => db.Set<ServiceCycle>().Any(c => c.Id == p.CycleId && (c.ClosedAt == null) == open)) : protocols;
    }
}

internal sealed class ProtocolsOfTicketHandler(InforzapDb db, TicketAccess access, Sight sight) : IRequestHandler<ProtocolsOfTicket, IReadOnlyList<ProtocolRow>>
{
    public async Task<IReadOnlyList<ProtocolRow>> Handle(ProtocolsOfTicket request, CancellationToken ct)
    {
        await access.ReadAsync(request.TicketId, ct);
        var rows = await ProtocolRows.Rows(db, db.Protocols.AsNoTracking().Where(p => p.TicketId == request.TicketId).OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Number).Take(100)).ToListAsync(ct);
        return [.. rows.Select(p => p with { ContactName = sight.Name(p.ContactName) })];
    }
}

internal static class ProtocolRows
{
    /// <summary>Joins what a row shows.</summary>
    public static IQueryable<ProtocolRow> Rows(this InforzapDb db, IQueryable<Protocol> protocols) =>
        from p in protocols
        join x in db.Set<Ticket>() on p.TicketId equals x.Id
        join c in db.Set<ServiceCycle>() on p.CycleId equals c.Id
        join k in db.Set<ContactView>() on p.ContactId equals k.Id
        join u in db.Set<UserView>() on p.UserId equals u.Id into us
        from u in us.DefaultIfEmpty()
        orderby p.CreatedAt descending, p.Number descending
        select new ProtocolRow(p.Id, p.Number, p.TicketId, x.Number, k.Name, u.Name, p.Subject, p.Description, p.SentAt, c.ClosedAt == null, p.CreatedAt, p.Version);

    /// <summary>Tickets that have a protocol which ends as somebody typed it.</summary>
    public static async Task<IReadOnlyList<Guid>> TicketsByProtocolAsync(this InforzapDb db, string text, CancellationToken ct) => ProtocolNumber.Ending(text) is (var first, var end)
        ? await db.Protocols.Where(p => p.Backwards >= first && p.Backwards < end).OrderByDescending(p => p.CreatedAt).Select(p => p.TicketId).Take(200).ToListAsync(ct) : [];
}
