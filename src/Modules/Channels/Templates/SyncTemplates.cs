using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Jobs;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Templates;

/// <summary>Asks the provider what templates there are. Holds no transaction while it waits. Returns how many there are.</summary>
[Allow("templates.see", "tickets.answer"), Reads]
internal sealed record SyncTemplates([property: NotEmpty] Guid ChannelId) : IRequest<int>;

/// <summary>Keeps what the provider told; what it did not tell of is gone.</summary>
[AllowSystem]
internal sealed record KeepTemplates(Guid ChannelId, IReadOnlyList<MessageTemplate> Templates) : IRequest<int>;

/// <summary>The way to the adapter of a channel that has templates.</summary>
internal sealed class TemplateDoor(ChannelDirectory channels, IStringLocalizer<Texts> t)
{
    /// <summary>Those that are not deleted and whose adapter knows templates.</summary>
    public IEnumerable<LiveChannel> All => channels.Watched.Where(c => c.Driver?.Adapter is ITemplates).OrderBy(c => c.Info.Name, StringComparer.CurrentCultureIgnoreCase);

    /// <summary>Asks it, and says why not in people's words.</summary>
    /// <exception cref="Refusal">The channel is not there, is off, or its provider refused.</exception>
    public async Task<T> AskAsync<T>(Guid channelId, Func<ITemplates, ChannelRef, CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        if (channels.Live(channelId) is not { IsDeleted: false, Driver: { Adapter: ITemplates adapter } driver } channel) throw Refusal.NotFound(t["ChannelGone"]);
        if (!channel.IsUp) throw Refusal.Conflict(t["ChannelOff"]);
        try
        {
            return await driver.Others.RunAsync(token => ask(adapter, channel.On(channels.PublicUrl), token), e => e is TemplateException, ct);
        }
        catch (TemplateException e)
        {
            throw Refusal.Conflict(channel.Unsaid(e.Message));
        }
        catch (PluginShutException)
        {
            throw Refusal.Conflict(t["ChannelFails"]);
        }
        catch (TimeoutException)
        {
            throw Refusal.Conflict(t["ProbeTimeout"]);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not Refusal)
        {
            throw Refusal.Conflict(t["ProbeFailed", e.GetType().Name]);
        }
    }
}

internal sealed class SyncTemplatesHandler(TemplateDoor door, IMediator mediator) : IRequestHandler<SyncTemplates, int>
{
    public async Task<int> Handle(SyncTemplates request, CancellationToken ct) =>
        await mediator.Send(new KeepTemplates(request.ChannelId, await door.AskAsync(request.ChannelId, (adapter, on, token) => adapter.ListAsync(on, token), ct)), ct);
}

internal sealed class KeepTemplatesHandler(InforzapDb db) : IRequestHandler<KeepTemplates, int>
{
    private const int MaxName = 200, MaxLanguage = 20;

    public async Task<int> Handle(KeepTemplates request, CancellationToken ct)
    {
        var there = await db.ChannelTemplates.Where(x => x.ChannelId == request.ChannelId).ToDictionaryAsync(x => (x.Name, x.Language), ct);
        var told = request.Templates.Where(x => x.Name.Length is > 0 and <= MaxName && x.Language.Length is > 0 and <= MaxLanguage).DistinctBy(x => (x.Name, x.Language)).ToList();
        var changed = false;
        foreach (var template in told)
        {
            if (!there.Remove((template.Name, template.Language), out var row))
                db.Add(row = new ChannelTemplate { Id = Guid.CreateVersion7(), ChannelId = request.ChannelId, Name = template.Name, Language = template.Language, Definition = "" });
            changed |= row.Write(template);
        }
        db.RemoveRange(there.Values);
        if (!changed && there.Count == 0) return told.Count;
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Templates);
        return told.Count;
    }
}

/// <summary>Meta looks at them for hours, and pauses them at any time.</summary>
internal sealed class WatchTemplates(TemplateDoor door, SystemMediator mediator, ILogger<WatchTemplates> log) : IJob
{
    public async Task RunAsync(JobTick tick, CancellationToken ct)
    {
        foreach (var channel in door.All.Where(c => c.IsUp).ToList())
            try
            {
                await mediator.Send(new SyncTemplates(channel.Info.Id), ct);
            }
            catch (Refusal refusal)
            {
                log.LogInformation("Templates of channel {Channel} stay as they were: {Kind}", channel.Info.Key, refusal.Kind);
            }
    }
}

internal sealed class OfferTemplatesHandler(InforzapDb db) : IRequestHandler<OfferTemplates, IReadOnlyList<MessageTemplate>>
{
    public async Task<IReadOnlyList<MessageTemplate>> Handle(OfferTemplates request, CancellationToken ct) =>
        [.. (await db.ChannelTemplates.AsNoTracking().Where(x => x.ChannelId == request.ChannelId && x.State == TemplateState.Approved && x.Category != TemplateCategory.Authentication)
            .OrderBy(x => x.Name).ThenBy(x => x.Language).ToListAsync(ct)).Select(x => x.Read()).Where(x => !x.IsForeign)];
}

internal sealed class FindTemplateHandler(InforzapDb db) : IRequestHandler<FindTemplate, MessageTemplate?>
{
    public async Task<MessageTemplate?> Handle(FindTemplate request, CancellationToken ct) =>
        (await db.ChannelTemplates.AsNoTracking().SingleOrDefaultAsync(x => x.ChannelId == request.ChannelId && x.Name == request.Name && x.Language == request.Language, ct))?.Read();
}
