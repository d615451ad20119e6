using System.Text;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts;

/// <summary>Something else that is known of a contact, under a name that the house gave it.</summary>
internal sealed class ContactField
{
    public Guid ContactId { get; init; }
    /// <summary>As texts name it.</summary>
    public required string Key { get; init; }
    /// <summary>As people name it.</summary>
    public required string Label { get; set; }
    public required string Value { get; set; }
    public int Position { get; set; }
}

/// <summary>A key that some contact has or had. It stays when nobody has it any more, so that texts that name it are still sent.</summary>
internal sealed class FieldKey
{
    public required string Key { get; init; }
    /// <summary>As people named it first.</summary>
    public required string Label { get; init; }
}

internal static class FieldsDb
{
    extension(InforzapDb db)
    {
        public DbSet<ContactField> ContactFields => db.Set<ContactField>();
        public DbSet<FieldKey> FieldKeys => db.Set<FieldKey>();
    }

    public static void Map(ModelBuilder model)
    {
        var field = model.Entity<ContactField>();
        field.ToTable("ContactFields", "contacts");
        field.HasKey(f => new { f.ContactId, f.Key });
        field.Property(f => f.Key).HasMaxLength(FieldRules.MaxKey);
        field.Property(f => f.Label).HasMaxLength(FieldRules.MaxLabel);
        field.Property(f => f.Value).HasMaxLength(FieldRules.MaxValue);
        // Whether anybody has a key.
        field.HasIndex(f => f.Key);
        field.HasOne<Contact>().WithMany().HasForeignKey(f => f.ContactId).OnDelete(DeleteBehavior.Cascade);

        var key = model.Entity<FieldKey>();
        key.ToTable("FieldKeys", "contacts");
        key.HasKey(k => k.Key);
        key.Property(k => k.Key).HasMaxLength(FieldRules.MaxKey);
        key.Property(k => k.Label).HasMaxLength(FieldRules.MaxLabel);
    }
}

/// <summary>A field as it will be stored.</summary>
internal sealed record WantedField(string Key, string Label, string Value);

/// <summary>What fields are taken, and how they are written.</summary>
internal static class FieldRules
{
    public const int Most = 30;
    public const int MaxKey = 40;
    public const int MaxLabel = 60;
    public const int MaxValue = 500;

    /// <summary>What a contact has a place for anyway, as tables call it.</summary>
    private static readonly HashSet<string> Own = ["nome", "numero", "email", "empresa", "observacoes", "etiquetas", "documento", "nascimento"];

    /// <summary>How texts name it: 'Código do cliente' is codigo_do_cliente. Empty when it has no letters or digits that a key takes.</summary>
    public static string KeyOf(string label)
    {
        var signs = new StringBuilder();
        foreach (var c in SearchText.Fold(label.Trim()))
            if (char.IsAsciiLetterOrDigit(c)) signs.Append(c);
            else if (signs.Length > 0 && signs[^1] != '_') signs.Append('_');
        var key = signs.ToString().TrimEnd('_');
        if (key.Length > 0 && char.IsAsciiDigit(key[0])) key = "campo_" + key;
        return key.Length > MaxKey ? key[..MaxKey].TrimEnd('_') : key;
    }

    /// <summary>Why no field can be called so; null: one can.</summary>
    public static string? Wrong(string label, IStringLocalizer<Texts> t) => KeyOf(label) switch
    {
        "" => t["ContactFieldName", CleanText.Cut(label, MaxLabel)].Value,
        _ when label.Length > MaxLabel => t["ContactFieldLong", CleanText.Cut(label, MaxLabel), MaxLabel].Value,
        var key when Own.Contains(key) => t["ContactFieldOwn", label].Value,
        _ => null,
    };

    /// <summary>Those that say something.</summary>
    /// <exception cref="Refusal">One of them can't be, or there are too many.</exception>
    public static IReadOnlyList<WantedField> Of(IEnumerable<ContactFieldValue?> typed, IStringLocalizer<Texts> t)
    {
        var wanted = new List<WantedField>();
        foreach (var (label, value) in typed.Select(f => (CleanText.Of(f?.Label?.Trim()), CleanText.Of(f?.Value?.Trim()))))
        {
            if (CleanText.IsBlank(value)) continue;
            if (CleanText.IsBlank(label)) throw At(t["ContactFieldUnnamed", CleanText.Cut(value, 40)]);
            if (Wrong(label, t) is { } why) throw At(why);
            if (value.Length > MaxValue) throw At(t["ContactFieldLong", label, MaxValue]);
            var key = KeyOf(label);
            if (wanted.Exists(w => w.Key == key)) throw At(t["ContactFieldTwice", label]);
            wanted.Add(new(key, label, value));
        }
        return wanted.Count <= Most ? wanted : throw At(t["ContactFieldsMany", Most]);
    }

    /// <summary>
    /// Gives a contact these fields in place of what is there, or to what is there. Only who has the contact's row to change may call
    /// it: its version tells others that fields changed.
    /// </summary>
    public static void WriteFields(this InforzapDb db, Contact contact, IReadOnlyList<ContactField> there, IReadOnlyList<WantedField> wanted, bool replaces)
    {
        var changed = false;
        foreach (var (index, field) in wanted.Index())
        {
            var position = replaces ? index : there.Count + index;
            if (there.FirstOrDefault(f => f.Key == field.Key) is not { } row) db.Add(new ContactField { ContactId = contact.Id, Key = field.Key, Label = field.Label, Value = field.Value, Position = position });
            else if (!replaces && row.Value == field.Value) continue;
            else if (!replaces) row.Value = field.Value;
            else if ((row.Label, row.Value, row.Position) == (field.Label, field.Value, position)) continue;
            else (row.Label, row.Value, row.Position) = (field.Label, field.Value, position);
            changed = true;
        }
        var gone = replaces ? there.Where(f => wanted.All(w => w.Key != f.Key)).ToList() : [];
        db.RemoveRange(gone);
        if ((changed || gone.Count > 0) && db.Entry(contact) is { State: not EntityState.Added } entry) entry.Property(c => c.Name).IsModified = true;
    }

    /// <summary>Makes keys known that are not yet.</summary>
    public static async Task KnowKeysAsync(this InforzapDb db, IReadOnlyCollection<WantedField> wanted, CancellationToken ct)
    {
        var keys = wanted.Select(w => w.Key).Distinct().ToArray();
        if (keys.Length == 0) return;
        var known = await db.FieldKeys.Where(k => keys.Contains(k.Key)).Select(k => k.Key).ToListAsync(ct);
        db.AddRange(wanted.DistinctBy(w => w.Key).Where(w => !known.Contains(w.Key)).Select(w => new FieldKey { Key = w.Key, Label = w.Label }));
    }

    private static Refusal At(string why) => Refusal.At(nameof(ContactExtras.Fields), why);
}

internal sealed class OfferFieldNamesHandler(InforzapDb db) : IRequestHandler<OfferFieldNames, IReadOnlyList<string>>
{
    public async Task<IReadOnlyList<string>> Handle(OfferFieldNames request, CancellationToken ct) =>
        await db.FieldKeys.Where(k => db.Set<ContactField>().Any(f => f.Key == k.Key)).OrderBy(k => k.Key).Select(k => k.Label).Take(200).ToListAsync(ct);
}
