using Inforzap.Files;
using Microsoft.AspNetCore.Routing;

namespace Inforzap.Tickets.Protocols;

/// <summary>The protocols as a table.</summary>
internal static class ProtocolEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapTable("/protocols/table", ["protocols.see", "protocols.export"], "protocolos.csv", r =>
        new ExportProtocols(new(r.Text("q"), FilterChoices.Day(r.Text("from")), FilterChoices.Day(r.Text("to")), r.Person("who"), r.Text("who") == ProtocolsPage.Product, ProtocolsPage.OpenOf(r.Text("state")))));
}
