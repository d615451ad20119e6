using System.Linq.Expressions;
using Inforzap.Data;

namespace Inforzap.Files;

/// <summary>
/// Which stored files a module uses. What nobody says to use is swept away after a day, so a module that stores files declares
/// each place where it keeps their ids.
/// </summary>
/// <param name="AmongAsync">Given some ids of files, those that are in use.</param>
public sealed record FileUse(Func<InforzapDb, IReadOnlyCollection<Guid>, CancellationToken, Task<IReadOnlyCollection<Guid>>> AmongAsync)
{
    /// <summary>A column with the id of a file.</summary>
    public static FileUse Of<T>(Expression<Func<T, Guid?>> file) where T : class => new(async (db, ids, ct) =>
    {
        var some = ids.Select(id => (Guid?)id).ToArray();
        return [.. (await db.Set<T>().Select(file).Where(id => some.Contains(id)).Distinct().ToListAsync(ct)).OfType<Guid>()];
    });
}
