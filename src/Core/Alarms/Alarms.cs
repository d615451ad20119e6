using Inforzap.Requests;

namespace Inforzap.Alarms;

/// <summary>Something that is wrong now and that a person has to see to. It goes away by itself when it is right again.</summary>
/// <param name="Id">Stable while it lasts.</param>
/// <param name="Title">What is wrong, in one line.</param>
/// <param name="Text">Why, if that is known.</param>
/// <param name="Href">Where to see to it.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record Alarm(string Id, string Title, string? Text, string Href, DateTime Since)
{
    /// <summary>What stands before it; the sign for something wrong unless given.</summary>
    public string? Icon { get; init; }
}

/// <summary>Knows alarms of one kind. Every one that is in the container is asked.</summary>
public interface IAlarmSource
{
    /// <summary>Who is told.</summary>
    string Permission { get; }

    /// <summary>Those that stand now, in the language of the caller. Raise <see cref="Live.Topics.Alarms"/> when that changes.</summary>
    Task<IReadOnlyList<Alarm>> NowAsync(CancellationToken ct);
}

/// <summary>What is wrong now, as far as the caller is told.</summary>
[Allow, Reads]
public sealed record ListAlarms : IRequest<AlarmList>;

/// <summary>The bell.</summary>
/// <param name="IsTold">The caller is told of anything at all: without that there is no bell.</param>
/// <param name="Alarms">The newest first.</param>
public sealed record AlarmList(bool IsTold, IReadOnlyList<Alarm> Alarms);

internal sealed class ListAlarmsHandler(IEnumerable<IAlarmSource> sources, IActor actor) : IRequestHandler<ListAlarms, AlarmList>
{
    public async Task<AlarmList> Handle(ListAlarms request, CancellationToken ct)
    {
        var alarms = new List<Alarm>();
        var mine = sources.Where(s => actor.May(s.Permission)).ToList();
        foreach (var source in mine) alarms.AddRange(await source.NowAsync(ct));
        return new AlarmList(mine.Count > 0, [.. alarms.OrderByDescending(a => a.Since)]);
    }
}
