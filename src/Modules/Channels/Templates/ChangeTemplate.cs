using System.Globalization;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Channels.Templates;

/// <summary>Hands a new template in at the provider, who looks at it before it can be sent. Holds no transaction while it waits.</summary>
[Allow("templates.edit"), Reads]
internal sealed record CreateTemplate([property: NotEmpty] Guid ChannelId, [property: NotEmpty, Called("TemplateWhole")] MessageTemplate Template) : IRequest;

/// <summary>Takes a template away at the provider. Messages that were sent with it stay.</summary>
[Allow("templates.edit"), Reads]
internal sealed record DeleteTemplate([property: NotEmpty] Guid Id) : IRequest;

/// <summary>Notes what the provider took.</summary>
[AllowSystem]
internal sealed record NoteTemplate(Guid ChannelId, MessageTemplate Template) : IRequest;

/// <summary>Forgets what the provider no longer has.</summary>
[AllowSystem]
internal sealed record ForgetTemplate(Guid Id) : IRequest;

internal sealed class CreateTemplateHandler(TemplateDoor door, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<CreateTemplate, Unit>
{
    public async Task<Unit> Handle(CreateTemplate request, CancellationToken ct)
    {
        var template = new TemplateRules(t).Checked(request.Template);
        await door.AskAsync(request.ChannelId, async (adapter, on, token) =>
        {
            await adapter.CreateAsync(on, template, token);
            return true;
        }, ct);
        return await mediator.Send(new NoteTemplate(request.ChannelId, template with { State = TemplateState.Pending }), ct);
    }
}

internal sealed class DeleteTemplateHandler(InforzapDb db, TemplateDoor door, IMediator mediator, IStringLocalizer<Texts> t) : IRequestHandler<DeleteTemplate, Unit>
{
    public async Task<Unit> Handle(DeleteTemplate request, CancellationToken ct)
    {
        var row = await db.ChannelTemplates.AsNoTracking().SingleOrDefaultAsync(x => x.Id == request.Id, ct) ?? throw Refusal.NotFound(t["TemplateGone"]);
        await door.AskAsync(row.ChannelId, async (adapter, on, token) =>
        {
            await adapter.DeleteAsync(on, row.Read(), token);
            return true;
        }, ct);
        return await mediator.Send(new ForgetTemplate(row.Id), ct);
    }
}

internal sealed class NoteTemplateHandler(InforzapDb db) : IRequestHandler<NoteTemplate, Unit>
{
    public async Task<Unit> Handle(NoteTemplate request, CancellationToken ct)
    {
        var (name, language) = (request.Template.Name, request.Template.Language);
        var row = await db.ChannelTemplates.SingleOrDefaultAsync(x => x.ChannelId == request.ChannelId && x.Name == name && x.Language == language, ct);
        if (row is null) db.Add(row = new ChannelTemplate { Id = Guid.CreateVersion7(), ChannelId = request.ChannelId, Name = name, Language = language, Definition = "" });
        row.Write(request.Template);
        db.Audit("template", row.Id, name, "Body", [], [request.Template.Body]);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Templates);
        return Unit.Value;
    }
}

internal sealed class ForgetTemplateHandler(InforzapDb db) : IRequestHandler<ForgetTemplate, Unit>
{
    public async Task<Unit> Handle(ForgetTemplate request, CancellationToken ct)
    {
        if (await db.ChannelTemplates.SingleOrDefaultAsync(x => x.Id == request.Id, ct) is not { } row) return Unit.Value;
        db.Remove(row);
        db.AuditGone("template", row.Id, row.Name);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Templates);
        return Unit.Value;
    }
}

/// <summary>What Meta takes; said before the way there.</summary>
internal sealed class TemplateRules(IStringLocalizer<Texts> t)
{
    public const int MaxName = 200, MaxLine = 60, MaxButton = 25, MaxButtons = 10, MaxValue = 2_000;

    /// <summary>The languages that are offered for new ones.</summary>
    public static readonly IReadOnlyList<string> Languages = ["pt_BR", "en_US", "es", "es_AR", "es_MX", "pt_PT", "it", "fr", "de"];

    /// <summary>As it is handed in.</summary>
    /// <exception cref="Refusal">Meta would refuse it, and why.</exception>
    public MessageTemplate Checked(MessageTemplate draft)
    {
        if (draft.Name.Length is 0 or > MaxName || !draft.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')) throw Refusal.At(nameof(draft.Name), t["TemplateName"]);
        if (!Languages.Contains(draft.Language)) throw Refusal.At(nameof(draft.Language), t["TemplateLanguage"]);
        if (draft.Category is not (TemplateCategory.Marketing or TemplateCategory.Utility)) throw Refusal.At(nameof(draft.Category), t["TemplateCategory"]);
        var (body, head, footer) = (draft.Body.Trim(), draft.Header?.Text?.Trim(), draft.Footer?.Trim());
        if (body.Length is 0 or > TemplateFields.MaxBody) throw Refusal.At(nameof(draft.Body), t["TemplateBody", TemplateFields.MaxBody]);
        if (head?.Length > MaxLine) throw Refusal.At(nameof(draft.Header), t["TemplateLine", MaxLine]);
        if (footer?.Length > MaxLine || TemplateVariables.NamesIn(footer).Any()) throw Refusal.At(nameof(draft.Footer), t["TemplateFooter", MaxLine]);
        if (TemplateVariables.NamesIn(head).Count() > 1) throw Refusal.At(nameof(draft.Header), t["TemplateHeader"]);
        var names = TemplateVariables.NamesIn(body).ToList();
        var isNamed = names.Concat(TemplateVariables.NamesIn(head)).Any(n => !n.All(char.IsAsciiDigit));
        if (isNamed ? !names.TrueForAll(IsName) : !IsCounted(names)) throw Refusal.At(nameof(draft.Body), t["TemplateVariables"]);
        // Meta refuses a text that begins or ends with a variable: it would say nothing by itself.
        if (body.StartsWith("{{", StringComparison.Ordinal) || body.EndsWith("}}", StringComparison.Ordinal)) throw Refusal.At(nameof(draft.Body), t["TemplateEdges"]);
        return draft with
        {
            Body = body, IsNamed = isNamed, Footer = footer is { Length: > 0 } ? footer : null, Header = head is { Length: > 0 } ? new(TemplateHeaderKind.Text, head) : null, Buttons = [.. draft.Buttons.Select(Checked)],
        } is { Buttons.Count: <= MaxButtons } template ? template : throw Refusal.At(nameof(draft.Buttons), t["TemplateButtons", MaxButtons]);
    }

    private TemplateButton Checked(TemplateButton button)
    {
        var (text, value) = (button.Text.Trim(), button.Value?.Trim());
        if (text.Length is 0 or > MaxButton) throw Refusal.At(nameof(MessageTemplate.Buttons), t["TemplateButtonText", MaxButton]);
        var isGood = button.Kind switch
        {
            TemplateButtonKind.Reply => true,
            TemplateButtonKind.Url => value?.Length <= MaxValue && Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && (!TemplateVariables.NamesIn(value).Any() || value!.EndsWith("{{1}}", StringComparison.Ordinal)),
            TemplateButtonKind.Phone => value?.Count(char.IsAsciiDigit) is >= 8 and <= 15,
            _ => value?.Length is > 0 and <= 15,
        };
        return isGood ? new(button.Kind, text, button.Kind == TemplateButtonKind.Reply ? null : value) : throw Refusal.At(nameof(MessageTemplate.Buttons), t[$"TemplateButton{button.Kind}"]);
    }

    private static bool IsName(string name) => char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static bool IsCounted(List<string> names) => names.SequenceEqual(Enumerable.Range(1, names.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
