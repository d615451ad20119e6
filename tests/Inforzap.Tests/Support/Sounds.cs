using System.Diagnostics;
using Inforzap.Files;
using Microsoft.Extensions.Configuration;

namespace Inforzap.Tests.Support;

/// <summary>What microphones of browsers would give, made by ffmpeg itself. Where it is not installed such tests are skipped.</summary>
internal static class Sounds
{
    /// <summary>A tone, as Chromium (webm), Firefox (ogg) or Safari (mp4) records it.</summary>
    public static async Task<byte[]> RecordedAsync(string container, double seconds = 2)
    {
        Assert.SkipUnless(Recordings().IsThere, "ffmpeg is not installed");
        var path = Path.Combine(Path.GetTempPath(), $"inforzap-{Guid.NewGuid():N}.{container}");
        try
        {
            string[] codec = container == "mp4" ? ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"] : ["-c:a", "libopus", "-compression_level", "0", "-b:a", "16k"];
            var arguments = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
            foreach (var a in (string[])["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", FormattableString.Invariant($"sine=frequency=440:duration={seconds}"), .. codec, path]) arguments.ArgumentList.Add(a);
            using var ffmpeg = Process.Start(arguments)!;
            var said = await ffmpeg.StandardError.ReadToEndAsync();
            await ffmpeg.WaitForExitAsync();
            Assert.True(ffmpeg.ExitCode == 0, said);
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static Recordings Recordings(string? folder = null) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Ffmpeg:Folder"] = folder }).Build());
}
