using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Templates;

/// <summary>
/// Sends a message in a wording that the channel's provider knows, also where the reply window is shut. The wording is the one that was
/// last heard of; the caller says only which one and what stands for its variables, where the product's own variables may stand in turn.
/// </summary>
/// <param name="TicketId">In which ticket.</param>
/// <param name="MessageId">Made by whoever writes; the same twice makes one message.</param>
/// <param name="Name">Of the template.</param>
/// <param name="Language">Of the template.</param>
/// <param name="Values">By <see cref="TemplateField.Key"/>; one for each.</param>
/// <param name="MediaId">An upload of the caller for this ticket, for a template with a file above it.</param>
[Allow("tickets.answer")]
public sealed record SendTemplate(
    [property: NotEmpty] Guid TicketId, [property: NotEmpty] Guid MessageId, [property: NotEmpty, StringLength(200), Called("Template")] string Name, [property: NotEmpty, StringLength(20), Called("Template")] string Language,
    IReadOnlyDictionary<string, string> Values, Guid? MediaId = null) : IRequest<SentMessage>;

internal sealed class SendTemplateHandler(TicketAccess access, TicketFacts facts, TextRenderer renderer, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<SendTemplate, SentMessage>
{
    public async Task<SentMessage> Handle(SendTemplate request, CancellationToken ct)
    {
        var ticket = await access.ReadAsync(request.TicketId, ct);
        if (await mediator.Send(new FindTemplate(ticket.ChannelId, request.Name, request.Language), ct) is not { State: TemplateState.Approved, IsForeign: false } template) throw Refusal.Conflict(t["TemplateGone"]);
        if (TemplateFields.WantsFile(template) != request.MediaId is not null) throw Refusal.At(nameof(request.MediaId), t["TemplateFile"]);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var known = await facts.OfAsync(ticket, ct);
        foreach (var field in TemplateFields.Of(template))
        {
            var rendered = await renderer.RenderAsync(request.Values.GetValueOrDefault(field.Key) ?? "", known, ct);
            if (rendered.Unknown.Count > 0) throw Refusal.At(field.Key, t["VariableLeft", VariableText.Of(rendered.Unknown)]);
            var value = CleanText.Of(TemplateFields.OnOneLine(rendered.Text));
            if (value.Length == 0) throw Refusal.At(field.Key, t["TemplateEmpty", field.Button ?? VariableText.Of(field.Name)]);
            if (value.Length > TemplateFields.MaxValue) throw Refusal.At(field.Key, t["TemplateLong", field.Button ?? VariableText.Of(field.Name), TemplateFields.MaxValue]);
            values[field.Key] = value;
        }
        var content = TemplateFields.Fill(template, values);
        if (content.Body.Length > TemplateFields.MaxBody) throw new Refusal(t["TemplateWholeLong", TemplateFields.MaxBody]);
        return await mediator.Send(new SendMessage(request.TicketId, request.MessageId, null, request.MediaId) { Template = content }, ct);
    }
}
