using SkiaSharp;

namespace Inforzap.Files;

/// <summary>Draws pictures that people bring anew: nothing of their files but the pixels is kept.</summary>
public static class Pictures
{
    private const long MaxPixels = 24_000_000;

    /// <summary>The middle of the picture, square, as a JPEG; null when it is none.</summary>
    public static MemoryStream? Square(byte[] image, int edge)
    {
        using var whole = Read(image);
        if (whole is null) return null;
        var side = Math.Min(whole.Width, whole.Height);
        var middle = SKRect.Create((whole.Width - side) / 2f, (whole.Height - side) / 2f, side, side);
        return Draw(whole, middle, new SKImageInfo(edge, edge), SKColors.White, SKEncodedImageFormat.Jpeg);
    }

    /// <summary>The whole picture, made to fit into a square and never larger than it was, as a PNG that keeps what shines through; null when it is none.</summary>
    public static MemoryStream? Within(byte[] image, int edge)
    {
        using var whole = Read(image);
        if (whole is null) return null;
        var scale = Math.Min(1f, (float)edge / Math.Max(whole.Width, whole.Height));
        var size = new SKImageInfo(Math.Max(1, (int)(whole.Width * scale)), Math.Max(1, (int)(whole.Height * scale)), SKColorType.Rgba8888, SKAlphaType.Premul);
        return Draw(whole, SKRect.Create(whole.Width, whole.Height), size, SKColors.Transparent, SKEncodedImageFormat.Png);
    }

    /// <summary>The whole picture in the middle of a square where all around it shines through, as a WebP of at most so many bytes; null when it is none, or can't be made so small.</summary>
    public static byte[]? Sticker(byte[] image, int edge, int most)
    {
        using var whole = Read(image);
        if (whole is null) return null;
        var scale = (float)edge / Math.Max(whole.Width, whole.Height);
        var (width, height) = (whole.Width * scale, whole.Height * scale);
        using var surface = SKSurface.Create(new SKImageInfo(edge, edge, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var picture = SKImage.FromBitmap(whole);
        surface.Canvas.Clear(SKColors.Transparent);
        surface.Canvas.DrawImage(picture, SKRect.Create(whole.Width, whole.Height), SKRect.Create((edge - width) / 2, (edge - height) / 2, width, height), new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var drawn = surface.Snapshot();
        for (var quality = 90; quality > 0; quality -= 15)
        {
            using var encoded = drawn.Encode(SKEncodedImageFormat.Webp, quality);
            if (encoded.Size <= most) return encoded.ToArray();
        }
        return null;
    }

    private static SKBitmap? Read(byte[] image)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        return codec is null || (long)codec.Info.Width * codec.Info.Height is 0 or > MaxPixels ? null : SKBitmap.Decode(codec);
    }

    private static MemoryStream Draw(SKBitmap whole, SKRect part, SKImageInfo size, SKColor ground, SKEncodedImageFormat format)
    {
        using var surface = SKSurface.Create(size);
        using var picture = SKImage.FromBitmap(whole);
        surface.Canvas.Clear(ground);
        surface.Canvas.DrawImage(picture, part, SKRect.Create(size.Width, size.Height), new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var drawn = surface.Snapshot();
        using var encoded = drawn.Encode(format, 86);
        return new MemoryStream(encoded.ToArray());
    }
}
