using System.Text.Json;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Security;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Settings.Mail;

/// <summary>
/// A mail in its lane. What it says is encrypted: links in it open doors. Each recipient has a lane of their own, so that one
/// whom nobody reaches holds up nobody else.
/// </summary>
/// <param name="Id">Under which its words are encrypted.</param>
/// <param name="MessageId">What the mail calls itself at every try.</param>
/// <param name="Sealed">A <see cref="MailMessage"/>, encrypted.</param>
internal sealed record PostedMail(Guid Id, string MessageId, string Sealed)
{
    public const string Lane = "mail";

    /// <summary>The purpose of its encryption.</summary>
    public static string Purpose(Guid id) => $"mail/{id:N}";
}

/// <summary>Knows on each node whether mail can be sent, and puts mails into their lanes.</summary>
internal sealed class LiveMail(IServiceScopeFactory scopes, LiveHints live, Secrets secrets, TimeProvider clock, ILogger<LiveMail> log) : IMailer, IHostedService, IDisposable
{
    private volatile string? from;
    private IDisposable? subscription;

    public bool IsReady => from is not null;

    public void Post(InforzapDb db, MailMessage mail)
    {
        var id = Guid.NewGuid();
        var posted = new PostedMail(id, MailLayout.NewId(from ?? ""), secrets.Protect(PostedMail.Purpose(id), JsonSerializer.Serialize(mail, JsonSerializerOptions.Web)));
        db.Enqueue(CleanText.Cut($"{PostedMail.Lane}/{mail.To.ToLowerInvariant()}", 200), "mail", JsonSerializer.Serialize(posted, JsonSerializerOptions.Web), clock.GetUtcNow().UtcDateTime);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = live.On([Topics.Settings], topic => _ = LoadQuietlyAsync());
        await LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => subscription?.Dispose();

    public async Task LoadAsync(CancellationToken ct = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        from = await scope.ServiceProvider.GetRequiredService<InforzapDb>().MailServers.Where(m => m.IsOn).Select(m => m.FromAddress).SingleOrDefaultAsync(ct);
    }

    private async Task LoadQuietlyAsync()
    {
        try
        {
            await LoadAsync();
        }
        catch (Exception e)
        {
            log.LogWarning("The mail server can't be read now; the last one stays: {Exception}", e.GetType().Name);
        }
    }
}
