using Inforzap.Sdk;

namespace Inforzap.Contracts.Contacts;

/// <summary>
/// What a module keeps of the persons who write to us: what is handed out to them, and taken away when they ask for it. Collected from
/// the container; a module that comes to keep something of persons has one.
/// </summary>
public interface IPersonData
{
    /// <summary>Small numbers come first: in the order in which whoever sends holds the rows.</summary>
    int Order { get; }

    /// <summary>How much there is, for whoever decides.</summary>
    Task<PersonCounts> CountAsync(PersonKeys person, CancellationToken ct) => Task.FromResult(new PersonCounts());

    /// <summary>Under which addresses they were known once, beside those that they have.</summary>
    Task<IReadOnlyList<Address>> AddressesAsync(IReadOnlyList<Guid> contacts, CancellationToken ct) => Task.FromResult<IReadOnlyList<Address>>([]);

    /// <summary>Ends what must not go on, in the transaction that begins to erase them. It must be short: the bulk is for <see cref="EraseAsync"/>.</summary>
    Task StopAsync(PersonKeys person, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Takes a piece away, in a transaction of its own that others don't wait long for. It may be asked again for what is gone already:
    /// after a crash, and for what came in the moment in which they were erased.
    /// </summary>
    /// <param name="person">Of whom.</param>
    /// <param name="cursor">What the piece before said, null for the first.</param>
    /// <param name="ct">Stops before the transaction ends.</param>
    Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct);

    /// <summary>What there still is of somebody who was erased; asked again and again, so it must cost little.</summary>
    Task<PersonCounts> LeftAsync(PersonKeys person, CancellationToken ct) => Task.FromResult(new PersonCounts());

    /// <summary>Hands out all of it, a row at a time.</summary>
    Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct);
}

/// <summary>Who is meant.</summary>
/// <param name="Ids">The contact, and those that became part of it.</param>
/// <param name="Addresses">All of them, numbers with the ninth digit and without it.</param>
public sealed record PersonKeys(IReadOnlyList<Guid> Ids, IReadOnlyList<Address> Addresses)
{
    /// <summary>The last lane item that there was when they were erased: what comes later is of somebody new.</summary>
    public long? LanesTo { get; init; }
}

/// <summary>How much is kept of somebody.</summary>
public sealed record PersonCounts(int Tickets = 0, int OpenTickets = 0, int Messages = 0, int Files = 0, int Schedules = 0)
{
    /// <summary>Of both.</summary>
    public PersonCounts Plus(PersonCounts other) => new(Tickets + other.Tickets, OpenTickets + other.OpenTickets, Messages + other.Messages, Files + other.Files, Schedules + other.Schedules);
}

/// <summary>What one transaction took away.</summary>
/// <param name="Next">Where the next piece begins; null: nothing is left.</param>
public sealed record ErasedPiece(string? Next)
{
    /// <summary>How much it was.</summary>
    public PersonCounts Counts { get; init; } = new();

    /// <summary>Files that this place does not use any more.</summary>
    public IReadOnlyList<Guid> Files { get; init; } = [];

    /// <summary>Something is on its way until then: go on afterwards.</summary>
    public DateTime? WaitsUntil { get; init; }
}

/// <summary>Takes what is handed out of somebody. Rows are written as they come; nothing is kept in memory.</summary>
public interface IPersonArchive
{
    /// <summary>Begins a list. Its name stands in documents that others read by machine: it never changes.</summary>
    Task ListAsync(string name, string title);

    /// <summary>A row of the list that was begun last.</summary>
    Task RowAsync(params IReadOnlyList<PersonValue> values);

    /// <summary>Takes a file along. Returns under which path it lies in the archive; null: its bytes are not there.</summary>
    string? File(Guid fileId, string name, string? mimeType);
}

/// <summary>One thing that is known.</summary>
/// <param name="Name">For machines; it never changes.</param>
/// <param name="Label">For people.</param>
/// <param name="Value">Text; null: nothing is known, and nothing is written.</param>
public sealed record PersonValue(string Name, string Label, string? Value)
{
    /// <summary>It is the path of a file in the archive.</summary>
    public bool IsFile { get; init; }
}
