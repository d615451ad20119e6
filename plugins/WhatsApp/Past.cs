using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>
/// What the gateway keeps of before: conversations, and whom the telephone has in its book. It filters carelessly, so each row is
/// looked at again here.
/// </summary>
internal sealed class Past(Evolution evolution, Memory memory)
{
    private const int PageSize = 100;

    /// <summary>Nobody reads further back than so many pages.</summary>
    private const int MostPages = 1000;

    /// <summary>Under which addresses the gateway may keep somebody's conversation.</summary>
    public static IEnumerable<string> JidsOf(Address with, Memory memory)
    {
        yield return Jids.Of(with);
        if (with.Kind == AddressKind.Phone && Jids.Alternate(Jids.Digits(with.Value)) is { } other) yield return Jids.Of(new Address(other));
        if ((memory.IdOf(with) ?? memory.PhoneOf(with)) is { } also) yield return Jids.Of(also);
    }

    /// <summary>Asks for a page of a conversation. Both fields: one alone leaves the other open, and with it all conversations.</summary>
    public static JsonObject Page(string jid, int page, int size) => new()
    {
        ["where"] = new JsonObject { ["key"] = new JsonObject { ["remoteJid"] = jid, ["remoteJidAlt"] = jid } }, ["page"] = page, ["offset"] = size,
    };

    /// <summary>The row is of this conversation.</summary>
    public static bool IsOf(JsonElement key, Address with, Memory memory) =>
        new[] { key.String("remoteJid"), key.String("remoteJidAlt"), key.String("senderPn") }.Select(j => Jids.Address(j)).OfType<Address>()
            .Any(a => Jids.AreSame(a, with) || (memory.PhoneOf(a) is { } phone && Jids.AreSame(phone, with)) || (memory.PhoneOf(with) is { } mine && Jids.AreSame(a, mine)));

    public async IAsyncEnumerable<PastMessage> MessagesAsync(Address with, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        var (given, seen) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var jid in JidsOf(with, memory))
        {
            var isThere = false;
            for (var page = 1; page <= MostPages; page++)
            {
                var (records, pages) = await PageAsync(jid, page, ct);
                foreach (var record in records.Where(r => r.Child("key") is { } key && IsOf(key, with, memory)))
                    foreach (var message in Read(record))
                    {
                        if (!seen.Add(message.ProviderId)) continue;
                        isThere = true;
                        yield return message;
                        if (++given >= limit) yield break;
                    }
                if (records.Count == 0 || page >= pages) break;
            }
            // The same conversation under another name of theirs would spoil the order, and is the rarer one.
            if (isThere) yield break;
        }
    }

    private async Task<(List<JsonElement> Records, int Pages)> PageAsync(string jid, int page, CancellationToken ct)
    {
        var answer = await AskAsync("chat/findMessages", Page(jid, page, PageSize), ct);
        if (answer?.Child("messages") is not { } messages) throw new ProviderException("O gateway deu uma resposta que não se entende.");
        return ([.. messages.Items("records")], (int)Math.Clamp(messages.Number("pages") ?? 1, 0, MostPages));
    }

    private IEnumerable<PastMessage> Read(JsonElement record)
    {
        var (key, message) = (record.Child("key")!.Value, Kinds.Unwrap(record.Child("message") ?? default));
        if (key.String("id") is not { Length: < 200 } id || record.Seconds("messageTimestamp") is not { } at) yield break;
        // Marks on other messages are none of their own.
        if (message.Child("reactionMessage") is not null || message.Child("protocolMessage") is not null || message.Child("pollUpdateMessage") is not null) yield break;
        memory.Keep(id, new MessageKey(key.String("remoteJid")!, key.String("participant")));
        var isOurs = key.Flag("fromMe") == true;
        var writer = isOurs || !Jids.IsGroup(key.String("remoteJid")) ? null : new[] { key.String("participantAlt"), key.String("participant") }.Select(j => Jids.Address(j, record.String("pushName"))).OfType<Address>().OrderBy(a => a.Kind != AddressKind.Phone).FirstOrDefault();
        foreach (var (content, i) in Kinds.Of(message, record.String("messageType"), id).Select((c, i) => (c, i)))
            yield return new PastMessage(ProviderIds.Part(id, i), at, isOurs, content)
            {
                QuotedProviderId = Kinds.ContextOf(record, message)?.String("stanzaId"),
                Participant = writer,
                State = isOurs ? record.Items("MessageUpdate").Select(u => Events.StateOf(u.String("status"))).Append(Events.StateOf(record.String("status"))).OfType<ReceiptState>().Where(s => s != ReceiptState.Failed).Cast<ReceiptState?>().Max() : null,
            };
    }

    /// <summary>First whom the telephone keeps, then those with whom it only has a conversation.</summary>
    public async IAsyncEnumerable<BookEntry> EntriesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var own = Jids.Address(await OwnAsync(ct));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        BookEntry? Take(JsonElement row)
        {
            var name = row.String("pushName") ?? row.String("name");
            var known = new[] { row.String("remoteJid"), row.String("remoteJidAlt"), row.String("lid") }.Select(j => Jids.Address(j)).OfType<Address>().ToList();
            if (row.Flag("isGroup") == true || known.Exists(a => a.Kind == AddressKind.WhatsAppGroup || (own is not null && Jids.AreSame(a, own)))) return null;
            var address = known.Find(a => a.Kind == AddressKind.Phone) ?? known.Select(memory.PhoneOf).FirstOrDefault(a => a is not null) ?? known.FirstOrDefault();
            // Somebody without a number and without a name is nobody whom anyone could tell from others.
            if (address is null || (address.Kind != AddressKind.Phone && name is null) || !seen.Add(address.Value)) return null;
            return new BookEntry(address with { Name = name }, row.Flag("isSaved") == true ? name : null) { AlsoKnownAs = [.. known.Where(a => !Jids.AreSame(a, address))] };
        }
        foreach (var row in (await AskAsync("chat/findContacts", new JsonObject { ["where"] = new JsonObject() }, ct))?.OneOrMany() ?? [])
            if (Take(row) is { } entry) yield return entry;
        for (var page = 0; page < MostPages; page++)
        {
            var rows = (await AskAsync("chat/findChats", new JsonObject { ["where"] = new JsonObject(), ["take"] = PageSize, ["skip"] = page * PageSize }, ct))?.OneOrMany().ToList() ?? [];
            var before = seen.Count;
            foreach (var row in rows)
                if (Take(row) is { } entry) yield return entry;
            // One that gives the same page again and again would never end.
            if (rows.Count < PageSize || (page > 0 && seen.Count == before)) yield break;
        }
    }

    private async Task<string?> OwnAsync(CancellationToken ct) => (await GuardedAsync(() => evolution.OfGatewayAsync(HttpMethod.Get, $"instance/fetchInstances?instanceName={Uri.EscapeDataString(evolution.Instance)}", ct)))
        ?.OneOrMany().Select(i => i.String("ownerJid")).FirstOrDefault(j => j is not null);

    private Task<JsonElement?> AskAsync(string action, JsonObject body, CancellationToken ct) => GuardedAsync(() => evolution.PostAsync(action, body, ct, limit: TimeSpan.FromSeconds(60)));

    private static async Task<JsonElement?> GuardedAsync(Func<Task<Answer>> ask)
    {
        try
        {
            var answer = await ask();
            return answer.IsOk ? answer.Body : throw new ProviderException(Failures.OfChannel(answer));
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(Failures.NoConnection, e);
        }
        catch (TimeoutException e)
        {
            throw new ProviderException("O gateway não respondeu a tempo.", e);
        }
    }
}
