using System.Globalization;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Consents;

/// <summary>What somebody said about being written to.</summary>
internal sealed class ConsentsOfPerson(InforzapDb db, IChannelDirectory channels, IStringLocalizer<Texts> t) : IPersonData
{
    public int Order => 50;

    public async Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct)
    {
        await db.Consents.Where(c => person.Ids.Contains(c.ContactId)).ExecuteDeleteAsync(ct);
        return new(null);
    }

    public async Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct)
    {
        await archive.ListAsync("consentimentos", t["Consents"]);
        foreach (var c in await db.Consents.AsNoTracking().Where(c => person.Ids.Contains(c.ContactId)).OrderBy(c => c.Position).ToListAsync(ct))
            await archive.RowAsync([
                new("finalidade", t["ConsentPurpose"], t[$"Purpose{c.Purpose}"]), new("canal", t["ConsentChannel"], c.ChannelId == Guid.Empty ? t["ConsentAllChannels"] : channels.Find(c.ChannelId)?.Name),
                new("situacao", t["ConsentState"], t[c.IsGranted ? "ConsentGranted" : "ConsentRevoked"]), new("origem", t["FactSource"], t[$"ConsentBy{c.Source}"]),
                new("em", t["FactAt"], c.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)), new("texto", t["ConsentVersion"], c.TextVersion)]);
    }
}
