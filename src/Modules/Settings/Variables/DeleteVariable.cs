using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.Variables;

/// <summary>Deletes a variable. Texts that still name it are not sent any more until somebody corrects them.</summary>
[Allow("settings.edit")]
internal sealed record DeleteVariable([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Where a variable still stands, as far as modules say: only places with any.</summary>
[Allow("settings.edit"), Reads]
internal sealed record FindVariableUses([property: NotEmpty] Guid Id) : IRequest<IReadOnlyList<VariablePlaces>>;

internal sealed class DeleteVariableHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeleteVariable, Unit>
{
    public async Task<Unit> Handle(DeleteVariable request, CancellationToken ct)
    {
        db.Remove(await db.CompanyVariables.SingleOrDefaultAsync(v => v.Id == request.Id, ct) ?? throw Refusal.NotFound(t["VariableGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Variables);
        return Unit.Value;
    }
}

internal sealed class FindVariableUsesHandler(InforzapDb db, IEnumerable<IVariableUse> uses, IStringLocalizer<Texts> t)
    : IRequestHandler<FindVariableUses, IReadOnlyList<VariablePlaces>>
{
    public async Task<IReadOnlyList<VariablePlaces>> Handle(FindVariableUses request, CancellationToken ct)
    {
        var key = await db.CompanyVariables.Where(v => v.Id == request.Id).Select(v => v.Key).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound(t["VariableGone"]);
        var places = new List<VariablePlaces>();
        foreach (var use in uses) places.Add(await use.CountAsync(key, ct));
        return places.FindAll(p => p.Count > 0);
    }
}
