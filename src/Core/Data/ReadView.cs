using System.Linq.Expressions;
using System.Reflection;

namespace Inforzap.Data;

/// <summary>
/// What a module publishes of its own tables: a record in Contracts that others join in LINQ and cannot write. Declared as
/// LINQ; the database gets a view made from it.
/// </summary>
public abstract class ReadView(Type record)
{
    /// <summary>The record in Contracts.</summary>
    public Type Record { get; } = record;

    internal abstract void Map(ModelBuilder model, string schema);

    internal abstract string Sql(InforzapDb db);

    /// <summary>Publishes a record.</summary>
    /// <param name="key">The property that is unique in it.</param>
    /// <param name="query">Its rows. No captured variables: the view is made once.</param>
    public static ReadView Of<T>(Expression<Func<T, object?>> key, Func<InforzapDb, IQueryable<T>> query) where T : class => new Typed<T>(key, query);

    private sealed class Typed<T>(Expression<Func<T, object?>> key, Func<InforzapDb, IQueryable<T>> query) : ReadView(typeof(T)) where T : class
    {
        internal override void Map(ModelBuilder model, string schema)
        {
            var entity = model.Entity<T>();
            entity.HasKey(key);
            entity.ToView(typeof(T).Name, schema);
        }

        internal override string Sql(InforzapDb db) => query(db).ToQueryString();
    }
}

/// <summary>A database object that no migration can make.</summary>
/// <param name="Name">For people, in the log.</param>
/// <param name="Drop">Removes it if it is there.</param>
/// <param name="Create">Makes it. Statements apart by a line that holds only <c>GO</c>.</param>
public sealed record DatabaseObject(string Name, string Drop, string Create);
