using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Settings;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Ui;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;
using MudBlazor.Services;

namespace Inforzap.Tests.Support;

/// <summary>
/// Renders components with everything they may inject: MudBlazor, texts, a mediator that answers as told, a signed-in
/// person. Never keep a found element in a variable; test the logic, not the HTML.
/// </summary>
[Trait("Database", "none")]
public abstract class ComponentTest : BunitContext
{
    private readonly CurrentActor current = new();

    /// <summary>Registers it all.</summary>
    protected ComponentTest()
    {
        // A busy machine is slow, not wrong.
        DefaultWaitTimeout = TimeSpan.FromSeconds(15);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
        Services.AddLogging();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<IMediator>(Mediator);
        Services.AddSingleton(Live);
        Services.AddSingleton(Line);
        Services.AddSingleton<ISettings>(Settings);
        Services.AddSingleton<IMailer>(Mailer);
        Services.AddSingleton<IChannelDirectory>(Channels);
        Services.AddSingleton<ITextCounter>(Counts);
        Services.AddSingleton(Recordings);
        Services.AddSingleton(current);
        Services.AddSingleton<IActor>(current);
        Authorization = AddAuthorization();
    }

    /// <summary>Answers the component's requests.</summary>
    protected FakeMediator Mediator { get; } = new();

    /// <summary>The switches.</summary>
    protected FakeSettings Settings { get; } = new();

    /// <summary>Sends no mail until a test makes it ready.</summary>
    protected FakeMailer Mailer { get; } = new();

    /// <summary>The channels.</summary>
    protected FakeChannels Channels { get; } = new();

    /// <summary>What texts come to.</summary>
    protected FakeCounts Counts { get; } = new();

    /// <summary>Turns recordings, where ffmpeg is installed.</summary>
    protected Files.Recordings Recordings { get; } = Sounds.Recordings();

    /// <summary>Who is signed in.</summary>
    protected BunitAuthorizationContext Authorization { get; }

    /// <summary>Raises hints.</summary>
    protected LiveHints Live { get; } = new(NullLogger<LiveHints>.Instance);

    /// <summary>Breaks and comes back.</summary>
    protected Line Line { get; } = new();

    /// <summary>Signs somebody in who holds these permissions.</summary>
    protected Actor SignIn(string name = "Ana", params string[] permissions) => SignIn(new Actor(Guid.CreateVersion7(), name, permissions.ToHashSet(), []));

    /// <summary>Signs this person in.</summary>
    protected Actor SignIn(Actor actor)
    {
        current.Is = actor;
        Authorization.SetAuthorized(actor.Name);
        Authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, actor.Id.ToString()), new Claim(Session.StampClaim, "stamp"));
        Authorization.SetPolicies([.. actor.Permissions]);
        return actor;
    }

    /// <summary>Menus, selects and dialogs of MudBlazor draw themselves in these; render them before the component.</summary>
    protected IRenderedComponent<MudPopoverProvider> RenderProviders()
    {
        Render<MudDialogProvider>();
        Render<MudSnackbarProvider>();
        return Render<MudPopoverProvider>();
    }
}

/// <summary>Settings as a test sets them.</summary>
public sealed class FakeSettings : ISettings
{
    private readonly Dictionary<Setting, string> values = [];

    /// <summary>Sets one.</summary>
    public void Set(Setting setting, string value) => values[setting] = value;

    /// <inheritdoc/>
    public string Get(Setting setting) => values.GetValueOrDefault(setting, setting.Default);

    /// <inheritdoc/>
    public bool Is(Setting setting) => Get(setting) == "true";

    /// <inheritdoc/>
    public TimeZoneInfo TimeZone => TimeZoneInfo.FindSystemTimeZoneById(Get(Setting.TimeZone));

    /// <inheritdoc/>
    public Task LoadAsync(CancellationToken ct = default) => Task.CompletedTask;
}

/// <summary>Keeps what it shall send.</summary>
public sealed class FakeMailer : IMailer
{
    /// <inheritdoc/>
    public bool IsReady { get; set; }

    /// <summary>What was posted.</summary>
    public List<MailMessage> Mails { get; } = [];

    /// <inheritdoc/>
    public void Post(Data.InforzapDb db, MailMessage mail) => Mails.Add(mail);
}

/// <summary>Counts as a test says; nothing, unless it does.</summary>
public sealed class FakeCounts : ITextCounter
{
    /// <summary>What a text comes to.</summary>
    public Func<Guid, string, Sdk.TextCount?> Of { get; set; } = (_, _) => null;

    /// <inheritdoc/>
    public Sdk.TextCount? Count(Guid channelId, string text) => Of(channelId, text);
}

/// <summary>Channels as a test lists them.</summary>
public sealed class FakeChannels : List<ChannelInfo>, IChannelDirectory
{
    /// <inheritdoc/>
    public IReadOnlyList<ChannelInfo> All => this;

    /// <inheritdoc/>
    public ChannelInfo? Find(Guid id) => this.FirstOrDefault(c => c.Id == id);
}
