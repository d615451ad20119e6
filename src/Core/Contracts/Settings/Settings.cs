using System.Reflection;
using Inforzap.Requests;

namespace Inforzap.Contracts.Settings;

/// <summary>Switches and company data, at most two seconds old on every node. Read on each action, never kept.</summary>
public interface ISettings
{
    /// <summary>The value, or the setting's default.</summary>
    string Get(Setting setting);

    /// <summary>The value of a switch.</summary>
    bool Is(Setting setting);

    /// <summary>What the operator set that goes before the screen's value, by its name; null when the screen decides.</summary>
    string? FixedBy(Setting setting) => null;

    /// <summary>The company's time zone.</summary>
    TimeZoneInfo TimeZone { get; }

    /// <summary>Reads them all anew: for commands that start nothing of what runs, and so would know defaults only.</summary>
    Task LoadAsync(CancellationToken ct = default);
}

/// <summary>A setting: its stored name and its default. What it takes is said here once, for every caller.</summary>
public sealed record Setting(string Name, string Default)
{
    /// <summary>What kind of value it takes.</summary>
    public SettingKind Kind { get; init; }
    /// <summary>The smallest number; for texts, the fewest characters.</summary>
    public int Least { get; init; }
    /// <summary>The largest number; for texts, the most characters.</summary>
    public int Most { get; init; } = 200;
    /// <summary>Of addresses only those with https.</summary>
    public bool IsSecure { get; init; }
    /// <summary>It is set where what it is about is looked after, and not among the general ones.</summary>
    public bool HasOwnPage { get; init; }
    /// <summary>The words that are taken, where it takes only some.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Company name.</summary>
    public static readonly Setting CompanyName = new("company.name", "") { Most = 120 };
    /// <summary>The colour of buttons and links; each is one that can be read in light and dark.</summary>
    public static readonly Setting CompanyColor = new("company.color", "Teal") { Kind = SettingKind.Choice, Choices = ["Teal", "Blue", "Violet", "Green", "Rose", "Orange", "Graphite"] };
    /// <summary>IANA time zone.</summary>
    public static readonly Setting TimeZone = new("company.timezone", "America/Sao_Paulo") { Kind = SettingKind.TimeZone, Least = 1 };
    /// <summary>The address under which customers and providers reach the product; <c>Public__Url</c> goes before it.</summary>
    public static readonly Setting PublicUrl = new("company.public-url", "") { Kind = SettingKind.Url };
    /// <summary>Language of texts that nobody in particular reads: messages to customers, lanes.</summary>
    public static readonly Setting Language = new("company.language", "pt-BR") { Kind = SettingKind.Choice, Choices = Languages.All };
    /// <summary>Country code for numbers without one.</summary>
    public static readonly Setting CountryCode = new("company.country-code", "55") { Kind = SettingKind.Number, Least = 1, Most = 999 };

    /// <summary>Roles, apart by commas, that sign in with a second step.</summary>
    public static readonly Setting TwoFactorRoles = new("security.two-factor-roles", "")
    {
        Kind = SettingKind.Choices, Choices = [nameof(BuiltInRoles.Administrator), nameof(BuiltInRoles.Supervisor), nameof(BuiltInRoles.Agent)],
    };
    /// <summary>Whoever signs in ends their other sessions.</summary>
    public static readonly Setting SingleSession = Switch("security.single-session", false);
    /// <summary>Addresses, apart by commas, that get a mail when something is wrong.</summary>
    public static readonly Setting AlarmMails = new("mail.alarms", "") { Kind = SettingKind.Emails, Most = 1000 };

    /// <summary>The largest file that is taken, in megabytes; <c>Files__MaxMegabytes</c> goes before it.</summary>
    public static readonly Setting MaxMegabytes = new("files.max-megabytes", "25") { Kind = SettingKind.Number, Least = 1, Most = 500 };

    /// <summary>Only owner and administrators see a ticket that somebody took.</summary>
    public static readonly Setting HideOthersTickets = Switch("tickets.hide-others", true);
    /// <summary>Everybody sees tickets that have neither user nor queue.</summary>
    public static readonly Setting ShowUnassigned = Switch("tickets.show-unassigned", false);
    /// <summary>Agents may look into a pending ticket without taking it.</summary>
    public static readonly Setting AllowPeek = Switch("tickets.allow-peek", true);
    /// <summary>Agents may reopen closed tickets.</summary>
    public static readonly Setting AgentsReopen = Switch("tickets.agents-reopen", true);
    /// <summary>Transfers may name a user who is no member of the queue.</summary>
    public static readonly Setting TransferOutsideQueue = Switch("tickets.transfer-outside-queue", true);
    /// <summary>A transfer to a user opens the ticket with them; otherwise it is pending for them.</summary>
    public static readonly Setting TransferOpens = Switch("tickets.transfer-opens", true);
    /// <summary>A customer who writes within so many minutes after closing reopens the same ticket; 0 always makes a new one.</summary>
    public static readonly Setting ReopenMinutes = new("tickets.reopen-minutes", "0") { Kind = SettingKind.Number, Most = 43_200 };
    /// <summary>What is written in groups is not taken in.</summary>
    public static readonly Setting IgnoreGroups = Switch("tickets.ignore-groups", false);
    /// <summary>Nobody closes a ticket without saying why, where reasons are offered.</summary>
    public static readonly Setting RequireReason = Switch("tickets.require-reason", false);
    /// <summary>Nobody closes a ticket without a note.</summary>
    public static readonly Setting RequireClosingNote = Switch("tickets.require-closing-note", false);
    /// <summary>Agents see what customers answered about their own service.</summary>
    public static readonly Setting UsersSeeOwnRatings = Switch("tickets.own-ratings", false);
    /// <summary>Nobody closes a ticket whose contact has no tag, where there are tags to put on.</summary>
    public static readonly Setting RequireClosingTag = Switch("tickets.require-closing-tag", false);
    /// <summary>Of each contact's closed tickets the list shows the last one.</summary>
    public static readonly Setting ClosedOnce = Switch("tickets.closed-once", false);
    /// <summary>Counters stand on the tabs.</summary>
    public static readonly Setting Counters = Switch("tickets.counters", true);
    /// <summary>Users can't switch their signature off.</summary>
    public static readonly Setting ForceSignature = Switch("tickets.force-signature", false);
    /// <summary>Where rooms for video calls are made; empty: nobody is offered any.</summary>
    public static readonly Setting VideoCallUrl = new("tickets.video-call-url", "https://meet.jit.si") { Kind = SettingKind.Url, IsSecure = true };
    /// <summary>How many tickets a list shows at first and per 'load more'.</summary>
    public static readonly Setting ListSize = new("tickets.list-size", "50") { Kind = SettingKind.Number, Least = 10, Most = 500 };

    /// <summary>A mere thank-you soon after a person closed the ticket opens none.</summary>
    public static readonly Setting QuietThanks = Switch("tickets.quiet-thanks", true);

    /// <summary>Who lacks contacts.see-phones reads numbers masked.</summary>
    public static readonly Setting HidePhones = Switch("contacts.hide-phones", false);
    /// <summary>The address book is for those who hold contacts.list-all.</summary>
    public static readonly Setting ContactsForLeads = Switch("contacts.list-for-leads", false);
    /// <summary>Who writes without an active ticket is served by whoever looks after them.</summary>
    public static readonly Setting ForceOwner = Switch("owners.force", false);
    /// <summary>What becomes of it when none of them can be counted on: see <see cref="OwnerAway"/>.</summary>
    public static readonly Setting WhenOwnerAway = new("owners.when-away", OwnerAway.Waits) { Kind = SettingKind.Choice, Choices = [OwnerAway.Waits, OwnerAway.Queue, OwnerAway.Given] };
    /// <summary>So many minutes it waits for them then.</summary>
    public static readonly Setting OwnerMinutes = new("owners.minutes", "10") { Kind = SettingKind.Number, Least = 1, Most = 1_440 };
    /// <summary>Contacts that somebody looks after are theirs alone, and of those who hold owners.see-all.</summary>
    public static readonly Setting OwnersOnly = Switch("owners.only", false);
    /// <summary>Of a conversation people read what was said in their queues or with themselves.</summary>
    public static readonly Setting OwnQueueHistory = Switch("tickets.own-queue-history", false);
    /// <summary>Who still reads what was deleted, and what stood there before an edit.</summary>
    public static readonly Setting DeletedMessages = new("tickets.deleted-messages", Readers.Everybody)
    {
        Kind = SettingKind.Choice, Choices = [Readers.Everybody, Readers.Leads, Readers.Nobody],
    };
    /// <summary>So many days after writing and closing the text of messages is removed; 0 keeps it.</summary>
    public static readonly Setting MessageRetentionDays = new("privacy.message-days", "0") { Kind = SettingKind.Number, Most = 36_500 };
    /// <summary>The same for their files.</summary>
    public static readonly Setting MediaRetentionDays = new("privacy.media-days", "0") { Kind = SettingKind.Number, Most = 36_500 };

    /// <summary>Words, apart by commas, by which customers say that they want no more advertising.</summary>
    public static readonly Setting OptOutWords = new("privacy.opt-out-words", "SAIR,STOP,PARAR");
    /// <summary>What they are told then; empty: nothing.</summary>
    public static readonly Setting OptOutText = new("privacy.opt-out-text", "Pronto: você não receberá mais ofertas nossas por aqui. Se precisar de atendimento, é só escrever.") { Most = 500 };

    /// <summary>Letters before the digits of protocols.</summary>
    public static readonly Setting ProtocolPrefix = new("protocols.prefix", "") { Most = 8, HasOwnPage = true };
    /// <summary>What tells a customer their protocol; with variables.</summary>
    public static readonly Setting ProtocolText = new("protocols.text", "Seu número de protocolo é {{protocolo}}.") { Most = 200, HasOwnPage = true };
    /// <summary>Each service gets a protocol by itself when it begins; otherwise when the first one is needed.</summary>
    public static readonly Setting ProtocolAutomatic = Switch("protocols.automatic", false) with { HasOwnPage = true };

    /// <summary>So many hours a scheduled message waits for a channel that is off, and may be late after a standstill; then it is not sent.</summary>
    public static readonly Setting ScheduleGrace = new("schedules.grace-hours", "24") { Kind = SettingKind.Number, Least = 1, Most = 168 };

    /// <summary>Every setting that there is, by its name.</summary>
    public static IReadOnlyDictionary<string, Setting> All { get; } = typeof(Setting).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (Setting)f.GetValue(null)!).ToDictionary(s => s.Name, StringComparer.Ordinal);

    private static Setting Switch(string name, bool isOn) => new(name, isOn ? "true" : "false") { Kind = SettingKind.Switch };
}

/// <summary>What becomes of a contact who writes while nobody who looks after them can be counted on.</summary>
public static class OwnerAway
{
    /// <summary>It waits for the first of them for some minutes, and then takes the usual way.</summary>
    public const string Waits = "Waits";
    /// <summary>It takes the usual way at once.</summary>
    public const string Queue = "Queue";
    /// <summary>The first of them gets it all the same.</summary>
    public const string Given = "Given";
}

/// <summary>For whom something is still to be read.</summary>
public static class Readers
{
    /// <summary>Whoever sees the ticket.</summary>
    public const string Everybody = "Everybody";
    /// <summary>Who looks after what others serve.</summary>
    public const string Leads = "Leads";
    /// <summary>No one.</summary>
    public const string Nobody = "Nobody";
}

/// <summary>What is kept beside the settings that people type.</summary>
public static class KeptSetting
{
    /// <summary>The id of the company's logo; empty: it has none. No page sets it as text: the id of a file gives the file away.</summary>
    public static readonly Setting Logo = new("company.logo", "");
}

/// <summary>What a setting takes.</summary>
public enum SettingKind
{
    /// <summary>A line of text.</summary>
    Text,
    /// <summary>true or false.</summary>
    Switch,
    /// <summary>A whole number.</summary>
    Number,
    /// <summary>One of some words.</summary>
    Choice,
    /// <summary>Any of some words, apart by commas.</summary>
    Choices,
    /// <summary>The name of a time zone.</summary>
    TimeZone,
    /// <summary>The address of a site, or nothing.</summary>
    Url,
    /// <summary>E-mail addresses, apart by commas.</summary>
    Emails,
}

/// <summary>What has to happen together with the change of a setting, in its transaction. Collected from the container.</summary>
public interface ISettingFollower
{
    /// <summary>The setting that it follows.</summary>
    Setting Follows { get; }

    /// <summary>It has this value from now on.</summary>
    Task FollowAsync(string value, CancellationToken ct);
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

/// <summary>Changes settings, named as stored. Unknown names, and values that a setting does not take, are refused; nothing is kept then.</summary>
[Allow("settings.edit")]
public sealed record ChangeSettings([property: NotEmpty] IReadOnlyDictionary<string, string> Values) : IRequest;
