using System.Collections.Concurrent;

namespace Inforzap.Tests.Support;

/// <summary>Answers a component's requests as told, and remembers them.</summary>
public sealed class FakeMediator : IMediator
{
    private readonly ConcurrentDictionary<Type, Func<object, Task<object?>>> answers = new();
    private readonly ConcurrentQueue<object> sent = new();

    /// <summary>What was sent, oldest first.</summary>
    public IReadOnlyList<object> Sent => [.. sent];

    /// <summary>The requests of one kind.</summary>
    public IReadOnlyList<T> SentOf<T>() => [.. sent.OfType<T>()];

    /// <summary>Answers a kind of request; throw in it to refuse. The last word counts.</summary>
    public FakeMediator On<TRequest, TResponse>(Func<TRequest, TResponse> answer) where TRequest : IRequest<TResponse>
    {
        answers[typeof(TRequest)] = request => Task.FromResult<object?>(answer((TRequest)request));
        return this;
    }

    /// <summary>Answers when the test lets it.</summary>
    public FakeMediator OnAsync<TRequest, TResponse>(Func<TRequest, Task<TResponse>> answer) where TRequest : IRequest<TResponse>
    {
        answers[typeof(TRequest)] = async request => await answer((TRequest)request);
        return this;
    }

    /// <summary>Answers a request that returns nothing.</summary>
    public FakeMediator On<TRequest>(Action<TRequest>? answer = null) where TRequest : IRequest<Unit> =>
        On<TRequest, Unit>(request =>
        {
            answer?.Invoke(request);
            return Unit.Value;
        });

    /// <inheritdoc/>
    public async Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
    {
        sent.Enqueue(request);
        if (!answers.TryGetValue(request.GetType(), out var answer))
            throw new InvalidOperationException($"The test has no answer to {request.GetType().Name}: use On<{request.GetType().Name}, ...>.");
        return (TResponse)(await answer(request))!;
    }

    /// <inheritdoc/>
    public Task<object?> Send(object request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
        where TNotification : INotification => throw new NotSupportedException();
}
