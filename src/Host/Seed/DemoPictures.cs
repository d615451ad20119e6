using SkiaSharp;

namespace Inforzap.Host.Seed;

/// <summary>Draws the pictures that people send in the demo.</summary>
internal static class DemoPictures
{
    public static MemoryStream Draw(string what, Random random)
    {
        using var surface = SKSurface.Create(new SKImageInfo(960, 640));
        var canvas = surface.Canvas;
        var hue = random.Next(360);
        using var background = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(new(0, 0), new(960, 640), [SKColor.FromHsl(hue, 45, 88), SKColor.FromHsl((hue + 40) % 360, 45, 62)], SKShaderTileMode.Clamp),
        };
        canvas.DrawRect(0, 0, 960, 640, background);
        using var shape = new SKPaint { Color = SKColor.FromHsl((hue + 200) % 360, 35, 38), IsAntialias = true };
        using var light = new SKPaint { Color = SKColors.White.WithAlpha(170), IsAntialias = true };
        switch (what)
        {
            case "cafeteira":
                canvas.DrawRoundRect(330, 140, 260, 360, 40, 40, shape);
                canvas.DrawRoundRect(370, 330, 180, 150, 24, 24, light);
                canvas.DrawCircle(460, 220, 36, light);
                break;
            case "jaqueta":
                canvas.DrawRoundRect(300, 150, 360, 380, 60, 60, shape);
                canvas.DrawRoundRect(210, 180, 110, 300, 50, 50, shape);
                canvas.DrawRoundRect(640, 180, 110, 300, 50, 50, shape);
                canvas.DrawRect(474, 150, 12, 380, light);
                break;
            case "erro":
                canvas.DrawRoundRect(220, 180, 520, 280, 20, 20, light);
                canvas.DrawCircle(480, 290, 54, shape);
                canvas.DrawRoundRect(330, 390, 300, 20, 10, 10, shape);
                break;
            default:
                canvas.DrawRoundRect(270, 190, 420, 300, 16, 16, shape);
                canvas.DrawRect(270, 320, 420, 26, light);
                canvas.DrawRect(466, 190, 28, 300, light);
                break;
        }
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, 84);
        return new MemoryStream(data.ToArray());
    }
}
