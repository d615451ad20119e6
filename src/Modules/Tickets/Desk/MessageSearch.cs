using Inforzap.Data;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// Full text over messages: FTS5 on SQLite, tsvector on PostgreSQL. On SQL Server, whose full-text service may be missing,
/// a bounded LIKE over the newest messages.
/// </summary>
internal static class MessageSearch
{
    /// <summary>So many tickets are told at most.</summary>
    private const int MostTickets = 500;

    /// <summary>
    /// How many of the newest messages that hold all of it are looked at, step by step: a greeting stands in every tenth message, and
    /// whoever looks for one means those of late. More than the last of these nobody leafs through.
    /// </summary>
    public static readonly IReadOnlyList<int> Depths = [500, 10_000, 100_000];

    /// <summary>The tickets with messages that hold all of it, with the newest of them each: who was written to last comes first.</summary>
    public static async Task<FoundTickets> TicketsAsync(InforzapDb db, Sight sight, SearchTerms terms, int depth, CancellationToken ct)
    {
        if (!terms.MeanSomething) return new([], true);
        var match = string.Join(' ', terms.Words.Select(w => $"\"{w}\"*").Concat(terms.Phrases.Select(p => $"\"{p}\"")));
        var query = string.Join(" & ", terms.Words.Select(w => $"'{w}':*").Concat(terms.Phrases.Select(p => $"({string.Join(" <-> ", p.Split(' ').Select(w => $"'{w}'"))})")));
        // Ids of messages grow with time, and so do SQLite's numbers of rows: either is at hand in that order.
        var hits = await (db.Provider switch
        {
            DatabaseProvider.Sqlite => db.Database.SqlQuery<Guid>($"SELECT f.\"Id\" AS \"Value\" FROM \"tickets_MessageText\" f WHERE f.\"tickets_MessageText\" MATCH {match} ORDER BY f.rowid DESC LIMIT {depth}"),
            DatabaseProvider.PostgreSql => db.Database.SqlQuery<Guid>($"SELECT m.\"Id\" AS \"Value\" FROM tickets.\"Messages\" m WHERE to_tsvector('simple', m.\"SearchText\") @@ to_tsquery('simple', {query}) ORDER BY m.\"Id\" DESC LIMIT {depth}"),
            _ => Like(db, terms).OrderByDescending(m => m.CreatedAt).Take(LikeMost).Select(m => m.Id),
        }).ToListAsync(ct);
        if (hits.Count == 0) return new([], true);
        var found = await sight.Searchable(db.Messages.Where(m => hits.Contains(m.Id))).GroupBy(m => m.TicketId).OrderByDescending(g => g.Max(m => m.CreatedAt))
            .Select(g => new FoundMessage { TicketId = g.Key, Seq = g.Max(m => m.Seq) }).Take(MostTickets).ToListAsync(ct);
        return new(found, found.Count == MostTickets || hits.Count < depth || db.Provider == DatabaseProvider.SqlServer);
    }

    /// <summary>Of a LIKE, which finds nothing by an index.</summary>
    private const int LikeMost = 2_000;

    internal static IQueryable<Message> Like(InforzapDb db, SearchTerms terms)
    {
        IQueryable<Message> messages = db.Messages;
        foreach (var like in terms.Words.Concat(terms.Phrases).Select(SearchText.Like)) messages = messages.Where(m => EF.Functions.Like(m.SearchText, like, "\\"));
        return messages;
    }

    public static IEnumerable<DatabaseObject> Objects(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite =>
        [
            new("full text of messages",
                """
                DROP TRIGGER IF EXISTS "tickets_Messages_text_insert"
                GO
                DROP TRIGGER IF EXISTS "tickets_Messages_text_update"
                GO
                DROP TRIGGER IF EXISTS "tickets_Messages_text_delete"
                GO
                DROP TABLE IF EXISTS "tickets_MessageText"
                """,
                """
                CREATE VIRTUAL TABLE "tickets_MessageText" USING fts5("SearchText", "Id" UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')
                GO
                INSERT INTO "tickets_MessageText"("tickets_MessageText", rank) VALUES('secure-delete', 1)
                GO
                CREATE TRIGGER "tickets_Messages_text_insert" AFTER INSERT ON "tickets_Messages" WHEN new."SearchText" <> '' BEGIN
                  INSERT INTO "tickets_MessageText"(rowid, "SearchText", "Id") VALUES (new.rowid, new."SearchText", new."Id");
                END
                GO
                CREATE TRIGGER "tickets_Messages_text_update" AFTER UPDATE OF "SearchText" ON "tickets_Messages" WHEN old."SearchText" <> new."SearchText" BEGIN
                  DELETE FROM "tickets_MessageText" WHERE rowid = old.rowid;
                  INSERT INTO "tickets_MessageText"(rowid, "SearchText", "Id") VALUES (new.rowid, new."SearchText", new."Id");
                END
                GO
                CREATE TRIGGER "tickets_Messages_text_delete" AFTER DELETE ON "tickets_Messages" BEGIN
                  DELETE FROM "tickets_MessageText" WHERE rowid = old.rowid;
                END
                GO
                INSERT INTO "tickets_MessageText"(rowid, "SearchText", "Id") SELECT rowid, "SearchText", "Id" FROM "tickets_Messages" WHERE "SearchText" <> ''
                """),
        ],
        DatabaseProvider.PostgreSql =>
        [
            new("full text of messages", "DROP INDEX IF EXISTS tickets.\"IX_Messages_Text\"",
                "CREATE INDEX \"IX_Messages_Text\" ON tickets.\"Messages\" USING gin (to_tsvector('simple', \"SearchText\"))"),
        ],
        _ => [],
    };
}

/// <summary>The newest message of a ticket in which something was found.</summary>
internal sealed class FoundMessage
{
    public Guid TicketId { get; init; }
    public long Seq { get; init; }
}

/// <summary>What was found.</summary>
/// <param name="Tickets">Newest first.</param>
/// <param name="IsAll">Looking further would find no more.</param>
internal sealed record FoundTickets(IReadOnlyList<FoundMessage> Tickets, bool IsAll);
