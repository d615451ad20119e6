using System.Reflection;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;

namespace Inforzap.Requests;

/// <summary>Puts MediatR, its behaviours and every handler into the container.</summary>
public static class Mediation
{
    /// <summary>One scan per assembly; behaviours in the order in which they run.</summary>
    public static IServiceCollection AddMediation(this IServiceCollection services, IEnumerable<Assembly> assemblies)
    {
        services.AddScoped<ServiceFactory>(sp => sp.GetService!);
        services.AddScoped<Mediator>();
        services.AddScoped<CircuitMediator>();
        services.AddScoped<IMediator>(sp => sp.GetRequiredService<CircuitMediator>());
        services.TryAddScoped<CurrentActor>();
        services.AddScoped<IActor>(sp => sp.GetRequiredService<CurrentActor>());
        services.AddScoped<RequestDepth>();
        services.AddScoped<RuleCheck>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(LogBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AllowBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidateBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehaviour<,>));
        services.AddSingleton<SystemMediator>();
        foreach (var assembly in assemblies)
            services.Scan(scan => scan.FromAssemblies(assembly)
                .AddClasses(c => c.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
                .AsImplementedInterfaces().WithScopedLifetime());
        return services;
    }
}

/// <summary>
/// What components and handlers get as IMediator. In a component's scope, which lives as long as a browser tab, it opens
/// a scope per request and carries the signed-in user into it; inside such a scope it passes on.
/// </summary>
public sealed class CircuitMediator(IServiceProvider services, RequestDepth depth, IServiceScopeFactory scopes) : IMediator
{
    /// <inheritdoc/>
    public async Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
    {
        if (depth.Value > 0) return await services.GetRequiredService<Mediator>().Send(request, cancellationToken);
        var actor = await ActorAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = actor;
        return await scope.ServiceProvider.GetRequiredService<Mediator>().Send(request, cancellationToken);
    }

    private async Task<IActor> ActorAsync(CancellationToken ct)
    {
        var current = services.GetRequiredService<CurrentActor>();
        if (current.IsSystem) return current.Is;
        var state = services.GetService<AuthenticationStateProvider>();
        if (state is null) return current.Is;
        var user = (await state.GetAuthenticationStateAsync()).User;
        if (user.Identity?.IsAuthenticated != true) return Actor.Stranger;
        var (id, stamp) = Session.Read(user);
        return await services.GetRequiredService<IActors>().FindAsync(id, stamp, ct)
            ?? throw new Refusal(services.GetRequiredService<IStringLocalizer<Texts>>()["SignedOut"], RefusalKind.SignedOut);
    }

    /// <summary>Not ours: its first failing handler silences the rest. Events travel by lanes.</summary>
    public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Not ours: its first failing handler silences the rest. Events travel by lanes.</summary>
    public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
        where TNotification : INotification => throw new NotSupportedException();
}

/// <summary>Sends requests on behalf of the product itself, or of a given actor: jobs, lanes, endpoints, start-up.</summary>
public sealed class SystemMediator(IServiceScopeFactory scopes)
{
    /// <summary>Runs a request of the product itself in a scope of its own.</summary>
    public Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken ct = default) => Send(request, Actor.System, ct);

    /// <summary>Runs a request of this actor in a scope of its own.</summary>
    public async Task<TResponse> Send<TResponse>(IRequest<TResponse> request, IActor actor, CancellationToken ct = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = actor;
        return await scope.ServiceProvider.GetRequiredService<Mediator>().Send(request, ct);
    }
}

/// <summary>The claims that a session carries.</summary>
public static class Session
{
    /// <summary>The security stamp at sign-in.</summary>
    public const string StampClaim = "stamp";

    /// <summary>User and stamp of a signed-in principal; empty for others.</summary>
    public static (Guid Id, string Stamp) Read(System.Security.Claims.ClaimsPrincipal user) =>
        (Guid.TryParse(user.FindFirst(System.Security.Claims.ClaimTypes.NameIdentifier)?.Value, out var id) ? id : Guid.Empty,
         user.FindFirst(StampClaim)?.Value ?? "");
}
