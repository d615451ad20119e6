using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Closing;

/// <summary>What customers are told when their ticket is closed.</summary>
[Allow("closings.see"), Reads]
internal sealed record ListFarewells([property: StringLength(100), Called("SearchFarewells")] string? Text = null, bool? Active = null) : IRequest<FarewellList>;

/// <summary>The rows that match, how many there are in all, and the places to choose from.</summary>
internal sealed record FarewellList(IReadOnlyList<FarewellRow> Rows, int Total, IReadOnlyList<PlaceRow> Queues, IReadOnlyList<PlaceRow> Channels);

/// <summary>A farewell in the list.</summary>
/// <param name="Queues">Where it is offered; nothing: in all queues.</param>
/// <param name="Channels">Where it is offered; nothing: on all channels.</param>
public sealed record FarewellRow(Guid Id, string Name, string Text, bool IsDefault, int Order, bool IsActive, IReadOnlyList<Guid> Queues, IReadOnlyList<Guid> Channels, int Version);

/// <summary>Makes a farewell, or changes one.</summary>
[Allow("closings.edit")]
internal sealed record SaveFarewell(
    Guid? Id,
    [property: NotEmpty, StringLength(60), Called("FarewellName")] string Name,
    [property: NotEmpty, StringLength(Farewell.MaxText), Called("FarewellText")] string Text,
    bool IsDefault,
    [property: Range(0, 9999), Called("QueueOrder")] int Order,
    IReadOnlyList<Guid> Queues,
    IReadOnlyList<Guid> Channels,
    int? Version) : IRequest<Guid>;

/// <summary>Takes a farewell out of use, or into use again.</summary>
[Allow("closings.edit")]
internal sealed record SwitchFarewell([property: NotEmpty] Guid Id, bool IsActive) : IRequest;

/// <summary>Deletes a farewell. What was said with it stays said.</summary>
[Allow("closings.edit")]
internal sealed record DeleteFarewell([property: NotEmpty] Guid Id) : IRequest;

internal sealed class ListFarewellsHandler(InforzapDb db, ClosingScope scope, IChannelDirectory channels) : IRequestHandler<ListFarewells, FarewellList>
{
    private const int Most = 500;

    public async Task<FarewellList> Handle(ListFarewells request, CancellationToken ct)
    {
        var farewells = db.Farewells.AsNoTracking();
        var total = await farewells.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            farewells = farewells.Where(f => EF.Functions.Like(f.SearchText, like, "\\"));
        }
        if (request.Active is { } active) farewells = farewells.Where(f => f.IsActive == active);
        var places = await scope.AllAsync(ct);
        var rows = (await farewells.OrderBy(f => f.Order).ThenBy(f => f.Name).Take(Most).ToListAsync(ct)).Select(f => new FarewellRow(f.Id, f.Name, f.Text, f.IsDefault, f.Order, f.IsActive,
            Of(ClosingPlaceKind.Queue, f), Of(ClosingPlaceKind.Channel, f), f.Version));
        return new([.. rows], total, await db.PlacesAsync(ct), [.. channels.All.Select(c => new PlaceRow(c.Id, c.Name, null, true))]);

        IReadOnlyList<Guid> Of(ClosingPlaceKind kind, Farewell f) => [.. places[f.Id].Where(p => p.Kind == kind).Select(p => p.PlaceId)];
    }
}

internal sealed class SaveFarewellHandler(InforzapDb db, ClosingScope scope, TextRenderer renderer, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveFarewell, Guid>
{
    public async Task<Guid> Handle(SaveFarewell request, CancellationToken ct)
    {
        var (name, text) = (CleanText.Of(request.Name.Trim()), CleanText.Of(request.Text.Trim()));
        await renderer.RequireKnownAsync(nameof(request.Text), text, t, ct);
        var taken = Refusal.At(nameof(request.Name), t["FarewellNameTaken", name]);
        if (await db.Farewells.AnyAsync(f => f.Name == name && f.Id != request.Id, ct)) throw taken;
        var farewell = request.Id is { } id ? await db.Farewells.SingleOrDefaultAsync(f => f.Id == id, ct) ?? throw Refusal.NotFound(t["FarewellGone"]) : null;
        if (farewell is null) db.Add(farewell = new Farewell { Id = Guid.CreateVersion7(), Name = name, Text = text, CreatedAt = clock.GetUtcNow().UtcDateTime });
        else if (farewell.Version != request.Version) throw Refusal.Conflict(t["FarewellChanged", farewell.Name]);
        (farewell.Name, farewell.Text, farewell.IsDefault, farewell.Order, farewell.SearchText) = (name, text, request.IsDefault, request.Order, SearchText.Of(1200, name, text));
        await scope.SetAsync("farewell", farewell.Id, name, request.Queues, request.Channels, ct);
        await db.SaveUniqueAsync(taken, ct);
        db.Touch(Topics.Closings);
        return farewell.Id;
    }
}

internal sealed class SwitchFarewellHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<SwitchFarewell, Unit>
{
    public async Task<Unit> Handle(SwitchFarewell request, CancellationToken ct)
    {
        var farewell = await db.Farewells.SingleOrDefaultAsync(f => f.Id == request.Id, ct) ?? throw Refusal.NotFound(t["FarewellGone"]);
        farewell.IsActive = request.IsActive;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}

internal sealed class DeleteFarewellHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteFarewell, Unit>
{
    public async Task<Unit> Handle(DeleteFarewell request, CancellationToken ct)
    {
        var farewell = await db.Farewells.SingleOrDefaultAsync(f => f.Id == request.Id, ct) ?? throw Refusal.NotFound(t["FarewellGone"]);
        db.RemoveRange(await db.ClosingPlaces.Where(p => p.OwnerId == farewell.Id).ToListAsync(ct));
        db.Remove(farewell);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Closings);
        return Unit.Value;
    }
}

/// <summary>In how many farewells and rules a variable stands.</summary>
internal sealed class ClosingVariables(InforzapDb db, IStringLocalizer<Texts> t) : IVariableUse
{
    public async Task<VariablePlaces> CountAsync(string name, CancellationToken ct)
    {
        var farewells = await db.Farewells.Where(f => f.Text.Contains("{{")).Select(f => f.Text).ToListAsync(ct);
        var rules = await db.QuietRules.Where(r => r.Text!.Contains("{{") || r.WarnText!.Contains("{{")).Select(r => r.Text + " " + r.WarnText).ToListAsync(ct);
        return new(t["Closings"], farewells.Concat(rules).Count(text => VariableText.NamesIn(text).Contains(name, StringComparer.OrdinalIgnoreCase)));
    }
}

internal static class KnownVariables
{
    /// <summary>Refuses a text that names a variable that does not exist.</summary>
    public static async Task RequireKnownAsync(this TextRenderer renderer, string field, string? text, IStringLocalizer<Texts> t, CancellationToken ct)
    {
        if (text is not null && VariableText.UnknownIn(text, await renderer.NamesAsync(ct)) is { Count: > 0 } unknown)
            throw Refusal.At(field, t["QuickUnknownVariable", VariableText.Of(unknown)]);
    }
}
