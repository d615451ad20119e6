namespace Inforzap.Variables;

/// <summary>A variable that the product fills in.</summary>
/// <param name="Name">As it is typed between the braces.</param>
/// <param name="Text">Key of the kernel's text that says what it stands for.</param>
public sealed record SystemVariable(string Name, string Text);

/// <summary>The variables that are always there.</summary>
public static class SystemVariables
{
    /// <summary>In the order in which they are offered.</summary>
    public static IReadOnlyList<SystemVariable> All { get; } =
    [
        new("primeiroNome", "VariableFirstName"),
        new("nome", "VariableName"),
        new("saudacao", "VariableGreeting"),
        new("atendente", "VariableAgent"),
        new("empresa", "VariableCompany"),
        new("numero", "VariableNumber"),
        new("email", "VariableEmail"),
        new("ticketId", "VariableTicket"),
        new("data", "VariableDate"),
        new("hora", "VariableTime"),
        new("fila", "VariableQueue"),
        new("emailAtendente", "VariableAgentEmail"),
        new("canal", "VariableChannel"),
        new("grupo", "VariableGroup"),
        new("protocolo", "VariableProtocol"),
    ];

    // Not offered everywhere, since only some texts know them, but nobody shall give them another meaning.
    private static readonly HashSet<string> Taken = new(All.Select(v => v.Name).Concat(["abertura", "posicao"]), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the product keeps this name for itself.</summary>
    public static bool IsTaken(string name) => Taken.Contains(name);
}

/// <summary>What is known where a text is rendered; what isn't stays null.</summary>
public sealed record VariableFacts
{
    /// <summary>Whose own fields a text may name; null: nobody's, and all of them give their defaults.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>A preview: fields of contacts show what they are called.</summary>
    internal bool IsSample { get; init; }
    /// <summary>What agents call the contact.</summary>
    public string? ContactName { get; init; }
    /// <summary>The contact's number, as people write it.</summary>
    public string? ContactNumber { get; init; }
    /// <summary>The contact's e-mail.</summary>
    public string? ContactEmail { get; init; }
    /// <summary>The number by which people call the ticket.</summary>
    public long? TicketNumber { get; init; }
    /// <summary>Name of the queue.</summary>
    public string? Queue { get; init; }
    /// <summary>Name of who writes.</summary>
    public string? Agent { get; init; }
    /// <summary>E-mail of who writes.</summary>
    public string? AgentEmail { get; init; }
    /// <summary>Name of the channel.</summary>
    public string? Channel { get; init; }
    /// <summary>Name of the group, where the conversation is one.</summary>
    public string? Group { get; init; }

    /// <summary>The protocol of the service, which may be made only now: asked for where a text names it, and not otherwise.</summary>
    public Func<CancellationToken, Task<string?>>? ProtocolAsync { get; init; }

    /// <summary>A contact who is called by a number has told no name yet.</summary>
    internal string? KnownName => string.IsNullOrWhiteSpace(ContactName) || ContactName[0] == '+' || char.IsAsciiDigit(ContactName[0]) ? null : ContactName.Trim();

    internal string? FirstName => KnownName?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
}
