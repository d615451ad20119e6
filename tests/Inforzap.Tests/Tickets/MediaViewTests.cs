using System.Globalization;
using Bunit;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Inbound;

namespace Inforzap.Tests.Tickets;

public sealed class MediaViewTests : ComponentTest
{
    private const long Twenty = 20L << 20;

    private string Words(string? reason, string language = "pt-BR", MediaState state = MediaState.Failed, long? size = null)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo(language);
        var view = Render<MediaView>(p => p.Add(v => v.Media, new MediaRow(Guid.NewGuid(), state, MessageKind.Video, "defeito.mp4", null, size, null, null, reason)));
        Assert.Equal("status", view.Find(".file.waiting").GetAttribute("role"));
        Assert.Equal("defeito.mp4", view.Find(".file-words b").TextContent);
        return view.Find(".file-words span").TextContent;
    }

    [Theory]
    [InlineData("pt-BR", "Este canal entrega arquivos de até 20 MB. Peça ao cliente que envie este de outra forma.")]
    [InlineData("en", "This channel delivers files of up to 20 MB. Ask the customer to send this one in another way.")]
    [InlineData("es", "Este canal entrega archivos de hasta 20 MB. Pide al cliente que envíe este de otra forma.")]
    public void A_file_over_the_limit_says_the_limit_and_what_to_do_in_the_reader_s_language(string language, string words) =>
        Assert.Equal(words, Words(MediaReason.OverLimit(Twenty), language));

    [Fact]
    public void A_limit_that_is_no_round_number_is_said_as_sizes_are() => Assert.Contains("até 1,5 MB", Words(MediaReason.OverLimit(3 << 19)));

    [Theory]
    [InlineData(MediaReason.TooLarge, null, "O arquivo passa do limite de tamanho")]
    [InlineData(MediaReason.TooLarge, Twenty, "O arquivo passa do limite de tamanho (20,0 MB)")]
    [InlineData(MediaReason.Blocked, null, "não é permitido")]
    [InlineData(MediaReason.Unreachable, null, "Não foi possível baixar")]
    [InlineData("too-large:", null, "Não foi possível baixar")]
    [InlineData("too-large:a lot", null, "Não foi possível baixar")]
    [InlineData(null, null, "Não foi possível baixar")]
    public void Another_reason_says_what_it_is(string? reason, long? size, string words) => Assert.Contains(words, Words(reason, size: size));

    [Fact]
    public void What_is_gone_or_on_its_way_is_said_before_any_reason()
    {
        Assert.Contains("não existe mais", Words(MediaReason.OverLimit(Twenty), state: MediaState.Gone));
        Assert.Contains("Baixando", Words(null, state: MediaState.Pending));
    }

    private static MediaRow Row(MediaState state, string? reason = null) => new(Guid.NewGuid(), state, MessageKind.Document, "nota.pdf", null, null, null, null, reason);

    [Fact]
    public void What_failed_is_tried_again_by_a_button_that_says_what_of()
    {
        MediaRow? wanted = null;
        var media = Row(MediaState.Failed, MediaReason.Unreachable);
        var view = Render<MediaView>(p => p.Add(v => v.Media, media).Add(v => v.MayFetch, true).Add(v => v.OnFetch, m => wanted = m));
        var button = view.Find("button");
        Assert.Equal(("Tentar de novo", "Tentar de novo: nota.pdf"), (button.TextContent, button.GetAttribute("aria-label")));
        button.Click();
        Assert.Equal(media, wanted);
    }

    [Theory]
    [InlineData(MediaState.Failed, null, false)]
    [InlineData(MediaState.Failed, MediaReason.TooLarge, true)]
    [InlineData(MediaState.Failed, "too-large:20971520", true)]
    [InlineData(MediaState.Pending, null, true)]
    [InlineData(MediaState.Gone, null, true)]
    [InlineData(MediaState.Ready, null, true)]
    public void There_is_no_button_where_it_would_help_nothing_or_is_another_s_to_press(MediaState state, string? reason, bool may) =>
        Assert.Empty(Render<MediaView>(p => p.Add(v => v.Media, Row(state, reason)).Add(v => v.MayFetch, may)).FindAll("button"));
}
