using Inforzap.Data;

namespace Inforzap.Tickets.Desk;

/// <summary>
/// Full text over messages: FTS5 on SQLite, tsvector on PostgreSQL. On SQL Server, whose full-text service may be missing,
/// a bounded LIKE over the newest messages.
/// </summary>
internal static class MessageSearch
{
    /// <summary>The tickets with messages that hold all of it, with the newest of them each: who was written to last comes first.</summary>
    public static async Task<IReadOnlyList<FoundMessage>> TicketsAsync(InforzapDb db, Sight sight, SearchTerms terms, int max, CancellationToken ct)
    {
        if (!terms.MeanSomething) return [];
        var match = string.Join(' ', terms.Words.Select(w => $"\"{w}\"*").Concat(terms.Phrases.Select(p => $"\"{p}\"")));
        var query = string.Join(" & ", terms.Words.Select(w => $"'{w}':*").Concat(terms.Phrases.Select(p => $"({string.Join(" <-> ", p.Split(' ').Select(w => $"'{w}'"))})")));
        if (!sight.SeesAll || db.Provider == DatabaseProvider.SqlServer)
        {
            var hits = db.Provider switch
            {
                DatabaseProvider.Sqlite => db.Database.SqlQuery<Guid>($"SELECT f.\"Id\" AS \"Value\" FROM \"tickets_MessageText\" f WHERE f.\"tickets_MessageText\" MATCH {match}"),
                DatabaseProvider.PostgreSql => db.Database.SqlQuery<Guid>($"SELECT m.\"Id\" AS \"Value\" FROM tickets.\"Messages\" m WHERE to_tsvector('simple', m.\"SearchText\") @@ to_tsquery('simple', {query})"),
                _ => Like(db, terms).OrderByDescending(m => m.CreatedAt).Take(max * 4).Select(m => m.Id),
            };
            return await sight.Searchable(db.Messages.Where(m => hits.Contains(m.Id))).GroupBy(m => m.TicketId).OrderByDescending(g => g.Max(m => m.CreatedAt))
                .Select(g => new FoundMessage { TicketId = g.Key, Seq = g.Max(m => m.Seq) }).Take(max).ToListAsync(ct);
        }
        return await (db.Provider == DatabaseProvider.Sqlite
            ? db.Database.SqlQuery<FoundMessage>(
                $"SELECT m.\"TicketId\" AS \"TicketId\", max(m.\"Seq\") AS \"Seq\" FROM \"tickets_MessageText\" f JOIN \"tickets_Messages\" m ON m.\"Id\" = f.\"Id\" WHERE f.\"tickets_MessageText\" MATCH {match} GROUP BY m.\"TicketId\" ORDER BY max(m.\"CreatedAt\") DESC LIMIT {max}")
            : db.Database.SqlQuery<FoundMessage>(
                $"SELECT m.\"TicketId\" AS \"TicketId\", max(m.\"Seq\") AS \"Seq\" FROM tickets.\"Messages\" m WHERE to_tsvector('simple', m.\"SearchText\") @@ to_tsquery('simple', {query}) GROUP BY m.\"TicketId\" ORDER BY max(m.\"CreatedAt\") DESC LIMIT {max}"))
            .ToListAsync(ct);
    }

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
