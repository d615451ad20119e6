using System.ComponentModel.DataAnnotations;
using Inforzap.Contacts.Owners;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Consents;

/// <summary>What somebody said once about being written to. Only ever added to: the last word holds, the others are its history.</summary>
internal sealed class Consent
{
    public const int MaxVersion = 60;

    /// <summary>The order in which it was said.</summary>
    public long Position { get; private set; }
    public Guid ContactId { get; set; }
    public ConsentPurpose Purpose { get; init; }
    /// <summary>An empty id is all channels.</summary>
    public Guid ChannelId { get; init; }
    public bool IsGranted { get; init; }
    public ConsentSource Source { get; init; }
    public DateTime At { get; init; }
    /// <summary>Who wrote it down; null: nobody had to.</summary>
    public Guid? By { get; init; }
    public string? ByName { get; init; }
    /// <summary>Which text they agreed to, as the house calls it.</summary>
    public string? TextVersion { get; init; }
}

internal static class ConsentsDb
{
    extension(InforzapDb db)
    {
        public DbSet<Consent> Consents => db.Set<Consent>();
    }

    public static void Map(ModelBuilder model)
    {
        var consent = model.Entity<Consent>();
        consent.ToTable("Consents", "contacts");
        consent.HasKey(c => c.Position);
        consent.Property(c => c.Position).ValueGeneratedOnAdd();
        consent.Property(c => c.ByName).HasMaxLength(120);
        consent.Property(c => c.TextVersion).HasMaxLength(Consent.MaxVersion);
        consent.HasIndex(c => new { c.ContactId, c.Purpose, c.Position });
    }
}

/// <summary>Writes down what a contact said about being written to.</summary>
/// <param name="ChannelId">On which channel; null: on all.</param>
/// <param name="TextVersion">Which text they agreed to, as the house calls it.</param>
[Allow("contacts.edit")]
internal sealed record SetConsent(
    [property: NotEmpty] Guid ContactId, ConsentPurpose Purpose, Guid? ChannelId, bool IsGranted, [property: StringLength(Consent.MaxVersion), Called("ConsentVersion")] string? TextVersion = null) : IRequest;

/// <summary>What a contact said about being written to, the last word first.</summary>
[Allow("contacts.see"), Reads]
internal sealed record ReadConsents([property: NotEmpty] Guid ContactId) : IRequest<ConsentList>;

/// <summary>What they said, and the channels of which it can be said.</summary>
internal sealed record ConsentList(IReadOnlyList<ConsentRow> Said, IReadOnlyList<ConsentChannel> Channels);

/// <summary>One word of theirs.</summary>
/// <param name="Holds">Nothing of the same purpose and channel was said since.</param>
/// <param name="Channel">Its name; null: all of them.</param>
internal sealed record ConsentRow(long Position, ConsentPurpose Purpose, string? Channel, bool IsGranted, ConsentSource Source, DateTime At, string? ByName, string? TextVersion, bool Holds);

/// <summary>A channel to choose.</summary>
internal sealed record ConsentChannel(Guid Id, string Name);

internal sealed class SetConsentHandler(InforzapDb db, IChannelDirectory channels, IActor actor, ISettings settings, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SetConsent, Unit>
{
    public async Task<Unit> Handle(SetConsent request, CancellationToken ct)
    {
        await db.Hold<Contact>(c => c.Id == request.ContactId, ct);
        if (!await db.Contacts.KnownTo(actor, settings, db).AnyAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct)) throw Refusal.NotFound(t["ContactGone"]);
        if (request.ChannelId is { } channel && channels.All.All(c => c.Id != channel)) throw Refusal.NotFound(t["ConsentChannelGone"]);
        db.Add(new Consent
        {
            ContactId = request.ContactId, Purpose = request.Purpose, ChannelId = request.ChannelId ?? Guid.Empty, IsGranted = request.IsGranted, Source = ConsentSource.Manual, At = clock.GetUtcNow().UtcDateTime,
            By = actor.Id, ByName = actor.Name, TextVersion = CleanText.IsBlank(request.TextVersion) ? null : CleanText.Of(request.TextVersion!.Trim(), Consent.MaxVersion),
        });
        await db.SaveChangesAsync(ct);
        db.Touch($"contact/{request.ContactId:N}");
        return Unit.Value;
    }
}

internal sealed class ReadConsentsHandler(InforzapDb db, IChannelDirectory channels, IActor actor, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ReadConsents, ConsentList>
{
    private const int Most = 100;

    public async Task<ConsentList> Handle(ReadConsents request, CancellationToken ct)
    {
        if (!await db.Contacts.KnownTo(actor, settings, db).AnyAsync(c => c.Id == request.ContactId && c.ErasedAt == null, ct)) throw Refusal.NotFound(t["ContactGone"]);
        var said = await db.Consents.AsNoTracking().Where(c => c.ContactId == request.ContactId).OrderByDescending(c => c.Position).Take(Most).ToListAsync(ct);
        var seen = new HashSet<(ConsentPurpose, Guid)>();
        var all = new HashSet<ConsentPurpose>();
        var rows = new List<ConsentRow>();
        foreach (var c in said)
        {
            var holds = !all.Contains(c.Purpose) && seen.Add((c.Purpose, c.ChannelId));
            // What was said of all channels goes before what was said of one earlier.
            if (c.ChannelId == Guid.Empty) all.Add(c.Purpose);
            rows.Add(new(c.Position, c.Purpose, c.ChannelId == Guid.Empty ? null : channels.Find(c.ChannelId)?.Name ?? t["ConsentChannelGone"], c.IsGranted, c.Source, c.At, c.ByName, c.TextVersion, holds));
        }
        return new(rows, [.. channels.All.Select(c => new ConsentChannel(c.Id, c.Name))]);
    }
}

internal sealed class OptOutHandler(InforzapDb db, TimeProvider clock) : IRequestHandler<OptOut, bool>
{
    public async Task<bool> Handle(OptOut request, CancellationToken ct)
    {
        var last = await db.Consents.Where(c => c.ContactId == request.ContactId && c.Purpose == ConsentPurpose.Marketing && (c.ChannelId == request.ChannelId || c.ChannelId == Guid.Empty))
            .OrderByDescending(c => c.Position).Select(c => (bool?)c.IsGranted).FirstOrDefaultAsync(ct);
        if (last == false) return false;
        db.Add(new Consent { ContactId = request.ContactId, Purpose = ConsentPurpose.Marketing, ChannelId = request.ChannelId, IsGranted = false, Source = ConsentSource.Inbound, At = clock.GetUtcNow().UtcDateTime });
        await db.SaveChangesAsync(ct);
        db.Touch($"contact/{request.ContactId:N}");
        return true;
    }
}

/// <summary>What one said the other said, too, in the order in which it was said.</summary>
internal sealed class ConsentsFollow(InforzapDb db) : IContactFollower
{
    public string Name => "consents";

    public Task<MergeObstacle?> WhyNotAsync(Guid from, Guid into, CancellationToken ct) => Task.FromResult<MergeObstacle?>(null);

    public async Task<IReadOnlyList<Guid>> MoveAsync(Guid from, Guid into, CancellationToken ct)
    {
        var moving = await db.Consents.Where(c => c.ContactId == from).Select(c => c.Position).ToListAsync(ct);
        await db.Consents.Where(c => c.ContactId == from).ExecuteUpdateAsync(set => set.SetProperty(c => c.ContactId, into), ct);
        return moving.ConvertAll(ToGuid);
    }

    public async Task PutBackAsync(IReadOnlyList<Guid> moved, Guid from, Guid into, CancellationToken ct)
    {
        foreach (var some in moved.Select(ToPosition).Chunk(500)) await db.Consents.Where(c => c.ContactId == into && some.Contains(c.Position)).ExecuteUpdateAsync(set => set.SetProperty(c => c.ContactId, from), ct);
    }

    /// <summary>What followed is kept as ids; these rows have numbers.</summary>
    private static Guid ToGuid(long position) => new(0, 0, 0, BitConverter.GetBytes(position));

    private static long ToPosition(Guid id) => BitConverter.ToInt64(id.ToByteArray(), 8);
}
