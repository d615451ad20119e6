using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Inforzap.Data;

/// <summary>
/// What makes one model fit three databases: a schema per module (a table prefix on SQLite, which has none), UTC times in
/// whole milliseconds, enums as text, lengths checked before saving (SQLite would not), binary collation for ids that
/// others made.
/// </summary>
public static class Portable
{
    private const string Identifier = "Inforzap:Identifier";
    private const string Unbounded = "Inforzap:Unbounded";

    /// <summary>Text without a limit: bodies, payloads.</summary>
    public static PropertyBuilderOf IsUnbounded(this PropertyBuilderOf property)
    {
        property.Builder.HasAnnotation(Unbounded, true);
        return property;
    }

    /// <summary>An id that a provider made: compared byte by byte, also where the database folds case.</summary>
    public static PropertyBuilderOf IsIdentifier(this PropertyBuilderOf property, int length)
    {
        property.Builder.HasMaxLength(length).HasAnnotation(Identifier, true);
        return property;
    }

    /// <summary>A property by its expression, for the conventions of this file.</summary>
    public static PropertyBuilderOf Text<T>(this Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<T> entity, Expression<Func<T, string?>> property) where T : class =>
        new(entity.Property(property));

    /// <summary>A filter over one column that all three databases read alike.</summary>
    public static string Where(string column, string value) => $"\"{column}\" = '{value}'";

    internal static void Apply(ModelBuilder model, DatabaseProvider provider)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            var schema = entity.GetSchema() ?? entity.GetViewSchema();
            if (schema is null && entity.GetTableName() is not null && !entity.IsOwned())
                throw new InvalidOperationException($"{entity.DisplayName()} has no schema: map it with ToTable(name, module).");
            if (provider == DatabaseProvider.Sqlite && schema is not null)
            {
                if (entity.GetTableName() is { } table) { entity.SetTableName($"{schema}_{table}"); entity.SetSchema(null); }
                if (entity.GetViewName() is { } view) { entity.SetViewName($"{schema}_{view}"); entity.SetViewSchema(null); }
            }
            if (typeof(Versioned).IsAssignableFrom(entity.ClrType)) entity.FindProperty(nameof(Versioned.Version))!.IsConcurrencyToken = true;
            foreach (var property in entity.GetProperties()) Apply(property, entity, provider);
        }
    }

    private static void Apply(IMutableProperty property, IMutableEntityType entity, DatabaseProvider provider)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(DateTime)) property.SetValueConverter(UtcMilliseconds);
        else if (type == typeof(DateTimeOffset)) property.SetValueConverter(OffsetAsUtc);
        else if (type.IsEnum && property.GetValueConverter() is null)
        {
            property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(EnumToStringConverter<>).MakeGenericType(type))!);
            property.SetMaxLength(32);
            property.SetIsUnicode(false);
        }
        else if (type == typeof(string))
        {
            if (property.GetMaxLength() is null && property.FindAnnotation(Unbounded) is null && entity.GetViewName() is null)
                throw new InvalidOperationException($"{entity.DisplayName()}.{property.Name} has no length: say HasMaxLength or IsUnbounded.");
            if (provider == DatabaseProvider.SqlServer && property.FindAnnotation(Identifier) is not null) property.SetCollation("Latin1_General_100_BIN2");
        }
        property.RemoveAnnotation(Identifier);
        property.RemoveAnnotation(Unbounded);
    }

    private static readonly ValueConverter<DateTime, DateTime> UtcMilliseconds = new(
        v => Cut(v), v => DateTime.SpecifyKind(v, DateTimeKind.Utc));

    private static readonly ValueConverter<DateTimeOffset, DateTime> OffsetAsUtc = new(
        v => Cut(v.UtcDateTime), v => new DateTimeOffset(DateTime.SpecifyKind(v, DateTimeKind.Utc)));

    private static DateTime Cut(DateTime v) => new(v.Ticks - (v.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<IEntityType, (IProperty Property, int Max)[]> Limits = new();

    /// <summary>Raises versions and checks lengths of what changed; false when nothing did. Changes were looked for already.</summary>
    internal static bool BeforeSave(InforzapDb db)
    {
        var changed = db.ChangeTracker.Entries().Where(e => e.State is not (EntityState.Unchanged or EntityState.Detached)).ToList();
        db.AddRange(Audit.AuditTrail.Of(db, changed));
        foreach (var entry in changed)
        {
            if (entry.State == EntityState.Deleted) continue;
            if (entry.State == EntityState.Modified && entry.Entity is Versioned versioned) entry.Property(nameof(Versioned.Version)).CurrentValue = versioned.Version + 1;
            CheckLengths(entry);
        }
        return changed.Count > 0;
    }

    /// <summary>Checks a row that SaveChanges will not see.</summary>
    internal static void CheckLengths(IEntityType type, object entity)
    {
        foreach (var (property, max) in Limits.GetOrAdd(type, LimitsOf))
            if (property.GetGetter().GetClrValueUsingContainingEntity(entity) is string text && text.Length > max)
                throw new TooLongException(type.ClrType.Name, property.Name, max, text.Length);
    }

    private static void CheckLengths(EntityEntry entry)
    {
        foreach (var (property, max) in Limits.GetOrAdd(entry.Metadata, LimitsOf))
            if (property.GetGetter().GetClrValueUsingContainingEntity(entry.Entity) is string text && text.Length > max
                && (entry.State == EntityState.Added || entry.Property(property).IsModified))
                throw new TooLongException(entry.Metadata.ClrType.Name, property.Name, max, text.Length);
    }

    private static (IProperty Property, int Max)[] LimitsOf(IEntityType entity) =>
        [.. entity.GetProperties().Where(p => p.ClrType == typeof(string) && p.GetMaxLength() is not null).Select(p => (p, p.GetMaxLength()!.Value))];
}

/// <summary>A string property that is being mapped.</summary>
public readonly record struct PropertyBuilderOf(Microsoft.EntityFrameworkCore.Metadata.Builders.PropertyBuilder Builder);

/// <summary>A value is longer than its column. Found before saving, on every database alike.</summary>
public sealed class TooLongException(string entity, string property, int max, int was)
    : Exception($"{entity}.{property} takes {max} characters, not {was}.");
