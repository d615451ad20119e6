using System.ComponentModel.DataAnnotations;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Ui;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Templates;

/// <summary>A page of the templates of a channel, by name.</summary>
/// <param name="ChannelId">Which; null: the first that has templates.</param>
/// <param name="Text">Part of name or text.</param>
/// <param name="State">Only these.</param>
/// <param name="Category">Only these.</param>
/// <param name="Page">From 1.</param>
[Allow("templates.see"), Reads]
internal sealed record ListTemplates(
    Guid? ChannelId = null, [property: StringLength(100), Called("TemplateSearch")] string? Text = null, TemplateState? State = null, TemplateCategory? Category = null,
    [property: Range(1, 100_000), Called("Skip")] int Page = 1) : IRequest<TemplateList>;

/// <summary>A page of templates.</summary>
/// <param name="Rows">By name, then language.</param>
/// <param name="Found">How many match.</param>
/// <param name="Total">How many the channel has.</param>
/// <param name="Channels">Those that have templates.</param>
/// <param name="ChannelId">Whose these are; null when no channel has any.</param>
internal sealed record TemplateList(IReadOnlyList<TemplateRow> Rows, int Found, int Total, IReadOnlyList<TemplateChannel> Channels, Guid? ChannelId);

/// <summary>A channel that has templates.</summary>
internal sealed record TemplateChannel(Guid Id, string Name);

/// <summary>A template in the list.</summary>
internal sealed record TemplateRow(Guid Id, MessageTemplate Template);

internal sealed class ListTemplatesHandler(InforzapDb db, TemplateDoor door, IStringLocalizer<Texts> t) : IRequestHandler<ListTemplates, TemplateList>
{
    public async Task<TemplateList> Handle(ListTemplates request, CancellationToken ct)
    {
        var channels = door.All.Select(c => new TemplateChannel(c.Info.Id, c.Info.Name)).ToList();
        var channel = request.ChannelId is { } id ? channels.Find(c => c.Id == id) ?? throw Refusal.NotFound(t["ChannelGone"]) : channels.FirstOrDefault();
        if (channel is null) return new([], 0, 0, channels, null);
        var all = db.ChannelTemplates.AsNoTracking().Where(x => x.ChannelId == channel.Id);
        var total = await all.CountAsync(ct);
        var matching = all;
        if (!string.IsNullOrWhiteSpace(request.Text))
        {
            var like = SearchText.Like(request.Text);
            matching = matching.Where(x => EF.Functions.Like(x.SearchText, like, "\\"));
        }
        if (request.State is { } state) matching = matching.Where(x => x.State == state);
        if (request.Category is { } category) matching = matching.Where(x => x.Category == category);
        var rows = await matching.OrderBy(x => x.Name).ThenBy(x => x.Language).ThenBy(x => x.Id).Skip((request.Page - 1) * Pager.PerPage).Take(Pager.PerPage).ToListAsync(ct);
        return new(rows.ConvertAll(x => new TemplateRow(x.Id, x.Read())), await matching.CountAsync(ct), total, channels, channel.Id);
    }
}
