using Inforzap.Audit;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;

namespace Inforzap.Data;

/// <summary>
/// The one context, assembled from each module's Map, so that a use case and all that it calls share one transaction.
/// Modules reach their own tables by an internal extension property (<c>db.Tickets</c>).
/// </summary>
public abstract class InforzapDb(DbContextOptions options, ModuleList modules, DatabaseProvider provider) : DbContext(options), IDataProtectionKeyContext
{
    private readonly List<string> touched = [];
    private readonly List<string> woken = [];
    private readonly List<Action> after = [];

    /// <summary>Which database this is.</summary>
    public DatabaseProvider Provider => provider;

    /// <summary>Keys that protect cookies and secrets, themselves under the master key.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>What was changed by whom.</summary>
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>On whose behalf this unit of work runs; the product itself until a request says otherwise.</summary>
    internal IActor Author { get; private set; } = Actor.System;

    internal TimeProvider Clock { get; private set; } = TimeProvider.System;

    internal void WorkFor(IActor author, TimeProvider clock) => (Author, Clock) = (author, clock);

    internal DbSet<LaneItem> LaneItems => Set<LaneItem>();
    internal DbSet<Node> Nodes => Set<Node>();
    internal DbSet<Change> Changes => Set<Change>();

    /// <summary>Topics touched by this unit of work: whoever looks at one of them is told after the commit.</summary>
    public IReadOnlyCollection<string> Touched => touched;

    /// <summary>Lanes that have something to do after the commit.</summary>
    public IReadOnlyCollection<string> Woken => woken;

    internal IReadOnlyCollection<Action> After => after;

    /// <summary>Tells viewers of these topics, after the commit, to look again.</summary>
    public void Touch(params IEnumerable<string> topics) => touched.AddRange(topics);

    /// <summary>Runs after the commit and never when it fails. For wake-ups; nothing may depend on it.</summary>
    public void AfterCommit(Action run) => after.Add(run);

    /// <summary>Puts an item at the end of a lane, in this transaction. The lane is woken after the commit.</summary>
    public void Enqueue(string lane, string kind, string payload, DateTime now, DateTime? dueAt = null)
    {
        LaneItems.Add(LaneItem.Make(lane, kind, payload, now, dueAt));
        woken.Add(lane);
    }

    /// <summary>Wakes a lane after the commit: something that it waits for may have come.</summary>
    public void Wake(string lane) => woken.Add(lane);

    internal void Forget()
    {
        touched.Clear();
        woken.Clear();
        after.Clear();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        LaneItem.Map(modelBuilder);
        Tombstone.Map(modelBuilder);
        Change.Map(modelBuilder);
        Node.Map(modelBuilder);
        AuditEntry.Map(modelBuilder);
        Files.StoredFile.Map(modelBuilder);
        Data.ObjectsHash.Map(modelBuilder);
        var key = modelBuilder.Entity<DataProtectionKey>();
        key.ToTable("DataProtectionKeys", "core");
        key.Property(k => k.FriendlyName).HasMaxLength(200);
        key.Text(k => k.Xml).IsUnbounded();
        foreach (var module in modules)
        {
            module.Map(modelBuilder, provider);
            foreach (var view in module.Views) view.Map(modelBuilder, module.Name);
        }
        Portable.Apply(modelBuilder, provider);
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        using var looked = new Looked(this);
        return looked.Found ? base.SaveChanges(acceptAllChangesOnSuccess) : 0;
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        using var looked = new Looked(this);
        return looked.Found ? await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken) : 0;
    }

    /// <summary>Looks for changes once for a save: EF would do so again and again, which costs more than writing them.</summary>
    private readonly struct Looked : IDisposable
    {
        private readonly InforzapDb db;
        private readonly bool before;

        public Looked(InforzapDb db)
        {
            (this.db, before) = (db, db.ChangeTracker.AutoDetectChangesEnabled);
            if (before) db.ChangeTracker.DetectChanges();
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            Found = Portable.BeforeSave(db);
        }

        /// <summary>There is something to write.</summary>
        public bool Found { get; }

        public void Dispose() => db.ChangeTracker.AutoDetectChangesEnabled = before;
    }
}

/// <summary>The modules of this host, as Host/Modules.cs lists them.</summary>
public sealed class ModuleList(IEnumerable<Module> modules) : List<Module>(modules);

/// <summary>The model on embedded SQLite.</summary>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options, ModuleList modules) : InforzapDb(options, modules, DatabaseProvider.Sqlite);

/// <summary>The model on SQL Server.</summary>
public sealed class SqlServerDb(DbContextOptions<SqlServerDb> options, ModuleList modules) : InforzapDb(options, modules, DatabaseProvider.SqlServer);

/// <summary>The model on PostgreSQL.</summary>
public sealed class PostgreSqlDb(DbContextOptions<PostgreSqlDb> options, ModuleList modules) : InforzapDb(options, modules, DatabaseProvider.PostgreSql);
