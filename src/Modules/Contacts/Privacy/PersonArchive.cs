using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Inforzap.Contracts.Contacts;
using Inforzap.Files;
using Microsoft.Extensions.Localization;

namespace Inforzap.Contacts.Privacy;

/// <summary>
/// One file with all that is known of somebody: <c>dados.json</c> for machines, <c>index.html</c> for people, which opens without a
/// net, and their files in <c>midia/</c>. Rows are written as they come, to the disk.
/// </summary>
internal sealed class PersonArchive : IPersonArchive, IAsyncDisposable
{
    /// <summary>Stands in the file: what others read by machine keeps its names while this stays.</summary>
    public const string Format = "inforzap.titular/1";

    private const int TellEvery = 2_000;
    private const int FlushAt = 64 * 1024;

    private readonly ZipArchive zip;
    private readonly FileStore store;
    private readonly IStringLocalizer<Texts> t;
    private readonly Func<int, Task> tell;
    private readonly Stream data;
    private readonly Utf8JsonWriter json;
    private readonly FileStream page;
    private readonly StreamWriter html;
    private readonly FileStream names;
    private readonly StreamWriter media;
    private readonly HashSet<Guid> taken = [];
    private int rows, rowsOfList;
    private bool inList;

    public PersonArchive(Stream to, FileStore files, IStringLocalizer<Texts> texts, TimeProvider clock, Func<int, Task> told)
    {
        (zip, store, t, tell) = (new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true), files, texts, told);
        data = zip.CreateEntry("dados.json").Open();
        json = new Utf8JsonWriter(data, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        // Only one entry of the archive can be written at a time: the others wait on the disk.
        html = new StreamWriter(page = files.Scratch(), new UTF8Encoding(false));
        media = new StreamWriter(names = files.Scratch(), new UTF8Encoding(false));
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteString("formato", Format);
        json.WriteString("gerado_em", now);
        html.Write(Head);
        html.Write($"<title>{Text(t["ArchiveTitle"])}</title></head><body><main><h1>{Text(t["ArchiveTitle"])}</h1><p>{Text(t["ArchiveText"])}</p><p class=\"small\">{Text(t["ArchiveMade", now])}</p>");
    }

    private const string Head = """
        <!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'">
        <style>body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1c2526;background:#f5f7f7}main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem}h2{margin:2.5rem 0 .75rem;font-size:1.15rem}
        dl{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.15rem 1rem;margin:0 0 .75rem;padding:.75rem 1rem;background:#fff;border:1px solid #dde4e4;border-radius:8px}
        dt{color:#5a6a6b}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.small{color:#5a6a6b}@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}</style>
        """;

    public async Task ListAsync(string name, string title)
    {
        await EndListAsync();
        json.WriteStartArray(name);
        await html.WriteAsync($"<section><h2>{Text(title)}</h2>");
        (inList, rowsOfList) = (true, 0);
    }

    public async Task RowAsync(params IReadOnlyList<PersonValue> values)
    {
        json.WriteStartObject();
        await html.WriteAsync("<dl>");
        foreach (var value in values.Where(v => !string.IsNullOrEmpty(v.Value)))
        {
            json.WriteString(value.Name, value.Value);
            await html.WriteAsync($"<dt>{Text(value.Label)}</dt><dd dir=\"auto\">{(value.IsFile ? $"<a href=\"{Text(value.Value!)}\">{Text(value.Value!)}</a>" : Text(value.Value!))}</dd>");
        }
        json.WriteEndObject();
        await html.WriteAsync("</dl>");
        rowsOfList++;
        if (json.BytesPending > FlushAt) await json.FlushAsync();
        if (++rows % TellEvery == 0) await tell(rows);
    }

    public string? File(Guid fileId, string name, string? mimeType)
    {
        if (!store.Exists(fileId)) return null;
        var safe = FileKinds.SafeName(name);
        var path = $"midia/{fileId.ToString("N")[..8]}-{safe}";
        if (taken.Add(fileId)) media.WriteLine($"{fileId:N} {path}");
        return path;
    }

    private async Task EndListAsync()
    {
        if (!inList) return;
        json.WriteEndArray();
        if (rowsOfList == 0) await html.WriteAsync($"<p class=\"small\">{Text(t["ArchiveNothing"])}</p>");
        await html.WriteAsync("</section>");
        inList = false;
    }

    /// <summary>Writes what waits, and the files.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await EndListAsync();
        json.WriteEndObject();
        await json.DisposeAsync();
        await data.DisposeAsync();
        await html.WriteAsync("</main></body></html>");
        await html.FlushAsync(ct);
        page.Position = 0;
        await using (var entry = zip.CreateEntry("index.html").Open()) await page.CopyToAsync(entry, ct);
        await media.FlushAsync(ct);
        names.Position = 0;
        using var reader = new StreamReader(names, leaveOpen: true);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            var id = Guid.ParseExact(line[..32], "N");
            // It may go while this is written.
            if (!store.Exists(id)) continue;
            await using var from = store.Open(id);
            await using var to = zip.CreateEntry(line[33..], CompressionLevel.NoCompression).Open();
            await from.CopyToAsync(to, ct);
        }
    }

    private static readonly HtmlEncoder Signs = HtmlEncoder.Create(UnicodeRanges.All);

    private static string Text(string text) => Signs.Encode(text);

    public async ValueTask DisposeAsync()
    {
        await json.DisposeAsync();
        await data.DisposeAsync();
        await html.DisposeAsync();
        await media.DisposeAsync();
        zip.Dispose();
    }
}
