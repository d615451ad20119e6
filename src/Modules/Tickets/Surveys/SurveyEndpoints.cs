using Inforzap.Files;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Surveys;

/// <summary>The answers as a table.</summary>
internal static class SurveyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapTable("/surveys/table", ["surveys.see"], "avaliacoes.csv", r =>
        new ExportRatings(new(FilterChoices.Day(r.Text("from")), FilterChoices.Day(r.Text("to")), r.Person("survey"), r.Person("queue"), r.Person("who"), r.Person("channel"))));
}
