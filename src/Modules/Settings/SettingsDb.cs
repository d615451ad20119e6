using Inforzap.Audit;
using Inforzap.Data;
using Inforzap.Settings.Mail;

namespace Inforzap.Settings;

/// <summary>A setting that differs from its default.</summary>
[Audited("setting", NamedBy = nameof(Name))]
internal sealed class SettingRow : Versioned
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}

internal static class SettingsDb
{
    extension(InforzapDb db)
    {
        public DbSet<SettingRow> Settings => db.Set<SettingRow>();
        public DbSet<CompanyVariable> CompanyVariables => db.Set<CompanyVariable>();
        public DbSet<MailServer> MailServers => db.Set<MailServer>();
        public DbSet<AlarmMail> AlarmMails => db.Set<AlarmMail>();
    }

    public static void Map(ModelBuilder model)
    {
        var setting = model.Entity<SettingRow>();
        setting.ToTable("Settings", "settings");
        setting.HasKey(s => s.Name);
        setting.Text(s => s.Name).IsIdentifier(80);
        setting.Property(s => s.Value).HasMaxLength(4000);

        var variable = model.Entity<CompanyVariable>();
        variable.ToTable("Variables", "settings");
        variable.Property(v => v.Id).ValueGeneratedNever();
        variable.Text(v => v.Key).IsIdentifier(40);
        variable.Property(v => v.Value).HasMaxLength(1000);
        variable.Property(v => v.Description).HasMaxLength(200);
        variable.Property(v => v.SearchText).HasMaxLength(1300);
        variable.HasIndex(v => v.Key).IsUnique();

        var server = model.Entity<MailServer>();
        server.ToTable("MailServer", "settings");
        server.Property(m => m.Id).ValueGeneratedNever();
        server.Property(m => m.Host).HasMaxLength(255);
        server.Property(m => m.UserName).HasMaxLength(256);
        server.Property(m => m.Password).HasMaxLength(2000);
        server.Property(m => m.FromName).HasMaxLength(120);
        server.Property(m => m.FromAddress).HasMaxLength(256);
        server.Property(m => m.ReplyTo).HasMaxLength(256);

        var alarm = model.Entity<AlarmMail>();
        alarm.ToTable("AlarmMails", "settings");
        alarm.HasKey(a => a.AlarmId);
        alarm.Text(a => a.AlarmId).IsIdentifier(200);
        alarm.Text(a => a.Words).IsUnbounded();
    }
}
