using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Linq.Expressions;
using Inforzap.Data;
using Inforzap.Host;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Inforzap.Tests.Support;

/// <summary>
/// Compiles each query that a test runs on SQLite for SQL Server as well, and parses what comes out, so that a query that
/// can't be said there fails in the test that first asks it. No server is asked.
/// </summary>
internal sealed class TransactSqlToo(
    IQueryContextFactory contexts, ICompiledQueryCache cache, ICompiledQueryCacheKeyGenerator keys, Microsoft.EntityFrameworkCore.Storage.IDatabase database,
    IDiagnosticsLogger<DbLoggerCategory.Query> logger, ICurrentDbContext current, IEvaluatableExpressionFilter filter, Microsoft.EntityFrameworkCore.Metadata.IModel model)
    : QueryCompiler(contexts, cache, keys, database, logger, current, filter, model)
{
    public override TResult Execute<TResult>(Expression query)
    {
        TransactSql.Check(query);
        return base.Execute<TResult>(query);
    }

    public override TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken = default)
    {
        TransactSql.Check(query);
        return base.ExecuteAsync<TResult>(query, cancellationToken);
    }
}

internal static class TransactSql
{
    private static readonly ConcurrentDictionary<string, bool> Checked = new();

    /// <summary>The statements so far, for those who want to read them.</summary>
    public static ConcurrentDictionary<string, bool> Statements { get; } = new();

    public static void Check(Expression query)
    {
        if (!Checked.TryAdd(query.ToString(), true)) return;
        try
        {
            foreach (var statement in Translate(query))
            {
                Statements[statement] = true;
                Parse(statement);
            }
        }
        catch (RawSqlException)
        {
            // Written per database by hand: there is nothing to translate.
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"SQL Server can't answer this query: {e.Message}\n{query}", e);
        }
    }

    public static void Parse(string script)
    {
        using var reader = new StringReader(script);
        new TSql160Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        if (errors.Count > 0) throw new InvalidOperationException($"{errors[0].Message} in line {errors[0].Line}:\n{script}");
    }

    private static IReadOnlyCollection<string> Translate(Expression query)
    {
        var listener = new Listener();
        var options = new DbContextOptionsBuilder<SqlServerDb>();
        DatabaseSetup.Configure(options, new DatabaseSettings(DatabaseProvider.SqlServer, "Server=nowhere"));
        options.AddInterceptors(listener, NoConnection.Instance);
        using var db = new SqlServerDb(options.Options, Modules.All);
        var moved = new Mover(db).Visit(query);
        if (typeof(IQueryable).IsAssignableFrom(moved.Type))
            return [((IQueryable)db.GetService<IAsyncQueryProvider>().CreateQuery(moved)).ToQueryString()];
        try
        {
            db.GetService<IAsyncQueryProvider>().Execute(moved);
        }
        catch (Exception) when (!listener.Statements.IsEmpty)
        {
            // Nobody answered, so there is no result; the statement is what was asked for.
        }
        return listener.Statements;
    }

    /// <summary>Moves a query from the context it was written on to one of SQL Server.</summary>
    private sealed class Mover(SqlServerDb db) : ExpressionVisitor
    {
        protected override Expression VisitExtension(Expression node) => node switch
        {
            FromSqlQueryRootExpression or SqlQueryRootExpression => throw new RawSqlException(),
            EntityQueryRootExpression root => new EntityQueryRootExpression(db.GetService<IAsyncQueryProvider>(), db.Model.FindEntityType(root.EntityType.Name)!),
            _ => base.VisitExtension(node),
        };

        protected override Expression VisitConstant(ConstantExpression node) => node.Value switch
        {
            InforzapDb => Expression.Constant(db),
            IQueryable inner and not EnumerableQuery => Visit(inner.Expression),
            _ => node,
        };

        protected override Expression VisitMember(MemberExpression node)
        {
            if (typeof(InforzapDb).IsAssignableFrom(node.Type)) return Expression.Constant(db);
            if (typeof(IQueryable).IsAssignableFrom(node.Type) && Value(node) is IQueryable inner and not EnumerableQuery) return Visit(inner.Expression);
            return base.VisitMember(node);
        }

        private static object? Value(MemberExpression node) =>
            node.Expression is null or ConstantExpression or MemberExpression ? Expression.Lambda<Func<object?>>(Expression.Convert(node, typeof(object))).Compile()() : null;
    }

    private sealed class Listener : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Statements { get; } = new();

        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        {
            Statements.Enqueue(command.CommandText);
            return InterceptionResult<DbDataReader>.SuppressWithResult(new DataTable().CreateDataReader());
        }

        public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
        {
            Statements.Enqueue(command.CommandText);
            return InterceptionResult<int>.SuppressWithResult(0);
        }
    }

    private sealed class NoConnection : DbConnectionInterceptor
    {
        public static readonly NoConnection Instance = new();

        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

        public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();
    }

    private sealed class RawSqlException : Exception;
}
