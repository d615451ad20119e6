using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Variables;

/// <summary>The variables to choose from while writing a text: the product's, then the company's by name, then those that only some contacts have.</summary>
[Allow, Reads]
public sealed record OfferVariables : IRequest<IReadOnlyList<OfferedVariable>>;

/// <summary>A variable to choose.</summary>
/// <param name="Name">As it is typed between the braces.</param>
/// <param name="Words">What it stands for.</param>
public sealed record OfferedVariable(string Name, string Words);

/// <summary>How a text would look to a customer, with made-up people.</summary>
[Allow, Reads]
public sealed record PreviewText([property: StringLength(CleanText.MaxBody), Called("Body")] string Text) : IRequest<RenderedText>;

internal sealed class OfferVariablesHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<OfferVariables, IReadOnlyList<OfferedVariable>>
{
    public async Task<IReadOnlyList<OfferedVariable>> Handle(OfferVariables request, CancellationToken ct)
    {
        var own = await db.Set<CompanyVariableView>().OrderBy(v => v.Key).ToListAsync(ct);
        var taken = SystemVariables.All.Select(v => v.Name).Concat(own.Select(v => v.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var fields = await db.Set<FieldKeyView>().Where(k => k.IsUsed).OrderBy(k => k.Key).Take(200).ToListAsync(ct);
        return [.. SystemVariables.All.Select(v => new OfferedVariable(v.Name, t[v.Text])), .. own.Select(v => new OfferedVariable(v.Key, v.Description is { Length: > 0 } words ? words : v.Value)),
            .. fields.Where(k => !taken.Contains(k.Key) && !SystemVariables.IsTaken(k.Key)).Select(k => new OfferedVariable(k.Key, t["VariableField", k.Label]))];
    }
}

internal sealed class PreviewTextHandler(TextRenderer renderer, IActor actor, IStringLocalizer<Texts> t) : IRequestHandler<PreviewText, RenderedText>
{
    public Task<RenderedText> Handle(PreviewText request, CancellationToken ct) => renderer.RenderAsync(request.Text, new VariableFacts
    {
        IsSample = true, ContactName = t["SampleContact"], ContactNumber = "+55 11 94002-8922", ContactEmail = "maria@example.com", TicketNumber = 1024,
        Queue = t["SampleQueue"], Agent = actor.Name, AgentEmail = "atendente@example.com", Channel = "WhatsApp", Group = t["SampleGroup"], ProtocolAsync = _ => Task.FromResult<string?>("202611300000015"),
    }, ct);
}
