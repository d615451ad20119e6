using System.Net;
using System.Text.Json;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Plugins.Telegram;

/// <summary>Drives one bot of Telegram.</summary>
public sealed class TelegramAdapter : IChannelAdapter, IWebhook, ISession, IAbilities, IPaced, IProbe, IPresence, IMediaSource, IReactions, IEdits, IRevokes, IAlbums
{
    /// <summary>The header in which Telegram says the secret.</summary>
    public const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    /// <summary>Larger files of customers Telegram keeps from bots.</summary>
    private const long MaxDownload = 20L * 1024 * 1024;

    private readonly HttpClient http;
    private readonly IInbox inbox;
    private readonly IMediaReader media;
    private readonly IPluginStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<TelegramAdapter> log;

    /// <summary>Made once per channel.</summary>
    public TelegramAdapter(HttpClient http, IInbox inbox, IMediaReader media, IPluginStore store, TimeProvider clock, ILogger<TelegramAdapter> log)
    {
        (this.http, this.inbox, this.media, this.store, this.clock, this.log) = (http, inbox, media, store, clock, log);
        // The host bounds each call; a poll stays open for the better part of a minute.
        http.Timeout = TimeSpan.FromSeconds(75);
    }

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Typing | Can.Places | Can.Cards | Can.Offers | Can.Stickers;

    /// <inheritdoc/>
    public IReadOnlyList<string>? Emojis => Afterwards.Emojis;

    /// <summary>A minute less than Telegram's own 48 hours: a wish is on its way for a while.</summary>
    public TimeSpan? RevokeWindow => TimeSpan.FromHours(48) - TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public long MaxMediaBytes => Sending.MaxFile;

    /// <inheritdoc/>
    public string? AddressKind => Sdk.AddressKind.Telegram;

    /// <summary>A weekend.</summary>
    public TimeSpan? UsualSilence => TimeSpan.FromHours(60);

    /// <summary>What Telegram lets through without asking for patience.</summary>
    public SendPace PaceOf(ChannelRef on) => new(25, TimeSpan.FromSeconds(1), 5);

    /// <summary>A bot speaks only to those who spoke to it.</summary>
    public bool? CanStart => false;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ChannelRef on, OutboundMessage message, CancellationToken ct)
    {
        if (ProviderIds.ChatOf(message.To.Value) is not { } chat) return SendResult.Refused("O endereço não é de uma conversa do Telegram.");
        Sending? sending = null;
        try
        {
            var bot = Bot.Of(on.Settings<TelegramSettings>(), http);
            sending = new Sending(bot, media, message, chat);
            try
            {
                return await sending.SendAsync(ct);
            }
            catch (ApiRequestException e) when (e.Parameters?.MigrateToChatId is not null && !sending.IsPartly)
            {
                // The group has another number now, and nothing was sent to the old one.
                var moved = e.Parameters.MigrateToChatId.Value;
                sending = new Sending(bot, media, message, moved);
                await NoteAsync(new InboundMove(on.Id, $"{bot.BotId}/{chat}>{moved}", new Address(ProviderIds.Chat(moved), AddressKind!), message.To with { Kind = AddressKind! }), ct);
                return await sending.SendAsync(ct);
            }
        }
        catch (Exception e) when (e is RequestException or BadTokenException)
        {
            if (sending is { IsPartly: true }) return SendResult.Unknown("Só uma parte da mensagem foi entregue.");
            var result = Failures.Of(e);
            if (e is ApiRequestException no && Failures.IsUnreachable(no))
                await NoteAsync(new InboundReach(on.Id, $"{message.AttemptId:N}/reach", message.To with { Kind = AddressKind! }, false) { Reason = result.Reason }, ct);
            return result;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAlbumAsync(ChannelRef on, IReadOnlyList<OutboundMessage> messages, CancellationToken ct)
    {
        if (ProviderIds.ChatOf(messages[0].To.Value) is { } chat)
            try
            {
                if (await new Album(Bot.Of(on.Settings<TelegramSettings>(), http), media, messages, chat).SendAsync(ct) is { } taken) return taken;
            }
            catch (ApiRequestException e) when (Failures.IsAboutTheFile(e) || e.Parameters?.MigrateToChatId is not null)
            {
                // Nothing was sent: one by one each goes as what it is, and to where the group is now.
            }
            catch (Exception e) when (e is RequestException or BadTokenException)
            {
                var result = Failures.Of(e);
                if (e is ApiRequestException no && Failures.IsUnreachable(no))
                    await NoteAsync(new InboundReach(on.Id, $"{messages[0].AttemptId:N}/reach", messages[0].To with { Kind = AddressKind! }, false) { Reason = result.Reason }, ct);
                return [.. messages.Select(_ => result)];
            }
        var results = new List<SendResult>();
        foreach (var message in messages) results.Add(await SendAsync(on, message, ct));
        return results;
    }

    /// <inheritdoc/>
    public Task<SendResult> ReactAsync(ChannelRef on, KnownMessage message, string? emoji, CancellationToken ct) => ChangeAsync(on, message, m => m.ReactAsync(emoji, ct));

    /// <inheritdoc/>
    public Task<SendResult> EditAsync(ChannelRef on, KnownMessage message, string body, CancellationToken ct) => ChangeAsync(on, message, m => m.EditAsync(body, ct));

    /// <inheritdoc/>
    public Task<SendResult> RevokeAsync(ChannelRef on, KnownMessage message, CancellationToken ct) => ChangeAsync(on, message, m => m.RevokeAsync(ct));

    private async Task<SendResult> ChangeAsync(ChannelRef on, KnownMessage message, Func<Afterwards, Task<SendResult>> change)
    {
        try
        {
            return await change(new Afterwards(Bot.Of(on.Settings<TelegramSettings>(), http), message));
        }
        catch (BadTokenException e)
        {
            return Failures.Of(e);
        }
    }

    /// <summary>What a send taught us of an address. The send has ended either way, so that it could not be kept changes nothing.</summary>
    private async Task NoteAsync(InboundEvent learned, CancellationToken ct)
    {
        try
        {
            await inbox.DeliverAsync(learned, ct);
        }
        catch (Exception e) when (e is InboxFullException or ArgumentException)
        {
            log.LogWarning("What was learned of an address of channel {Channel} could not be kept: {Exception}", learned.ChannelId, e.GetType().Name);
        }
    }

    /// <inheritdoc/>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        var settings = on.Settings<TelegramSettings>();
        if (settings.Mode != TelegramMode.Webhook || request.Method != "POST") return WebhookReply.NotFound;
        if (!request.HasSecret(SecretHeader, settings.WebhookSecret?.Trim())) return WebhookReply.Forbidden;
        var read = new Updates(on.Id, Bot.Id(settings), settings.AllowGroups).Read(request.JsonBody);
        // It has the secret, so it is Telegram's: refusing it would only bring it back, before everything else of its chat.
        if (read.Id is null) log.LogWarning("Channel {Channel}: an update could not be read and was passed over.", on.Key);
        if (read.Happened is { } happened) await inbox.DeliverAsync(happened, ct);
        // Whoever pressed a button sees a clock until it is answered; the reply can carry the answer.
        return read.Query is { } query
            ? new WebhookReply(200, JsonSerializer.Serialize(new { method = "answerCallbackQuery", callback_query_id = query }), "application/json")
            : WebhookReply.Ok;
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ChannelRef on, CancellationToken ct)
    {
        var settings = on.Settings<TelegramSettings>();
        if (!string.IsNullOrWhiteSpace(settings.WebhookSecret) && !Bot.IsSecret(settings.WebhookSecret.Trim()))
            return new ProbeResult(false, "O segredo do webhook só pode ter letras sem acento, números, _ e -.");
        if (settings.Mode == TelegramMode.Webhook && on.PublicUrl is not { Scheme: "https" })
            return new ProbeResult(false, "Para receber por webhook, o sistema precisa de um endereço público com https. Sem ele, use Polling.");
        try
        {
            var me = await Bot.Of(settings, http).SendRequest(new GetMeRequest(), ct);
            return new ProbeResult(true, settings.AllowGroups && !me.CanReadAllGroupMessages
                ? $"{me.FirstName}: https://t.me/{me.Username}. Em grupos o bot só lê comandos e respostas a ele: desligue o Group Privacy no @BotFather e ponha o bot de novo no grupo."
                : $"{me.FirstName}: https://t.me/{me.Username}");
        }
        catch (BadTokenException e)
        {
            return new ProbeResult(false, e.Message);
        }
        catch (ApiRequestException e)
        {
            return new ProbeResult(false, e.ErrorCode is 401 or 404 ? Failures.TokenRefused : $"O Telegram respondeu com erro {e.ErrorCode}.");
        }
        catch (RequestException)
        {
            return new ProbeResult(false, "O endereço da API não respondeu como o Telegram.");
        }
    }

    /// <inheritdoc/>
    public Task RunAsync(ChannelRef on, ISessionReport report, CancellationToken ct) => new Session(http, inbox, store, clock, log).RunAsync(on, report, ct);

    /// <inheritdoc/>
    public Task LeaveAsync(ChannelRef on, CancellationToken ct) => new Session(http, inbox, store, clock, log).LeaveAsync(on, ct);

    /// <summary>Nothing to tell: bots send no read receipts.</summary>
    public Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Shown for five seconds or until a message comes; it can't be taken back.</summary>
    public Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct) => !typing || ProviderIds.ChatOf(to.Value) is not { } chat
        ? Task.CompletedTask : Bot.Of(on.Settings<TelegramSettings>(), http).SendRequest(new SendChatActionRequest { ChatId = chat, Action = ChatAction.Typing }, ct);

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(ChannelRef on, string reference, CancellationToken ct)
    {
        var settings = on.Settings<TelegramSettings>();
        // A path holds for an hour, and Telegram may name one that is older: what leads nowhere is asked for once more.
        for (var again = false; ; again = true)
        {
            var path = await FindAsync(settings, reference, ct);
            var answer = await http.GetAsync(Bot.FileUrl(settings, path), HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadAsStreamAsync(ct);
            answer.Dispose();
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone)) throw new HttpRequestException($"Telegram answered {(int)answer.StatusCode}.");
            if (again) throw new MediaGoneException();
        }
    }

    /// <summary>Where the file lies now.</summary>
    private async Task<string> FindAsync(TelegramSettings settings, string reference, CancellationToken ct)
    {
        string? path;
        try
        {
            path = (await Bot.Of(settings, http).SendRequest(new GetFileRequest { FileId = reference }, ct)).FilePath;
        }
        catch (ApiRequestException e) when (e.Message.Contains("file is too big", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaTooLargeException(MaxDownload);
        }
        catch (ApiRequestException e) when (e.ErrorCode == 400 && !e.Message.Contains("temporarily", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaGoneException();
        }
        // A path is the server's to choose, but it leads to that server and below the bot's own files.
        return string.IsNullOrEmpty(path) || path[0] == '/' || path.Contains("..", StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal) ? throw new MediaGoneException() : path;
    }
}
