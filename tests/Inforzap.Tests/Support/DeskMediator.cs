using Inforzap.Requests;

namespace Inforzap.Tests.Support;

/// <summary>Answers a component's requests with a real desk, on behalf of one person.</summary>
public sealed class DeskMediator(Desk desk, Actor actor) : IMediator
{
    /// <inheritdoc/>
    public Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default) =>
        desk.Services.GetRequiredService<SystemMediator>().Send(request, actor, cancellationToken);

    /// <inheritdoc/>
    public Task<object?> Send(object request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Publish(object notification, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Publish<TNotification>(TNotification notification, CancellationToken cancellationToken = default)
        where TNotification : INotification => throw new NotSupportedException();
}
