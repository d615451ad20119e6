using System.Globalization;
using System.Text.Json;
using Inforzap.Data;
using Inforzap.Sdk;

namespace Inforzap.Tickets.Entry;

/// <summary>Which option a customer means.</summary>
internal static class MenuChoice
{
    /// <summary>What stands behind a button; it names the queue, so that buttons of yesterday still lead where they said.</summary>
    public static string IdOf(EntryOption option) => $"queue:{option.QueueId:N}";

    /// <summary>The options as they are shown.</summary>
    public static IReadOnlyList<Offer> Offers(MenuPlan plan) => [.. plan.Options.Select(o => new Offer(IdOf(o), o.Label))];

    /// <summary>By button, by number, by label, or by number and label; null: none of them.</summary>
    public static EntryOption? Of(MenuPlan plan, Message message)
    {
        if (message is { Kind: MessageKind.Choice, Extra: { } extra } && JsonSerializer.Deserialize<ChoiceContent>(extra, JsonSerializerOptions.Web) is { Id: { } id }
            && plan.Options.FirstOrDefault(o => IdOf(o) == id) is { } pressed) return pressed;
        if (message is not { Kind: MessageKind.Text or MessageKind.Choice, Body: { } body } || Plain(body) is not { Length: > 0 } said) return null;
        for (var i = 0; i < plan.Options.Count; i++)
        {
            var (number, label) = ((i + 1).ToString(CultureInfo.InvariantCulture), Plain(plan.Options[i].Label));
            if (said == number || said == label || said == $"{number} {label}") return plan.Options[i];
        }
        return null;
    }

    /// <summary>Letters and digits of it, folded: <c>2️⃣ - Pós-venda.</c> is <c>2 pos venda</c>.</summary>
    internal static string Plain(string text) =>
        string.Join(' ', new string([.. SearchText.Fold(text).Select(c => char.IsLetterOrDigit(c) ? c : c is '\uFE0F' or '\u20E3' ? '\0' : ' ')]).Replace("\0", "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
