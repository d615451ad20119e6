using Inforzap.Plugins.Sms;
using Inforzap.Sdk;

namespace Inforzap.Tests.Plugins;

/// <summary>How many SMS a text comes to, and what is left of it without accents.</summary>
public sealed class SmsTextTests
{
    private static string A(int n) => new('a', n);

    public static TheoryData<string, string, int, int, int> Counts => new()
    {
        { "", "Gsm7", 0, 160, 0 },
        { "Oi", "Gsm7", 2, 160, 1 },
        { A(160), "Gsm7", 160, 160, 1 },
        { A(161), "Gsm7", 161, 306, 2 },
        { A(306), "Gsm7", 306, 306, 2 },
        { A(307), "Gsm7", 307, 459, 3 },
        // Accents of the small alphabet, and those that are not in it.
        { "àéñüÇ", "Gsm7", 5, 160, 1 },
        { "ação", "Ucs2", 4, 70, 1 },
        { "ç", "Ucs2", 1, 70, 1 },
        // The extension takes two places.
        { "€", "Gsm7", 2, 160, 1 },
        { "[a]{b}~\\|^", "Gsm7", 18, 160, 1 },
        { A(158) + "€", "Gsm7", 160, 160, 1 },
        { A(159) + "€", "Gsm7", 161, 306, 2 },
        // It is not torn apart: the last place of the first SMS stays empty.
        { A(152) + "€" + A(7), "Gsm7", 162, 306, 2 },
        { "á" + A(69), "Ucs2", 70, 70, 1 },
        { "á" + A(70), "Ucs2", 71, 134, 2 },
        { "á" + A(134), "Ucs2", 135, 201, 3 },
        // An emoji is two, and stays whole too.
        { "😀", "Ucs2", 2, 70, 1 },
        { A(66) + "😀" + A(5), "Ucs2", 74, 134, 2 },
        { "linha\noutra", "Gsm7", 11, 160, 1 },
    };

    [Theory, MemberData(nameof(Counts))]
    public void Places_and_parts_are_those_of_the_networks(string text, string alphabet, int used, int room, int parts)
    {
        var segments = Segments.Of(text);
        Assert.Equal((alphabet, used, room, parts), ($"{segments.Alphabet}", segments.Used, segments.Room, segments.Parts));
    }

    [Theory]
    [InlineData("Olá, João! Amanhã às 15h?", "Ola, Joao! Amanha as 15h?")]
    [InlineData("Ac\u0327a\u0303o", "Acao")]
    [InlineData("“Promoção” – só hoje…", "\"Promocao\" - so hoje...")]
    [InlineData("Bom dia 😀🙏🏽 ❤️", "Bom dia")]
    [InlineData("1ª via, nº 7 € 5", "1a via, no 7 € 5")]
    [InlineData("Привет", "Привет")]
    [InlineData("がんばって", "がんばって")]
    [InlineData("नमस्ते", "नमस्ते")]
    public void Without_accents_it_says_the_same(string text, string plain) => Assert.Equal(plain, SmsText.Of(text, withoutAccents: true));

    [Fact]
    public void Accents_stay_where_they_are_wanted_and_a_signature_has_no_stars()
    {
        Assert.Equal("Olá 😀", SmsText.Of(" Olá 😀\r\n", withoutAccents: false));
        Assert.Equal("Ana:\nOlá *já*", SmsText.Of("*Ana:*\nOlá *já*", withoutAccents: false));
        Assert.Equal("*já*\nAna:*\n.", SmsText.Of("*já*\nAna:*\n.", withoutAccents: false));
    }

    [Theory]
    [InlineData("5511988887777", "5511988887777")]
    [InlineData("551188887777", "5511988887777")]
    [InlineData("551138887777", null)]
    [InlineData("14155550100", null)]
    [InlineData("5511", null)]
    public void Only_mobiles_of_Brazil_get_any(string address, string? mobile) => Assert.Equal(mobile, Phones.Mobile(address));

    [Theory]
    [InlineData("Delivered", ReceiptState.Delivered)]
    [InlineData("Entregue", ReceiptState.Delivered)]
    [InlineData("Não entregue", ReceiptState.Failed)]
    [InlineData("NAO ENTREGUE", ReceiptState.Failed)]
    [InlineData("Não enviado", ReceiptState.Failed)]
    [InlineData("Not sent", ReceiptState.Failed)]
    [InlineData("Undelivered", ReceiptState.Failed)]
    [InlineData("Expirado", ReceiptState.Failed)]
    [InlineData("Blacklist", ReceiptState.Failed)]
    [InlineData("Processed", ReceiptState.Sent)]
    [InlineData("Enviado", ReceiptState.Sent)]
    [InlineData("Xyz", null)]
    [InlineData("", null)]
    public void States_are_read_by_what_stands_in_their_words(string word, ReceiptState? state) => Assert.Equal(state, States.Of(word));

    /// <summary>An SMS ends after 70 of them, in the middle of an emoji too; what stands around it is told.</summary>
    [Fact]
    public void Half_an_emoji_ends_nothing()
    {
        var answer = Answer.Read(200, """{"hasError":false,"object":{"content":"oi \ud83d"},"errors":["\udc00"]}"""u8);
        Assert.True(answer.IsOk);
        Assert.StartsWith("oi ", answer.Object.Text("content"), StringComparison.Ordinal);
    }
}
