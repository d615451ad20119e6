namespace Inforzap.Identity.Users;

/// <summary>What the drawer saved.</summary>
public sealed record SavedUser(Guid Id, string Name, bool NeedsLink);

/// <summary>A set of ids that compares by content, so that a form knows whether it changed.</summary>
internal sealed class Chosen : IEquatable<Chosen>
{
    private readonly SortedSet<Guid> ids;

    private Chosen(IEnumerable<Guid> ids) => this.ids = [.. ids];

    public static Chosen None { get; } = new([]);

    public static Chosen Of(IEnumerable<Guid> ids) => new(ids);

    public bool IsEmpty => ids.Count == 0;

    public IReadOnlyList<Guid> Ids => [.. ids];

    public bool Contains(Guid id) => ids.Contains(id);

    public Chosen Toggle(Guid id) => new(ids.Contains(id) ? ids.Where(i => i != id) : ids.Append(id));

    public bool Equals(Chosen? other) => other is not null && ids.SetEquals(other.ids);

    public override bool Equals(object? obj) => Equals(obj as Chosen);

    public override int GetHashCode() => ids.Count;
}
