using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Inforzap.Data;
using Inforzap.Host;
using Inforzap.Http;
using Inforzap.Lanes;
using Inforzap.Requests;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Architecture;

public sealed class RequestTests
{
    private static readonly HashSet<string> Permissions = [.. Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name)];

    [Fact]
    public void Every_request_says_once_who_may_send_it() =>
        Assert.Empty(House.Requests.Select(r => r.Request).Where(r => r.GetCustomAttributes()
            .Count(a => a is AllowAttribute or AllowSystemAttribute or AllowAnyoneAttribute) != 1));

    [Fact]
    public void Every_permission_that_a_request_or_a_menu_names_exists() =>
        Assert.Empty(House.Requests.SelectMany(r => r.Request.GetCustomAttribute<AllowAttribute>()?.Permissions ?? [])
            .Concat(Modules.All.SelectMany(m => m.Menu).Select(m => m.Permission)).Where(p => !Permissions.Contains(p)));

    [Fact]
    public void No_two_permissions_have_one_name() =>
        Assert.Equal(Permissions.Count, Modules.All.SelectMany(m => m.Permissions).Count());

    [Fact]
    public void Every_request_is_a_sealed_record() =>
        Assert.Empty(House.Requests.Where(r => !IsRecord(r.Request) || !r.Request.IsSealed).Select(r => r.Request.Name));

    [Fact]
    public void Every_request_has_one_handler()
    {
        var handled = (from type in House.Types where !type.IsAbstract from face in type.GetInterfaces()
                       where face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) select face.GetGenericArguments()[0]).ToList();
        Assert.Empty(House.Requests.Select(r => r.Request).Where(r => handled.Count(h => h == r) != 1).Select(r => r.Name));
    }

    /// <summary>Inside a transaction the network would hold it open, and a second unit of work would wait for the first. What only reads runs in none.</summary>
    [Fact]
    public void Handlers_in_a_transaction_ask_for_no_network_no_grain_and_no_second_unit_of_work()
    {
        Type[] outside = [typeof(HttpClient), typeof(IHttpClientFactory), typeof(SafeHttp), typeof(IGrainFactory), typeof(IClusterClient), typeof(SystemMediator), typeof(Commits)];
        Assert.Empty(from type in House.Types.Where(IsInTransaction)
                     from parameter in type.GetConstructors().SelectMany(c => c.GetParameters())
                     where outside.Contains(parameter.ParameterType)
                     select $"{type.Name} asks for {parameter.ParameterType.Name}");
    }

    /// <summary>The constructor's rules are read from properties: an attribute that stays on the parameter checks nothing.</summary>
    [Fact]
    public void Rules_of_requests_stand_on_properties() =>
        Assert.Empty(from request in House.Requests
                     from parameter in request.Request.GetConstructors().SelectMany(c => c.GetParameters())
                     where parameter.GetCustomAttributes<ValidationAttribute>().Any()
                     select $"{request.Request.Name}.{parameter.Name}");

    [Fact]
    public void Contracts_are_immutable_records_of_simple_types()
    {
        var contracts = House.Types.Where(t => t.Namespace?.StartsWith("Inforzap.Contracts.") == true && t is { IsClass: true, IsNested: false, IsSpecialName: false }
            && !t.IsDefined(typeof(CompilerGeneratedAttribute))).ToList();
        Assert.NotEmpty(contracts);
        Assert.Empty(from type in contracts
                     from wrong in Wrongs(type, [])
                     select wrong);
    }

    [Fact]
    public void Pages_get_their_data_from_the_mediator_only()
    {
        Type[] behind = [typeof(DbContext), typeof(IServiceProvider), typeof(IServiceScopeFactory), typeof(SystemMediator), typeof(Commits)];
        Assert.Empty(from type in House.Types where typeof(ComponentBase).IsAssignableFrom(type)
                     from injected in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                         .Where(p => p.IsDefined(typeof(InjectAttribute))).Select(p => p.PropertyType)
                         .Concat(type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType))
                     where behind.Any(b => b.IsAssignableFrom(injected))
                     select $"{type.Name} injects {injected.Name}");
    }

    private static bool IsInTransaction(Type type) => !type.IsAbstract && type.GetInterfaces().Any(i => i == typeof(ILaneHandler)
        || (i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) && !i.GetGenericArguments()[0].IsDefined(typeof(ReadsAttribute))));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static IEnumerable<string> Wrongs(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) yield break;
        if (type is { IsAbstract: true, IsSealed: true }) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
                yield return $"{type.Name}.{property.Name} can be set";
            foreach (var part in Parts(property.PropertyType).Where(p => !IsSimple(p)))
            {
                if (part.Assembly != House.Core && part.Assembly != House.Sdk) yield return $"{type.Name}.{property.Name} is {part.Name}";
                else foreach (var wrong in Wrongs(part, seen)) yield return wrong;
            }
        }
        if (type.Namespace!.StartsWith("Inforzap.Contracts.") && !IsRecord(type)) yield return $"{type.Name} is no record";
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.IsArray) return Parts(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } value) return [value];
        if (!type.IsGenericType) return [type];
        Type[] open = [typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyDictionary<,>), typeof(IReadOnlySet<>)];
        return open.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments().SelectMany(Parts) : [type];
    }

    private static bool IsSimple(Type type) => type.IsPrimitive || type.IsEnum
        || new[] { typeof(string), typeof(Guid), typeof(DateTime), typeof(DateOnly), typeof(TimeSpan), typeof(decimal), typeof(Uri), typeof(Type) }.Contains(type);
}
