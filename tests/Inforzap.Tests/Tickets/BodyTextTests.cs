using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Tickets;

public sealed class BodyTextTests
{
    [Theory]
    [InlineData("*forte*", "b:forte")]
    [InlineData("_fino_ e ~não~", "i:fino| e |s:não")]
    [InlineData("```x * y```", "m:x * y")]
    [InlineData("*_os dois_*", "bi:os dois")]
    [InlineData("2*3*4", "2*|3*|4")]
    [InlineData("* solto *", "* |solto *")]
    [InlineData("*linha\n*outra", "*|linha\n*|outra")]
    [InlineData("snake_case_name", "snake_|case_|name")]
    public void Marks_hold_where_they_hug_their_words(string body, string pieces) => Assert.Equal(Joined(pieces), Joined(Told(body)));

    [Theory]
    [InlineData("veja https://loja.exemplo/a?b=1, sim", "https://loja.exemplo/a?b=1")]
    [InlineData("(http://loja.exemplo)", "http://loja.exemplo/")]
    public void Addresses_lead_somewhere_without_the_sentence_s_marks(string body, string link) =>
        Assert.Equal(link, Assert.Single(BodyText.Cut(body), s => s.Link is not null).Link!.AbsoluteUri);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("data:text/html;base64,PHNjcmlwdD4=")]
    [InlineData("https://good@evil.example/")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("<img src=x onerror=alert(1)>")]
    public void Nothing_else_leads_anywhere(string body)
    {
        var pieces = BodyText.Cut(body);
        Assert.DoesNotContain(pieces, s => s.Link is not null);
        Assert.Equal(body, string.Concat(pieces.Select(s => s.Text)));
    }

    [Theory]
    [InlineData("Entregamos, *até as 14h*", "Entregamos, até as 14h")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("*cortad", "*cortad")]
    [InlineData(null, "")]
    public void Where_nothing_is_drawn_bold_the_marks_are_left_out(string? body, string read) => Assert.Equal(read, BodyText.Plain(body));

    [Fact]
    public void A_million_marks_are_drawn_plainly()
    {
        var body = new string('*', 1_000_000);
        Assert.Equal(body, Assert.Single(BodyText.Cut(body)).Text);
    }

    [Theory]
    [InlineData("*Ana Lima:*\nBom dia", true)]
    [InlineData("*Ana Lima*\nBom dia", false)]
    [InlineData("Bom dia\n*Ana:*", false)]
    [InlineData("", false)]
    public void A_signature_is_known(string body, bool signed) => Assert.Equal(signed, BodyText.IsSigned(body));

    private static string Told(string body) => string.Join('|', BodyText.Cut(body).Select(s =>
    {
        var marks = (s.Bold ? "b" : "") + (s.Italic ? "i" : "") + (s.Strike ? "s" : "") + (s.Mono ? "m" : "");
        return marks.Length == 0 ? s.Text : $"{marks}:{s.Text}";
    }));

    /// <summary>Where plain text is cut says nothing.</summary>
    private static string Joined(string pieces) => string.Join('|', pieces.Split('|').Aggregate(new List<string>(), (all, piece) =>
    {
        if (all.Count > 0 && !all[^1].Contains(':') && !piece.Contains(':')) all[^1] += piece;
        else all.Add(piece);
        return all;
    }));
}
