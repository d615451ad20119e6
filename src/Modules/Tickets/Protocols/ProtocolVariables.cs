using Inforzap.Contracts.Settings;
using Inforzap.Variables;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Protocols;

/// <summary>The message that tells a protocol may hold variables of the company.</summary>
internal sealed class ProtocolVariables(ISettings settings, IStringLocalizer<Texts> t) : IVariableUse
{
    public Task<VariablePlaces> CountAsync(string name, CancellationToken ct) =>
        Task.FromResult(new VariablePlaces(t["ProtocolTexts"], VariableText.NamesIn(settings.Get(Setting.ProtocolText)).Contains(name, StringComparer.OrdinalIgnoreCase) ? 1 : 0));
}
