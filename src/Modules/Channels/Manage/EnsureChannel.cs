using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Security;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Manage;

internal sealed class EnsureChannelHandler(InforzapDb db, PluginCatalog plugins, Secrets secrets, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<EnsureChannel, Guid>
{
    public async Task<Guid> Handle(EnsureChannel request, CancellationToken ct)
    {
        if (await db.Channels.Where(c => c.Key == request.Key).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(ct) is { } there) return there;
        ChannelKey.Require(request.Key, t);
        var id = Guid.CreateVersion7();
        db.Add(new Channel
        {
            Id = id, Key = request.Key, Kind = request.Kind, Name = request.Name, QueueId = request.QueueId, CreatedAt = clock.GetUtcNow().UtcDateTime,
            Settings = StoredSettings.Close(Sealing.Complete(plugins, request.Kind, request.Settings), Sealing.Of(plugins, request.Kind), id, secrets),
        });
        db.Touch(Topics.Channels);
        return id;
    }
}

/// <summary>Makes a channel as configuration declares it, or brings it up to what configuration says now.</summary>
[AllowSystem]
internal sealed record DeclareChannel(string Key, string Kind, string? Name, Guid? QueueId, IReadOnlyDictionary<string, string> Settings) : IRequest<Guid>;

internal sealed class DeclareChannelHandler(InforzapDb db, PluginCatalog plugins, Secrets secrets, TimeProvider clock, IStringLocalizer<Texts> t) : IRequestHandler<DeclareChannel, Guid>
{
    public async Task<Guid> Handle(DeclareChannel request, CancellationToken ct)
    {
        ChannelKey.Require(request.Key, t);
        var row = await db.Channels.SingleOrDefaultAsync(c => c.Key == request.Key, ct);
        if (row is not null && (row.Kind != request.Kind || row.DeletedAt is not null)) throw Refusal.Conflict(t["KeyTaken", request.Key]);
        if (row is null)
        {
            row = new Channel
            {
                Id = Guid.CreateVersion7(), Key = request.Key, Kind = request.Kind, Name = request.Name ?? request.Key, Settings = "{}",
                CreatedAt = clock.GetUtcNow().UtcDateTime,
            };
            db.Add(row);
        }
        row.IsDeclared = true;
        row.Name = request.Name ?? row.Name;
        row.QueueId = request.QueueId ?? row.QueueId;
        var known = StoredSettings.Open(row.Settings, row.Id, secrets, out var isLost);
        // Sealing makes another cipher each time: a row that says the same already stays as it is.
        var said = Sealing.Complete(plugins, row.Kind, request.Settings, known);
        if (isLost || known.Count != said.Count || said.Any(s => known.GetValueOrDefault(s.Key) != s.Value))
            row.Settings = StoredSettings.Close(said, Sealing.Of(plugins, row.Kind), row.Id, secrets);
        db.Touch(Topics.Channels);
        return row.Id;
    }
}

internal static class Sealing
{
    /// <summary>Which fields are secret. While nobody can say, all are.</summary>
    public static Func<string, bool> Of(PluginCatalog plugins, string kind)
    {
        if (FormOf(plugins, kind) is not { } form) return _ => true;
        var open = form.Fields.Where(f => !f.IsSecret).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return name => !open.Contains(name);
    }

    /// <summary>The values with those that the product makes itself. While nobody can say which they are, as they came.</summary>
    public static IReadOnlyDictionary<string, string> Complete(
        PluginCatalog plugins, string kind, IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string>? kept = null)
    {
        if (FormOf(plugins, kind) is not { } form) return given;
        var values = given.ToDictionary(StringComparer.Ordinal);
        form.Generate(values, kept ?? new Dictionary<string, string>());
        return values;
    }

    private static SettingsForm? FormOf(PluginCatalog plugins, string kind) =>
        (plugins.Channel(kind) ?? plugins.WouldDrive(kind)?.Channels.FirstOrDefault(c => c.Kind == kind)) is { } known ? SettingsForm.Of(known.Settings) : null;
}

/// <summary>The part of a channel's public addresses that names it.</summary>
internal static class ChannelKey
{
    public const int Longest = 60;

    public static bool IsValid(string key) =>
        key.Length is > 0 and <= Longest && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && key[0] != '-' && key[^1] != '-';

    /// <summary>A key that reads like the name: 'Loja São João' is <c>loja-sao-joao</c>.</summary>
    public static string From(string name)
    {
        var key = new System.Text.StringBuilder();
        foreach (var c in SearchText.Fold(name))
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) key.Append(c);
            else if (key.Length > 0 && key[^1] != '-') key.Append('-');
        }
        var text = key.ToString();
        return (text.Length > Longest ? text[..Longest] : text).Trim('-');
    }

    public static void Require(string key, IStringLocalizer<Texts> t)
    {
        if (!IsValid(key)) throw new Refusal(t["KeyInvalid", key]);
    }
}
