using System.Text.Json;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Security;

namespace Inforzap.Contacts.Privacy;

/// <summary>That a contact is erased, or was. What is left of it afterwards tells nothing of the person: who did it, why, and how much it was.</summary>
internal sealed class Erasure : Versioned
{
    public Guid Id { get; init; }
    /// <summary>Whose row stays, without anything in it.</summary>
    public Guid ContactId { get; init; }
    /// <summary>The number of the request, as the house files it.</summary>
    public required string Protocol { get; init; }
    public Guid By { get; init; }
    public required string ByName { get; init; }
    public DateTime AskedAt { get; init; }
    /// <summary>Null while it goes on.</summary>
    public DateTime? DoneAt { get; set; }
    /// <summary>Which of those who keep something is being asked: 0, 1, 2 ...</summary>
    public int Step { get; set; }
    /// <summary>Where that one goes on; null: at its beginning.</summary>
    public string? Cursor { get; set; }
    /// <summary>JSON of <see cref="PersonKeys"/>, encrypted; empty once nothing has to be looked for any more.</summary>
    public string Keys { get; set; } = "";
    public int Tickets { get; set; }
    public int Messages { get; set; }
    public int Files { get; set; }
    public int Schedules { get; set; }

    public void Count(PersonCounts more) => (Tickets, Messages, Files, Schedules) = (Tickets + more.Tickets, Messages + more.Messages, Files + more.Files, Schedules + more.Schedules);

    /// <summary>What is left to do begins anew.</summary>
    public void Begin() => (Step, Cursor, DoneAt) = (0, null, null);
}

/// <summary>All that the house has of somebody, as one file for them.</summary>
internal sealed class PersonExport : Versioned
{
    /// <summary>So long it can be fetched.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid By { get; init; }
    public required string ByName { get; init; }
    public DateTime AskedAt { get; init; }
    public PersonExportState State { get; set; }
    /// <summary>How many rows were written so far, of about <see cref="Rows"/>.</summary>
    public int Written { get; set; }
    public int Rows { get; set; }
    public Guid? FileId { get; set; }
    public long Size { get; set; }
    /// <summary>After this time it is gone.</summary>
    public DateTime? Until { get; set; }
}

/// <summary>How far an export is.</summary>
public enum PersonExportState
{
    /// <summary>It is being written.</summary>
    Running,
    /// <summary>It can be fetched.</summary>
    Ready,
    /// <summary>It could not be written.</summary>
    Failed,
    /// <summary>It was there, and is not any more.</summary>
    Gone,
}

internal static class PrivacyDb
{
    extension(InforzapDb db)
    {
        public DbSet<Erasure> Erasures => db.Set<Erasure>();
        public DbSet<PersonExport> PersonExports => db.Set<PersonExport>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "contacts";
        var erasure = model.Entity<Erasure>();
        erasure.ToTable("Erasures", schema);
        erasure.Property(e => e.Id).ValueGeneratedNever();
        erasure.Property(e => e.Protocol).HasMaxLength(EraseContact.MaxProtocol);
        erasure.Property(e => e.ByName).HasMaxLength(120);
        erasure.Property(e => e.Cursor).HasMaxLength(80);
        erasure.Text(e => e.Keys).IsUnbounded();
        erasure.HasIndex(e => e.AskedAt);
        // Once only, whatever races there are.
        erasure.HasIndex(e => e.ContactId).IsUnique();

        var export = model.Entity<PersonExport>();
        export.ToTable("PersonExports", schema);
        export.Property(e => e.Id).ValueGeneratedNever();
        export.Property(e => e.ByName).HasMaxLength(120);
        export.HasIndex(e => e.AskedAt);
        export.HasIndex(e => e.FileId);
        export.HasIndex(e => e.ContactId);
    }
}

/// <summary>Under what somebody is known in this house.</summary>
internal static class PersonNames
{
    private static string Purpose(Guid erasureId) => $"erasure/{erasureId:N}";

    /// <summary>The contact and those that became part of it, with all spellings of all addresses.</summary>
    public static async Task<PersonKeys> OfAsync(InforzapDb db, IEnumerable<IPersonData> parts, Contact contact, CancellationToken ct)
    {
        var ids = new List<Guid> { contact.Id };
        for (var next = 0; next < ids.Count; next++)
        {
            var into = ids[next];
            ids.AddRange((await db.Set<Merging.ContactMerge>().Where(m => m.IntoId == into && m.UndoneAt == null).Select(m => m.FromId).ToListAsync(ct)).Except(ids));
        }
        var addresses = contact.Addresses.Select(a => new Address(a.Value, a.Kind)).ToList();
        foreach (var part in parts) addresses.AddRange(await part.AddressesAsync(ids, ct));
        return new(ids, [.. addresses.SelectMany(a => a.Kind == AddressKind.Phone ? Phone.Spellings(a.Value).Select(value => new Address(value, a.Kind)) : [new Address(a.Value, a.Kind)]).Where(a => a.Value.Length > 0).Distinct()]);
    }

    public static string Hide(this Secrets secrets, Guid erasureId, PersonKeys keys) => secrets.Protect(Purpose(erasureId), JsonSerializer.Serialize(keys, JsonSerializerOptions.Web));

    /// <summary>With the keys of the house lost nobody knows the addresses any more, which stand nowhere else.</summary>
    public static PersonKeys Keys(this Erasure erasure, Secrets secrets) =>
        erasure.Keys.Length > 0 && secrets.Unprotect(Purpose(erasure.Id), erasure.Keys) is { } json ? JsonSerializer.Deserialize<PersonKeys>(json, JsonSerializerOptions.Web)! : new([erasure.ContactId], []);
}
