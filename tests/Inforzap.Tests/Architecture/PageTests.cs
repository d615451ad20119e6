using System.Reflection;
using System.Text.RegularExpressions;
using Bunit;
using Inforzap.Host;
using Inforzap.Host.Shell;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tests.Architecture;

/// <summary>The two users that nobody tries: the one who may do nothing, and the first one ever.</summary>
public sealed class PageTests(Desk desk) : ComponentTest, IClassFixture<Desk>
{
    private static readonly Dictionary<string, Type> Found = House.Types
        .Where(t => typeof(IComponent).IsAssignableFrom(t) && t.IsDefined(typeof(RouteAttribute), false)).ToDictionary(t => t.FullName!);

    /// <summary>Every component with an address.</summary>
    public static TheoryData<string> Pages() => [.. Found.Keys];

    [Theory, MemberData(nameof(Pages))]
    public async Task Every_page_renders_without_rights_and_without_data(string page)
    {
        var actor = SignIn(await desk.ActorOf(await desk.PersonAsync("Ninguém", BuiltInRoles.None)));
        Services.AddSingleton<IMediator>(new DeskMediator(desk, actor));
        Services.AddCascadingValue<IActor>(_ => actor);
        Services.AddCascadingValue(_ => actor);
        Services.AddSingleton(new ShellMenu(Modules.All, Settings, desk.Services.GetRequiredService<IStringLocalizerFactory>()));
        Services.AddFallbackServiceProvider(desk.Services);
        Services.AddCascadingValue<HttpContext>(_ => new DefaultHttpContext { RequestServices = desk.Services });
        RenderProviders();
        var html = Render(builder =>
        {
            builder.OpenComponent(0, Found[page]);
            foreach (var (name, value) in FromAddress(Found[page])) builder.AddComponentParameter(1, name, value);
            builder.CloseComponent();
        });
        Assert.NotNull(html.Markup);
    }

    /// <summary>What an address says that somebody typed: well formed, and of nothing that exists.</summary>
    private static IEnumerable<(string Name, object Value)> FromAddress(Type page) =>
        from parameter in page.GetProperties()
        where page.GetCustomAttributes<RouteAttribute>().Any(r => Regex.IsMatch(r.Template, $@"\{{\**{parameter.Name}\b", RegexOptions.IgnoreCase))
        let type = Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType
        select (parameter.Name, type == typeof(Guid) ? Guid.NewGuid() : type == typeof(string) ? "nothing" : Activator.CreateInstance(type)!);
}
