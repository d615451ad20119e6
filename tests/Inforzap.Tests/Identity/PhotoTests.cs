using Inforzap.Contracts.Identity;
using Inforzap.Files;
using Inforzap.Identity.Profile;
using Inforzap.Tests.Support;
using SkiaSharp;

namespace Inforzap.Tests.Identity;

public sealed class PhotoTests(Desk desk) : IClassFixture<Desk>
{
    [Theory(DisplayName = "A picture becomes a small square JPEG of its middle, whatever its form")]
    [InlineData(1200, 400, SKEncodedImageFormat.Png)]
    [InlineData(40, 900, SKEncodedImageFormat.Jpeg)]
    [InlineData(256, 256, SKEncodedImageFormat.Webp)]
    public async Task Small(int width, int height, SKEncodedImageFormat format)
    {
        var ana = await desk.PersonAsync("Ana");
        using var picture = new SKBitmap(width, height);
        picture.Erase(SKColors.Teal);
        using var data = picture.Encode(format, 90);
        var id = await desk.SendAs(ana, new SetMyPhoto(data.ToArray()));
        Assert.Equal(id, (await desk.SendAs(ana, new MyProfile())).PhotoId);
        Assert.Equal(id, await desk.SendAs(await desk.PersonAsync("Bia"), new FindPhoto(ana.Id)));
        await using var stored = desk.Services.GetRequiredService<FileStore>().Open(id!.Value);
        using var codec = SKCodec.Create(stored);
        Assert.Equal((256, 256, SKEncodedImageFormat.Jpeg), (codec.Info.Width, codec.Info.Height, codec.EncodedFormat));
        Assert.Null(await desk.SendAs(ana, new SetMyPhoto(null)));
        Assert.Null((await desk.SendAs(ana, new MyProfile())).PhotoId);
    }

    public static TheoryData<string, byte[]> NoPictures => new()
    {
        { "nothing", [] },
        { "text", "<svg onload=alert(1)>"u8.ToArray() },
        { "a head without a body", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] },
    };

    [Theory(DisplayName = "What is no picture is refused in words and nothing is kept"), MemberData(nameof(NoPictures))]
    public async Task Refused(string what, byte[] bytes)
    {
        var ana = await desk.PersonAsync("Ana");
        var refusal = await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(ana, new SetMyPhoto(bytes)));
        Assert.True(refusal.Message.Contains("foto"), what);
        Assert.Null((await desk.SendAs(ana, new MyProfile())).PhotoId);
    }

    [Fact(DisplayName = "A picture of more points than memory likes is refused before it is drawn")]
    public async Task Bomb()
    {
        using var picture = new SKBitmap(new SKImageInfo(6_000, 5_000, SKColorType.Gray8));
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        await Assert.ThrowsAsync<Refusal>(async () => await desk.SendAs(await desk.PersonAsync("Ana"), new SetMyPhoto(data.ToArray())));
    }
}
