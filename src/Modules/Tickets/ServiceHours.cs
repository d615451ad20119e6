using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Hours;

namespace Inforzap.Tickets;

/// <summary>
/// When customers are served, and what happens to what they write at other times: by the company, through one channel, or in one
/// queue. The narrowest one that is in use counts; where there is none at all it is always open.
/// </summary>
[Audited("hours")]
internal sealed class ServiceHours : Versioned
{
    /// <summary>The longest text for customers.</summary>
    public const int MaxText = 1000;

    public Guid Id { get; init; }
    public HoursScope Scope { get; init; }
    /// <summary>The channel or the queue; empty for the company.</summary>
    public Guid ScopeId { get; init; }
    /// <summary>What the channel or the queue was called when this was saved: for the audit.</summary>
    public required string Name { get; set; }
    /// <summary>See <see cref="WeekHours"/>.</summary>
    public required string Week { get; set; }
    public bool IsActive { get; set; } = true;
    /// <summary>Open on holidays, too, and while the company is on vacation.</summary>
    public bool OnHolidays { get; set; }

    /// <summary>What the customer is told, with variables; null: what the company says.</summary>
    public string? OutOfHoursText { get; set; }
    /// <summary>Each contact is told at most once within so many hours.</summary>
    public int RepeatHours { get; set; } = 24;
    public OutOfHoursAction Action { get; set; }
    public Guid? MoveToQueueId { get; set; }

    /// <summary>The first day on which nobody is there.</summary>
    public DateOnly? VacationFrom { get; set; }
    /// <summary>The last one.</summary>
    public DateOnly? VacationTo { get; set; }
    /// <summary>What the customer is told meanwhile; null: what they are told at other times.</summary>
    public string? VacationText { get; set; }
}

/// <summary>For what hours count.</summary>
public enum HoursScope
{
    /// <summary>Everything that has none of its own.</summary>
    Company,
    /// <summary>What comes through a channel.</summary>
    Channel,
    /// <summary>What waits in a queue.</summary>
    Queue,
}

/// <summary>What happens to what comes out of hours, beside the text.</summary>
public enum OutOfHoursAction
{
    /// <summary>It waits.</summary>
    Message,
    /// <summary>It is closed.</summary>
    Close,
    /// <summary>It waits in another queue.</summary>
    Move,
}

/// <summary>A day on which the company is closed, or open at hours of its own.</summary>
[Audited("holiday")]
internal sealed class Holiday : Versioned
{
    public Guid Id { get; init; }
    public required string Name { get; set; }
    public DateOnly Date { get; set; }
    /// <summary>On that day of every year.</summary>
    public bool IsYearly { get; set; }
    /// <summary>Its hours, as <see cref="WeekHours"/> writes those of a day; null: closed.</summary>
    public string? Hours { get; set; }
}

/// <summary>Which holidays of Brazil count. There is one row at most; none: no holiday counts.</summary>
[Audited("holidays")]
internal sealed class NationalHolidays : Versioned
{
    public static readonly Guid TheId = Guid.Parse("5f0c2f0e-0000-4000-8000-0000000000f1");

    public Guid Id { get; init; } = TheId;
    /// <summary>What the audit calls it.</summary>
    public required string Name { get; init; }
    /// <summary>Those by law.</summary>
    public bool National { get; set; }
    public bool CarnivalMonday { get; set; }
    public bool CarnivalTuesday { get; set; }
    /// <summary>Until noon.</summary>
    public bool AshWednesday { get; set; }
    public bool CorpusChristi { get; set; }
}

internal static class HoursDb
{
    extension(InforzapDb db)
    {
        public DbSet<ServiceHours> ServiceHours => db.Set<ServiceHours>();
        public DbSet<Holiday> Holidays => db.Set<Holiday>();
        public DbSet<NationalHolidays> NationalHolidays => db.Set<NationalHolidays>();
    }

    public static void Map(ModelBuilder model)
    {
        const string schema = "tickets";
        var hours = model.Entity<ServiceHours>();
        hours.ToTable("ServiceHours", schema);
        hours.Property(h => h.Id).ValueGeneratedNever();
        hours.Property(h => h.Name).HasMaxLength(120);
        hours.Property(h => h.Week).HasMaxLength(WeekHours.MaxLength);
        hours.Property(h => h.OutOfHoursText).HasMaxLength(ServiceHours.MaxText);
        hours.Property(h => h.VacationText).HasMaxLength(ServiceHours.MaxText);
        hours.HasIndex(h => new { h.Scope, h.ScopeId }).IsUnique();

        var holiday = model.Entity<Holiday>();
        holiday.ToTable("Holidays", schema);
        holiday.Property(h => h.Id).ValueGeneratedNever();
        holiday.Property(h => h.Name).HasMaxLength(80);
        holiday.Property(h => h.Hours).HasMaxLength(60);
        holiday.HasIndex(h => h.Date);

        var national = model.Entity<NationalHolidays>();
        national.ToTable("NationalHolidays", schema);
        national.Property(n => n.Id).ValueGeneratedNever();
        national.Property(n => n.Name).HasMaxLength(80);
    }
}
