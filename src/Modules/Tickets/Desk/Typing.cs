using Inforzap.Live;

namespace Inforzap.Tickets.Desk;

/// <summary>'Is typing', said in passing and kept nowhere.</summary>
public static class TypingTopics
{
    /// <summary>The customer types: agents hear a bool.</summary>
    public static string OfCustomer(Guid channelId, Guid contactId) => Topics.Conversation(channelId, contactId) + "/customer";

    /// <summary>An agent types: the customer's page and colleagues hear a bool.</summary>
    public static string OfAgent(Guid channelId, Guid contactId) => Topics.Conversation(channelId, contactId) + "/agent";
}
