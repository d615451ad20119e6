using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Configuration;
using System.Xml.Linq;
using Inforzap.Data;

namespace Inforzap.Security;

/// <summary>Encrypts what must not be read from a copy of the database.</summary>
public sealed class Secrets(IDataProtectionProvider protection)
{
    /// <summary>Encrypts for one purpose, such as <c>channel/{id}/Token</c>.</summary>
    public string Protect(string purpose, string text) => protection.CreateProtector("Inforzap", purpose).Protect(text);

    /// <summary>Decrypts; null when the keys are lost, and then the secret has to be given anew.</summary>
    public string? Unprotect(string purpose, string cipher)
    {
        try
        {
            return protection.CreateProtector("Inforzap", purpose).Unprotect(cipher);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>
/// The master key that the keys in the database stand under: <c>MasterKey__File</c>, made at the first start with mode 0600.
/// </summary>
public sealed class MasterKey
{
    /// <summary>Reads the file, or makes it.</summary>
    public MasterKey(IConfiguration configuration)
    {
        File = Path.GetFullPath(configuration["MasterKey:File"] ?? Path.Combine(DatabaseSettings.DataRoot(configuration), "master.key"));
        if (System.IO.File.Exists(File))
        {
            var bytes = new byte[32];
            if (!Convert.TryFromBase64String(System.IO.File.ReadAllText(File).Trim(), bytes, out var length) || length != bytes.Length)
                throw new InvalidOperationException($"{File} is not a master key of Inforzap. Put the copy of the right one there, or take the file away: a new one is made, and channels ask for their secrets again.");
            Bytes = bytes;
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Bytes = RandomNumberGenerator.GetBytes(32);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(File, options);
        writer.Write(Convert.ToBase64String(Bytes));
    }

    /// <summary>Where it lies.</summary>
    public string File { get; }

    internal byte[] Bytes { get; }

    /// <summary>Another secret of 32 bytes, for one purpose: it tells nothing of this one.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, 32, info: System.Text.Encoding.UTF8.GetBytes($"Inforzap/{purpose}"));
}

/// <summary>Puts the key ring under the master key.</summary>
public sealed class MasterKeyEncryptor(MasterKey key) : IXmlEncryptor
{
    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(12);
        var cipher = new byte[plain.Length];
        var tag = new byte[16];
        using var aes = new AesGcm(key.Bytes, 16);
        aes.Encrypt(nonce, plain, cipher, tag);
        return new(new XElement("masterKey", Convert.ToBase64String([.. nonce, .. tag, .. cipher])), typeof(MasterKeyDecryptor));
    }
}

/// <summary>Takes keys out from under the master key. Made by the key ring, hence its constructor.</summary>
public sealed class MasterKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc/>
    public XElement Decrypt(XElement encryptedElement)
    {
        var all = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[all.Length - 28];
        using var aes = new AesGcm(services.GetRequiredService<MasterKey>().Bytes, 16);
        aes.Decrypt(all.AsSpan(0, 12), all.AsSpan(28), all.AsSpan(12, 16), plain);
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
    }
}
