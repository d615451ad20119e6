using Inforzap.Files;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Costs;

/// <summary>The costs as a table.</summary>
internal static class CostEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapTable("/costs/table", ["costs.see"], "custos.csv", r =>
        new ExportCosts(new(FilterChoices.Day(r.Text("from")), FilterChoices.Day(r.Text("to")), r.Person("channel"))));
}
