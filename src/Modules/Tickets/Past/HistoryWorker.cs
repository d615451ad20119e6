using System.Text.Json;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Past;

/// <summary>
/// Reads the history of a conversation and keeps it piece by piece, the newest first. Interrupted, it begins anew: what is here already is
/// known by its name.
/// </summary>
internal sealed class HistoryWorker(SystemMediator mediator, IChannelMemory memory, ILogger<HistoryWorker> log) : ILaneWorker
{
    private const int Piece = 50;
    private const int Tries = 5;

    public string Type => HistoryLane.Type;

    public async Task<DateTime?> WorkAsync(LaneItem item, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<HistoryItem>(item.Payload, JsonSerializerOptions.Web)!.SyncId;
        if (await mediator.Send(new HistoryToRead(id), ct) is not { } wanted)
        {
            await KeepAsync(new KeepHistory(id, item.Position, [], [], 0, true), ct);
            return null;
        }
        var (piece, answers, read) = (new List<PastMessage>(Piece), new List<Answer>(), 0);
        string? failure = null;
        try
        {
            await foreach (var message in memory.PastAsync(wanted.ChannelId, wanted.With, wanted.Limit, ct))
            {
                read++;
                piece.Add(message);
                if (message.QuotedProviderId is { } quoted) answers.Add(new(message.ProviderId, quoted));
                if (read >= wanted.Limit) break;
                if (piece.Count < Piece) continue;
                if (!await KeepAsync(new KeepHistory(id, item.Position, piece, Found(answers, piece), read, false), ct)) return null;
                piece = new(Piece);
            }
        }
        catch (ProviderException e)
        {
            log.LogWarning("The history of a conversation of channel {Channel} could not be read: {Exception}", wanted.ChannelId, (e.InnerException ?? e).GetType().Name);
            failure = e.Message;
        }
        await KeepAsync(new KeepHistory(id, item.Position, piece, Found(answers, piece), read, true) { Failure = failure }, ct);
        return null;
    }

    /// <summary>What is answered is older, and so comes after what answers it.</summary>
    private static List<Answer> Found(List<Answer> answers, List<PastMessage> piece)
    {
        var names = piece.Select(m => m.ProviderId).ToHashSet(StringComparer.Ordinal);
        var found = answers.FindAll(a => names.Contains(a.Quoted) || names.Contains(a.Message));
        answers.RemoveAll(a => names.Contains(a.Quoted));
        return found;
    }

    /// <summary>What comes in at the same moment may be the same message: then it is looked at once more.</summary>
    private async Task<bool> KeepAsync(KeepHistory piece, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await mediator.Send(piece, ct);
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                await Task.Yield();
            }
    }
}

/// <summary>A message of the history, and the one that it answers, as the provider names them.</summary>
internal sealed record Answer(string Message, string Quoted);

/// <summary>What is to be asked for; null when it is over, or nobody is to be asked about any more.</summary>
[AllowSystem, Reads]
internal sealed record HistoryToRead(Guid SyncId) : IRequest<HistoryToRead.Wanted?>
{
    internal sealed record Wanted(Guid ChannelId, Address With, int Limit)
    {
        public override string ToString() => ChannelId.ToString();
    }
}

internal sealed class HistoryToReadHandler(InforzapDb db) : IRequestHandler<HistoryToRead, HistoryToRead.Wanted?>
{
    public async Task<HistoryToRead.Wanted?> Handle(HistoryToRead request, CancellationToken ct)
    {
        var found = await (from s in db.HistorySyncs
                           join x in db.Tickets on s.TicketId equals x.Id
                           where s.Id == request.SyncId && s.State == HistoryState.Running && x.AddressValue != ""
                           select new { s.ChannelId, s.Limit, x.AddressKind, x.AddressValue }).SingleOrDefaultAsync(ct);
        return found is null ? null : new(found.ChannelId, new Address(found.AddressValue, found.AddressKind), found.Limit);
    }
}
