using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Security;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Manage;

/// <summary>A channel's settings as its form shows them.</summary>
[Allow("channels.edit"), Reads]
internal sealed record ReadChannelForm([property: NotEmpty] Guid Id) : IRequest<ChannelForm>;

/// <summary>Values of the fields; of secrets only whether they are there.</summary>
/// <param name="Values">Text of the fields that are not secret.</param>
/// <param name="Kept">Secrets that are kept and can be read.</param>
/// <param name="Version">For saving.</param>
public sealed record ChannelForm(IReadOnlyDictionary<string, string> Values, IReadOnlySet<string> Kept, int Version);

internal sealed class ReadChannelFormHandler(InforzapDb db, PluginCatalog plugins, Secrets secrets, IStringLocalizer<Texts> t) : IRequestHandler<ReadChannelForm, ChannelForm>
{
    public async Task<ChannelForm> Handle(ReadChannelForm request, CancellationToken ct)
    {
        var row = await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id && c.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["ChannelGone"]);
        var isSecret = Sealing.Of(plugins, row.Kind);
        var values = StoredSettings.Open(row.Settings, row.Id, secrets, out _);
        return new ChannelForm(
            values.Where(v => !isSecret(v.Key)).ToDictionary(), values.Where(v => isSecret(v.Key) && v.Value.Length > 0).Select(v => v.Key).ToHashSet(), row.Version);
    }
}

/// <summary>Makes a channel, or changes one. A secret that is not among the values stays as it is.</summary>
[Allow("channels.edit")]
internal sealed record SaveChannel(
    Guid? Id,
    [property: NotEmpty, StringLength(40)] string Kind,
    [property: NotEmpty, StringLength(ChannelKey.Longest)] string Key,
    [property: NotEmpty, StringLength(80)] string Name,
    Guid? QueueId,
    IReadOnlyDictionary<string, string> Values,
    int? Version) : IRequest<Guid>
{
    /// <summary>Names it only: values hold secrets.</summary>
    public override string ToString() => Key;
}

internal sealed class SaveChannelHandler(InforzapDb db, PluginCatalog plugins, Secrets secrets, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<SaveChannel, Guid>
{
    public async Task<Guid> Handle(SaveChannel request, CancellationToken ct)
    {
        var kind = plugins.Channel(request.Kind) ?? throw new Refusal(t["NoPluginFor", request.Kind]);
        var row = request.Id is { } id ? await db.Channels.SingleOrDefaultAsync(c => c.Id == id && c.DeletedAt == null, ct) ?? throw Refusal.NotFound(t["ChannelGone"]) : await MakeAsync(request, ct);
        if (request.Id is not null && row.Version != request.Version) throw Refusal.Conflict(t["ChannelChanged", row.Name]);
        if (request.Id is not null && row.Kind != request.Kind) throw new Refusal(t["NoPluginFor", request.Kind]);
        // In a queue that is not there, nobody but administrators would see its tickets.
        if (request.QueueId is { } queue && queue != row.QueueId && !await db.Set<QueueView>().AnyAsync(q => q.Id == queue && q.IsActive, ct)) throw Refusal.NotFound(t["QueueGone"]);
        (row.Name, row.QueueId) = (request.Name.Trim(), request.QueueId);
        // Configuration would take its settings back at the next start.
        if (!row.IsDeclared) row.Settings = Settings(row, SettingsForm.Of(kind.Settings), request.Values);
        db.Touch(Topics.Channels);
        return row.Id;
    }

    private async Task<Channel> MakeAsync(SaveChannel request, CancellationToken ct)
    {
        var key = request.Key.Trim();
        if (!ChannelKey.IsValid(key)) throw Wrong(t["KeyInvalid", key]);
        // A deleted channel keeps its key: its address must not lead to another one.
        if (await db.Channels.AnyAsync(c => c.Key == key, ct)) throw Wrong(t["KeyTaken", key]);
        var made = new Channel { Id = Guid.CreateVersion7(), Key = key, Kind = request.Kind, Name = request.Name, Settings = "{}", CreatedAt = clock.GetUtcNow().UtcDateTime };
        db.Add(made);
        return made;

        static Refusal Wrong(string text) => Refusal.At(nameof(SaveChannel.Key), text);
    }

    private string Settings(Channel row, SettingsForm form, IReadOnlyDictionary<string, string> given)
    {
        var known = StoredSettings.Open(row.Settings, row.Id, secrets, out _);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in form.Fields)
        {
            if (given.TryGetValue(field.Name, out var value)) values[field.Name] = CleanText.Of(value);
            else if (field.IsSecret && known.TryGetValue(field.Name, out var kept)) values[field.Name] = kept;
        }
        form.Generate(values, known);
        var faults = form.Check(values);
        if (faults.Count > 0)
        {
            var fields = faults.ToDictionary(f => f.Key, f => (string)t[$"Fault{f.Value}"]);
            throw new Refusal(t["SettingsIncomplete", form.Fields.First(f => faults.ContainsKey(f.Name)).Label]) { Fields = fields };
        }
        var secret = form.Fields.Where(f => f.IsSecret).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return StoredSettings.Close(values, secret.Contains, row.Id, secrets);
    }
}
