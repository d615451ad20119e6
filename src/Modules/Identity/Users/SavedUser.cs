namespace Inforzap.Identity.Users;

/// <summary>What the drawer saved.</summary>
public sealed record SavedUser(Guid Id, string Name, bool NeedsLink);
