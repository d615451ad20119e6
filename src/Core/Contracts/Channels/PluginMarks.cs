using Inforzap.Requests;

namespace Inforzap.Contracts.Channels;

/// <summary>What the product remembers of plugins, by id: for whoever loads them.</summary>
[AllowSystem, Reads]
public sealed record ReadPluginMarks : IRequest<IReadOnlyDictionary<string, PluginMark>>;

/// <summary>What the product remembers of a plugin.</summary>
/// <param name="ApprovedHash">SHA-256 of the manifest that an administrator approved.</param>
/// <param name="IsDisabled">It is not to be loaded.</param>
/// <param name="Reason">Why, if not since a person said so.</param>
public sealed record PluginMark(string? ApprovedHash, bool IsDisabled, string? Reason);

/// <summary>Switches a plugin off since it ended the process.</summary>
[AllowSystem]
public sealed record SwitchPluginOff(string PluginId, string Reason) : IRequest;
