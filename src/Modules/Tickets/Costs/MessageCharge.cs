using Inforzap.Audit;
using Inforzap.Data;

namespace Inforzap.Tickets.Costs;

/// <summary>
/// What the provider said that it charges for one message of ours. Stands apart from the message, whose rows many write; it names
/// nobody, and stays as a figure when the message is gone.
/// </summary>
internal sealed class MessageCharge
{
    public const int MaxWord = 60;

    public Guid MessageId { get; init; }
    public Guid ChannelId { get; init; }
    /// <summary>As what it counts, in the provider's word; empty when it did not say.</summary>
    public string Category { get; set; } = "";
    /// <summary>Null when it did not say.</summary>
    public bool? IsBillable { get; set; }
    /// <summary>How it is charged, in the provider's word.</summary>
    public string? Model { get; set; }
    /// <summary>The company's day on which it was first heard of.</summary>
    public DateOnly Day { get; init; }
}

/// <summary>What one charged message costs, as the administrator read it on the provider's list. Nothing here comes from the provider.</summary>
[Audited("price", NamedBy = nameof(Category))]
internal sealed class ChargePrice : Versioned
{
    public Guid Id { get; init; }
    /// <summary>Of this channel alone; null: of all that have no price of their own.</summary>
    public Guid? ChannelId { get; set; }
    public required string Category { get; set; }
    /// <summary>Three letters.</summary>
    public required string Currency { get; set; }
    public decimal Amount { get; set; }
    /// <summary>From this day on, until a later one takes its place.</summary>
    public DateOnly Since { get; set; }
}

internal static class CostsDb
{
    extension(InforzapDb db)
    {
        public DbSet<MessageCharge> MessageCharges => db.Set<MessageCharge>();
        public DbSet<ChargePrice> ChargePrices => db.Set<ChargePrice>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var charge = model.Entity<MessageCharge>();
        charge.ToTable("MessageCharges", schema);
        charge.HasKey(c => c.MessageId);
        charge.Property(c => c.MessageId).ValueGeneratedNever();
        charge.Text(c => c.Category).IsIdentifier(MessageCharge.MaxWord);
        charge.Property(c => c.Model).HasMaxLength(MessageCharge.MaxWord);
        charge.HasIndex(c => new { c.Day, c.ChannelId });

        var price = model.Entity<ChargePrice>();
        price.ToTable("ChargePrices", schema);
        price.Property(p => p.Id).ValueGeneratedNever();
        price.Text(p => p.Category).IsIdentifier(MessageCharge.MaxWord);
        price.Text(p => p.Currency).IsIdentifier(3);
        price.Property(p => p.Amount).HasPrecision(18, 6);
        price.HasIndex(p => new { p.Category, p.ChannelId, p.Since });
    }
}
