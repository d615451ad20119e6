using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Changes one message that both sides know.</summary>
internal sealed class Afterwards(Evolution evolution, Memory memory, KnownMessage message)
{
    private readonly string id = ProviderIds.Whole(message.ProviderId);

    public Task<SendResult> ReactAsync(string? emoji, CancellationToken ct) => GuardedAsync(async () =>
        // Of somebody's message in a group WhatsApp wants to know whose it is.
        await evolution.PostAsync("message/sendReaction", new JsonObject { ["key"] = Key(await WhereAsync(needsWriter: !message.FromUs, ct)), ["reaction"] = emoji ?? "" }, ct));

    public Task<SendResult> EditAsync(string body, CancellationToken ct)
    {
        if (message.File is not (null or MediaKind.Image or MediaKind.Video)) return Task.FromResult(SendResult.Refused("No WhatsApp só se edita o texto de mensagens, imagens e vídeos."));
        return GuardedAsync(async () =>
        {
            var where = await WhereAsync(needsWriter: false, ct);
            // The gateway works the address out of the number, and wants it to be the same.
            var number = Jids.Address(where.Jid) is { } address ? Jids.Number(address) : Jids.Number(message.To);
            return await evolution.PostAsync("chat/updateMessage", new JsonObject { ["number"] = number, ["key"] = Key(where with { Participant = null }), ["text"] = body }, ct);
        });
    }

    public Task<SendResult> RevokeAsync(CancellationToken ct) => GuardedAsync(async () =>
        await evolution.DeleteAsync("chat/deleteMessageForEveryone", ct, Key(await WhereAsync(needsWriter: !message.FromUs, ct))));

    private JsonObject Key(MessageKey where)
    {
        var key = new JsonObject { ["id"] = id, ["fromMe"] = message.FromUs, ["remoteJid"] = where.Jid };
        if (where.Participant is { } participant) key["participant"] = participant;
        return key;
    }

    /// <summary>Where the message is: as it was told when it came or went, else by the address; in a group the gateway knows who wrote it.</summary>
    private async Task<MessageKey> WhereAsync(bool needsWriter, CancellationToken ct)
    {
        if (memory.KeyOf(id) is { } known) return known;
        var where = new MessageKey(Jids.Of(message.To), null);
        if (!needsWriter || message.To.Kind != AddressKind.WhatsAppGroup) return where;
        var answer = await evolution.PostAsync("chat/findMessages", Past.Page(where.Jid, 1, 100), ct);
        foreach (var record in answer.Body?.Child("messages")?.Items("records") ?? [])
            if (record.Child("key") is { } key && key.String("id") == id) return where with { Participant = key.String("participant") };
        return where;
    }

    private async Task<SendResult> GuardedAsync(Func<Task<Answer>> ask)
    {
        if (!Jids.IsKnown(message.To)) return SendResult.Refused("O endereço não é do WhatsApp.");
        Answer answer;
        try
        {
            answer = await ask();
        }
        catch (HttpRequestException e) when (Failures.NeverConnected(e))
        {
            return SendResult.Later(TimeSpan.FromSeconds(10), Failures.NoConnection);
        }
        catch (HttpRequestException)
        {
            return SendResult.Unknown("A conexão com o gateway caiu; a mudança pode ter sido feita.");
        }
        catch (TimeoutException)
        {
            return SendResult.Unknown("O gateway não respondeu a tempo; a mudança pode ter sido feita.");
        }
        if (answer.IsOk) return SendResult.Sent(message.ProviderId);
        return Failures.Judge(answer) switch
        {
            Failures.Then.Refuse when answer.Says("RemoteJid does not match", "not found", "Message not compatible") => SendResult.Refused("O gateway não tem mais esta mensagem.", $"http-{answer.Code}"),
            Failures.Then.Refuse => SendResult.Refused(Failures.Words(answer), $"http-{answer.Code}"),
            Failures.Then.WaitForCorrection => SendResult.LaterForAll(TimeSpan.FromMinutes(1), answer.Code == 401 ? Failures.BadKey : Failures.NoInstance),
            // Each says what shall be, so it does no harm a second time.
            Failures.Then.Wait => SendResult.Later(TimeSpan.FromSeconds(20), "O WhatsApp não aceitou agora; o sistema tenta de novo."),
            Failures.Then.Unsure when answer.Code is 400 or 500 => SendResult.Later(TimeSpan.FromSeconds(20), "O WhatsApp não aceitou agora; o sistema tenta de novo."),
            _ => SendResult.Unknown($"O gateway respondeu com erro {answer.Code}; a mudança pode ter sido feita."),
        };
    }
}
