using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Protocols;

/// <summary>Gerar protocolo: a number for the customer, and a message that tells it to them where that is wanted. Where it can't be sent, none is made.</summary>
/// <param name="TicketId">For which ticket.</param>
/// <param name="Id">Made by whoever asks, before the first try: asking twice makes one.</param>
/// <param name="Subject">What it is about, for colleagues.</param>
/// <param name="Description">More of it.</param>
/// <param name="Send">Tells the customer, as the caller.</param>
[Allow("protocols.make")]
public sealed record MakeProtocol(
    [property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid Id, [property: StringLength(Protocol.MaxSubject), Called("ProtocolSubject")] string? Subject = null,
    [property: StringLength(Protocol.MaxDescription), Called("ProtocolDescription")] string? Description = null, bool Send = false) : IRequest<string>;

/// <summary>What the message that tells a protocol would say in a ticket; the number is still to come.</summary>
[Allow("protocols.make"), Reads]
public sealed record PreviewProtocol([property: NotEmpty] Guid TicketId) : IRequest<string>;

internal sealed class MakeProtocolHandler(
    InforzapDb db, TicketAccess access, ProtocolMaker maker, ProtocolWords words, IRequestHandler<SendMessage, SentMessage> sender, IStringLocalizer<Texts> t) : IRequestHandler<MakeProtocol, string>
{
    public async Task<string> Handle(MakeProtocol request, CancellationToken ct)
    {
        var ticket = await access.HoldAsync(request.TicketId, ct);
        var me = access.Actor.Id;
        if (await db.Protocols.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.Id, ct) is { } before)
            return before.TicketId == ticket.Id && before.UserId == me ? before.Number : throw new Refusal(t["MessageIdTaken"]);
        if (ticket.IsGroup) throw Refusal.Conflict(t["ProtocolNoGroup"]);
        if (ticket.Status == TicketStatus.Closed) throw Refusal.Conflict(t["TicketClosed"]);
        if (request.Send && !access.Actor.May("tickets.answer")) throw Refusal.Forbidden(t["ProtocolMayNotSend"]);
        var protocol = await maker.MakeAsync(request.Id, ticket, Clean(request.Subject), Clean(request.Description), ct);
        await db.SaveChangesAsync(ct);
        if (!request.Send) return protocol.Number;
        var rendered = await words.OfAsync(ticket, protocol.Number, ct);
        // Braces in a text look broken to a customer.
        if (rendered.Unknown.Count > 0) throw new Refusal(t["UnknownVariables", string.Join(", ", rendered.Unknown)]);
        // Sending holds the ticket once more and has to load it as it is then.
        db.Entry(ticket).State = EntityState.Detached;
        await sender.Handle(new SendMessage(ticket.Id, request.Id, rendered.Text), ct);
        return protocol.Number;
    }

    internal static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : CleanText.Of(text.Trim());
}

internal sealed class PreviewProtocolHandler(TicketAccess access, ProtocolWords words, IStringLocalizer<Texts> t) : IRequestHandler<PreviewProtocol, string>
{
    public async Task<string> Handle(PreviewProtocol request, CancellationToken ct) =>
        (await words.OfAsync(await access.ReadAsync(request.TicketId, ct), t["ProtocolNumberHere"], ct)).Text;
}

/// <summary>The company's message that tells a protocol.</summary>
internal sealed class ProtocolWords(ISettings settings, TicketFacts facts, TextRenderer renderer)
{
    public async Task<RenderedText> OfAsync(Ticket ticket, string number, CancellationToken ct) =>
        await renderer.RenderAsync(settings.Get(Setting.ProtocolText), await facts.OfAsync(ticket, ct) with { ProtocolAsync = _ => Task.FromResult<string?>(number) }, ct);
}
