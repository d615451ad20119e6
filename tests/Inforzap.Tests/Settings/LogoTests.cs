using Inforzap.Contracts.Settings;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Settings.General;
using Inforzap.Tests.Support;
using SkiaSharp;

namespace Inforzap.Tests.Settings;

public sealed class LogoTests(Desk desk) : IClassFixture<Desk>
{
    private static byte[] Picture(int width, int height)
    {
        using var picture = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        picture.Erase(SKColors.Transparent);
        using var data = picture.Encode(SKEncodedImageFormat.Png, 90);
        return data.ToArray();
    }

    /// <summary>It is in memory a moment after its commit.</summary>
    private async Task<string> NowAsync()
    {
        var settings = desk.Services.GetRequiredService<ISettings>();
        await settings.LoadAsync();
        return settings.Get(KeptSetting.Logo);
    }

    [Fact(DisplayName = "A logo is made small, keeps its form and what shines through, is in use, and goes again")]
    public async Task Set()
    {
        var rita = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        await desk.SendAs(rita, new SetLogo(Picture(1024, 512)));
        var id = Guid.ParseExact(await NowAsync(), "N");
        await using (var stored = desk.Services.GetRequiredService<FileStore>().Open(id))
        {
            using var picture = SKBitmap.Decode(stored);
            Assert.Equal((256, 128, 0), (picture.Width, picture.Height, picture.GetPixel(5, 5).Alpha));
        }
        await desk.ReadAsync(async db =>
        {
            Assert.Equal([id], await Logos.Use.AmongAsync(db, [id, Guid.NewGuid()], default));
            return true;
        });
        await desk.SendAs(rita, new SetLogo(null));
        Assert.Equal("", await NowAsync());
    }

    [Fact(DisplayName = "Only who may change settings sets a logo, no picture is refused in words, and its id is nobody's to write")]
    public async Task Refused()
    {
        var rita = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
        foreach (var role in new[] { BuiltInRoles.Agent, BuiltInRoles.Supervisor })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(async () => await desk.SendAs(await desk.PersonAsync("Ana", role), new SetLogo(Picture(10, 10))))).Kind);
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new SetLogo("<svg onload=alert(1)>"u8.ToArray())));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new ChangeSettings(new Dictionary<string, string> { [KeptSetting.Logo.Name] = Guid.NewGuid().ToString("N") })));
        Assert.Equal("", await NowAsync());
    }
}
