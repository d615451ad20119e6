using Inforzap.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using System.Security.Cryptography;

namespace Inforzap.Security;

/// <summary>Says at the start, in words, what is wrong with the keys; what then happens is described in docs/operator.md.</summary>
internal sealed class KeyRingCheck(IKeyManager keys, MasterKey master, DatabaseSettings database, ILogger<KeyRingCheck> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsBesideDatabase())
            log.LogWarning("The master key {File} lies beside the database: whoever copies that folder can read the channels' secrets. MasterKey__File puts it elsewhere", master.File);
        var lost = keys.GetAllKeys().Count(k => !k.IsRevoked && !IsReadable(k));
        if (lost > 0)
            log.LogError("{Lost} of the keys in the database were not made under the master key {File}: everybody signs in again and channels ask for their secrets. Put the right key there and restart, if there is a copy",
                lost, master.File);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsBesideDatabase()
    {
        if (database.Provider != DatabaseProvider.Sqlite) return false;
        var file = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        return Path.GetDirectoryName(Path.GetFullPath(file)) == Path.GetDirectoryName(master.File);
    }

    private static bool IsReadable(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
