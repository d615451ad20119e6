using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Microsoft.AspNetCore.Identity;

namespace Inforzap.Identity.Users;

internal sealed class LanguagesOfHandler(InforzapDb db, ILookupNormalizer normalizer) : IRequestHandler<LanguagesOf, IReadOnlyDictionary<string, string>>
{
    public async Task<IReadOnlyDictionary<string, string>> Handle(LanguagesOf request, CancellationToken ct)
    {
        var asked = request.Emails.Distinct(StringComparer.Ordinal).ToDictionary(e => e, e => normalizer.NormalizeEmail(e.Trim()), StringComparer.Ordinal);
        var emails = asked.Values.ToArray();
        var found = await db.Users.Where(u => u.IsActive && emails.Contains(u.NormalizedEmail)).Select(u => new { u.NormalizedEmail, u.Language }).ToDictionaryAsync(u => u.NormalizedEmail!, u => u.Language, ct);
        return asked.Where(a => found.ContainsKey(a.Value!)).ToDictionary(a => a.Key, a => found[a.Value!], StringComparer.Ordinal);
    }
}
