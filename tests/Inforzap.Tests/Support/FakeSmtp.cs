using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace Inforzap.Tests.Support;

/// <summary>A real mail server on a free port of this machine, that takes mail, or refuses it as told.</summary>
public sealed class FakeSmtp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentQueue<FakeMail> mails = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Lazy<X509Certificate2> certificate = new(MakeCertificate);
    private Task accepting = Task.CompletedTask;

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Offers STARTTLS, with a certificate of its own.</summary>
    public bool OffersTls { get; init; }

    /// <summary>Encrypts from the first byte on.</summary>
    public bool IsTls { get; init; }

    /// <summary>Wants this name and this password.</summary>
    public (string Name, string Password)? SignIn { get; init; }

    /// <summary>Takes connections and says nothing.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Answers a command in place of the server; null lets it answer by itself, nothing hangs up. DATA is asked again with '.' for the message.</summary>
    public Func<string, string?>? Script { get; set; }

    /// <summary>What it took, oldest first.</summary>
    public IReadOnlyList<FakeMail> Mails => [.. mails];

    /// <summary>What was said to it, oldest first. Passwords are left out.</summary>
    public IReadOnlyList<string> Commands => [.. commands];

    /// <summary>Starts it.</summary>
    public FakeSmtp Start()
    {
        listener.Start();
        accepting = AcceptAsync();
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
        if (certificate.IsValueCreated) certificate.Value.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
            try
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(closing.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
            try
            {
                if (IsSilent) await Task.Delay(Timeout.Infinite, closing.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
                // The other side hung up, or does not trust us.
            }
    }

    private async Task TalkAsync(Stream stream)
    {
        var isSecret = IsTls;
        if (IsTls) stream = await SecureAsync(stream);
        var line = new Lines(stream);
        await line.SayAsync("220 fake.test ESMTP", closing.Token);
        var (from, to, isSignedIn) = ("", new List<string>(), false);
        while (await line.HearAsync(closing.Token) is { } command)
        {
            var word = command.Split(' ')[0].ToUpperInvariant();
            commands.Enqueue(word == "AUTH" ? string.Join(' ', command.Split(' ').Take(2)) : command);
            if (Script?.Invoke(command) is { } scripted)
            {
                if (scripted.Length == 0) return;
                await line.SayAsync(scripted, closing.Token);
                continue;
            }
            switch (word)
            {
                case "EHLO" or "HELO":
                    string[] offers = [.. OffersTls && !isSecret ? ["STARTTLS"] : Array.Empty<string>(), .. SignIn is null ? Array.Empty<string>() : ["AUTH PLAIN LOGIN"], "8BITMIME"];
                    foreach (var offer in offers.Prepend("fake.test").SkipLast(1)) await line.SayAsync($"250-{offer}", closing.Token);
                    await line.SayAsync($"250 {offers[^1]}", closing.Token);
                    break;
                case "STARTTLS":
                    await line.SayAsync("220 go ahead", closing.Token);
                    line = new Lines(await SecureAsync(stream));
                    isSecret = true;
                    break;
                case "AUTH":
                    isSignedIn = await SignInAsync(line, command);
                    await line.SayAsync(isSignedIn ? "235 welcome" : "535 5.7.8 wrong name or password", closing.Token);
                    break;
                case "MAIL" when SignIn is not null && !isSignedIn:
                    await line.SayAsync("530 5.7.0 sign in first", closing.Token);
                    break;
                case "MAIL":
                    (from, to) = (Address(command), []);
                    await line.SayAsync("250 ok", closing.Token);
                    break;
                case "RCPT":
                    to.Add(Address(command));
                    await line.SayAsync("250 ok", closing.Token);
                    break;
                case "DATA":
                    await line.SayAsync("354 go ahead", closing.Token);
                    var text = await line.HearMessageAsync(closing.Token);
                    var answer = Script?.Invoke(".");
                    if (answer is "") return;
                    if (answer is null) mails.Enqueue(new FakeMail(from, to, text, isSecret));
                    await line.SayAsync(answer ?? "250 taken", closing.Token);
                    break;
                case "QUIT":
                    await line.SayAsync("221 bye", closing.Token);
                    return;
                default:
                    await line.SayAsync("250 ok", closing.Token);
                    break;
            }
        }
    }

    private async Task<bool> SignInAsync(Lines line, string command)
    {
        var parts = command.Split(' ');
        string name, password;
        if (parts[1].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            var given = parts.Length > 2 ? parts[2] : await AskAsync(line, "334 ");
            (name, password) = Encoding.UTF8.GetString(Convert.FromBase64String(given)).Split('\0') is [_, var n, var p] ? (n, p) : ("", "");
        }
        else
        {
            name = Encoding.UTF8.GetString(Convert.FromBase64String(parts.Length > 2 ? parts[2] : await AskAsync(line, "334 VXNlcm5hbWU6")));
            password = Encoding.UTF8.GetString(Convert.FromBase64String(await AskAsync(line, "334 UGFzc3dvcmQ6")));
        }
        return SignIn == (name, password);
    }

    private async Task<string> AskAsync(Lines line, string question)
    {
        await line.SayAsync(question, closing.Token);
        return await line.HearAsync(closing.Token) ?? "";
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate.Value }, closing.Token);
        return secure;
    }

    private static string Address(string command) => command[(command.IndexOf('<') + 1)..command.IndexOf('>')];

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Lines of a connection, byte by byte: what follows STARTTLS must not be read ahead.</summary>
    private sealed class Lines(Stream stream)
    {
        public Task SayAsync(string text, CancellationToken ct) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), ct).AsTask();

        public async Task<string?> HearAsync(CancellationToken ct)
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, ct) == 1)
            {
                if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(one[0]);
            }
            return null;
        }

        public async Task<string> HearMessageAsync(CancellationToken ct)
        {
            var text = new StringBuilder();
            while (await HearAsync(ct) is { } line && line != ".") text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
            return text.ToString();
        }
    }
}

/// <summary>A mail that a server took.</summary>
public sealed record FakeMail(string From, IReadOnlyList<string> To, string Raw, bool WasSecret)
{
    /// <summary>As mail programs read it.</summary>
    public MimeMessage Message => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Raw)));
}
