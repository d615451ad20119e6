using Inforzap.Contacts;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Merging;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Settings;
using Inforzap.Data;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tests.Tickets;
using Inforzap.Tickets;

namespace Inforzap.Tests.Contacts;

/// <summary>Nobody is written to for what they did not agree to, and who wants no more says it in a word.</summary>
public sealed class ConsentTests : IAsyncLifetime
{
    private const string Who = "5511987659001", Other = "5511987659002";
    private readonly AnsweringDesk desk = new();

    public ValueTask InitializeAsync() => desk.InitializeAsync();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<Guid> ContactAsync(string phone, string name = "Maria") => await desk.SendAs(desk.Ana, new SaveContact(null, name, phone, null, null, null));

    private Task SayAsync(Guid contact, bool granted, Guid? channel = null, ConsentPurpose purpose = ConsentPurpose.Marketing) => desk.SendAs(desk.Ana, new SetConsent(contact, purpose, channel, granted, "termos 3"));

    private Task<List<Guid>> AgreedAsync(Guid? channel = null, ConsentPurpose purpose = ConsentPurpose.Marketing) => desk.ReadAsync(db => db.Agreed(purpose, channel ?? desk.Channel).ToListAsync());

    [Fact(DisplayName = "Who said nothing has not agreed; the last word holds, of the channel or of all")]
    public async Task The_last_word()
    {
        var who = await ContactAsync(Who);
        Assert.Empty(await AgreedAsync());
        await SayAsync(who, true);
        Assert.Equal([who], await AgreedAsync());
        Assert.Empty(await AgreedAsync(purpose: ConsentPurpose.Research));
        await SayAsync(who, false, desk.Channel);
        Assert.Empty(await AgreedAsync());
        Assert.Equal([who], await AgreedAsync(Guid.NewGuid()));
        await SayAsync(who, true, desk.Channel);
        await SayAsync(who, false);
        Assert.Empty(await AgreedAsync());
        var said = (await desk.SendAs(desk.Ana, new ReadConsents(who))).Said;
        Assert.Equal([true, false, false, false], said.Select(s => s.Holds));
        Assert.Equal((ConsentSource.Manual, "Ana", "termos 3", "Teste"), (said[1].Source, said[1].ByName, said[1].TextVersion, said[1].Channel));
    }

    [Fact(DisplayName = "It is a part of the statement that makes a list: who revoked is in none, nor who is blocked or erased")]
    public async Task In_one_statement()
    {
        var (yes, no, blocked) = (await ContactAsync(Who), await ContactAsync(Other), await ContactAsync("5511987659003"));
        foreach (var who in new[] { yes, no, blocked }) await SayAsync(who, true);
        await SayAsync(no, false);
        await desk.SendAs(desk.Admin, new BlockContact(blocked, true));
        await desk.ReadAsync(async db =>
        {
            var agreed = db.Agreed(ConsentPurpose.Marketing, desk.Channel);
            Assert.Equal([yes], await db.Set<ContactView>().Where(c => agreed.Contains(c.Id)).Select(c => c.Id).ToListAsync());
            return true;
        });
        await desk.SendAs(desk.Admin, new Inforzap.Contacts.Privacy.EraseContact(yes, "Maria", "1"));
        await desk.SettleAsync();
        Assert.Empty(await AgreedAsync());
        Assert.Equal(0, await desk.ReadAsync(db => db.Set<Consent>().CountAsync(c => c.ContactId == yes)));
    }

    [Theory(DisplayName = "A word of opting out, and nothing beside it, ends advertising on that channel and is answered once")]
    [InlineData("SAIR", true)]
    [InlineData(" parar. ", true)]
    [InlineData("Stop", true)]
    [InlineData("quero sair mais cedo", false)]
    [InlineData("não vou parar", false)]
    public async Task Opting_out(string text, bool revokes)
    {
        var who = await ContactAsync(Who);
        await SayAsync(who, true);
        var ticket = await desk.WritesAsync(Who, text);
        Assert.Equal(revokes ? [] : [who], await AgreedAsync());
        var answer = Setting.OptOutText.Default;
        Assert.Equal(revokes ? 1 : 0, (await desk.SaidAsync(ticket)).Count(s => s == answer));
        await desk.WritesAsync(Who, text);
        Assert.Equal(revokes ? 1 : 0, (await desk.SaidAsync(ticket)).Count(s => s == answer));
        if (revokes) Assert.Equal(ConsentSource.Inbound, (await desk.SendAs(desk.Ana, new ReadConsents(who))).Said[0].Source);
    }

    [Fact(DisplayName = "The house chooses the words and the answer; without an answer nothing is said")]
    public async Task Own_words()
    {
        var who = await ContactAsync(Who);
        await SayAsync(who, true);
        await desk.SetAsync(Setting.OptOutWords, "Descadastrar, não quero");
        await desk.SetAsync(Setting.OptOutText, "");
        var ticket = await desk.WritesAsync(Who, "sair");
        Assert.Equal([who], await AgreedAsync());
        await desk.WritesAsync(Who, "NAO QUERO");
        Assert.Empty(await AgreedAsync());
        Assert.Empty(await desk.SaidAsync(ticket));
    }

    [Fact(DisplayName = "Who is joined said what both said, and takes it back with them")]
    public async Task Joined()
    {
        var (one, two) = (await ContactAsync(Who), await ContactAsync(Other));
        await SayAsync(one, true);
        await SayAsync(two, false);
        await desk.SendAs(desk.Admin, new MergeContacts(one, [two]));
        Assert.Empty(await AgreedAsync());
        await desk.SendAs(desk.Admin, new UndoMerge((await desk.SendAs(desk.Admin, new ListMerges())).Rows[0].Id));
        Assert.Equal([one], await AgreedAsync());
        Assert.Single((await desk.SendAs(desk.Ana, new ReadConsents(two))).Said);
    }

    [Fact(DisplayName = "Who may not edit contacts writes down no consent")]
    public async Task Refused()
    {
        var who = await ContactAsync(Who);
        var actor = await desk.ActorOf(desk.Ana);
        var reader = actor with { Permissions = actor.Permissions.Where(p => p != "contacts.edit").ToHashSet() };
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(reader, new SetConsent(who, ConsentPurpose.Marketing, null, true)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(desk.Ana, new SetConsent(who, ConsentPurpose.Marketing, Guid.NewGuid(), true)))).Kind);
    }
}
