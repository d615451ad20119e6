namespace Inforzap.Contracts.Contacts;

/// <summary>
/// What goes along when a contact becomes part of another. Collected from the container: each module that keeps whose something is
/// has one, and all of them work in the transaction that joins the two.
/// </summary>
public interface IContactFollower
{
    /// <summary>Under this name is kept what went along.</summary>
    string Name { get; }

    /// <summary>Why the two can't be joined now; null: they can.</summary>
    Task<MergeObstacle?> WhyNotAsync(Guid from, Guid into, CancellationToken ct);

    /// <summary>Gives all of one to the other. Returns what is needed to put it back.</summary>
    Task<IReadOnlyList<Guid>> MoveAsync(Guid from, Guid into, CancellationToken ct);

    /// <summary>
    /// Who of these still has something, though they are part of others: asked again and again, so it must cost little. By default
    /// nobody; in the first hour after a merge <see cref="MoveAsync"/> is called anyhow.
    /// </summary>
    Task<IReadOnlyCollection<Guid>> LeftAsync(IReadOnlyCollection<Guid> contacts, CancellationToken ct) => Task.FromResult<IReadOnlyCollection<Guid>>([]);

    /// <summary>Gives back what went along, as far as the other still has it.</summary>
    Task PutBackAsync(IReadOnlyList<Guid> moved, Guid from, Guid into, CancellationToken ct);
}

/// <summary>What stands in the way of joining two contacts.</summary>
/// <param name="Words">For people.</param>
/// <param name="TicketId">Where it can be put right.</param>
public sealed record MergeObstacle(string Words, Guid? TicketId);
