using System.ComponentModel.DataAnnotations;
using Inforzap.Audit;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tickets.Desk;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Protocols;

/// <summary>Another subject or description. The number stays, whatever the customer was told.</summary>
/// <param name="Version">What the row had when it was read.</param>
[Allow("protocols.edit")]
public sealed record ChangeProtocol(
    [property: NotEmpty] Guid Id, [property: StringLength(Protocol.MaxSubject), Called("ProtocolSubject")] string? Subject,
    [property: StringLength(Protocol.MaxDescription), Called("ProtocolDescription")] string? Description, int Version) : IRequest;

/// <summary>What the company says with a protocol, what stands before its digits, and whether each ticket gets one by itself.</summary>
[Allow("settings.edit")]
public sealed record SaveProtocolSettings(
    [property: NotEmpty, StringLength(SaveProtocolSettings.MaxText), Called("ProtocolText")] string Text,
    [property: StringLength(8), RegularExpression("^[A-Za-z]*$"), Called("ProtocolPrefix")] string? Prefix, bool Automatic) : IRequest
{
    /// <summary>The longest text.</summary>
    public const int MaxText = 200;
}

internal sealed class ChangeProtocolHandler(InforzapDb db, TicketAccess access, ISettings settings, IStringLocalizer<Texts> t) : IRequestHandler<ChangeProtocol, Unit>
{
    public async Task<Unit> Handle(ChangeProtocol request, CancellationToken ct)
    {
        var found = await (from p in db.Protocols join x in db.Tickets.VisibleTo(access.Actor, settings, db) on p.TicketId equals x.Id where p.Id == request.Id select new { p, x }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound(t["ProtocolGone"]);
        var protocol = found.p;
        if (protocol.Version != request.Version) throw Refusal.Conflict(t["ProtocolChanged", protocol.Number]);
        var (subject, description) = (MakeProtocolHandler.Clean(request.Subject), MakeProtocolHandler.Clean(request.Description));
        Audit(protocol, "Subject", protocol.Subject, subject);
        Audit(protocol, "Description", protocol.Description, description);
        (protocol.Subject, protocol.Description) = (subject, description);
        await db.SaveChangesAsync(ct);
        db.Touch(Live.Topics.Protocols);
        db.TouchTicket(found.x);
        return Unit.Value;
    }

    // Not by attribute: each service makes one, which is nobody's decision.
    private void Audit(Protocol protocol, string field, string? before, string? after) => db.Audit("protocol", protocol.Id, protocol.Number, field, Words(before), Words(after));

    private static IEnumerable<string> Words(string? text) => text is null ? [] : [text];
}

internal sealed class SaveProtocolSettingsHandler(IMediator mediator, TextRenderer renderer, IStringLocalizer<Texts> t) : IRequestHandler<SaveProtocolSettings, Unit>
{
    public async Task<Unit> Handle(SaveProtocolSettings request, CancellationToken ct)
    {
        var text = CleanText.Of(request.Text.Trim());
        if (text.Any(char.IsControl)) throw At(t["ProtocolTextLine"]);
        if (!VariableText.NamesIn(text).Contains("protocolo", StringComparer.OrdinalIgnoreCase)) throw At(t["ProtocolTextWithout", VariableText.Of("protocolo")]);
        if (VariableText.UnknownIn(text, await renderer.NamesAsync(ct)) is { Count: > 0 } unknown) throw At(t["UnknownVariables", VariableText.Of(unknown)]);
        await mediator.Send(new ChangeSettings(new Dictionary<string, string>
        {
            [Setting.ProtocolText.Name] = text, [Setting.ProtocolPrefix.Name] = (request.Prefix ?? "").Trim().ToUpperInvariant(), [Setting.ProtocolAutomatic.Name] = request.Automatic ? "true" : "false",
        }), ct);
        return Unit.Value;
    }

    private static Refusal At(string message) => Refusal.At(nameof(SaveProtocolSettings.Text), message);
}
