using Inforzap.Requests;

namespace Inforzap.Contracts.Settings;

/// <summary>Switches and company data, at most two seconds old on every node. Read on each action, never kept.</summary>
public interface ISettings
{
    /// <summary>The value, or the setting's default.</summary>
    string Get(Setting setting);

    /// <summary>The value of a switch.</summary>
    bool Is(Setting setting);

    /// <summary>The company's time zone.</summary>
    TimeZoneInfo TimeZone { get; }

    /// <summary>Reads them all anew: for commands that start nothing of what runs, and so would know defaults only.</summary>
    Task LoadAsync(CancellationToken ct = default);
}

/// <summary>A setting: its stored name and its default.</summary>
public sealed record Setting(string Name, string Default)
{
    /// <summary>Company name.</summary>
    public static readonly Setting CompanyName = new("company.name", "");
    /// <summary>IANA time zone.</summary>
    public static readonly Setting TimeZone = new("company.timezone", "America/Sao_Paulo");
    /// <summary>The address under which customers and providers reach the product; <c>Public__Url</c> goes before it.</summary>
    public static readonly Setting PublicUrl = new("company.public-url", "");
    /// <summary>Language of texts that nobody in particular reads: messages to customers, lanes.</summary>
    public static readonly Setting Language = new("company.language", "pt-BR");
    /// <summary>Country code for numbers without one.</summary>
    public static readonly Setting CountryCode = new("company.country-code", "55");

    /// <summary>Roles, apart by commas, that sign in with a second step.</summary>
    public static readonly Setting TwoFactorRoles = new("security.two-factor-roles", "");

    /// <summary>Only owner and administrators see a ticket that somebody took.</summary>
    public static readonly Setting HideOthersTickets = new("tickets.hide-others", "true");
    /// <summary>Everybody sees tickets that have neither user nor queue.</summary>
    public static readonly Setting ShowUnassigned = new("tickets.show-unassigned", "false");
    /// <summary>Agents may look into a pending ticket without taking it.</summary>
    public static readonly Setting AllowPeek = new("tickets.allow-peek", "true");
    /// <summary>Agents may reopen closed tickets.</summary>
    public static readonly Setting AgentsReopen = new("tickets.agents-reopen", "true");
    /// <summary>Transfers may name a user who is no member of the queue.</summary>
    public static readonly Setting TransferOutsideQueue = new("tickets.transfer-outside-queue", "true");
    /// <summary>A transfer to a user opens the ticket with them; otherwise it is pending for them.</summary>
    public static readonly Setting TransferOpens = new("tickets.transfer-opens", "true");
    /// <summary>A customer who writes within so many minutes after closing reopens the same ticket; 0 always makes a new one.</summary>
    public static readonly Setting ReopenMinutes = new("tickets.reopen-minutes", "0");
    /// <summary>Nobody closes a ticket without saying why, where reasons are offered.</summary>
    public static readonly Setting RequireReason = new("tickets.require-reason", "false");
    /// <summary>Nobody closes a ticket without a note.</summary>
    public static readonly Setting RequireClosingNote = new("tickets.require-closing-note", "false");
    /// <summary>Counters stand on the tabs.</summary>
    public static readonly Setting Counters = new("tickets.counters", "true");
    /// <summary>Users can't switch their signature off.</summary>
    public static readonly Setting ForceSignature = new("tickets.force-signature", "false");
    /// <summary>How many tickets a list shows at first and per 'load more'.</summary>
    public static readonly Setting ListSize = new("tickets.list-size", "50");

    /// <summary>Letters before the digits of protocols.</summary>
    public static readonly Setting ProtocolPrefix = new("protocols.prefix", "");
    /// <summary>What tells a customer their protocol; with variables.</summary>
    public static readonly Setting ProtocolText = new("protocols.text", "Seu número de protocolo é {{protocolo}}.");
    /// <summary>Each service gets a protocol by itself when it begins; otherwise when the first one is needed.</summary>
    public static readonly Setting ProtocolAutomatic = new("protocols.automatic", "false");
}

/// <summary>A variable of the company as other modules may read it.</summary>
public sealed record CompanyVariableView
{
    /// <summary>Identity.</summary>
    public Guid Id { get; init; }
    /// <summary>As it is typed between the braces.</summary>
    public string Key { get; init; } = "";
    /// <summary>What stands there for customers.</summary>
    public string Value { get; init; } = "";
    /// <summary>What it is for, if somebody said so.</summary>
    public string? Description { get; init; }
}

/// <summary>Changes settings, named as stored. Unknown names are refused.</summary>
[Allow("settings.edit")]
public sealed record ChangeSettings([property: NotEmpty] IReadOnlyDictionary<string, string> Values) : IRequest;
