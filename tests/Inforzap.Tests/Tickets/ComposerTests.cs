using Inforzap.Contracts.Channels;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Bunit;

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

    private IRenderedComponent<Composer> Open(TicketDetails ticket, params string[] permissions) =>
        Show<Composer>(SignIn("Ana", permissions.Length == 0 ? ["tickets.see", "tickets.answer"] : permissions), p => p
            .Add(c => c.Ticket, ticket)
            .Add(c => c.OnSend, message =>
            {
                if (refusal is null) sent.Add(message);
                return Task.FromResult(refusal);
            }));
}
