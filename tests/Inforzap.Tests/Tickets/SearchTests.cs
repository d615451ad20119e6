using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>What was typed, taken apart, and what of a text it means.</summary>
public sealed class SearchTermsTests
{
    [Theory]
    [InlineData("pão quente", "pao|quente", "", "pão quente")]
    [InlineData("\"pão quente\"", "", "pao quente", "pão quente")]
    [InlineData("“Bolo de  nozes” hoje", "hoje", "bolo de nozes", "Bolo de nozes hoje")]
    [InlineData("\"sem fim", "sem|fim", "", "sem fim")]
    [InlineData("\"\"", "", "", "")]
    [InlineData("a' & b | !c \\ *", "a|b|c", "", "a' & b | !c \\ *")]
    public void Words_go_on_and_quotes_hold_together(string text, string words, string phrases, string plain)
    {
        var terms = SearchTerms.Of(text);
        Assert.Equal((words, phrases, plain), (string.Join('|', terms.Words), string.Join('|', terms.Phrases), terms.Plain));
    }

    [Theory]
    [InlineData("pao", "Um pão, dois PÃES e o patrão", "Um [pão], dois PÃES e o patrão")]
    [InlineData("pa", "Um pão, dois PÃES e o patrão", "Um [pã]o, dois [PÃ]ES e o [pa]trão")]
    [InlineData("trao", "o patrão", "o pa[trão]")]
    [InlineData("\"bolo de nozes\"", "Bolo de\u00a0nozes, bolo e nozes", "[Bolo de\u00a0nozes], bolo e nozes")]
    [InlineData("bolo nozes", "🎂 bolo de nozes", "🎂 [bolo] de [nozes]")]
    [InlineData("x", "x e mais x", "x e mais x")]
    public void What_was_found_is_marked(string search, string text, string marked) =>
        Assert.Equal(marked, string.Concat(SearchTerms.Of(search).Mark(text).Select(p => p.IsMarked ? $"[{p.Text}]" : p.Text)));

    [Fact]
    public void Of_a_long_text_the_part_around_is_shown_in_one_line()
    {
        var text = $"{new string('a', 90)} uma frase bem comprida antes\nda jabuticaba {string.Concat(Enumerable.Repeat("e depois ", 40))}";
        var around = SearchTerms.Of("jabut").Around(text)!;
        Assert.StartsWith("…bem comprida antes da jabuticaba e depois", around, StringComparison.Ordinal);
        Assert.EndsWith("…", around, StringComparison.Ordinal);
        Assert.InRange(around.Length, 60, 142);
        Assert.Equal("só jabuticaba", SearchTerms.Of("jabut").Around("só jabuticaba"));
        Assert.Null(SearchTerms.Of("uva").Around(text));
        Assert.Null(SearchTerms.Of("uva").Around(null));
    }

    [Fact]
    public void A_search_becomes_a_phrase_and_words_again()
    {
        Assert.Equal("\"pão quente\"", SearchTerms.Exact("pão  quente", true));
        Assert.Equal("pão quente", SearchTerms.Exact("\"pão quente\"", false));
        Assert.Equal((true, false, false), (SearchTerms.IsExact("\"a b\""), SearchTerms.IsExact("a b"), SearchTerms.IsExact("\"a b\" c")));
    }
}

/// <summary>What a search finds in messages, and what the row tells of it.</summary>
public sealed class SearchTests : IAsyncLifetime
{
    private readonly Counter counter = new();
    private Actor ana = null!;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        ana = counter.Agent("Ana");
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Guid> SaysAsync(string who, params string[] texts)
    {
        foreach (var text in texts) await counter.HappenAsync(counter.Says(who, text));
        return await counter.TicketOfAsync(who);
    }

    private async Task<IReadOnlyList<TicketRow>> FindAsync(string text, Actor? actor = null) => (await counter.Send(actor ?? ana, new ListTickets(TicketStatus.Open, text))).Rows;

    [Fact]
    public async Task Words_are_found_anywhere_and_a_phrase_as_it_stands()
    {
        var (phrase, words) = (await SaysAsync("5511911112222", "Quero o bolo de nozes hoje"), await SaysAsync("5511911113333", "Tem nozes? E bolo de fubá?"));
        Assert.Equal([words, phrase], (await FindAsync("bolo nozes")).Select(r => r.Id));
        Assert.Equal([phrase], (await FindAsync("\"bolo de nozes\"")).Select(r => r.Id));
        Assert.Equal([words], (await FindAsync("\"bolo de\" fubá")).Select(r => r.Id));
        Assert.Empty(await FindAsync("\"nozes bolo\""));
        // The last word of a phrase does not go on; one outside does.
        Assert.Empty(await FindAsync("\"bolo de noz\""));
        Assert.Equal(2, (await FindAsync("noz")).Count);
        Assert.Empty(await FindAsync("\"\""));
    }

    /// <summary>Where there is no full text, the same words are looked for one by one.</summary>
    [Fact]
    public async Task SQL_Server_is_asked_for_each_word_and_phrase()
    {
        await SaysAsync("5511911118888", "Quero o bolo de nozes hoje");
        Assert.Equal((1, 0), await counter.ReadAsync(async db =>
        {
            var (all, none) = (MessageSearch.Like(db, SearchTerms.Of("\"bolo de\" hoje")), MessageSearch.Like(db, SearchTerms.Of("\"de bolo\"")));
            TransactSql.Check(all.Expression);
            return (await all.CountAsync(), await none.CountAsync());
        }));
    }

    [Fact]
    public async Task The_row_tells_the_newest_message_that_holds_it_and_its_number()
    {
        var ticket = await SaysAsync("5511911114444", "A jabuticaba chegou?", "Aquela jabuticaba preta", "Obrigado");
        Assert.Equal(new FoundText(2, "Aquela jabuticaba preta"), Assert.Single(await FindAsync("jabutic")).Found);
        await counter.Send(ana, new AcceptTicket(ticket));
        await counter.Send(ana, new CloseTicket(ticket));
        // Closed ones are found, too; by a name or a number no message is told.
        Assert.NotNull(Assert.Single(await FindAsync("jabutic")).Found);
        Assert.Null(Assert.Single(await FindAsync("5511911114444")).Found);
        Assert.Null((await counter.Send(ana, new ListTickets(TicketStatus.Closed))).Rows.Single(r => r.Id == ticket).Found);
    }

    /// <summary>A word that stands in very many messages: those of late come first, and what lies deeper is found as well.</summary>
    [Fact]
    public async Task What_was_said_before_a_thousand_others_is_found_too()
    {
        var (before, after) = (await SaysAsync("5511922220001", "jabuticaba"), await SaysAsync("5511922220002", "outra coisa"));
        var channel = counter.Channel;
        await counter.WriteAsync(db =>
        {
            for (var seq = 2; seq <= MessageSearch.Depths[0] + 1; seq++)
                db.Add(new Message { Id = Guid.CreateVersion7(), TicketId = after, ChannelId = channel, Seq = seq, Change = seq, Body = "jabuticaba", SearchText = "jabuticaba", State = MessageState.Received, CreatedAt = DateTime.UtcNow });
            return Task.CompletedTask;
        });
        Assert.Equal([after, before], (await FindAsync("jabutic")).Select(r => r.Id));
        // A page that is full by what is near needs nothing of it.
        Assert.Equal([after], (await counter.Send(ana, new ListTickets(TicketStatus.Open, "jabutic", Take: 1))).Rows.Select(r => r.Id));
        Assert.NotNull((await counter.Send(ana, new ListTickets(TicketStatus.Open, "jabutic", Take: 1))).Next);
    }

    [Fact]
    public async Task Where_looking_in_is_switched_off_words_of_those_who_wait_find_nothing()
    {
        var ticket = await SaysAsync("5511911115555", "segredo do bolo");
        Assert.Single(await FindAsync("segredo"));
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.AllowPeek.Name] = "false" }));
        Assert.Empty(await FindAsync("segredo"));
        Assert.Null(Assert.Single(await FindAsync("5511911115555")).Found);
        Assert.NotNull(Assert.Single(await FindAsync("segredo", counter.Agent("Lia", BuiltInRoles.Supervisor))).Found);
        await counter.Send(ana, new AcceptTicket(ticket));
        Assert.NotNull(Assert.Single(await FindAsync("segredo")).Found);
    }

    [Fact]
    public async Task Words_that_the_reader_may_not_read_are_not_told()
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.OwnQueueHistory.Name] = "true" }));
        var support = await counter.QueueAsync("Suporte");
        var (agent, other) = (await counter.ActorOf(await counter.PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue)), await counter.ActorOf(await counter.PersonAsync("Ivo", BuiltInRoles.Agent, support)));
        var ticket = await SaysAsync("5511911116666", "jabuticaba em Vendas");
        await counter.Send(agent, new AcceptTicket(ticket));
        await counter.Send(agent, new TransferTicket(ticket, support, null, null));
        await counter.HappenAsync(counter.Says("5511911116666", "e pitanga no Suporte"));
        Assert.Empty(await FindAsync("jabuticaba", other));
        Assert.Equal("e pitanga no Suporte", Assert.Single(await FindAsync("pitanga", other)).Found!.Text);
    }

    [Fact]
    public async Task A_row_tells_how_far_our_last_message_came()
    {
        var ticket = await counter.ServedAsync(ana, "5511911117777");
        Assert.Null((await RowAsync()).LastState);
        var (id, claim, position) = await counter.AnswerAsync(ana, ticket, "Já vai");
        Assert.Equal(MessageState.Sending, (await RowAsync()).LastState);
        await counter.SendAsSystem(new RecordSend(id, claim.Message!.AttemptId, position, SendResult.Sent("p-1")));
        Assert.Equal(MessageState.Sent, (await RowAsync()).LastState);
        await counter.HappenAsync(counter.Receipt("5511911117777", "p-1", ReceiptState.Read));
        Assert.Equal(MessageState.Read, (await RowAsync()).LastState);
        // A note is between us.
        await counter.Send(ana, new SendMessage(ticket, Guid.CreateVersion7(), "cliente antigo", IsNote: true));
        Assert.Equal(MessageState.Read, (await RowAsync()).LastState);
        await counter.HappenAsync(counter.Says("5511911117777", "obrigado"));
        Assert.Null((await RowAsync()).LastState);

        async Task<TicketRow> RowAsync() => Assert.Single((await counter.Send(ana, new ListTickets(TicketStatus.Open))).Rows);
    }
}
