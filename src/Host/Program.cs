using Inforzap;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Requests;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCore(builder.Configuration, Modules.All);
builder.Services.AddMediation(Modules.All.Select(m => m.GetType().Assembly).Append(typeof(Module).Assembly));
builder.AddEngine();

var app = builder.Build();
await DatabaseStart.RunAsync(app.Services);
foreach (var module in Modules.All) module.MapEndpoints(app);
app.Run();

/// <summary>Named so that tests can start the host.</summary>
public partial class Program;
