using Inforzap.Contacts;
using Inforzap.Contacts.AccountBooks;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Lanes;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Tickets;

namespace Inforzap.Tests.Contacts;

/// <summary>The address book of a channel's account brings in whom nobody knows here, and changes nothing that people typed.</summary>
public sealed class AccountBookTests : IAsyncLifetime
{
    private const string Maria = "5519991110001", Beto = "5519991110002", Caio = "5519991110003", Dora = "5519991110004", Eva = "5519991110005";

    private readonly Remembering desk = new();
    private Actor admin = null!, lead = null!;

    public async ValueTask InitializeAsync()
    {
        await desk.InitializeAsync();
        desk.Can = Can.AddressBook;
        admin = await desk.ActorOf(await desk.PersonAsync("Rita", BuiltInRoles.Administrator));
        lead = await desk.ActorOf(await desk.PersonAsync("Lia", BuiltInRoles.Supervisor, desk.Queue));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private static BookEntry Entry(string phone, string? name, string? self = null) => new(new Address(phone, AddressKind.Phone, self), name);

    private Task<Contact?> ContactAsync(string phone) => desk.ReadAsync(db => db.Set<Contact>().AsNoTracking().Include(c => c.Addresses).SingleOrDefaultAsync(c => c.Addresses.Any(a => a.Value == phone)));

    private async Task<BookRow> RunAsync(SyncBook request)
    {
        await desk.Send(admin, request);
        await desk.SettleAsync(TimeSpan.FromSeconds(30));
        return (await desk.Send(admin, new ReadBook()))!;
    }

    /// <summary>Maria is named by people, Beto by himself, Caio is blocked, Dora was erased, Eva is new, and one has no number.</summary>
    private async Task KnowAsync()
    {
        await desk.Send(admin, new SaveContact(null, "Maria da Sol", Maria, null, null, null));
        await desk.HappenAsync(desk.Says(Beto, "Olá"), desk.Says(Caio, "Olá"), desk.Says(Dora, "Olá"));
        await desk.Send(admin, new BlockContact((await ContactAsync(Caio))!.Id, true));
        await desk.Send(admin, new Inforzap.Contacts.Privacy.EraseContact((await ContactAsync(Dora))!.Id, Dora, "P-1"));
        await desk.SettleAsync();
        desk.Memory.Book.AddRange(
        [
            Entry(Maria, "Mari"), Entry(Beto, "Beto Padeiro"), Entry(Caio, null, "Caio"), Entry(Dora, "Dora"), Entry("551991110005", "Eva", "evinha") with { AlsoKnownAs = [new Address("lid-5", AddressKind.WhatsAppUser)] },
            new BookEntry(new Address("lid-6", AddressKind.WhatsAppUser), "Sem número"),
        ]);
    }

    [Fact]
    public async Task The_preview_counts_and_changes_nothing()
    {
        await KnowAsync();
        var before = await desk.ReadAsync(db => db.Set<Contact>().CountAsync());
        Assert.Equal(new BookCounts(Fresh: 1, Known: 3, Nameable: 1, Numberless: 1, Erased: 1), await desk.Send(admin, new PreviewBook(desk.Channel)));
        Assert.Equal(before, await desk.ReadAsync(db => db.Set<Contact>().CountAsync()));
    }

    [Fact]
    public async Task Who_is_new_comes_in_and_what_is_here_stays()
    {
        await KnowAsync();
        var row = await RunAsync(new SyncBook(desk.Channel, 6));
        Assert.Equal((BookState.Done, 6, 1, 0, 3, 1, 1), (row.State, row.Read, row.Added, row.Renamed, row.Known, row.Numberless, row.Erased));
        var eva = (await ContactAsync("551991110005"))!;
        Assert.Equal(("Eva", true, ContactSource.Sync), (eva.Name, eva.NameIsOurs, eva.Source));
        Assert.Equal(["551991110005", "lid-5"], eva.Addresses.Select(a => a.Value).Order());
        Assert.Equal("Maria da Sol", (await ContactAsync(Maria))!.Name);
        Assert.Equal("Ana", (await ContactAsync(Beto))!.Name);
        Assert.True((await ContactAsync(Caio))!.Blocked);
        Assert.Null(await ContactAsync(Dora));
        // Nobody is written to, and no ticket begins.
        Assert.False(await desk.ReadAsync(db => db.Set<Inforzap.Tickets.Ticket>().AnyAsync(t => t.ContactId == eva.Id)));
        // Once more: all are known.
        row = await RunAsync(new SyncBook(desk.Channel, 6));
        Assert.Equal((0, 4), (row.Added, row.Known));
    }

    [Fact]
    public async Task Their_names_are_taken_only_where_nobody_typed_one_and_owners_and_tags_come_on()
    {
        await KnowAsync();
        var tag = await desk.Send(admin, new Inforzap.Contacts.Tags.SaveTag(null, "Agenda", "#2F6FB0", 0, Inforzap.Contacts.TagScope.Company, [], null));
        await desk.Send(admin, new SetOwners([(await ContactAsync(Beto))!.Id], [lead.Id]));
        var row = await RunAsync(new SyncBook(desk.Channel, 6, tag, admin.Id, TakesNames: true));
        Assert.Equal(1, row.Renamed);
        var beto = (await ContactAsync(Beto))!;
        Assert.Equal(("Beto Padeiro", true, "Maria da Sol"), (beto.Name, beto.NameIsOurs, (await ContactAsync(Maria))!.Name));
        var owners = await desk.ReadAsync(db => db.Set<ContactOwnerView>().ToDictionaryAsync(o => o.ContactId, o => o.UserId));
        Assert.Equal((lead.Id, admin.Id), (owners[beto.Id], owners[(await ContactAsync("551991110005"))!.Id]));
        Assert.Equal(4, await desk.ReadAsync(db => db.Set<ContactTagView>().CountAsync(x => x.TagId == tag)));
        // What they call themselves later does not take the name back.
        await desk.HappenAsync(desk.Says(Beto, "Olá"));
        Assert.Equal("Beto Padeiro", (await ContactAsync(Beto))!.Name);
    }

    [Fact]
    public async Task What_fails_says_why_and_goes_on_when_started_again()
    {
        desk.Memory.Book.AddRange(Enumerable.Range(0, 500).Select(n => Entry($"55219888{n:00000}", $"Pessoa {n}")));
        desk.Memory.Fails = (450, new ProviderException("A conta saiu do aparelho."));
        var row = await RunAsync(new SyncBook(desk.Channel, 500));
        Assert.Equal((BookState.Failed, 400, "A conta saiu do aparelho."), (row.State, row.Added, row.Reason));
        desk.Memory.Fails = null;
        row = await RunAsync(new SyncBook(desk.Channel, 500));
        Assert.Equal((BookState.Done, 100, 400), (row.State, row.Added, row.Known));
    }

    [Fact]
    public async Task It_is_stopped_and_one_runs_at_a_time()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        desk.Memory.Before = told => told == 250 ? go.Task : Task.CompletedTask;
        desk.Memory.Book.AddRange(Enumerable.Range(0, 500).Select(n => Entry($"55219777{n:00000}", $"Pessoa {n}")));
        await desk.Send(admin, new SyncBook(desk.Channel, 500));
        for (var tries = 0; tries < 200 && (await desk.Send(admin, new ReadBook()))!.Read == 0; tries++) await Task.Delay(50);
        Assert.Equal((BookState.Running, 200, 40), ((await desk.Send(admin, new ReadBook()))!.State, (await desk.Send(admin, new ReadBook()))!.Read, (await desk.Send(admin, new ReadBook()))!.Percent));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(admin, new SyncBook(desk.Channel, 1)))).Kind);
        await desk.Send(admin, new StopBook(desk.Channel));
        go.SetResult();
        await desk.SettleAsync();
        Assert.Equal((BookState.Stopped, 200), ((await desk.Send(admin, new ReadBook()))!.State, (await desk.Send(admin, new ReadBook()))!.Added));
        Assert.Equal(LaneItemState.Done, (await desk.ItemAsync("book")).State);
    }

    [Fact]
    public async Task It_is_not_for_everybody_nor_for_channels_without_a_book()
    {
        foreach (IBaseRequest request in new IBaseRequest[] { new PreviewBook(desk.Channel), new SyncBook(desk.Channel, 1), new StopBook(desk.Channel), new ReadBook() })
            Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => request switch
            {
                PreviewBook p => desk.Send(lead, p),
                SyncBook s => desk.Send(lead, s),
                StopBook s => desk.Send(lead, s),
                _ => (Task)desk.Send(lead, (ReadBook)request),
            })).Kind);
        desk.Can = Can.Media;
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(admin, new PreviewBook(desk.Channel)))).Kind);
        Assert.Equal(RefusalKind.NotFound, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(admin, new SyncBook(desk.Channel, 1)))).Kind);
        // Whoever may not give contacts to colleagues can't do it this way.
        desk.Can = Can.AddressBook;
        var clerk = new Actor(admin.Id, admin.Name, admin.Permissions.Where(p => p != "owners.edit").ToHashSet(), []);
        Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(() => desk.Send(clerk, new SyncBook(desk.Channel, 1, OwnerId: lead.Id)))).Kind);
    }
}
