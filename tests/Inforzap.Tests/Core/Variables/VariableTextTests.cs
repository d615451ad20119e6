using System.Diagnostics;
using Inforzap.Variables;

namespace Inforzap.Tests.Core.Variables;

public sealed class VariableTextTests
{
    private static readonly Dictionary<string, string?> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nome"] = "Maria", ["fila"] = null, ["email"] = " ", ["link_pagamento"] = "https://pague.example/?a={{nome}}", ["outra"] = "{{link_pagamento}}",
    };

    [Theory]
    [InlineData("Olá, {{nome}}.", "Olá, Maria.")]
    [InlineData("{{ Nome }}{{NOME}}", "MariaMaria")]
    [InlineData("{{nome|cliente}}", "Maria")]
    [InlineData("Fila: {{fila}}.", "Fila: .")]
    [InlineData("{{fila|geral}} {{email | sem e-mail }}", "geral sem e-mail")]
    [InlineData("{{fila|}}", "")]
    [InlineData("{{{nome}}}", "{Maria}")]
    [InlineData("{{outra}}", "{{link_pagamento}}")]
    [InlineData("{{link_pagamento}}", "https://pague.example/?a={{nome}}")]
    [InlineData("{nome} {{}} {{ }} {{nome} } {{no\nme}} }}nome{{", "{nome} {{}} {{ }} {{nome} } {{no\nme}} }}nome{{")]
    [InlineData("{{fila|{{nome}}}}", "{{fila|Maria}}")]
    [InlineData("", "")]
    public void What_is_known_is_put_in_once_and_the_rest_is_text(string text, string rendered)
    {
        var done = VariableText.Render(text, Values);
        Assert.Equal(rendered, done.Text);
        Assert.Empty(done.Unknown);
    }

    [Theory]
    [InlineData("{{protocolo}} {{nome}}", "{{protocolo}} Maria", "protocolo")]
    [InlineData("{{ nmoe|cliente }}", "{{ nmoe|cliente }}", "nmoe")]
    [InlineData("{{x}}{{X}}{{y}}", "{{x}}{{X}}{{y}}", "x,y")]
    [InlineData("{{1+1}} {{nome.ToUpper()}}", "{{1+1}} {{nome.ToUpper()}}", "1+1,nome.ToUpper()")]
    public void What_does_not_exist_stays_as_typed_and_is_reported(string text, string rendered, string unknown)
    {
        var done = VariableText.Render(text, Values);
        Assert.Equal((rendered, unknown), (done.Text, string.Join(',', done.Unknown)));
        Assert.Equal(done.Unknown, VariableText.UnknownIn(text, Values.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("{{")]
    [InlineData("{{a|")]
    [InlineData("}}{{a}")]
    [InlineData("{{nome|{{nome|")]
    public void Hostile_braces_cost_no_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 65_536 / piece.Length));
        var clock = Stopwatch.StartNew();
        VariableText.Render(text, Values);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }
}
