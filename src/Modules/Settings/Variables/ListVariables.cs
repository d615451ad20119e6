using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;

namespace Inforzap.Settings.Variables;

/// <summary>The company's variables.</summary>
[Allow("settings.edit"), Reads]
internal sealed record ListVariables(
    [property: StringLength(100), Called("SearchVariables")] string? Text = null, VariableSort Sort = VariableSort.Key, bool Descending = false) : IRequest<VariableList>;

/// <summary>The rows that match, and how many there are in all.</summary>
internal sealed record VariableList(IReadOnlyList<VariableRow> Rows, int Total);

/// <summary>A variable in the list.</summary>
/// <param name="Version">Who saves hands it back.</param>
public sealed record VariableRow(Guid Id, string Key, string Value, string? Description, VariableType Type, DateTime ChangedAt, int Version);

/// <summary>By what the list is sorted.</summary>
internal enum VariableSort
{
    Key,
    Value,
    ChangedAt,
}

internal sealed class ListVariablesHandler(InforzapDb db) : IRequestHandler<ListVariables, VariableList>
{
    public async Task<VariableList> Handle(ListVariables request, CancellationToken ct)
    {
        var variables = db.CompanyVariables.AsNoTracking();
        var total = await variables.CountAsync(ct);
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            variables = variables.Where(v => EF.Functions.Like(v.SearchText, like, "\\"));
        }
        variables = (request.Sort, request.Descending) switch
        {
            (VariableSort.Value, false) => variables.OrderBy(v => v.Value).ThenBy(v => v.Key),
            (VariableSort.Value, true) => variables.OrderByDescending(v => v.Value).ThenBy(v => v.Key),
            (VariableSort.ChangedAt, false) => variables.OrderBy(v => v.ChangedAt).ThenBy(v => v.Key),
            (VariableSort.ChangedAt, true) => variables.OrderByDescending(v => v.ChangedAt).ThenBy(v => v.Key),
            (_, true) => variables.OrderByDescending(v => v.Key),
            _ => variables.OrderBy(v => v.Key),
        };
        return new(await variables.Take(1000).Select(v => new VariableRow(v.Id, v.Key, v.Value, v.Description, v.Type, v.ChangedAt, v.Version)).ToListAsync(ct), total);
    }
}
