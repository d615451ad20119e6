using Inforzap.Files;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Notes;

/// <summary>The notes as a table.</summary>
internal static class NoteEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapTable("/notes/table", ["notes.see", "notes.export"], "notas.csv", r =>
        new ExportNotes(new(r.Text("q"), FilterChoices.Day(r.Text("from")), FilterChoices.Day(r.Text("to")), r.Person("who"), r.Text("pinned") is not null)));
}
