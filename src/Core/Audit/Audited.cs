using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Inforzap.Audit;

/// <summary>
/// An entity of which every change is written down in the transaction that makes it, whoever makes it. Forgetting is not
/// possible, but for a bare ExecuteUpdate: that is for figures, not for what people decide.
/// </summary>
/// <param name="kind">What texts call it: Audit{Kind}.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditedAttribute(string kind) : Attribute
{
    /// <summary>What kind of thing it is.</summary>
    public string Kind { get; } = kind;

    /// <summary>The property by which people know it.</summary>
    public string NamedBy { get; init; } = "Name";

    /// <summary>Properties that nobody decides about.</summary>
    public string[] Except { get; init; } = [];

    /// <summary>Properties of which only is told that they changed.</summary>
    public string[] Secret { get; init; } = [];
}

/// <summary>Writes down what people change.</summary>
public static class AuditTrail
{
    private const int Longest = 1000;
    private static readonly string[] Never = [nameof(Versioned.Version), "SearchText", "CreatedAt"];
    private static readonly ConcurrentDictionary<Type, AuditedAttribute?> Known = new();

    /// <summary>
    /// For what stands in rows of its own but belongs to something audited: members, permissions, intervals. Nothing is written
    /// when nothing differs.
    /// </summary>
    public static void Audit(this InforzapDb db, string kind, Guid subjectId, string subject, string field, IEnumerable<string> before, IEnumerable<string> after)
    {
        var (old, now) = (before.ToList(), after.ToList());
        if (old.Order(StringComparer.Ordinal).SequenceEqual(now.Order(StringComparer.Ordinal))) return;
        var (from, to) = (Words(old), Words(now));
        // Of long lists only is told what left and what came.
        if (from?.Length > Longest || to?.Length > Longest) (from, to) = (Short(Words(old.Except(now))), Short(Words(now.Except(old))));
        db.Add(db.Entry(kind, subjectId.ToString(), subject, AuditVerb.Changed, [new(field, from, to)]));
    }

    /// <summary>The same of somebody else's doing, whose wish the product carried out later.</summary>
    public static void AuditFor(this InforzapDb db, Guid by, string byName, string kind, Guid subjectId, string subject, IReadOnlyList<AuditChange> changes) => db.Add(new AuditEntry
    {
        At = db.Clock.GetUtcNow().UtcDateTime, By = by, ByName = byName, Kind = kind, SubjectId = subjectId.ToString(), Subject = CleanText.Cut(subject, 200), SearchText = SearchText.Of(400, subject, byName),
        Verb = AuditVerb.Changed, Changes = JsonSerializer.Serialize(changes, JsonSerializerOptions.Web),
    });

    /// <summary>Writes down that something is gone whose row stays for those who look back.</summary>
    public static void AuditGone(this InforzapDb db, string kind, Guid subjectId, string subject) =>
        db.Add(db.Entry(kind, subjectId.ToString(), subject, AuditVerb.Deleted, []));

    /// <summary>
    /// Takes away what is told of these: from what to what they changed, and what they were called. That
    /// something was changed, when and by whom stays.
    /// </summary>
    /// <param name="db">Where it stands.</param>
    /// <param name="kind">What kind of thing they are.</param>
    /// <param name="ids">Which ones.</param>
    /// <param name="subject">What they are called from now on.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task ForgetAuditAsync(this InforzapDb db, string kind, IEnumerable<Guid> ids, string subject, CancellationToken ct)
    {
        foreach (var some in ids.Select(id => id.ToString()).Chunk(500))
        {
            var entries = db.AuditEntries.Where(e => e.Kind == kind && some.Contains(e.SubjectId));
            await entries.ExecuteUpdateAsync(set => set.SetProperty(e => e.Changes, "[]"), ct);
            foreach (var by in await entries.Select(e => e.ByName).Distinct().ToListAsync(ct))
            {
                var search = SearchText.Of(400, subject, by);
                await entries.Where(e => e.ByName == by).ExecuteUpdateAsync(set => set.SetProperty(e => e.Subject, subject).SetProperty(e => e.SearchText, search), ct);
            }
        }
    }

    /// <summary>The entries for what is about to be saved.</summary>
    internal static List<AuditEntry> Of(InforzapDb db, IEnumerable<EntityEntry> changed) =>
        [.. from entry in changed
            let audited = Known.GetOrAdd(entry.Entity.GetType(), t => t.GetCustomAttribute<AuditedAttribute>())
            where audited is not null
            let changes = Changes(entry, audited)
            where changes.Count > 0 || entry.State != EntityState.Modified
            select db.Entry(audited.Kind, Key(entry), Text(entry.Property(audited.NamedBy).CurrentValue) ?? "", VerbOf(entry.State), changes)];

    private static AuditEntry Entry(this InforzapDb db, string kind, string id, string subject, AuditVerb verb, IReadOnlyList<AuditChange> changes) => new()
    {
        At = db.Clock.GetUtcNow().UtcDateTime, By = db.Author.Id == Guid.Empty ? null : db.Author.Id, ByName = db.Author.Id == Guid.Empty ? null : db.Author.Name,
        Kind = kind, SubjectId = id, Subject = subject.Length > 200 ? subject[..200] : subject, SearchText = SearchText.Of(400, subject, db.Author.Name), Verb = verb, Changes = JsonSerializer.Serialize(changes, JsonSerializerOptions.Web),
    };

    private static List<AuditChange> Changes(EntityEntry entry, AuditedAttribute audited) => entry.State == EntityState.Deleted ? []
        : [.. from property in entry.Properties
              let name = property.Metadata.Name
              where !property.Metadata.IsPrimaryKey() && !audited.Except.Contains(name) && !Never.Contains(name)
              let isNew = entry.State == EntityState.Added
              let before = isNew ? null : Text(property.OriginalValue)
              let after = Text(property.CurrentValue)
              where before != after && (!isNew || !IsDefault(property.CurrentValue))
              select audited.Secret.Contains(name) ? new AuditChange(name, before is null ? null : AuditChange.Secret, after is null ? null : AuditChange.Secret)
                  : new AuditChange(name, Short(before), Short(after))];

    private static AuditVerb VerbOf(EntityState state) => state switch
    {
        EntityState.Added => AuditVerb.Created,
        EntityState.Deleted => AuditVerb.Deleted,
        _ => AuditVerb.Changed,
    };

    private static string Key(EntityEntry entry) => string.Join(',', entry.Metadata.FindPrimaryKey()!.Properties.Select(p => Text(entry.Property(p).CurrentValue)));

    private static bool IsDefault(object? value) => value is null or false or 0 or "" || (value is Guid id && id == Guid.Empty);

    private static string? Text(object? value) => value switch
    {
        null => null,
        // An empty id stands for nobody.
        Guid id when id == Guid.Empty => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string? Short(string? text) => text is { Length: > Longest } ? text[..Longest] + "…" : text;

    private static string? Words(IEnumerable<string> words) => string.Join(", ", words.Order(StringComparer.CurrentCulture)) is { Length: > 0 } text ? text : null;
}
