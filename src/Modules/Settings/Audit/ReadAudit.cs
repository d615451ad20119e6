using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Hours;
using Inforzap.Requests;

namespace Inforzap.Settings.Audit;

/// <summary>What was changed in the administration, newest first, by keyset.</summary>
/// <param name="Kind">Only of this kind of thing.</param>
/// <param name="SubjectId">Only of this one of them.</param>
/// <param name="Text">A part of the name of who changed it, or of what was changed.</param>
/// <param name="From">From this day on, in the company's time zone.</param>
/// <param name="To">Until this day.</param>
/// <param name="Before">The last row of the page before.</param>
[Allow("audit.see"), Reads]
internal sealed record ReadAudit(
    [property: StringLength(30), Called("What")] string? Kind = null,
    [property: StringLength(80), Called("What")] string? SubjectId = null,
    [property: StringLength(100), Called("AuditSearch")] string? Text = null,
    DateOnly? From = null, DateOnly? To = null, long? Before = null) : IRequest<AuditPage>;

/// <summary>A page of it.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditRow> Rows, long? Next);

/// <summary>One change.</summary>
/// <param name="ByName">Null: the product itself.</param>
public sealed record AuditRow(long Position, DateTime At, string? ByName, string Kind, string SubjectId, string Subject, AuditVerb Verb, IReadOnlyList<AuditChange> Changes);

internal sealed class ReadAuditHandler(InforzapDb db, IActor actor, ISettings settings, IChannelDirectory channels, PermissionTexts permissions) : IRequestHandler<ReadAudit, AuditPage>
{
    private const int Size = 50;

    /// <summary>Kinds that are called by contacts' names, which may be their numbers.</summary>
    private static readonly string[] OfContacts = ["merge", "schedule"];

    /// <summary>Their fields that hold such names.</summary>
    private static readonly string[] Named = ["FromName", "IntoName", "Title", "Contacts"];

    public async Task<AuditPage> Handle(ReadAudit request, CancellationToken ct)
    {
        var sees = actor.SeesPhones(settings);
        var entries = db.AuditEntries.AsNoTracking();
        if (request.Kind is { Length: > 0 } kind) entries = entries.Where(e => e.Kind == kind);
        if (request.SubjectId is { Length: > 0 } subject) entries = entries.Where(e => e.SubjectId == subject);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            entries = entries.Where(e => EF.Functions.Like(e.SearchText, like, "\\"));
            // Or a number would be found out digit by digit.
            if (!sees && PhonePrivacy.HoldsDigits(request.Text)) entries = entries.Where(e => !OfContacts.Contains(e.Kind));
        }
        if (request.From is { } from)
        {
            var begin = Utc(from);
            entries = entries.Where(e => e.At >= begin);
        }
        if (request.To is { } to && to < DateOnly.MaxValue)
        {
            var end = Utc(to.AddDays(1));
            entries = entries.Where(e => e.At < end);
        }
        if (request.Before is { } before) entries = entries.Where(e => e.Position < before);
        var found = await entries.OrderByDescending(e => e.Position).Take(Size + 1).ToListAsync(ct);
        var page = found.Take(Size).Select(e => (Entry: e, Changes: JsonSerializer.Deserialize<List<AuditChange>>(e.Changes, JsonSerializerOptions.Web) ?? [])).ToList();
        var names = await NamesAsync(page.SelectMany(p => p.Changes), ct);
        var texts = permissions.Groups.SelectMany(g => g.Permissions).ToDictionary(p => p.Name, p => p.Text);
        return new([.. page.Select(p => new AuditRow(p.Entry.Position, p.Entry.At, p.Entry.ByName, p.Entry.Kind, p.Entry.SubjectId, p.Entry.Subject.NamedUnless(sees || !OfContacts.Contains(p.Entry.Kind)), p.Entry.Verb,
            [.. p.Changes.Select(c => Shown(p.Entry.Kind, c))]))], found.Count > Size ? page[^1].Entry.Position : null);

        AuditChange Shown(string kind, AuditChange c) => sees || !OfContacts.Contains(kind) || !Named.Contains(c.Field)
            ? c with { From = Told(c.Field, c.From), To = Told(c.Field, c.To) } : c with { From = c.From?.NamedUnless(false), To = c.To?.NamedUnless(false) };

        // A permission that is gone since then keeps its name.
        string? Told(string field, string? value) => field != "Permissions" || value is null ? Known(value)
            : string.Join(", ", value.Split(", ").Select(p => p[..1] is "+" or "−" ? $"{p[..1]} {texts.GetValueOrDefault(p[1..], p[1..])}" : texts.GetValueOrDefault(p, p)));

        string? Known(string? value) => Guid.TryParse(value, out var id) && names.TryGetValue(id, out var name) ? name : value;
    }

    /// <summary>Ids that were written down are told by the names that their things have now.</summary>
    private async Task<Dictionary<Guid, string>> NamesAsync(IEnumerable<AuditChange> changes, CancellationToken ct)
    {
        var ids = changes.SelectMany(c => new[] { c.From, c.To }).Select(v => Guid.TryParse(v, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToArray();
        if (ids.Length == 0) return [];
        var queues = await db.Set<QueueView>().Where(q => ids.Contains(q.Id)).Select(q => new { q.Id, q.Name }).ToListAsync(ct);
        var users = await db.Set<UserView>().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.Name }).ToListAsync(ct);
        var reasons = await db.Set<ClosingReasonView>().Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.Name }).ToListAsync(ct);
        var ways = ids.Select(channels.Find).OfType<ChannelInfo>().Select(c => new { c.Id, c.Name });
        return queues.Concat(users).Concat(reasons).Concat(ways).ToDictionary(n => n.Id, n => n.Name);
    }

    private DateTime Utc(DateOnly day) => WallClock.Utc(day.ToDateTime(TimeOnly.MinValue), settings.TimeZone);
}
