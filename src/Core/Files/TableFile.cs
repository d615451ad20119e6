using System.Text;
using Inforzap.Data;
using Inforzap.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Files;

/// <summary>A list as a file that the browser saves: what its page shows, with the same filters in the address. With <c>as=xlsx</c> it is a sheet.</summary>
public static class TableFile
{
    /// <summary>Maps the address of a table.</summary>
    /// <param name="routes">Of the module.</param>
    /// <param name="pattern">Where it is.</param>
    /// <param name="permissions">The caller holds all of them, or there is no such file.</param>
    /// <param name="name">As the browser saves it.</param>
    /// <param name="request">Answered with the table.</param>
    public static void MapTable(this IEndpointRouteBuilder routes, string pattern, string[] permissions, string name, Func<HttpRequest, IRequest<string>> request) =>
        routes.MapGet(pattern, async (HttpContext http, IActors actors, SystemMediator mediator, CancellationToken ct) =>
        {
            var (id, stamp) = Session.Read(http.User);
            if (await actors.FindAsync(id, stamp, ct) is not { } actor) return Results.Unauthorized();
            if (!permissions.All(actor.May)) return Results.NotFound();
            try
            {
                var table = await mediator.Send(request(http.Request), actor, ct);
                http.Response.Headers.CacheControl = "no-store";
                if (http.Request.Query["as"] == "xlsx")
                    return Results.File(Sheet.Write(Csv.Read(table).Select(l => l.Fields)), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Path.ChangeExtension(name, "xlsx"));
                // Without the mark at the beginning spreadsheet programs take it for another encoding.
                return Results.File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(table)], "text/csv; charset=utf-8", name);
            }
            catch (Refusal refusal)
            {
                return Results.Text(refusal.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        }).RequireAuthorization();

    /// <summary>A file that somebody brings as the text of a table: a sheet of a spreadsheet program, or a table in text.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="most">The longest text, in characters.</param>
    /// <exception cref="FormatException">It is a sheet that can't be read.</exception>
    public static string TextOf(byte[] bytes, int most) => Sheet.Is(bytes) ? Sheet.ToCsv(bytes, most) : Csv.Decode(bytes);

    /// <summary>A filter of the address, cut to what a list takes.</summary>
    public static string? Text(this HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? CleanText.Of(text, 100) : null;

    /// <summary>A person of the address; whoever it names that is none finds nothing.</summary>
    public static Guid? Person(this HttpRequest request, string name) => Guid.TryParse(request.Text(name), out var id) ? id : null;
}
