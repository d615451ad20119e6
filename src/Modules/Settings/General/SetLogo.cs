using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Localization;

namespace Inforzap.Settings.General;

/// <summary>The company's picture, in place of the product's; null takes it away. It is drawn anew, so that nothing of the file but its pixels is kept.</summary>
[Allow("settings.edit"), Reads]
internal sealed record SetLogo(byte[]? Image) : IRequest
{
    /// <summary>The largest file that is looked at, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;
}

internal sealed class SetLogoHandler(InforzapDb db, Commits commits, FileStore files, IStringLocalizer<Texts> t) : IRequestHandler<SetLogo, Unit>
{
    private const int Edge = 256;

    public async Task<Unit> Handle(SetLogo request, CancellationToken ct)
    {
        // Drawn and written outside of the transaction: the writers' gate is held across no file.
        StoredFile? file = null;
        if (request.Image is { } image)
        {
            if (image.Length > SetLogo.MaxBytes) throw new Refusal(t["LogoTooLarge", SetLogo.MaxBytes / 1024 / 1024]);
            using var small = Pictures.Within(image, Edge) ?? throw new Refusal(t["LogoUnreadable"]);
            file = await files.WriteAsync(small, "logo.png", MediaKind.Image, ct);
        }
        return await commits.RunAsync(db, async () =>
        {
            var (name, value) = (KeptSetting.Logo.Name, file?.Id.ToString("N") ?? "");
            if (file is not null) db.Add(file);
            if (await db.Settings.SingleOrDefaultAsync(s => s.Name == name, ct) is { } row) row.Value = value;
            else db.Add(new SettingRow { Name = name, Value = value });
            await db.SaveChangesAsync(ct);
            db.Touch(Topics.Settings);
            return Unit.Value;
        }, WriterKind.Request, ct);
    }
}

internal static class Logos
{
    /// <summary>The file that is the logo stays.</summary>
    public static FileUse Use { get; } = new(async (db, ids, ct) =>
    {
        var name = KeptSetting.Logo.Name;
        var value = await db.Set<SettingRow>().Where(s => s.Name == name).Select(s => s.Value).SingleOrDefaultAsync(ct);
        return Guid.TryParseExact(value, "N", out var id) && ids.Contains(id) ? [id] : [];
    });

    /// <summary><c>GET /brand/logo</c>, for everybody: it stands on the page where people sign in.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/brand/logo", (ISettings settings, FileStore files) =>
        Guid.TryParseExact(settings.Get(KeptSetting.Logo), "N", out var id) && files.Exists(id) ? (IResult)new SafeFile(files.Open(id), "image/png", "logo.png") : Results.NotFound());
}
