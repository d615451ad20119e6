using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tickets.Inbound;

/// <summary>
/// Who writes one of the words of opting out, and nothing beside it, gets no more advertising on that channel from this transaction
/// on, and is told so once.
/// </summary>
internal sealed class OptOuts(IMediator mediator, ISettings settings, HouseVoice voice)
{
    private readonly Dictionary<(Guid Channel, Guid Contact), Ticket> asked = [];
    private HashSet<string>? words;

    /// <summary>Looks at what a customer wrote.</summary>
    public void Look(InboundMessage inbound, Ticket ticket)
    {
        if (!inbound.Echo && !inbound.Notice && !ticket.IsGroup && inbound.Content is TextContent { Body: { } body } && IsWord(body)) asked[(ticket.ChannelId, ticket.ContactId)] = ticket;
    }

    /// <summary>Writes it down, and says so.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        foreach (var ((channel, contact), ticket) in asked)
            if (await mediator.Send(new OptOut(contact, channel), ct) && settings.Get(Setting.OptOutText) is { Length: > 0 } text) await voice.SayAsync(ticket, text, ct);
    }

    private bool IsWord(string body)
    {
        const int longest = 40;
        if (body.Length > longest) return false;
        var said = SearchText.Fold(body.Trim().Trim('.', '!', ' '));
        words ??= [.. settings.Get(Setting.OptOutWords).Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(SearchText.Fold)];
        return said.Length > 0 && words.Contains(said);
    }
}
