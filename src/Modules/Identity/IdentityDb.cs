using Inforzap.Audit;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Identity.Access;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Teams;
using Inforzap.Identity.TwoFactor;
using Microsoft.AspNetCore.Identity;

namespace Inforzap.Identity;

/// <summary>Somebody who signs in.</summary>
[Audited("user",
    Except =
    [
        nameof(UserName), nameof(NormalizedUserName), nameof(NormalizedEmail), nameof(SecurityStamp), nameof(ConcurrencyStamp), nameof(EmailConfirmed),
        nameof(PhoneNumberConfirmed), nameof(TwoFactorEnabled), nameof(LockoutEnd), nameof(LockoutEnabled), nameof(AccessFailedCount), nameof(LastSignInAt),
        nameof(LastSeenAt), nameof(IsOnline), nameof(Presence), nameof(Theme), nameof(Language), nameof(Sound), nameof(EnterSends), nameof(PhotoId), nameof(RoleId),
    ],
    Secret = [nameof(PasswordHash)])]
internal sealed class User : IdentityUser<Guid>
{
    public required string Name { get; set; }
    public BuiltInRoles Role { get; set; }
    /// <summary>A role that the company made; its permissions stand in place of those of <see cref="Role"/>, on which it is built.</summary>
    public Guid? RoleId { get; set; }
    public bool IsActive { get; set; } = true;
    public string? Signature { get; set; }
    public bool SignatureOn { get; set; } = true;
    public bool Sound { get; set; } = true;
    public bool EnterSends { get; set; } = true;
    /// <summary>system, light or dark.</summary>
    public string Theme { get; set; } = "system";
    /// <summary>pt-BR, en or es.</summary>
    public string Language { get; set; } = "pt-BR";
    public DateTime CreatedAt { get; init; }
    public DateTime? LastSignInAt { get; set; }
    /// <summary>Their picture, a stored file.</summary>
    public Guid? PhotoId { get; set; }
    public string SearchText { get; set; } = "";
    /// <summary>When they may be signed in, see <see cref="Hours.WeekHours"/>; null: always.</summary>
    public string? AccessHours { get; set; }
    /// <summary>The most tickets that they serve at once; 0 is no limit.</summary>
    public int MaxOpenTickets { get; set; }
    /// <summary>The channel that is proposed when they begin a conversation.</summary>
    public Guid? DefaultChannelId { get; set; }
    /// <summary>What they say of themselves.</summary>
    public Presence Presence { get; set; } = Presence.Online;
    /// <summary>A screen of theirs is connected, on whatever node, or was until a minute ago.</summary>
    public bool IsOnline { get; set; }
    /// <summary>When a screen of theirs was last connected.</summary>
    public DateTime? LastSeenAt { get; set; }
    /// <summary>Gone for good: only the name stays, for what they did.</summary>
    public DateTime? DeletedAt { get; set; }
}

/// <summary>A permission that somebody has, or has not, whatever their role says.</summary>
internal sealed class UserPermission
{
    public Guid UserId { get; init; }
    public required string Permission { get; init; }
    public bool IsGranted { get; set; }
}

/// <summary>A channel through which somebody may begin conversations; who has none of these may through all.</summary>
internal sealed class UserChannel
{
    public Guid UserId { get; init; }
    public Guid ChannelId { get; init; }
}

/// <summary>A link that lets its holder choose a password, once. Only its hash is kept.</summary>
internal sealed class OneTimeLink
{
    public Guid Id { get; init; }
    public Guid UserId { get; init; }
    public required string TokenHash { get; init; }
    public DateTime ExpiresAt { get; init; }
    public DateTime? UsedAt { get; set; }
    public Guid? MadeBy { get; init; }
}

internal static class IdentityDb
{
    extension(InforzapDb db)
    {
        public DbSet<User> Users => db.Set<User>();
        public DbSet<OneTimeLink> OneTimeLinks => db.Set<OneTimeLink>();
        public DbSet<SecondFactor> SecondFactors => db.Set<SecondFactor>();
        public DbSet<RecoveryCode> RecoveryCodes => db.Set<RecoveryCode>();
        public DbSet<Role> Roles => db.Set<Role>();
        public DbSet<RolePermission> RolePermissions => db.Set<RolePermission>();
        public DbSet<Team> Teams => db.Set<Team>();
        public DbSet<TeamMember> TeamMembers => db.Set<TeamMember>();
        public DbSet<UserPermission> UserPermissions => db.Set<UserPermission>();
        public DbSet<UserChannel> UserChannels => db.Set<UserChannel>();
        public DbSet<AccessEntry> AccessEntries => db.Set<AccessEntry>();
    }

    public static void Map(ModelBuilder model)
    {
        var user = model.Entity<User>();
        user.ToTable("Users", "identity");
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.Name).HasMaxLength(120);
        user.Property(u => u.UserName).HasMaxLength(256);
        user.Property(u => u.NormalizedUserName).HasMaxLength(256);
        user.Property(u => u.Email).HasMaxLength(256);
        user.Property(u => u.NormalizedEmail).HasMaxLength(256);
        user.Property(u => u.PasswordHash).HasMaxLength(400);
        user.Property(u => u.SecurityStamp).HasMaxLength(100);
        user.Property(u => u.ConcurrencyStamp).HasMaxLength(100).IsConcurrencyToken();
        user.Property(u => u.PhoneNumber).HasMaxLength(20);
        user.Property(u => u.Signature).HasMaxLength(200);
        user.Property(u => u.Theme).HasMaxLength(10);
        user.Property(u => u.Language).HasMaxLength(10);
        user.Property(u => u.SearchText).HasMaxLength(400);
        user.Property(u => u.AccessHours).HasMaxLength(Hours.WeekHours.MaxLength);
        user.HasIndex(u => u.RoleId);
        user.HasIndex(u => u.NormalizedEmail).IsUnique();
        user.HasIndex(u => u.NormalizedUserName).IsUnique();

        var claim = model.Entity<IdentityUserClaim<Guid>>();
        claim.ToTable("UserClaims", "identity");
        claim.Property(c => c.ClaimType).HasMaxLength(200);
        claim.Property(c => c.ClaimValue).HasMaxLength(400);
        claim.HasIndex(c => c.UserId);
        var login = model.Entity<IdentityUserLogin<Guid>>();
        login.ToTable("UserLogins", "identity");
        login.HasKey(l => new { l.LoginProvider, l.ProviderKey });
        login.Property(l => l.LoginProvider).HasMaxLength(128);
        login.Property(l => l.ProviderKey).HasMaxLength(128);
        login.Property(l => l.ProviderDisplayName).HasMaxLength(128);
        var token = model.Entity<IdentityUserToken<Guid>>();
        token.ToTable("UserTokens", "identity");
        token.HasKey(k => new { k.UserId, k.LoginProvider, k.Name });
        token.Property(k => k.LoginProvider).HasMaxLength(128);
        token.Property(k => k.Name).HasMaxLength(128);
        token.Property(k => k.Value).HasMaxLength(1000);

        var role = model.Entity<Role>();
        role.ToTable("Roles", "identity");
        role.Property(r => r.Id).ValueGeneratedNever();
        role.Property(r => r.Name).HasMaxLength(60);
        role.Property(r => r.Description).HasMaxLength(200);
        role.HasIndex(r => r.Name).IsUnique();
        var allowed = model.Entity<RolePermission>();
        allowed.ToTable("RolePermissions", "identity");
        allowed.HasKey(p => new { p.RoleId, p.Permission });
        allowed.Text(p => p.Permission).IsIdentifier(80);
        var team = model.Entity<Team>();
        team.ToTable("Teams", "identity");
        team.Property(x => x.Id).ValueGeneratedNever();
        team.Property(x => x.Name).HasMaxLength(60);
        team.Property(x => x.Color).HasMaxLength(7);
        team.Property(x => x.SearchText).HasMaxLength(400);
        team.HasIndex(x => x.Name).IsUnique();
        var teamMember = model.Entity<TeamMember>();
        teamMember.ToTable("TeamMembers", "identity");
        teamMember.HasKey(m => new { m.TeamId, m.UserId });
        teamMember.HasIndex(m => m.UserId);
        var granted = model.Entity<UserPermission>();
        granted.ToTable("UserPermissions", "identity");
        granted.HasKey(p => new { p.UserId, p.Permission });
        granted.Text(p => p.Permission).IsIdentifier(80);
        var channel = model.Entity<UserChannel>();
        channel.ToTable("UserChannels", "identity");
        channel.HasKey(c => new { c.UserId, c.ChannelId });

        var link = model.Entity<OneTimeLink>();
        link.ToTable("OneTimeLinks", "identity");
        link.Property(l => l.Id).ValueGeneratedNever();
        link.Text(l => l.TokenHash).IsIdentifier(64);
        link.HasIndex(l => l.TokenHash).IsUnique();

        var factor = model.Entity<SecondFactor>();
        factor.ToTable("SecondFactors", "identity");
        factor.HasKey(f => f.UserId);
        factor.Property(f => f.UserId).ValueGeneratedNever();
        factor.Property(f => f.Secret).HasMaxLength(1000);
        var recovery = model.Entity<RecoveryCode>();
        recovery.ToTable("RecoveryCodes", "identity");
        recovery.HasKey(c => new { c.UserId, c.Hash });
        recovery.Text(c => c.Hash).IsIdentifier(64);

        var access = model.Entity<AccessEntry>();
        access.ToTable("Access", "identity");
        access.HasKey(e => e.Position);
        access.Property(e => e.Position).ValueGeneratedOnAdd();
        access.Property(e => e.Address).HasMaxLength(45);
        access.Property(e => e.Browser).HasMaxLength(200);
        access.HasIndex(e => new { e.UserId, e.Position });
        access.HasIndex(e => e.At);
    }
}
