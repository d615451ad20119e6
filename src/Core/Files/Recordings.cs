using System.Buffers.Binary;
using System.Globalization;
using FFMpegCore;
using FFMpegCore.Exceptions;
using Inforzap.Sdk;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Files;

/// <summary>
/// Makes what a browser recorded into what the providers take for a voice message: Opus in OGG, one voice. The program ffmpeg does it,
/// and may be missing: then nobody is offered to record.
/// </summary>
public sealed class Recordings(IConfiguration configuration) : IDisposable
{
    /// <summary>Longer ones are refused.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Program = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    // What is recorded waits for its turn rather than for a machine that is out of breath.
    private readonly SemaphoreSlim turns = new(2);

    /// <summary>ffmpeg is installed: in <c>Ffmpeg__Folder</c>, or where the system looks for programs.</summary>
    public bool IsThere => Folder is not null;

    private string? Folder =>
        (configuration["Ffmpeg:Folder"] is { Length: > 0 } told ? [told] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(f => File.Exists(Path.Combine(f, Program)));

    /// <summary>Writes the recording as a voice message into another file. What stands there afterwards, and whether anything does, is the caller's to clear away.</summary>
    /// <exception cref="RecordingException">It can't be done, and why.</exception>
    public async Task ToVoiceAsync(string from, string to, CancellationToken ct)
    {
        if (Folder is not { } folder) throw new RecordingException(RecordingFault.NoProgram);
        // The container is told and not guessed: some of those that ffmpeg knows are lists of other files.
        var container = await ContainerOfAsync(from, ct) ?? throw new RecordingException(RecordingFault.NoRecording);
        await turns.WaitAsync(ct);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            var limit = (Longest + Tolerance + Tolerance).TotalSeconds.ToString(CultureInfo.InvariantCulture);
            await FFMpegArguments
                .FromFileInput(from, true, o => o.WithCustomArgument("-protocol_whitelist file").ForceFormat(container))
                .OutputToFile(to, true, o => o.WithCustomArgument($"-map 0:a:0 -vn -sn -dn -map_metadata -1 -t {limit} -ac 1 -ar 48000 -c:a libopus -b:a 32k -application voip -threads 1").ForceFormat("ogg"))
                .ProcessAsynchronously(true, new FFOptions { BinaryFolder = folder, WorkingDirectory = Path.GetDirectoryName(to)! }, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RecordingException(RecordingFault.TooSlow);
        }
        catch (FFMpegException e)
        {
            throw new RecordingException(RecordingFault.NoRecording, e);
        }
        finally
        {
            turns.Release();
        }
        var length = await LengthAsync(to, ct);
        if (length <= TimeSpan.Zero) throw new RecordingException(RecordingFault.NoRecording);
        if (length > Longest + Tolerance) throw new RecordingException(RecordingFault.TooLong);
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    /// <summary>How long an OGG with Opus is: its last page says so.</summary>
    internal static async Task<TimeSpan> LengthAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path)) return TimeSpan.Zero;
        await using var file = File.OpenRead(path);
        var tail = new byte[Math.Min(file.Length, 128 * 1024)];
        file.Seek(-tail.Length, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, ct);
        var page = tail.AsSpan().LastIndexOf("OggS"u8);
        return page >= 0 && page + 14 <= tail.Length ? TimeSpan.FromSeconds(BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(page + 6)) / 48_000d) : TimeSpan.Zero;
    }

    /// <summary>By ffmpeg's word for it; null when browsers record no such thing.</summary>
    private static async Task<string?> ContainerOfAsync(string path, CancellationToken ct)
    {
        var head = new byte[64];
        await using var file = File.OpenRead(path);
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        return FileKinds.Sniff(head.AsSpan(0, read), MediaKind.Voice) switch { "audio/webm" => "matroska", "audio/ogg" => "ogg", "audio/mp4" => "mov", _ => null };
    }
}

/// <summary>A recording did not become a voice message.</summary>
public sealed class RecordingException(RecordingFault fault, Exception? inner = null) : Exception($"The recording was not turned: {fault}.", inner)
{
    /// <summary>Why.</summary>
    public RecordingFault Fault => fault;
}

/// <summary>Why a recording did not become a voice message.</summary>
public enum RecordingFault
{
    /// <summary>ffmpeg is not installed.</summary>
    NoProgram,
    /// <summary>There is no sound in it that can be read.</summary>
    NoRecording,
    /// <summary>It is longer than is taken.</summary>
    TooLong,
    /// <summary>It took longer than it may.</summary>
    TooSlow,
}
