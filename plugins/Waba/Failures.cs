using System.Collections.Frozen;
using Inforzap.Sdk;

namespace Inforzap.Plugins.Waba;

/// <summary>What Meta's errors mean for a message, by what they prove. The code decides, then the HTTP status; texts change.</summary>
internal static class Failures
{
    /// <summary>What follows from an error.</summary>
    private enum Then
    {
        /// <summary>The message is refused.</summary>
        Refuse,
        /// <summary>So is every other one; somebody must do something at Meta.</summary>
        RefuseAll,
        /// <summary>Nothing is wrong with the message: it waits until somebody corrects the channel.</summary>
        WaitForCorrection,
        /// <summary>The number is too fast.</summary>
        SlowDown,
        /// <summary>Too much for one person.</summary>
        SlowDownForPerson,
        /// <summary>Not now, and surely nothing was sent.</summary>
        Wait,
        /// <summary>It proves nothing.</summary>
        Unsure,
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private const string BadToken = "A Meta não aceita o token de acesso deste canal: ele venceu ou foi revogado. Um administrador precisa trocá-lo nas configurações do canal.";
    private const string NoPermission = "O token de acesso não tem permissão para usar este número. Um administrador precisa conferir as permissões na Meta.";
    private const string NoNumber = "A Meta não encontra o número deste canal: confira o ID do número de telefone nas configurações.";
    private const string Restricted = "A Meta restringiu ou bloqueou esta conta do WhatsApp Business. Veja o motivo no Gerenciador do WhatsApp.";
    private const string TooFast = "O número passou do ritmo que a Meta aceita; a mensagem espera.";
    private const string Template = "O modelo da mensagem não serve: ";

    private static readonly FrozenDictionary<int, (Then Then, string Words)> Known = new Dictionary<int, (Then, string)>
    {
        [0] = (Then.WaitForCorrection, BadToken),
        [190] = (Then.WaitForCorrection, BadToken),
        [3] = (Then.WaitForCorrection, NoPermission),
        [10] = (Then.WaitForCorrection, NoPermission),
        [131005] = (Then.WaitForCorrection, NoPermission),
        [33] = (Then.WaitForCorrection, NoNumber),
        [133010] = (Then.WaitForCorrection, "O número deste canal ainda não foi registrado na Meta."),
        [131045] = (Then.WaitForCorrection, "O registro do número deste canal na Meta não é mais válido; registre-o de novo."),
        [1] = (Then.Unsure, "A Meta respondeu com um erro que ela não explica; a mensagem pode ter sido entregue."),
        [2] = (Then.Unsure, "O serviço da Meta está com problemas; a mensagem pode ter sido entregue."),
        [131000] = (Then.Unsure, "A Meta respondeu com um erro que ela não explica; a mensagem pode ter sido entregue."),
        [131016] = (Then.Unsure, "O serviço da Meta está com problemas; a mensagem pode ter sido entregue."),
        [4] = (Then.SlowDown, TooFast),
        [80007] = (Then.SlowDown, TooFast),
        [130429] = (Then.SlowDown, TooFast),
        [131056] = (Then.SlowDownForPerson, "A Meta limita quantas mensagens seguidas vão para a mesma pessoa; a mensagem espera."),
        [131057] = (Then.Wait, "A Meta está fazendo manutenção nesta conta; a mensagem espera."),
        [132069] = (Then.Wait, "A Meta limita o uso deste modelo agora; a mensagem espera."),
        [133004] = (Then.Wait, "O serviço da Meta está fora do ar; a mensagem espera."),
        [368] = (Then.RefuseAll, Restricted),
        [131031] = (Then.RefuseAll, Restricted),
        [131037] = (Then.RefuseAll, "O nome de exibição deste número ainda não foi aprovado pela Meta."),
        [131042] = (Then.RefuseAll, "A Meta recusou por causa do pagamento da conta do WhatsApp Business."),
        [131048] = (Then.RefuseAll, "A Meta limitou os envios deste número porque muitas pessoas o bloquearam ou denunciaram."),
        [130497] = (Then.Refuse, "A Meta não deixa esta conta escrever para pessoas deste país."),
        [130403] = (Then.Refuse, "A Meta recusou a mensagem para esta pessoa."),
        [130472] = (Then.Refuse, "A Meta não entregou: esta pessoa está em um teste da própria Meta."),
        [135000] = (Then.Refuse, "A Meta recusou a mensagem sem dizer o motivo."),
        [131008] = (Then.Refuse, "A Meta recusou: falta algo na mensagem"),
        [131009] = (Then.Refuse, "A Meta recusou: algo na mensagem não é aceito"),
        [131021] = (Then.Refuse, "O número de destino é o próprio número deste canal."),
        [131026] = (Then.Refuse, "Não foi possível entregar: o número não tem WhatsApp, usa uma versão antiga, não aceitou os termos novos ou bloqueou a empresa."),
        [131030] = (Then.Refuse, "O número do canal é de teste e só escreve para os números cadastrados na Meta; este não está na lista."),
        [131047] = (Then.Refuse, "Faz mais de 24 horas que o cliente escreveu: a Meta só aceita um modelo aprovado. Quando ele escrever de novo, a conversa continua."),
        [131049] = (Then.Refuse, "A Meta preferiu não entregar esta mensagem, para a pessoa não receber propaganda demais. Não adianta repetir hoje."),
        [131050] = (Then.Refuse, "A pessoa pediu para não receber mensagens de propaganda desta empresa."),
        [131051] = (Then.Refuse, "O WhatsApp não aceita este tipo de mensagem."),
        [131052] = (Then.Refuse, "A Meta não conseguiu buscar o arquivo; envie de novo."),
        [131053] = (Then.Refuse, "A Meta não aceitou o arquivo: o formato ou o tamanho não serve para o WhatsApp."),
        [131062] = (Then.Refuse, "Este tipo de mensagem precisa do número de telefone, e a pessoa não o mostra."),
        [132000] = (Then.Refuse, Template + "o número de variáveis não confere."),
        [132001] = (Then.Refuse, Template + "ele não existe neste idioma ou ainda não foi aprovado."),
        [132005] = (Then.Refuse, Template + "o texto fica longo demais com as variáveis."),
        [132007] = (Then.Refuse, Template + "o conteúdo contraria as políticas do WhatsApp."),
        [132012] = (Then.Refuse, Template + "uma variável está no formato errado."),
        [132015] = (Then.Refuse, Template + "a Meta o pausou por causa da qualidade."),
        [132016] = (Then.Refuse, Template + "a Meta o desativou de vez por causa da qualidade."),
        [132018] = (Then.Refuse, Template + "uma variável tem quebra de linha, tabulação ou espaços demais."),
        [132068] = (Then.Refuse, Template + "o formulário ligado a ele está bloqueado."),
    }.ToFrozenDictionary();

    /// <summary>Codes whose sentence goes on with Meta's own words.</summary>
    private static readonly FrozenSet<int> Explained = [131008, 131009];

    /// <summary>How an attempt ends whose request got this answer.</summary>
    /// <param name="answer">No success.</param>
    /// <param name="tries">How many tries there were.</param>
    public static SendResult Of(Answer answer, int tries)
    {
        var error = answer.Error;
        var (then, words) = Judge(error, answer.Status);
        var code = error is null ? $"http-{answer.Status}" : $"{error.Code}";
        return then switch
        {
            Then.Refuse => SendResult.Refused(words, code),
            Then.RefuseAll => SendResult.Refused(words, code) with { OfChannel = true },
            Then.WaitForCorrection => SendResult.LaterForAll(Minute * Math.Clamp(tries, 1, 5), words) with { Code = code },
            Then.SlowDown => SendResult.LaterForAll(Pause(answer.After, Second, tries, 5 * Minute), words) with { Code = code },
            Then.SlowDownForPerson => SendResult.LaterForAddress(Pause(answer.After, 6 * Second, tries, 30 * Minute), words) with { Code = code },
            Then.Wait => SendResult.Later(Pause(answer.After, 15 * Second, tries, 10 * Minute), words) with { Code = code },
            _ => SendResult.Unknown(words) with { Code = code },
        };
    }

    /// <summary>Why a message that was taken did not arrive, for people.</summary>
    public static string Words(MetaError error) => error.Code is 1 or 2 or 131000 or 131016
        ? "A Meta não conseguiu entregar a mensagem e não explica o motivo."
        : Judge(error, 400).Words;

    /// <summary>What is wrong with the channel itself, for an administrator.</summary>
    public static string OfChannel(Answer answer) => Judge(answer.Error, answer.Status) is (Then.WaitForCorrection or Then.RefuseAll or Then.SlowDown, var words) ? words
        : answer.Status >= 500 ? "O serviço da Meta está com problemas."
        : answer.IsOk ? "A resposta da Meta não se entende."
        : "A Meta não aceita as configurações deste canal" + (answer.Error is { } error ? Details(error) : ".");

    /// <summary>The object that was asked for is not there, or not for us.</summary>
    public static bool IsNotFound(Answer answer) => answer.Status == 404 || answer.Error is { Code: 100, Subcode: 33 } or { Code: 33 };

    private static (Then Then, string Words) Judge(MetaError? error, int status)
    {
        if (error is null) return OfStatus(status);
        if (error is { Code: 100, Subcode: 33 }) return (Then.WaitForCorrection, NoNumber);
        if (error.Code is >= 200 and < 300) return (Then.WaitForCorrection, NoPermission);
        if (Known.TryGetValue(error.Code, out var known)) return Explained.Contains(error.Code) ? (known.Then, known.Words + Details(error)) : known;
        if (error.Code is >= 133000 and < 134000) return (Then.WaitForCorrection, "O registro do número na Meta está com problema" + Details(error));
        return status >= 500
            ? (Then.Unsure, $"A Meta respondeu com o erro {error.Code}; a mensagem pode ter sido entregue.")
            : (Then.Refuse, "A Meta recusou a mensagem" + Details(error));
    }

    private static (Then, string) OfStatus(int status) => status switch
    {
        401 => (Then.WaitForCorrection, BadToken),
        403 => (Then.WaitForCorrection, NoPermission),
        404 or (>= 300 and < 400) => (Then.WaitForCorrection, "No endereço da API deste canal não responde a Graph API da Meta."),
        429 => (Then.SlowDown, TooFast),
        408 => (Then.Unsure, "A Meta não respondeu a tempo; a mensagem pode ter sido entregue."),
        >= 400 and < 500 => (Then.Refuse, $"A Meta recusou a mensagem (HTTP {status})."),
        >= 500 => (Then.Unsure, $"A Meta respondeu HTTP {status}; a mensagem pode ter sido entregue."),
        _ => (Then.Unsure, "A resposta da Meta não se entende; a mensagem pode ter sido entregue."),
    };

    private static string Details(MetaError error) => string.IsNullOrWhiteSpace(error.Details) ? $" (código {error.Code})." : $": {(error.Details.Length > 300 ? error.Details[..300] + "…" : error.Details)}";

    /// <summary>As long as Meta says, else four times longer with each try.</summary>
    private static TimeSpan Pause(TimeSpan? asked, TimeSpan first, int tries, TimeSpan most)
    {
        if (asked is { Ticks: > 0 } said) return said < Second ? Second : said > LongestAsked ? LongestAsked : said;
        var pause = first * Math.Pow(4, Math.Clamp(tries, 1, 10) - 1);
        return pause > most ? most : pause;
    }
}
