namespace Inforzap.Data;

/// <summary>The databases that the product runs on: <c>Database__Provider</c>.</summary>
public enum DatabaseProvider
{
    /// <summary>Embedded; nothing to install.</summary>
    Sqlite,
    /// <summary>Microsoft SQL Server 2019 or later.</summary>
    SqlServer,
    /// <summary>PostgreSQL 14 or later.</summary>
    PostgreSql,
}
