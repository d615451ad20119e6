namespace Inforzap.Sdk;

/// <summary>
/// Ability: tells what was said with somebody before the product knew of it. The host asks when a person wants it, keeps only
/// what it has not got yet, and does nothing else with it: nobody is notified, no bot answers, nothing is unread.
/// </summary>
public interface IHistory
{
    /// <summary>The newest first, read page by page, so that whoever stops in between has lost nothing.</summary>
    /// <param name="on">The channel.</param>
    /// <param name="with">Whose conversation.</param>
    /// <param name="limit">No more than so many.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ProviderException">The provider did not tell, and why.</exception>
    IAsyncEnumerable<PastMessage> PastAsync(ChannelRef on, Address with, int limit, CancellationToken ct);
}

/// <summary>A message that was said before.</summary>
/// <param name="ProviderId">The provider's id of it: by this the host knows whether it has it.</param>
/// <param name="At">When it was said, by the provider's clock, UTC.</param>
/// <param name="IsOurs">The company wrote it.</param>
/// <param name="Content">What it says.</param>
public sealed record PastMessage(string ProviderId, DateTime At, bool IsOurs, Content Content)
{
    /// <summary>The provider's id of the message that this one answers.</summary>
    public string? QuotedProviderId { get; init; }
    /// <summary>Who wrote it, when it was written in a group.</summary>
    public Address? Participant { get; init; }
    /// <summary>How far one of ours came; null when the provider does not say.</summary>
    public ReceiptState? State { get; init; }
}

/// <summary>Ability: tells whom the channel's account has in its own address book.</summary>
public interface IAddressBook
{
    /// <summary>Everybody but groups and the account itself, page by page.</summary>
    /// <exception cref="ProviderException">The provider did not tell, and why.</exception>
    IAsyncEnumerable<BookEntry> EntriesAsync(ChannelRef on, CancellationToken ct);
}

/// <summary>Somebody in the address book of an account.</summary>
/// <param name="Address">Where they are written to. Its name is what they call themselves.</param>
/// <param name="Name">How the account's owner calls them; null when they only wrote to each other.</param>
public sealed record BookEntry(Address Address, string? Name = null)
{
    /// <summary>Further addresses of the same person.</summary>
    public IReadOnlyList<Address> AlsoKnownAs { get; init; } = [];
}

/// <summary>The provider refused, or could not be asked.</summary>
public sealed class ProviderException : Exception
{
    /// <summary>With the reason that people see.</summary>
    public ProviderException(string message) : base(message) { }
    /// <summary>With a general reason.</summary>
    public ProviderException() : base("refused") { }
    /// <summary>With reason and cause.</summary>
    public ProviderException(string message, Exception inner) : base(message, inner) { }
}
