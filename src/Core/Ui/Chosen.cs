namespace Inforzap.Ui;

/// <summary>A set of ids that compares by content, so that a form knows whether it changed.</summary>
public sealed class Chosen : IEquatable<Chosen>
{
    private readonly SortedSet<Guid> ids;

    private Chosen(IEnumerable<Guid> ids) => this.ids = [.. ids];

    /// <summary>Nothing.</summary>
    public static Chosen None { get; } = new([]);

    /// <summary>These.</summary>
    public static Chosen Of(IEnumerable<Guid> ids) => new(ids);

    /// <summary>Nothing is chosen.</summary>
    public bool IsEmpty => ids.Count == 0;

    /// <summary>What is chosen, in an order that stays.</summary>
    public IReadOnlyList<Guid> Ids => [.. ids];

    /// <summary>Whether this one is chosen.</summary>
    public bool Contains(Guid id) => ids.Contains(id);

    /// <summary>The same without this one, or with it.</summary>
    public Chosen Toggle(Guid id) => new(ids.Contains(id) ? ids.Where(i => i != id) : ids.Append(id));

    /// <inheritdoc/>
    public bool Equals(Chosen? other) => other is not null && ids.SetEquals(other.ids);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Chosen);

    /// <inheritdoc/>
    public override int GetHashCode() => ids.Count;
}
