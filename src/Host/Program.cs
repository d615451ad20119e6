using Inforzap;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Host;
using Inforzap.Host.Operation;
using Inforzap.Host.Plugins;
using Inforzap.Host.Seed;
using Inforzap.Identity;
using Inforzap.Requests;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
await builder.AddDemoAsync(args);
builder.Services.AddCore(builder.Configuration, Modules.All);
builder.Services.AddMediation(Modules.Assemblies.Append(typeof(Module).Assembly));
builder.AddEngine();
builder.Services.AddSingleton<CrashMarks>();
builder.AddWeb();
builder.AddSecurity();
builder.AddObservability();

var app = builder.Build();
if (await Backup.RunAsync(args, app.Services) is { } ended) return ended;
await SharedFolder.RequireAsync(app.Configuration, app.Services.GetRequiredService<FileStore>());
await DatabaseStart.RunAsync(app.Services);
if (args.Contains("--reset-admin")) return await ResetAdmin.RunAsync(app.Services);
await PluginLoading.RunAsync(app.Services);

app.UseKnownProxies();
app.UseSecurityHeaders();
app.UseRateLimiter();
app.UseRequestLocalization();
app.UseDrain();
app.UseNotFoundPage();
app.UseAuthentication();
app.UseCircuitGuard();
app.UseAuthorization();
app.UseAntiforgery();
app.MapObservability();
app.MapPolicyReports();
app.MapWeb();
app.Run();
return 0;

/// <summary>Named so that tests can start the host.</summary>
public partial class Program;
