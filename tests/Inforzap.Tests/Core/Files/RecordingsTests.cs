using System.Text;
using Inforzap.Files;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Core.Files;

/// <summary>What browsers record becomes what the providers take.</summary>
public sealed class RecordingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("inforzap-test-");

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> TurnedAsync(byte[] recorded, Recordings? by = null)
    {
        var (from, to) = (Path.Combine(folder.FullName, "in.part"), Path.Combine(folder.FullName, "out.part"));
        await File.WriteAllBytesAsync(from, recorded);
        await (by ?? Sounds.Recordings()).ToVoiceAsync(from, to, TestContext.Current.CancellationToken);
        return to;
    }

    private async Task<RecordingFault> FaultAsync(byte[] recorded, Recordings? by = null) => (await Assert.ThrowsAsync<RecordingException>(() => TurnedAsync(recorded, by))).Fault;

    [Theory]
    [InlineData("webm")]
    [InlineData("ogg")]
    [InlineData("mp4")]
    public async Task Each_browser_s_recording_becomes_one_voice_of_opus_in_ogg(string container)
    {
        var voice = await File.ReadAllBytesAsync(await TurnedAsync(await Sounds.RecordedAsync(container)));
        Assert.Equal("audio/ogg", FileKinds.Sniff(voice.AsSpan(0, 64), MediaKind.Voice));
        var head = voice.AsSpan().IndexOf("OpusHead"u8);
        Assert.Equal(1, voice[head + 9]);
        Assert.InRange((await Recordings.LengthAsync(Path.Combine(folder.FullName, "out.part"), default)).TotalSeconds, 1.9, 2.2);
    }

    [Fact]
    public async Task What_is_longer_than_is_taken_is_refused() =>
        Assert.Equal(RecordingFault.TooLong, await FaultAsync(await Sounds.RecordedAsync("webm", Recordings.Longest.TotalSeconds + 30)));

    public static TheoryData<string, string> NoRecordings => new()
    {
        // Formats of ffmpeg that read other files, under the names that a liar would give them.
        { "a list of files", "ffconcat version 1.0\nfile /etc/passwd\n" },
        { "a playlist", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n" },
        { "words", "bom dia" },
        { "the beginning of one", "\u001aE\u00df\u00a3 e mais nada" },
        { "nothing", "" },
    };

    [Theory, MemberData(nameof(NoRecordings))]
    public async Task What_is_no_recording_is_refused(string what, string bytes)
    {
        Assert.SkipUnless(Sounds.Recordings().IsThere, "ffmpeg is not installed");
        Assert.True(await FaultAsync(Encoding.Latin1.GetBytes(bytes)) == RecordingFault.NoRecording, what);
    }

    [Fact]
    public async Task Where_ffmpeg_is_missing_it_says_so()
    {
        var none = Sounds.Recordings(folder.FullName);
        Assert.False(none.IsThere);
        Assert.Equal(RecordingFault.NoProgram, await FaultAsync([1, 2, 3], none));
    }

    [Fact]
    public async Task Whoever_leaves_meanwhile_leaves_no_process_behind()
    {
        var recorded = await Sounds.RecordedAsync("webm");
        var from = Path.Combine(folder.FullName, "in.part");
        await File.WriteAllBytesAsync(from, recorded);
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sounds.Recordings().ToVoiceAsync(from, Path.Combine(folder.FullName, "out.part"), gone.Token));
    }
}
