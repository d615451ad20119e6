using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Privacy;

/// <summary>Where the rights of one contact stand.</summary>
[Allow("contacts.lgpd"), Reads]
internal sealed record ReadPrivacy([property: NotEmpty] Guid ContactId) : IRequest<PrivacyState>;

/// <summary>Where the rights of one contact stand.</summary>
/// <param name="HoldReason">Why nothing may be taken away; null: it may.</param>
/// <param name="Export">The last one that was asked for.</param>
internal sealed record PrivacyState(DateTime? HeldAt, string? HoldReason, ExportRow? Export);

/// <summary>Exports that can still be fetched or are on their way, and a page of all erasures there ever were, the newest first.</summary>
[Allow("contacts.lgpd"), Reads]
internal sealed record ListPrivacy([property: Range(1, 100_000), Called("Skip")] int Page = 1) : IRequest<PrivacyList>;

/// <summary>Exports, and a page of erasures of so many.</summary>
internal sealed record PrivacyList(IReadOnlyList<ExportRow> Exports, IReadOnlyList<ErasureRow> Erasures, int Found);

/// <summary>An export.</summary>
public sealed record ExportRow(Guid Id, string Name, string ByName, DateTime AskedAt, PersonExportState State, int Written, int Rows, long Size, DateTime? Until)
{
    /// <summary>From 0 to 100.</summary>
    public int Percent => Rows == 0 ? 0 : Math.Min(99, Written * 100 / Rows);
}

/// <summary>An erasure, which names nobody.</summary>
internal sealed record ErasureRow(Guid Id, string Protocol, string ByName, DateTime AskedAt, DateTime? DoneAt, int Tickets, int Messages, int Files, int Schedules);

internal sealed class ReadPrivacyHandler(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<ReadPrivacy, PrivacyState>
{
    public async Task<PrivacyState> Handle(ReadPrivacy request, CancellationToken ct)
    {
        var contact = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct) ?? throw Refusal.NotFound(t["ContactGone"]);
        var exports = await db.ExportsAsync(e => e.ContactId == contact.Id, 1, actor.SeesPhones(settings), clock, ct);
        return new(contact.HeldAt, contact.HoldReason, exports is [var last, ..] ? last : null);
    }
}

internal sealed class ListPrivacyHandler(InforzapDb db, IActor actor, ISettings settings, TimeProvider clock) : IRequestHandler<ListPrivacy, PrivacyList>
{
    private const int MostExports = 50;

    public async Task<PrivacyList> Handle(ListPrivacy request, CancellationToken ct)
    {
        var exports = await db.ExportsAsync(_ => true, MostExports, actor.SeesPhones(settings), clock, ct);
        var erasures = await db.Erasures.AsNoTracking().OrderByDescending(e => e.AskedAt).ThenBy(e => e.Id).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage)
            .Select(e => new ErasureRow(e.Id, e.Protocol, e.ByName, e.AskedAt, e.DoneAt, e.Tickets, e.Messages, e.Files, e.Schedules)).ToListAsync(ct);
        return new(exports, erasures, await db.Erasures.CountAsync(ct));
    }
}

internal static class Exports
{
    /// <summary>The newest ones that are on their way, can be fetched, or failed in the last days.</summary>
    public static async Task<IReadOnlyList<ExportRow>> ExportsAsync(this InforzapDb db, System.Linq.Expressions.Expression<Func<PersonExport, bool>> which, int most, bool seesPhones, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var recent = now - PersonExport.Keep;
        var rows = await (from e in db.PersonExports.AsNoTracking().Where(which)
                          where e.State != PersonExportState.Gone && e.AskedAt > recent && (e.Until == null || e.Until > now)
                          join c in db.Contacts on e.ContactId equals c.Id
                          orderby e.AskedAt descending, e.Id
                          select new ExportRow(e.Id, c.Name, e.ByName, e.AskedAt, e.State, e.Written, e.Rows, e.Size, e.Until)).Take(most).ToListAsync(ct);
        return rows.ConvertAll(r => r with { Name = r.Name.NamedUnless(seesPhones) });
    }
}
