using System.Text;
using Inforzap.Audit;
using Inforzap.Contacts;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Privacy;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Attacks;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Past;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using Counter = Inforzap.Tests.Tickets.Counter;

namespace Inforzap.Tests.Contacts;

/// <summary>
/// A word is put into every column that can hold something of a person, and into every file; then the person is erased, and the word
/// is looked for wherever it could be. A column that is new fails this until somebody says whether it holds anything of persons.
/// </summary>
public sealed class ErasureCanaryTests : IAsyncLifetime
{
    private const string Word = "KANARIA7Q";

    /// <summary>Columns of text that hold nothing of the persons who write to us, and why. An entity without a property means all of its columns.</summary>
    private static readonly Dictionary<string, string> Kept = new()
    {
        // The house's own words, and those who work in it.
        ["User"] = "of the house", ["IdentityUserClaim`1"] = "of the house", ["IdentityUserLogin`1"] = "of the house", ["IdentityUserToken`1"] = "of the house", ["Role"] = "of the house", ["RolePermission"] = "of the house",
        ["Team"] = "of the house", ["UserPermission"] = "of the house", ["OneTimeLink"] = "of the house", ["SecondFactor"] = "of the house", ["RecoveryCode"] = "of the house", ["AccessEntry"] = "of the house",
        ["SettingRow"] = "of the house", ["CompanyVariable"] = "of the house", ["MailServer"] = "of the house", ["AlarmMail"] = "tells the house of its own troubles",
        ["Channel"] = "of the house", ["ChannelHealth"] = "of the house's own account", ["ChannelEvent"] = "the shape of payloads, their values taken out", ["PluginRow"] = "of the house", ["PluginValue"] = "what plugins keep for themselves, encrypted",
        ["Tag"] = "words of the house", ["FieldKey"] = "words of the house", ["Queue"] = "words of the house", ["QuickMessage"] = "words of the house", ["QuickFile"] = "files of the house", ["ClosingReason"] = "words of the house",
        ["Farewell"] = "words of the house", ["QuietRule"] = "words of the house", ["Survey"] = "words of the house", ["EntryMenu"] = "words of the house", ["EntryOption"] = "words of the house", ["ServiceHours"] = "words of the house",
        ["Holiday"] = "words of the house", ["NationalHolidays"] = "words of the house", ["Counter"] = "names of counters",
        ["BookSync"] = "what the account's provider said of all of them", ["ChargePrice"] = "a price list", ["MessageCharge"] = "words of a price list", ["ChannelTemplate"] = "wordings of the house", ["DeskView"] = "ids that a colleague filters by", ["SavedFilter"] = "a colleague's own, of ids", ["Sticker"] = "files of the house",
        // What the product needs to run.
        ["Change"] = "topics, which are ids", ["Node"] = "of the house's machines", ["DataProtectionKey"] = "keys", ["ObjectsHash"] = "a hash", ["Tombstone"] = "hashes under the house's key",
        // Columns beside others that go.
        ["LaneItem.Kind"] = "one of a few words",
        ["AuditEntry.Kind"] = "one of a few words", ["AuditEntry.SubjectId"] = "an id", ["AuditEntry.ByName"] = "of the house",
        ["StoredFile.MimeType"] = "found from the bytes, one of a few",
        ["ContactAddress.Kind"] = "one of a few words", ["ContactField.Key"] = "a word of the house", ["ContactMerge.ByName"] = "of the house", ["PersonExport.ByName"] = "of the house",
        ["Erasure.Protocol"] = "the report, which the screen says must not name the person", ["Erasure.ByName"] = "of the house", ["Erasure.Cursor"] = "positions of rows", ["Erasure.Keys"] = "encrypted, and empty at the end: asserted below",
        ["Ticket.AddressKind"] = "one of a few words", ["Attempt.Outcome"] = "one of a few words", ["TimelineEntry.Type"] = "one of a few words", ["Protocol.Number"] = "numbers stay",
    };

    /// <summary>They hold the word from the beginning, in the address by which rows are found: another would be another person.</summary>
    private static readonly string[] Natural = ["LaneItem.Lane", "ContactAddress.Value", "ContactAddress.MatchKey", "Ticket.AddressValue"];

    private readonly Counter counter = new();
    private Actor admin = null!, ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        admin = await counter.ActorOf(await counter.PersonAsync("Rute", BuiltInRoles.Administrator, counter.Queue));
        ana = await counter.ActorOf(await counter.PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue));
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    [Fact(DisplayName = "Of an erased person nothing is left in any column, in the index of texts, on the disk or in the database's file")]
    public async Task Nothing_is_left()
    {
        var contact = await SeedAsync();
        var planted = await counter.ReadAsync(PlantAsync);
        var all = await counter.ReadAsync(db => Task.FromResult(Columns(db).Select(c => c.Name).ToHashSet()));
        Assert.True(planted.SetEquals(all), $"No row to put the word into, so seed one or say why not: {string.Join(", ", all.Except(planted))}");
        Assert.NotEmpty(await WhereAsync());
        var there = await counter.ReadAsync(db => Task.FromResult(db.Model.GetEntityTypes().SelectMany(e => e.GetProperties().Select(p => $"{e.ClrType.Name}.{p.Name}").Prepend(e.ClrType.Name)).ToHashSet()));
        Assert.Empty(Kept.Keys.Except(there));
        var name = await counter.ReadAsync(db => db.Set<Contact>().Where(c => c.Id == contact).Select(c => c.Name).SingleAsync());
        Assert.Contains(Word, name);

        await counter.Send(admin, new EraseContact(contact, name, "2027-0042"));
        await counter.SettleAsync(TimeSpan.FromSeconds(60));
        var erasure = await counter.ReadAsync(db => db.Set<Erasure>().AsNoTracking().SingleAsync());
        Assert.NotNull(erasure.DoneAt);
        Assert.Equal("", erasure.Keys);
        var left = await WhereAsync();
        Assert.True(left.Count == 0, string.Join(Environment.NewLine, left));
        Assert.Equal(0, await counter.ReadAsync(db => db.Set<ContactAddress>().CountAsync()));
        Assert.Null((await counter.ReadAsync(db => db.Set<Contact>().AsNoTracking().SingleAsync(c => c.Id == contact))).BirthDate);
        Assert.Empty(Directory.GetFiles(Path.Combine(counter.Folder, "files"), "*", SearchOption.AllDirectories));
        if (TestDatabase.Provider == DatabaseProvider.Sqlite) Assert.Empty(await InBytesAsync());
    }

    /// <summary>Somebody of whom all is known that can be known.</summary>
    private async Task<Guid> SeedAsync()
    {
        var from = new Address($"{Word}-visita", AddressKind.Visitor, $"{Word} Maria");
        var file = await FileAsync("exame.txt");
        InboundMessage Says(string id, Content content) => new(counter.Channel, id, from, content);
        await counter.HappenAsync(Says("m1", new TextContent($"{Word} olá")), Says("m2", new MediaContent(MediaKind.Document, new MediaRef(FileId: file.Id), "exame.txt", $"{Word} legenda")));
        var raw = Encoding.UTF8.GetBytes($"{{\"text\":\"{Word}\"}}");
        await counter.Services.GetRequiredService<LaneAppender>().AppendAsync([new($"in/{counter.Channel:N}/{from.Kind}:{from.Value}", "message", $"{{\"broken\":\"{Word}\"", $"{counter.Channel:N}:{Word}-evento", raw)]);
        await counter.SettleAsync();
        var ticket = await counter.TicketOfAsync(from.Value);
        var contact = (await counter.TicketAsync(ticket)).ContactId;
        var other = await counter.Send(admin, new SaveContact(null, $"{Word} M.", "5511987650777", "m@example.test", "Sol", null) { Notes = "nota", Extras = new("52998224725", new(1990, 12, 31), [new("Plano", "Ouro")]) });
        await counter.Send(admin, new MergeContacts(contact, [other]));
        await counter.Send(admin, new SetLegalHold(contact, "processo"));
        await counter.Send(admin, new SetLegalHold(contact, null));
        await counter.Send(admin, new AddTag(contact, await counter.Send(admin, new MakeTag("VIP"))));
        await counter.Send(admin, new SetConsent(contact, ConsentPurpose.Marketing, null, true, "1.0"));
        await counter.Send(ana, new AcceptTicket(ticket));
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "resposta"));
        var note = Guid.CreateVersion7();
        await counter.Send(ana, new SendMessage(ticket, note, "anotado", IsNote: true));
        await counter.Send(ana, new SaveDraft(ticket, "rascunho", null));
        await counter.Send(admin, new ExportPerson(contact));
        await counter.SettleAsync();
        var scheduled = await FileAsync("convite.txt");
        await counter.WriteAsync(async db =>
        {
            var first = await db.Set<Message>().Where(m => m.TicketId == ticket).OrderBy(m => m.Seq).FirstAsync();
            var cycle = await db.Set<ServiceCycle>().FirstAsync(c => c.TicketId == ticket);
            var now = DateTime.UtcNow;
            db.Add(new Attempt { Id = Guid.CreateVersion7(), MessageId = first.Id, Number = 1, StartedAt = now, Outcome = "Sent", ProviderId = "tentativa" });
            var protocol = new Protocol { Id = Guid.CreateVersion7(), Number = "202703010000017", Backwards = 710000103070202, TicketId = ticket, CycleId = cycle.Id, ContactId = contact, CreatedAt = now };
            db.Add(protocol);
            var survey = new Survey { Id = Guid.CreateVersion7(), Name = "x", RequestText = "x", ThanksText = "x", InvalidText = "x" };
            db.Add(survey);
            db.Add(new SurveyRequest { Id = Guid.CreateVersion7(), SurveyId = survey.Id, TicketId = ticket, CycleId = cycle.Id, ChannelId = counter.Channel, ContactId = contact, SentAt = now });
            db.Add(new HistorySync { Id = Guid.CreateVersion7(), TicketId = ticket, ChannelId = counter.Channel, ContactId = contact, Limit = 100, State = HistoryState.Failed, Reason = "x", By = ana.Id, AskedAt = now });
            db.Add(Timeline.Entry(ticket, "transferred", ana.Id, now, new { note = "x" }));
            db.Add(new NoteMention { MessageId = note, UserId = ana.Id, TicketId = ticket, At = now });
            var schedule = new Schedule { Id = Guid.CreateVersion7(), Title = "Maria", Body = "lembrete", AuthorId = ana.Id, ChannelId = counter.Channel, CreatedAt = now };
            db.AddRange(schedule, new ScheduleContact { ScheduleId = schedule.Id, ContactId = contact }, ScheduleRun.At(schedule, contact, now.AddDays(9)),
                new ScheduleFile { Id = Guid.NewGuid(), ScheduleId = schedule.Id, FileId = scheduled.Id, Name = scheduled.Name, MimeType = scheduled.MimeType, CreatedAt = now });
            db.Audit("note", note, "#1/4", "Body", ["antes"], ["depois"]);
            db.Audit("protocol", protocol.Id, protocol.Number, "Subject", ["antes"], ["depois"]);
        });
        return contact;
    }

    private async Task<StoredFile> FileAsync(string name)
    {
        var file = await counter.Services.GetRequiredService<FileStore>().WriteAsync(new MemoryStream(Encoding.UTF8.GetBytes($"{Word} {name}")), name);
        await counter.WriteAsync(db =>
        {
            db.Add(file);
            return Task.CompletedTask;
        });
        return file;
    }

    private sealed record Column(string Name, IEntityType Entity, IProperty Property);

    /// <summary>The columns that can hold something of persons: all of text or bytes, but for those that are named.</summary>
    private static IEnumerable<Column> Columns(InforzapDb db) =>
        from entity in db.Model.GetEntityTypes()
        where entity.GetTableName() is not null && !Kept.ContainsKey(entity.ClrType.Name)
        from property in entity.GetProperties()
        where (property.ClrType == typeof(string) || property.ClrType == typeof(byte[])) && property.GetValueConverter() is null
        let name = $"{entity.ClrType.Name}.{property.Name}"
        where !Kept.ContainsKey(name)
        select new Column(name, entity, property);

    private static string TableOf(IEntityType entity) => $"{(entity.GetSchema() is { } schema ? $"\"{schema}\"." : "")}\"{entity.GetTableName()}\"";

    /// <summary>Puts the word before what stands there. Returns where it is now.</summary>
    private static async Task<HashSet<string>> PlantAsync(InforzapDb db)
    {
        var planted = new HashSet<string>();
        foreach (var column in Columns(db).ToList())
        {
            var (table, name) = (TableOf(column.Entity), $"\"{column.Property.GetColumnName()}\"");
            // Where nothing stands there, something of its own: some columns are unique.
            var key = $"\"{column.Entity.FindPrimaryKey()!.Properties[0].GetColumnName()}\"";
            // Rows of the house in tables of both.
            var which = column.Entity.ClrType.Name switch
            {
                nameof(LaneItem) => " WHERE \"Lane\" LIKE 'in/%' OR \"Lane\" LIKE 'out/%' OR \"Lane\" LIKE 'answer/%'",
                nameof(AuditEntry) => " WHERE \"Kind\" IN ('merge', 'privacy', 'note', 'protocol', 'schedule')",
                _ => "",
            };
            if (Natural.Contains(column.Name))
            {
                if (await db.Database.SqlQueryRaw<int>(string.Concat("SELECT COUNT(*) AS \"Value\" FROM ", table, " WHERE ", name, " LIKE {0}"), $"%{Word}%").SingleAsync() > 0) planted.Add(column.Name);
                continue;
            }
            var changed = column.Property.ClrType == typeof(byte[])
                ? await db.Database.ExecuteSqlRawAsync(string.Concat("UPDATE ", table, " SET ", name, " = {0}", which), Encoding.UTF8.GetBytes(Word))
                : await db.Database.ExecuteSqlRawAsync(string.Concat("UPDATE ", table, " SET ", name, " = substr({0} || COALESCE(", name, ", CAST(", key, " AS varchar(40))), 1, {1})", which), Word, column.Property.GetMaxLength() ?? 100_000);
            if (changed > 0) planted.Add(column.Name);
        }
        return planted;
    }

    /// <summary>In which tables, and in which of their rows, the word stands.</summary>
    private async Task<IReadOnlyList<string>> WhereAsync()
    {
        var dump = await Dump.OfAsync(counter);
        var found = dump.SelectMany(t => t.Value.Where(r => r.Contains(Word, StringComparison.OrdinalIgnoreCase)).Select(r => $"{t.Key}: {r}")).ToList();
        if (TestDatabase.Provider == DatabaseProvider.Sqlite)
            found.AddRange(await counter.ReadAsync(db => db.Database.SqlQueryRaw<string>("SELECT \"SearchText\" AS \"Value\" FROM \"tickets_MessageText\" WHERE \"tickets_MessageText\" MATCH 'kanaria7q*'").ToListAsync()));
        return found;
    }

    /// <summary>The files of the database and of the house in which the word stands, after the database has been made compact.</summary>
    private async Task<IReadOnlyList<string>> InBytesAsync()
    {
        await counter.ReadAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("VACUUM");
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            return true;
        });
        SqliteConnection.ClearAllPools();
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(counter.Folder, "*", SearchOption.AllDirectories))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await open.CopyToAsync(copy);
            if (Encoding.Latin1.GetString(copy.GetBuffer(), 0, (int)copy.Length).Contains(Word, StringComparison.OrdinalIgnoreCase)) found.Add(file);
        }
        return found;
    }
}
