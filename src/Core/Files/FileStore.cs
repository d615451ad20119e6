using System.Buffers;
using System.Globalization;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;
using SkiaSharp;

namespace Inforzap.Files;

/// <summary>Keeps files in one folder that all nodes share: <c>Files__Root</c>.</summary>
public sealed class FileStore
{
    /// <summary>Pictures with more are refused: their decoder would fill the memory.</summary>
    public const long MaxPixels = 40_000_000;

    private const string Unfinished = ".part";

    private readonly string root;
    private readonly ISettings settings;
    private readonly TimeProvider clock;

    /// <summary>The folder comes from configuration and is made when missing.</summary>
    public FileStore(IConfiguration configuration, ISettings settings, TimeProvider clock)
    {
        this.settings = settings;
        root = Path.GetFullPath(configuration["Files:Root"] ?? Path.Combine(DatabaseSettings.DataRoot(configuration), "files"));
        this.clock = clock;
        Directory.CreateDirectory(root);
    }

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>The largest file that is taken now, in bytes.</summary>
    public long MaxBytes => (long.TryParse(settings.Get(Setting.MaxMegabytes), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 25) * 1024 * 1024;

    /// <summary>
    /// Writes the bytes and describes them. The row is the caller's to add, in the transaction that uses it; a file without
    /// a row, or whose row nobody uses (<see cref="FileUse"/>), is swept away a day later.
    /// </summary>
    /// <exception cref="MediaTooLargeException">More bytes, or more pixels, than allowed.</exception>
    public Task<StoredFile> WriteAsync(Stream content, string? name, MediaKind? said = null, CancellationToken ct = default) => WriteAsync(content, name, said, MaxBytes, ct);

    /// <summary>Keeps what the product itself wrote, however large it is.</summary>
    public Task<StoredFile> KeepAsync(Stream content, string name, CancellationToken ct) => WriteAsync(content, name, null, long.MaxValue, ct);

    /// <summary>A file for a moment, for what is too large for memory. It is gone when it is closed, and at the latest with the sweep.</summary>
    public FileStream Scratch() => new(Path.Combine(root, Guid.NewGuid().ToString("N") + Unfinished), new FileStreamOptions
    {
        Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
    });

    private async Task<StoredFile> WriteAsync(Stream content, string? name, MediaKind? said, long limit, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        var path = PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + Unfinished;
        try
        {
            long size = 0;
            var head = new byte[64];
            var headLength = 0;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
                try
                {
                    int read;
                    while ((read = await content.ReadAsync(buffer, ct)) > 0)
                    {
                        if ((size += read) > limit) throw new MediaTooLargeException(limit);
                        if (headLength < head.Length)
                        {
                            var take = Math.Min(read, head.Length - headLength);
                            buffer.AsSpan(0, take).CopyTo(head.AsSpan(headLength));
                            headLength += take;
                        }
                        await file.WriteAsync(buffer.AsMemory(0, read), ct);
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
                file.Flush(flushToDisk: true);
            }
            var type = FileKinds.Sniff(head.AsSpan(0, headLength), said);
            var pixels = type.StartsWith("image/", StringComparison.Ordinal) ? Measure(temporary) : null;
            if (type.StartsWith("image/", StringComparison.Ordinal) && pixels is null) type = FileKinds.Unknown;
            File.Move(temporary, path);
            return new StoredFile
            {
                Id = id, Name = FileKinds.SafeName(name), MimeType = type, Size = size,
                Width = pixels?.Width, Height = pixels?.Height, CreatedAt = clock.GetUtcNow().UtcDateTime,
            };
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Opens the bytes.</summary>
    /// <exception cref="FileNotFoundException">They are not there.</exception>
    public FileStream Open(Guid id) => new(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);

    /// <summary>A place for bytes that become a file only when something was made of them. Whoever asks removes them; what a dead process left there is swept away.</summary>
    public string ScratchPath() => Path.Combine(root, Guid.NewGuid().ToString("N") + Unfinished);

    /// <summary>Removes the bytes, if they are there.</summary>
    public void Delete(Guid id) => File.Delete(PathOf(id));

    /// <summary>Whether the bytes are there.</summary>
    public bool Exists(Guid id) => File.Exists(PathOf(id));

    /// <summary>The files whose bytes were last written in this time.</summary>
    internal IEnumerable<Guid> Written(DateTime since, DateTime until) =>
        from file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories)
        where file.LastWriteTimeUtc >= since && file.LastWriteTimeUtc < until && Guid.TryParseExact(file.Name, "N", out _)
        select Guid.ParseExact(file.Name, "N");

    /// <summary>Removes what a write left behind that ended with its process. Returns how many.</summary>
    internal int DeleteUnfinished(DateTime until)
    {
        var old = new DirectoryInfo(root).EnumerateFiles("*" + Unfinished, SearchOption.AllDirectories).Where(f => f.LastWriteTimeUtc < until).ToList();
        foreach (var file in old) file.Delete();
        return old.Count;
    }

    private string PathOf(Guid id)
    {
        var name = id.ToString("N");
        return Path.Combine(root, name[..2], name);
    }

    private static SKSizeI? Measure(string path)
    {
        using var codec = SKCodec.Create(path);
        if (codec is null) return null;
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MaxPixels) throw new MediaTooLargeException($"The picture has more than {MaxPixels} pixels.");
        if (codec.FrameCount > 2_000) throw new MediaTooLargeException("The picture has too many frames.");
        return new SKSizeI(width, height);
    }
}
