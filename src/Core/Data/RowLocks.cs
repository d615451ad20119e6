using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Inforzap.Data;

/// <summary>Lets a query on PostgreSQL hold the rows that it reads: queries can't be written so.</summary>
internal sealed class RowLocks : DbCommandInterceptor
{
    /// <summary>Marks the queries that are meant.</summary>
    public const string Tag = "holds its rows";

    public static readonly RowLocks Instance = new();

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Hold(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Hold(command);
        return new(result);
    }

    private static void Hold(DbCommand command)
    {
        if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal)) command.CommandText += "\nFOR UPDATE";
    }
}
