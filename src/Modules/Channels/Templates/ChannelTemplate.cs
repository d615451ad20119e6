using System.Text.Json;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Channels.Templates;

/// <summary>A wording that a channel's provider knows, as it was last heard of.</summary>
internal sealed class ChannelTemplate
{
    public Guid Id { get; init; }
    public Guid ChannelId { get; init; }
    public required string Name { get; init; }
    public required string Language { get; init; }
    public TemplateState State { get; set; }
    public TemplateCategory Category { get; set; }
    /// <summary>JSON of <see cref="MessageTemplate"/>.</summary>
    public required string Definition { get; set; }
    public string SearchText { get; set; } = "";

    public MessageTemplate Read() => JsonSerializer.Deserialize<MessageTemplate>(Definition, JsonSerializerOptions.Web)!;

    /// <summary>Says whether that was a change.</summary>
    public bool Write(MessageTemplate template)
    {
        var definition = JsonSerializer.Serialize(template, JsonSerializerOptions.Web);
        if (Definition == definition) return false;
        (Definition, State, Category, SearchText) = (definition, template.State, template.Category, Inforzap.Data.SearchText.Of(1_000, template.Name, template.Body));
        return true;
    }
}

internal static class TemplatesDb
{
    extension(InforzapDb db)
    {
        public DbSet<ChannelTemplate> ChannelTemplates => db.Set<ChannelTemplate>();
    }

    public static void Map(ModelBuilder model)
    {
        var template = model.Entity<ChannelTemplate>();
        template.ToTable("Templates", "channels");
        template.Property(x => x.Id).ValueGeneratedNever();
        template.Text(x => x.Name).IsIdentifier(200);
        template.Text(x => x.Language).IsIdentifier(20);
        template.Text(x => x.Definition).IsUnbounded();
        template.Property(x => x.SearchText).HasMaxLength(1_000);
        template.HasIndex(x => new { x.ChannelId, x.Name, x.Language }).IsUnique();
    }
}
