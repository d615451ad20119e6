using System.Text.Json;
using Inforzap.Sdk;
using Microsoft.Extensions.Logging;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.Enums;

namespace Inforzap.Plugins.Telegram;

/// <summary>Drives one bot of Telegram.</summary>
public sealed class TelegramAdapter : IChannelAdapter, IWebhook, IAbilities, IProbe, IPresence, IMediaSource
{
    /// <summary>The header in which Telegram says the secret.</summary>
    public const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    private readonly HttpClient http;
    private readonly IInbox inbox;
    private readonly IMediaReader media;
    private readonly ILogger<TelegramAdapter> log;

    /// <summary>Made once per channel.</summary>
    public TelegramAdapter(HttpClient http, IInbox inbox, IMediaReader media, ILogger<TelegramAdapter> log)
    {
        (this.http, this.inbox, this.media, this.log) = (http, inbox, media, log);
        // The host bounds each call; a poll stays open for the better part of a minute.
        http.Timeout = TimeSpan.FromSeconds(75);
    }

    /// <inheritdoc/>
    public Can Can => Can.Media | Can.Quote | Can.Typing;

    /// <inheritdoc/>
    public long MaxMediaBytes => Sending.MaxFile;

    /// <inheritdoc/>
    public string? AddressKind => Sdk.AddressKind.Telegram;

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
                sending = new Sending(bot, media, message, e.Parameters.MigrateToChatId.Value);
                return await sending.SendAsync(ct);
            }
        }
        catch (Exception e) when (e is RequestException or BadTokenException)
        {
            return sending is { IsPartly: true }
                ? SendResult.Unknown("Só uma parte da mensagem foi entregue.")
                : Failures.Of(e);
        }
    }

    /// <inheritdoc/>
    public async Task<WebhookReply> ReceiveAsync(ChannelRef on, WebhookRequest request, CancellationToken ct)
    {
        var settings = on.Settings<TelegramSettings>();
        if (settings.Mode != TelegramMode.Webhook) return WebhookReply.NotFound;
        if (!request.HasSecret(SecretHeader, Bot.WebhookSecret(on))) return WebhookReply.Forbidden;
        var read = new Updates(on.Id, Bot.Id(settings), settings.AllowGroups).Read(request.Body);
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
            return new ProbeResult(false, e.ErrorCode is 401 or 404 ? "O Telegram não aceita este token. Copie de novo do @BotFather." : $"O Telegram respondeu com erro {e.ErrorCode}.");
        }
        catch (RequestException)
        {
            return new ProbeResult(false, "O endereço da API não respondeu como o Telegram.");
        }
    }

    /// <summary>Nothing to tell: bots send no read receipts.</summary>
    public Task ReadAsync(ChannelRef on, Address to, string providerId, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Shown for five seconds or until a message comes; it can't be taken back.</summary>
    public Task TypingAsync(ChannelRef on, Address to, bool typing, CancellationToken ct) => !typing || ProviderIds.ChatOf(to.Value) is not { } chat
        ? Task.CompletedTask : Bot.Of(on.Settings<TelegramSettings>(), http).SendRequest(new SendChatActionRequest { ChatId = chat, Action = ChatAction.Typing }, ct);

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(ChannelRef on, string reference, CancellationToken ct)
    {
        var settings = on.Settings<TelegramSettings>();
        string? path;
        try
        {
            path = (await Bot.Of(settings, http).SendRequest(new GetFileRequest { FileId = reference }, ct)).FilePath;
        }
        catch (ApiRequestException e) when (e.Message.Contains("file is too big", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaTooLargeException("Telegram gives bots files of up to 20 MB.");
        }
        catch (ApiRequestException e) when (e.ErrorCode == 400 && !e.Message.Contains("temporarily", StringComparison.OrdinalIgnoreCase))
        {
            throw new MediaGoneException();
        }
        // A path is the server's to choose, but it leads to that server and below the bot's own files.
        if (string.IsNullOrEmpty(path) || path[0] == '/' || path.Contains("..", StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal)) throw new MediaGoneException();
        var answer = await http.GetAsync(Bot.FileUrl(settings, path), HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.IsSuccessStatusCode) return await answer.Content.ReadAsStreamAsync(ct);
        answer.Dispose();
        if (answer.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Gone) throw new MediaGoneException();
        throw new HttpRequestException($"Telegram answered {(int)answer.StatusCode}.");
    }
}
