using Inforzap.Audit;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Ui;

namespace Inforzap.Contacts.Tags;

/// <summary>What holds for tags wherever they come from: the form, a table, the desk.</summary>
internal static class TagRules
{
    /// <summary>As it is kept: one space between words, whatever was typed.</summary>
    public static string NameOf(string typed) => CleanText.Of(string.Join(' ', typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>Under which there is one tag only.</summary>
    public static string KeyOf(string name) => SearchText.Of(80, NameOf(name));

    /// <summary>Those that the actor puts on contacts and takes off: the company's and those of their queues; all of them for whoever sees all tickets.</summary>
    public static IQueryable<Tag> For(this IQueryable<Tag> tags, IActor actor, InforzapDb db)
    {
        if (actor.May("tickets.see-all")) return tags;
        var queues = actor.Queues.ToArray();
        return tags.Where(x => x.Scope == TagScope.Company || db.Set<TagQueue>().Any(q => q.TagId == x.Id && queues.Contains(q.QueueId)));
    }

    /// <summary>A new tag, to be saved.</summary>
    public static Tag New(this InforzapDb db, string typed, string color, DateTime now)
    {
        var tag = new Tag { Id = Guid.CreateVersion7(), Name = NameOf(typed), Color = color, CreatedAt = now, SearchText = KeyOf(typed) };
        db.Add(tag);
        return tag;
    }

    /// <summary>Whose members use it; none is everybody. Each change is written down, and counts as a change of the tag.</summary>
    public static async Task SetQueuesAsync(this InforzapDb db, Tag tag, IReadOnlyCollection<Guid> wanted, CancellationToken ct)
    {
        tag.Scope = wanted.Count > 0 ? TagScope.Queues : TagScope.Company;
        var now = await db.TagQueues.Where(q => q.TagId == tag.Id).ToListAsync(ct);
        var coming = wanted.Distinct().Except(now.Select(q => q.QueueId)).ToList();
        var leaving = now.FindAll(q => !wanted.Contains(q.QueueId));
        if (coming.Count + leaving.Count == 0) return;
        var concerned = now.Select(q => q.QueueId).Concat(coming).ToArray();
        var names = await db.Set<QueueView>().Where(q => concerned.Contains(q.Id)).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        db.Audit("tag", tag.Id, tag.Name, "Queues", now.Select(q => Name(q.QueueId)), wanted.Distinct().Select(Name));
        if (db.Entry(tag).State == EntityState.Unchanged) db.Entry(tag).Property(x => x.Color).IsModified = true;
        db.RemoveRange(leaving);
        foreach (var queue in coming) db.Add(new TagQueue { TagId = tag.Id, QueueId = queue });

        string Name(Guid id) => names.GetValueOrDefault(id, id.ToString());
    }

    /// <summary>The colour that the fewest tags have.</summary>
    public static async Task<string> FreshColorAsync(this InforzapDb db, CancellationToken ct)
    {
        var used = (await db.Tags.Select(x => x.Color).ToListAsync(ct)).CountBy(c => c, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return ColorSwatches.Palette.MinBy(c => used.GetValueOrDefault(c))!;
    }
}
