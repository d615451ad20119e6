using Inforzap.Contracts.Channels;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Stickers;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;

namespace Inforzap.Tests.Tickets;

public sealed class ComposerTests : Talks
{
    private readonly List<Composer.Outgoing> sent = [];
    private string? refusal;

    public static TheoryData<string, Func<TicketDetails, TicketDetails>> Locks => new()
    {
        { "Atenda para responder.", t => t with { Row = t.Row with { Status = TicketStatus.Pending }, MayAccept = true } },
        { "Este atendimento foi resolvido.", t => t with { Row = t.Row with { Status = TicketStatus.Closed }, MayReopen = true } },
        { "Contato bloqueado. Desbloqueie para responder.", t => t with { Blocked = true } },
        { "O canal desta conversa não existe mais.", t => t with { Channel = null } },
        { "Este atendimento está com Bruno.", t => t with { Row = t.Row with { UserName = "Bruno" }, Mine = false } },
    };

    [Theory, MemberData(nameof(Locks))]
    public void What_locks_it_is_said_and_a_note_is_possible_all_the_same(string why, Func<TicketDetails, TicketDetails> change)
    {
        var composer = Open(change(Details(Row())) with { MayReply = false });
        Assert.Contains(why, composer.Find(".locked").TextContent);
        Assert.Empty(composer.FindAll("textarea"));
        composer.FindAll(".locked button").Single(b => b.TextContent.Contains("Nota privada")).Click();
        Assert.Equal("Escreva uma nota para a equipe", composer.Find("textarea").GetAttribute("placeholder"));
        Assert.Empty(composer.FindAll("[data-pick]"));
    }

    [Fact]
    public async Task A_note_where_no_answer_may_be_goes_to_the_team_and_locks_again()
    {
        var composer = Open(Details(Row(status: TicketStatus.Pending), 0, t => t with { MayReply = false, MayAccept = true }));
        composer.FindAll(".locked button").Single(b => b.TextContent.Contains("Nota privada")).Click();
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.Send(Guid.CreateVersion7(), "cuidado")));
        Assert.True(Assert.Single(sent).IsNote);
        Assert.NotEmpty(composer.FindAll(".locked"));
        // A draft belongs to an answer.
        Assert.Empty(Mediator.SentOf<SaveDraft>());
    }

    [Fact]
    public void Whoever_may_not_answer_writes_no_notes_either() =>
        Assert.DoesNotContain("Nota privada", Open(Details(Row(), 0, t => t with { MayReply = false }), "tickets.see").Markup);

    [Fact]
    public void Only_what_the_channel_can_do_is_offered()
    {
        Assert.NotEmpty(Open(Details(Row())).FindAll("[data-pick]"));
        Assert.Empty(Open(Details(Row(), 0, t => t with { Channel = Channel with { Can = Can.Text } })).FindAll("[data-pick]"));
    }

    [Fact]
    public async Task Files_go_one_by_one_and_the_text_with_the_first()
    {
        var composer = Open(Details(Row()));
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        await composer.InvokeAsync(() =>
        {
            composer.Instance.FileAdded(1, "a.png", 10);
            composer.Instance.FileAdded(2, "b.png", 10);
            composer.Instance.FileReady(1, a);
        });
        Assert.Equal("Espere o arquivo terminar de subir.", await composer.InvokeAsync(() => composer.Instance.Send(Guid.NewGuid(), "veja")));
        Assert.Empty(sent);
        await composer.InvokeAsync(() => composer.Instance.FileReady(2, b));
        var id = Guid.CreateVersion7();
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.Send(id, "veja")));
        Assert.Equal([(id, "veja", a), (sent[1].Id, "", b)], sent.Select(s => (s.Id, s.Text, s.MediaId!.Value)));
        Assert.Empty(composer.FindAll(".uploads"));
    }

    [Fact]
    public async Task A_refusal_is_said_and_the_file_stays()
    {
        refusal = "O canal desta conversa não existe mais.";
        var composer = Open(Details(Row()));
        await composer.InvokeAsync(() =>
        {
            composer.Instance.FileAdded(1, "a.png", 10);
            composer.Instance.FileReady(1, Guid.NewGuid());
        });
        Assert.Equal(refusal, await composer.InvokeAsync(() => composer.Instance.Send(Guid.NewGuid(), "veja")));
        Assert.Equal(refusal, composer.Find("[role=alert]").TextContent);
        Assert.Single(composer.FindAll(".uploads li"));
    }

    [Fact]
    public async Task A_file_that_is_too_large_says_the_channel_s_limit()
    {
        var composer = Open(Details(Row(), 0, t => t with { Channel = Channel with { MaxMediaBytes = 16 * 1024 * 1024 } }));
        await composer.InvokeAsync(() =>
        {
            composer.Instance.FileAdded(1, "filme.mp4", 900_000_000);
            composer.Instance.FileFailed(1, "too-large");
        });
        Assert.Contains("16 MB", composer.Find(".uploads li.failed").TextContent);
    }

    [Fact]
    public void The_microphone_is_there_where_files_are_taken_and_says_what_is_missing()
    {
        Assert.NotEmpty(Open(Details(Row())).FindAll("[data-recorder]"));
        Assert.Empty(Open(Details(Row(), 0, t => t with { Channel = Channel with { Can = Can.Text } })).FindAll("[data-recorder], .mic"));
        Assert.Equal(Recordings.IsThere ? null : "true", Open(Details(Row())).Find(".mic").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task A_recording_is_sent_with_the_browser_s_id_and_a_reason_goes_back_to_it()
    {
        var composer = Open(Details(Row()));
        var (id, media) = (Guid.CreateVersion7(), Guid.NewGuid());
        Assert.StartsWith("O arquivo é maior que 0 MB", await composer.InvokeAsync(() => composer.Instance.SendVoice(id, media, 2_000_000)));
        refusal = "Este atendimento foi resolvido.";
        Assert.Equal(refusal, await composer.InvokeAsync(() => composer.Instance.SendVoice(id, media, 20_000)));
        refusal = null;
        Assert.Null(await composer.InvokeAsync(() => composer.Instance.SendVoice(id, media, 20_000)));
        Assert.Equal((id, "", media, false), Assert.Single(sent) is var s ? (s.Id, s.Text, s.MediaId!.Value, s.IsNote) : default);
        // Never what is for colleagues only.
        composer.Find("[data-note]").Click();
        Assert.StartsWith("Uma nota privada não leva áudio", await composer.InvokeAsync(() => composer.Instance.SendVoice(id, media, 20_000)), StringComparison.Ordinal);
        Assert.Single(sent);
        // It stays there while a note is written: what was recorded belongs to the answer.
        Assert.NotEmpty(composer.FindAll("[data-recorder]"));
    }

    [Fact]
    public void A_video_room_is_put_into_the_text_where_the_company_has_them_and_is_another_each_time()
    {
        var composer = Open(Details(Row()));
        composer.Find("[aria-label='Link de videochamada']").Click();
        composer.Find("[aria-label='Link de videochamada']").Click();
        Assert.Empty(sent);
        var (one, other) = (VideoCall.NewLink(Settings), VideoCall.NewLink(Settings));
        Assert.Matches(@"^https://meet\.jit\.si/[0-9a-f]{32}$", one);
        Assert.NotEqual(one, other);
        Settings.Set(Contracts.Settings.Setting.VideoCallUrl, "https://video.example/salas");
        Assert.StartsWith("https://video.example/salas/", VideoCall.NewLink(Settings), StringComparison.Ordinal);
        Settings.Set(Contracts.Settings.Setting.VideoCallUrl, "");
        Assert.Empty(Open(Details(Row())).FindAll("[aria-label='Link de videochamada']"));
    }

    [Fact]
    public void A_sticker_is_chosen_and_sent_where_the_channel_shows_them()
    {
        var (sticker, media) = (new StickerRow(Guid.NewGuid(), "Bom dia"), new MediaRow(Guid.NewGuid(), MediaState.Ready, MessageKind.Sticker, "Bom dia.webp", "image/webp", 9, 512, 512, null));
        Mediator.On<ListStickers, IReadOnlyList<StickerRow>>(_ => [sticker]);
        Mediator.On<UseSticker, MediaRow>(_ => media);
        Assert.Empty(Open(Details(Row())).FindAll("[data-stickers]"));
        var composer = Open(Details(Row(), 0, t => t with { Channel = Channel with { Can = Can.Media | Can.Stickers } }));
        composer.Find("[data-stickers]").Click();
        // Who only sends finds no way to add or delete.
        Assert.Empty(composer.FindAll(".stickers input[type=file], .stickers .link"));
        composer.Find("[aria-label='Enviar a figurinha Bom dia']").Click();
        Assert.Equal((media.Id, ""), Assert.Single(sent) is var s ? (s.MediaId!.Value, s.Text) : default);
        Assert.Equal(sticker.Id, Assert.Single(Mediator.SentOf<UseSticker>()).Id);
        Assert.Empty(composer.FindAll(".stickers"));
    }

    [Fact]
    public void Whoever_looks_after_stickers_adds_some_and_takes_some_away_and_a_refusal_is_said()
    {
        var sticker = new StickerRow(Guid.NewGuid(), "Bom dia");
        Mediator.On<ListStickers, IReadOnlyList<StickerRow>>(_ => [sticker]);
        Mediator.On<DeleteSticker>();
        var picker = Show<StickerPicker>(SignIn("Lia", "tickets.answer", "stickers.edit"), p => p.Add(c => c.Me, SignIn("Lia", "tickets.answer", "stickers.edit")));
        Mediator.On<AddSticker, StickerRow>(_ => throw new Refusal("A coleção está cheia."));
        picker.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("x", "a.png"));
        picker.WaitForAssertion(() => Assert.Contains("A coleção está cheia.", picker.Markup, StringComparison.Ordinal));
        Mediator.On<AddSticker, StickerRow>(r => new(Guid.NewGuid(), r.Name));
        picker.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("x", "a.png"));
        picker.WaitForAssertion(() => Assert.Equal(2, picker.FindAll(".sticker-pick").Count));
        picker.FindAll(".stickers .link").Single().Click();
        Assert.Equal(2, picker.FindAll(".sticker-drop").Count);
    }

    private IRenderedComponent<Composer> Open(TicketDetails ticket, params string[] permissions) =>
        Show<Composer>(SignIn("Ana", permissions.Length == 0 ? ["tickets.see", "tickets.answer"] : permissions), p => p
            .Add(c => c.Ticket, ticket)
            .Add(c => c.OnSend, message =>
            {
                if (refusal is null) sent.Add(message);
                return Task.FromResult(refusal);
            }));
}
