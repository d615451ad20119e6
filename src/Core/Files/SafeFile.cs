using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Inforzap.Files;

/// <summary>
/// Answers with a file that somebody else made: its type as found from its bytes, shown in place only if that type can hold no
/// script, in a sandbox in any case.
/// </summary>
public sealed class SafeFile(Stream content, string mimeType, string fileName) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
        headers.CacheControl = "private, max-age=86400, immutable";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var disposition = new ContentDispositionHeaderValue(FileKinds.IsInline(mimeType) ? "inline" : "attachment");
        disposition.SetHttpFileName(FileKinds.SafeName(fileName));
        headers.ContentDisposition = disposition.ToString();
        return Results.Stream(content, FileKinds.IsInline(mimeType) ? mimeType : FileKinds.Unknown, enableRangeProcessing: true).ExecuteAsync(httpContext);
    }
}
