using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tests.Tickets;

/// <summary>What was said in one conversation is said in another: by whom, where, and what of it.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private readonly Counter counter = new() { Can = Can.Media | Can.Places | Can.Cards | Can.Stickers };
    private Actor ana = null!, bia = null!;
    private Guid from, to;
    private int people;

    public async ValueTask InitializeAsync()
    {
        await counter.InitializeAsync();
        ana = await PersonAsync("Ana", BuiltInRoles.Agent, counter.Queue);
        bia = await PersonAsync("Bia", BuiltInRoles.Agent, counter.Queue);
        from = await counter.ServedAsync(ana, Number());
        to = await counter.ServedAsync(ana, Number());
    }

    public ValueTask DisposeAsync() => counter.DisposeAsync();

    private async Task<Actor> PersonAsync(string name, BuiltInRoles role, params Guid[] queues) => await counter.ActorOf(await counter.PersonAsync(name, role, queues));

    private string Number() => $"55219555500{++people:00}";

    private async Task<Message> ForwardedAsync(Guid message, Guid? into = null, Actor? by = null)
    {
        var copy = Guid.CreateVersion7();
        Assert.Equal(into ?? to, await counter.Send(by ?? ana, new ForwardMessage(message, copy, into ?? to)));
        return await counter.MessageAsync(copy);
    }

    private async Task<Refusal> RefusedAsync(Guid message, Guid? into = null, Actor? by = null) =>
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(by ?? ana, new ForwardMessage(message, Guid.CreateVersion7(), into ?? to)));

    private async Task<Guid> SaidAsync(SendMessage message)
    {
        await counter.Send(ana, message);
        return message.MessageId;
    }

    private SendMessage Saying(string? text, Guid? media = null, bool note = false, Content? card = null) => new(from, Guid.CreateVersion7(), text, media, IsNote: note, Card: card);

    private async Task<Guid> UploadAsync(byte[] bytes, string name, MediaKind kind = MediaKind.Document) =>
        (await counter.Send(ana, new KeepUpload(from, await counter.Services.GetRequiredService<FileStore>().WriteAsync(new MemoryStream(bytes), name, kind), kind))).Id;

    private async Task<Guid> FirstOfAsync(Guid ticket) => (await counter.MessagesOfAsync(ticket))[0].Id;

    [Fact]
    public async Task Words_of_a_customer_go_on_and_are_sent_like_any_others()
    {
        var copy = await ForwardedAsync(await FirstOfAsync(from));
        Assert.Equal(("Olá", true, MessageState.Queued, ana.Id), (copy.Body, copy.FromUs, copy.State, copy.SenderUserId!.Value));
        Assert.Contains(copy.Id.ToString(), (await counter.ItemAsync("out")).Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_made_to_say_what_a_colleague_signed()
    {
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ForceSignature.Name] = "true" }));
        var said = await SaidAsync(Saying("Segue o endereço"));
        Assert.StartsWith("*Ana:*\n", (await counter.MessageAsync(said)).Body, StringComparison.Ordinal);
        var copy = await ForwardedAsync(said);
        // The house wants each message signed: by who sends this one.
        Assert.Equal("*Ana:*\nSegue o endereço", copy.Body);
        await counter.SendAsSystem(new ChangeSettings(new Dictionary<string, string> { [Setting.ForceSignature.Name] = "false" }));
        Assert.Equal("Segue o endereço", (await ForwardedAsync(said)).Body);
    }

    [Fact]
    public async Task A_file_goes_with_its_caption_and_is_stored_once()
    {
        var said = await SaidAsync(Saying("o orçamento", await UploadAsync("%PDF-1.4 x"u8.ToArray(), "orçamento.pdf")));
        var copy = await ForwardedAsync(said);
        Assert.Equal((MessageKind.Document, "o orçamento"), (copy.Kind, copy.Body));
        var media = await counter.ReadAsync(db => db.Set<Media>().Where(m => m.MessageId == said || m.MessageId == copy.Id).OrderBy(m => m.CreatedAt).ToListAsync());
        Assert.Equal((2, 1, 2), (media.Count, media.Select(m => m.FileId).Distinct().Count(), media.Select(m => m.TicketId).Distinct().Count()));
        Assert.Equal("orçamento.pdf", media[1].FileName);
        Assert.NotNull(await counter.Send(ana, new FindMedia(copy.MediaId!.Value)));
    }

    [Fact]
    public async Task Asked_twice_with_one_id_it_comes_once()
    {
        var said = await SaidAsync(Saying("veja", await UploadAsync("%PDF-1.4 x"u8.ToArray(), "a.pdf")));
        var copy = Guid.CreateVersion7();
        await counter.Send(ana, new ForwardMessage(said, copy, to));
        var before = (await counter.MessagesOfAsync(to)).Count;
        Assert.Equal(to, await counter.Send(ana, new ForwardMessage(said, copy, to)));
        Assert.Equal(before, (await counter.MessagesOfAsync(to)).Count);
        Assert.Equal(2, await counter.ReadAsync(db => db.Set<Media>().CountAsync()));
    }

    [Fact]
    public async Task Places_cards_and_questions_stay_what_they_are_where_the_channel_takes_them()
    {
        var place = await SaidAsync(Saying(null, card: new LocationContent(-23.5, -46.6, "Loja")));
        var card = await SaidAsync(Saying(null, card: new ContactContent("Rita", ["+55 21 99999-0000"])));
        var offer = await SaidAsync(Saying(null, card: new OfferContent("Qual?", [new("a", "Este"), new("b", "Aquele")])));
        Assert.Equal(MessageKind.Location, (await ForwardedAsync(place)).Kind);
        Assert.Equal((MessageKind.Contact, "Rita"), ((await ForwardedAsync(card)) is var c ? (c.Kind, c.Body) : default));
        Assert.Equal("Qual?\n\n1. Este\n2. Aquele", (await ForwardedAsync(offer)).Body);
    }

    [Fact]
    public async Task What_the_channel_there_does_not_take_is_refused_with_its_reason()
    {
        var file = await SaidAsync(Saying("veja", await UploadAsync("%PDF-1.4 x"u8.ToArray(), "a.pdf")));
        var sticker = await SaidAsync(Saying("", await UploadAsync(Pictures.Sticker(StickersTests.Picture(20, 20), 512, 100_000)!, "oi.webp", MediaKind.Sticker)));
        var large = await SaidAsync(Saying("", await UploadAsync([.. "%PDF-1.4 "u8, .. new byte[1_100_000]], "b.pdf")));
        var place = await SaidAsync(Saying(null, card: new LocationContent(-23.5, -46.6, "Loja")));
        var card = await SaidAsync(Saying(null, card: new ContactContent("Rita", ["+55 21 99999-0000"])));
        Assert.Equal("O arquivo é maior do que o canal Teste aceita: 0 MB.", (await RefusedAsync(large)).Message);
        counter.Can = Can.Media;
        Assert.Equal("O canal Teste não envia figurinhas.", (await RefusedAsync(sticker)).Message);
        Assert.Equal("O canal Teste não envia localização.", (await RefusedAsync(place)).Message);
        Assert.Equal("O canal Teste não envia cartão de contato.", (await RefusedAsync(card)).Message);
        Assert.Equal(MessageKind.Document, (await ForwardedAsync(file)).Kind);
        counter.Can = Can.Text;
        Assert.Equal("O canal Teste não envia arquivos.", (await RefusedAsync(file)).Message);
    }

    [Fact]
    public async Task Notes_and_what_is_deleted_or_empty_never_leave()
    {
        var note = await SaidAsync(Saying("cuidado com este", note: true));
        Assert.Equal("Uma nota privada não pode ser encaminhada a clientes.", (await RefusedAsync(note)).Message);
        var said = await SaidAsync(Saying("engano"));
        await counter.Send(ana, new DeleteMessage(said));
        Assert.Equal("Não há nada nesta mensagem que possa ser encaminhado.", (await RefusedAsync(said)).Message);
    }

    [Fact]
    public async Task Only_from_what_one_sees_and_only_into_what_one_serves()
    {
        var theirs = await counter.ServedAsync(bia, Number());
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(await FirstOfAsync(theirs))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await RefusedAsync(await FirstOfAsync(from), theirs)).Kind);
        var lead = await PersonAsync("Lia", BuiltInRoles.Supervisor, counter.Queue);
        // A supervisor reads it, and answers in it only once it is theirs.
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(await FirstOfAsync(theirs), theirs, lead)).Kind);
        var reader = ana with { Permissions = new HashSet<string> { "tickets.see" } };
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(await FirstOfAsync(from), to, reader)).Kind);
        await counter.Send(ana, new CloseTicket(to, null));
        Assert.Equal(RefusalKind.Conflict, (await RefusedAsync(await FirstOfAsync(from))).Kind);
    }

    [Fact]
    public async Task To_a_contact_without_a_ticket_one_is_started_and_nothing_stays_of_it_when_the_message_can_not_go()
    {
        var closed = await counter.ServedAsync(bia, Number());
        var contact = (await counter.TicketAsync(closed)).ContactId;
        var said = await SaidAsync(Saying("veja", await UploadAsync("%PDF-1.4 x"u8.ToArray(), "a.pdf")));
        ForwardMessage With(Guid copy) => new(said, copy, null, contact, counter.Channel);
        // Somebody else speaks with them: it says who.
        Assert.Contains("Bia", (await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, With(Guid.CreateVersion7())))).Message, StringComparison.Ordinal);
        await counter.Send(bia, new CloseTicket(closed, null));
        counter.Can = Can.Text;
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, With(Guid.CreateVersion7())));
        Assert.Equal(1, await counter.ReadAsync(db => db.Set<Ticket>().CountAsync(t => t.ContactId == contact)));
        counter.Can = Can.Media;
        var made = await counter.Send(ana, With(Guid.CreateVersion7()));
        Assert.Equal((TicketStatus.Open, ana.Id), ((await counter.TicketAsync(made)) is var x ? (x.Status, x.UserId!.Value) : default));
        Assert.Equal(MessageKind.Document, (await counter.MessagesOfAsync(made)).Single().Kind);
        // Now there is one, and the next goes there.
        Assert.Equal(made, await counter.Send(ana, With(Guid.CreateVersion7())));
        var noStart = ana with { Permissions = ana.Permissions.Where(p => p != "tickets.start").ToHashSet() };
        await counter.Send(ana, new CloseTicket(made, null));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.Send(noStart, With(Guid.CreateVersion7())))).Kind);
        await Assert.ThrowsAsync<Refusal>(() => counter.Send(ana, new ForwardMessage(said, Guid.CreateVersion7(), null)));
    }

    [Fact]
    public async Task One_s_own_open_tickets_are_offered_and_found_by_name()
    {
        await counter.ServedAsync(bia, Number());
        Assert.Equal([to, from], (await counter.Send(ana, new ForwardTickets(null))).Select(r => r.Id));
        Assert.Equal(2, (await counter.Send(ana, new ForwardTickets("ana"))).Count);
        Assert.Empty(await counter.Send(ana, new ForwardTickets("zulmira")));
        await counter.Send(ana, new CloseTicket(from, null));
        Assert.Equal([to], (await counter.Send(ana, new ForwardTickets(null))).Select(r => r.Id));
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => counter.SendAsStranger(new ForwardTickets(null)))).Kind);
    }
}
