namespace Inforzap.Sdk;

/// <summary>Answers before people do. It is asked once for each customer message while it holds the ticket.</summary>
public interface IBot
{
    /// <summary>What to do next. An exception hands the ticket over to people.</summary>
    Task<BotReply> ReplyAsync(BotTurn turn, CancellationToken ct);
}

/// <summary>What a bot is told.</summary>
/// <param name="TicketId">Which ticket.</param>
/// <param name="Contact">Who writes.</param>
/// <param name="Content">What was written; null when the bot starts.</param>
/// <param name="Variables">What is known so far.</param>
/// <param name="State">What the bot gave back last time, opaque to the host.</param>
/// <param name="Form">The bot's settings, secrets in clear.</param>
public sealed record BotTurn(
    Guid TicketId, Address Contact, Content? Content, IReadOnlyDictionary<string, string> Variables, string? State, object Form)
{
    /// <summary>The bot's settings.</summary>
    public T Settings<T>() where T : class => (T)Form;

    /// <summary>Names the ticket only.</summary>
    public override string ToString() => TicketId.ToString();
}

/// <summary>What a bot wants done, in order.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="State">To be given back at the next turn.</param>
public sealed record BotReply(IReadOnlyList<BotStep> Steps, string? State = null);

/// <summary>One step of a bot.</summary>
public abstract record BotStep;
/// <summary>Say it.</summary>
public sealed record Say(Content Content) : BotStep;
/// <summary>Say it, and keep the answer under a name.</summary>
public sealed record Ask(Content Content, string Variable) : BotStep;
/// <summary>Give the ticket to people, in a queue if one is named.</summary>
public sealed record HandOver(string? Queue = null) : BotStep;
/// <summary>Close the ticket.</summary>
public sealed record End : BotStep;
/// <summary>Remember values.</summary>
public sealed record SetVariables(IReadOnlyDictionary<string, string> Values) : BotStep;
