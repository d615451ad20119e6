using System.Diagnostics;
using System.Reflection;
using Inforzap.Data;
using Microsoft.Extensions.Localization;

namespace Inforzap.Requests;

/// <summary>Says what runs, for how long, and how it ended. Never what is in it: requests hold message bodies.</summary>
internal sealed class LogBehaviour<TRequest, TResponse>(ILogger<LogBehaviour<TRequest, TResponse>> log)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    private static readonly string Name = typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        using var activity = Telemetry.Source.StartActivity(Name);
        var started = Stopwatch.GetTimestamp();
        var outcome = "done";
        try
        {
            return await next();
        }
        catch (Refusal refusal)
        {
            outcome = Telemetry.Word(refusal.Kind);
            log.LogInformation("{Request} refused: {Kind}", Name, refusal.Kind);
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            outcome = "failed";
            activity?.SetStatus(ActivityStatusCode.Error);
            log.LogError("{Request} failed: {Exception}", Name, Telemetry.Describe(e));
            throw;
        }
        finally
        {
            Telemetry.Requests.Record(Stopwatch.GetElapsedTime(started).TotalSeconds,
                new("inforzap.request.name", Name), new("inforzap.request.outcome", outcome));
        }
    }
}

/// <summary>Checks the attribute of the request record. A request without one is refused: forgetting fails closed.</summary>
internal sealed class AllowBehaviour<TRequest, TResponse>(IActor actor, RequestDepth depth, IStringLocalizer<Texts> t)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    private static readonly AllowAttribute? Allow = typeof(TRequest).GetCustomAttribute<AllowAttribute>();
    private static readonly bool System = typeof(TRequest).IsDefined(typeof(AllowSystemAttribute));
    private static readonly bool Anyone = typeof(TRequest).IsDefined(typeof(AllowAnyoneAttribute));

    public Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        var allowed = Anyone || actor.IsSystem || (System && depth.Value > 0)
            || (Allow is not null && actor.IsKnown && (Allow.Permissions.Count == 0 || Allow.Permissions.Any(actor.May)));
        return allowed ? next() : throw Refusal.Forbidden(t["NotAllowed"]);
    }
}

/// <summary>How many requests of this scope are running inside one another.</summary>
public sealed class RequestDepth
{
    /// <summary>0 outside of any handler.</summary>
    public int Value { get; internal set; }
}

/// <summary>Checks the rules of the record, the same that its form uses.</summary>
internal sealed class ValidateBehaviour<TRequest, TResponse>(RuleCheck rules) : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        var faults = rules.Faults(request);
        return faults.Count == 0 ? next() : throw new Refusal(string.Join(' ', faults.Values.Distinct())) { Fields = faults };
    }
}

/// <summary>One transaction over a use case and every request that it sends; wake-ups and hints go out after the commit.</summary>
internal sealed class TransactionBehaviour<TRequest, TResponse>(InforzapDb db, Commits commits, RequestDepth depth, IActor actor, TimeProvider clock, IStringLocalizer<Texts> t)
    : IPipelineBehavior<TRequest, TResponse> where TRequest : IRequest<TResponse>
{
    private static readonly bool Reads = typeof(TRequest).IsDefined(typeof(ReadsAttribute));
    private static readonly bool OfSystem = typeof(TRequest).IsDefined(typeof(AllowSystemAttribute));

    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        depth.Value++;
        db.WorkFor(actor, clock);
        try
        {
            if (Reads || db.Database.CurrentTransaction is not null) return await next();
            return await commits.RunAsync(db, () => next(), WriterKind.Request, ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Refusal.Conflict(t["ChangedMeanwhile"]);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation() && !OfSystem && depth.Value == 1)
        {
            // Two people made the same thing at once.
            throw Refusal.Conflict(t["ChangedMeanwhile"]);
        }
        catch (TooLongException) when (!OfSystem)
        {
            throw new Refusal(t["TooLong"]);
        }
        finally
        {
            depth.Value--;
        }
    }
}
