using Bunit;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Past;

namespace Inforzap.Tests.Tickets;

/// <summary>Sincronizar histórico in the side panel, and its question.</summary>
public sealed class HistoryPartTests : Talks
{
    private IRenderedComponent<HistoryPart> Open(HistoryRow? row = null, bool may = true) =>
        Show<HistoryPart>(SignIn("Lia"), p => p.Add(c => c.Ticket, Details(Row(), 1, t => t with { History = row, MaySyncHistory = may })));

    [Fact]
    public void It_is_offered_only_where_the_channel_can_and_the_person_may()
    {
        Assert.Empty(Open(may: false).FindAll("section"));
        Assert.Contains("Sincronizar histórico", Open().Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HistoryState.Done, 5, "5 mensagens trazidas, de 70 lidas.")]
    [InlineData(HistoryState.Done, 0, "Nada faltava aqui, em 70 mensagens lidas.")]
    [InlineData(HistoryState.Stopped, 5, "Sincronização parada. 5 mensagens trazidas ficaram aqui.")]
    [InlineData(HistoryState.Failed, 0, "A sincronização não terminou. Sem internet.")]
    public void How_the_last_one_ended_is_said_and_it_can_be_started_again(HistoryState state, int added, string words)
    {
        var view = Open(new(state, 100, 70, added, "Sem internet.", Noon));
        Assert.Contains(words, view.Markup, StringComparison.Ordinal);
        Assert.Single(view.FindAll("button"));
    }

    [Fact]
    public void While_one_runs_no_other_is_offered() => Assert.Empty(Open(new(HistoryState.Running, 100, 70, 5, null, null)).FindAll("button"));

    [Fact]
    public async Task The_question_asks_for_a_limit_and_says_what_is_wrong()
    {
        var view = Open();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        await view.InvokeAsync(() => view.Find("button").Click());
        dialogs.WaitForAssertion(() => Assert.Equal("100", dialogs.Find("form#sync-history input").GetAttribute("value")));
        Mediator.On<SyncHistory, MediatR.Unit>(_ => throw Refusal.Conflict("O histórico desta conversa já está sendo sincronizado."));
        await dialogs.InvokeAsync(() => dialogs.Find("form#sync-history input").Input("250"));
        await dialogs.InvokeAsync(() => dialogs.Find("form#sync-history").Submit());
        dialogs.WaitForAssertion(() => Assert.Contains("já está sendo sincronizado", dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal(250, Mediator.SentOf<SyncHistory>()[^1].Limit);
    }
}
