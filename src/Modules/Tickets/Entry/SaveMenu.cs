using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Tickets.Answering;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Entry;

/// <summary>Makes the menu of a channel, or changes it. See <see cref="EntryMenu"/>.</summary>
[Allow("menus.edit")]
internal sealed record SaveMenu(
    [property: NotEmpty] Guid ChannelId,
    bool IsActive,
    [property: NotEmpty, StringLength(EntryMenu.MaxText), Called("MenuGreeting")] string Greeting,
    IReadOnlyList<MenuOption> Options,
    [property: NotEmpty, StringLength(EntryMenu.MaxText), Called("MenuWrongText")] string WrongText,
    [property: Range(1, 5), Called("MenuTries")] int Tries,
    [property: Range(0, 1440), Called("MenuTimeout")] int TimeoutMinutes,
    [property: NotEmpty, Called("MenuDefaultQueue")] Guid DefaultQueueId,
    [property: StringLength(EntryMenu.MaxText), Called("MenuChosenText")] string? ChosenText,
    int? Version) : IRequest, IValidatableObject
{
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var t = validationContext.GetRequiredService<IStringLocalizer<Texts>>();
        if (Options.Count is < 2 or > EntryMenu.MaxOptions) yield return new(t["MenuOptionCount", EntryMenu.MaxOptions], [nameof(Options)]);
        // On a button no more can be read, and by what can't be told apart nobody can choose.
        if (Options.Any(o => MenuChoice.Plain(o.Label).Length == 0 || o.Label.Trim().Length > 24)) yield return new(t["MenuOptionLabel"], [nameof(Options)]);
        else if (Options.DistinctBy(o => MenuChoice.Plain(o.Label)).Count() < Options.Count) yield return new(t["MenuOptionTwice"], [nameof(Options)]);
        else if (Options.Any(o => MenuChoice.Plain(o.Label).All(char.IsDigit))) yield return new(t["MenuOptionNumber"], [nameof(Options)]);
        if (Options.DistinctBy(o => o.QueueId).Count() < Options.Count) yield return new(t["MenuQueueTwice"], [nameof(Options)]);
    }
}

internal sealed class SaveMenuHandler(InforzapDb db, IChannelDirectory channels, AnswerTexts texts, IStringLocalizer<Texts> t) : IRequestHandler<SaveMenu, Unit>
{
    public async Task<Unit> Handle(SaveMenu request, CancellationToken ct)
    {
        var channel = channels.All.FirstOrDefault(c => c.Id == request.ChannelId) ?? throw Refusal.NotFound(t["ChannelGone"]);
        var wanted = request.Options.Select(o => o.QueueId).Append(request.DefaultQueueId).Distinct().ToArray();
        var names = await db.Queues.Where(q => wanted.Contains(q.Id) && q.IsActive).ToDictionaryAsync(q => q.Id, q => q.Name, ct);
        // Switched off, it may name what is out of use.
        if (request.IsActive && names.Count != wanted.Length) throw Refusal.NotFound(t["QueueGone"]);
        var channelId = channel.Id;
        var menu = await db.EntryMenus.SingleOrDefaultAsync(m => m.ChannelId == channelId, ct);
        if (menu?.Version != request.Version) throw Refusal.Conflict(t["MenuChanged", channel.Name]);
        var (greeting, wrong) = (await texts.CheckedAsync(request.Greeting, nameof(request.Greeting), ct), await texts.CheckedAsync(request.WrongText, nameof(request.WrongText), ct));
        if (greeting is null) throw Refusal.At(nameof(request.Greeting), t["MessageEmpty"]);
        if (wrong is null) throw Refusal.At(nameof(request.WrongText), t["MessageEmpty"]);
        if (menu is null) db.Add(menu = new EntryMenu { Id = Guid.CreateVersion7(), ChannelId = channelId, Name = channel.Name, Greeting = greeting, WrongText = wrong });
        (menu.Name, menu.IsActive, menu.Greeting, menu.WrongText) = (channel.Name, request.IsActive, greeting, wrong);
        (menu.Tries, menu.TimeoutMinutes, menu.DefaultQueueId) = (request.Tries, request.TimeoutMinutes, request.DefaultQueueId);
        menu.ChosenText = await texts.CheckedAsync(request.ChosenText, nameof(request.ChosenText), ct);
        await SetOptionsAsync(menu, request.Options, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else made it since the page was read.
            throw Refusal.Conflict(t["MenuChanged", channel.Name]);
        }
        db.Touch(Topics.EntryMenus);
        return Unit.Value;
    }

    private async Task SetOptionsAsync(EntryMenu menu, IReadOnlyList<MenuOption> wanted, CancellationToken ct)
    {
        var now = await db.EntryOptions.Where(o => o.MenuId == menu.Id).OrderBy(o => o.Position).ToListAsync(ct);
        var coming = wanted.Select((o, i) => new EntryOption { MenuId = menu.Id, Position = i + 1, QueueId = o.QueueId, Label = CleanText.Of(o.Label.Trim()) }).ToList();
        if (now.Select(o => (o.QueueId, o.Label)).SequenceEqual(coming.Select(o => (o.QueueId, o.Label)))) return;
        db.Audit("menu", menu.Id, menu.Name, "Options", now.Select(Words), coming.Select(Words));
        if (now.Count > 0)
        {
            // Its options are a part of it: whoever has read it before is told that it changed.
            if (db.Entry(menu) is { State: EntityState.Unchanged } entry) entry.State = EntityState.Modified;
            db.RemoveRange(now);
            await db.SaveChangesAsync(ct);
        }
        db.AddRange(coming);

        static string Words(EntryOption option) => string.Create(CultureInfo.InvariantCulture, $"{option.Position}. {option.Label}");
    }
}
