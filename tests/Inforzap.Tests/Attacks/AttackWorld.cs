using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Channels;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.QuickMessages;
using Inforzap.Tickets.Schedules;
using Inforzap.Tickets.Stickers;
using Inforzap.Tickets.Surveys;

namespace Inforzap.Tests.Attacks;

/// <summary>Something of the company, by all the ids under which somebody might ask for it.</summary>
internal sealed record Place(string Name, Guid Ticket, long Number, Guid Contact, string Phone, string Word, Guid Message, Guid Media, Guid Upload, Person? Owner, Guid Schedule, Guid Run)
{
    /// <summary>Ids that nobody ever gave.</summary>
    public static Place Unknown { get; } = new("unknown ids", Guid.NewGuid(), 987_654, Guid.NewGuid(), "5511900000000", "inexistente", Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), null, Guid.NewGuid(), Guid.NewGuid());

    public override string ToString() => Name;
}

/// <summary>
/// A company with two queues: people of the first, and places that they must not see. Each place is a ticket with all that hangs
/// on it: messages, one of them unsure, a file, an upload, a draft.
/// </summary>
public sealed class AttackWorld : Desk
{
    public Guid Ours { get; private set; }
    public Guid Theirs { get; private set; }
    public Guid Channel { get; private set; }
    public Guid DeletedChannel { get; private set; }
    /// <summary>A quick message of the company.</summary>
    public Guid Quick { get; private set; }
    /// <summary>A sticker of the company.</summary>
    public Guid Sticker { get; private set; }
    /// <summary>A tag of the company.</summary>
    public Guid Tag { get; private set; }
    /// <summary>What somebody of another queue wrote for colleagues.</summary>
    public Guid Note { get; } = Guid.CreateVersion7();
    /// <summary>A survey of the company.</summary>
    public Guid Survey { get; private set; }
    internal TestAdapter Adapter { get; private set; } = null!;
    internal Dictionary<string, Person> People { get; } = [];
    internal Dictionary<string, Place> Places { get; } = [];

    /// <summary>A ticket that each person serves: for requests that take something of another one along.</summary>
    internal Dictionary<Guid, Place> Own { get; } = [];

    /// <summary>That of who is asking.</summary>
    internal Place Mine { get; set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (Ours, Theirs) = (await QueueAsync("Vendas"), await QueueAsync("Financeiro"));
        (Channel, Adapter) = await this.ChannelAsync("test");
        (DeletedChannel, _) = await this.ChannelAsync("deleted");
        await SendAsSystem(new Inforzap.Channels.Manage.DeleteChannel(DeletedChannel));
        Adapter.Send = (_, _) => Task.FromResult(SendResult.Unknown("caiu"));
        foreach (var (name, role, queues) in new (string, BuiltInRoles, Guid[])[]
        {
            ("agent", BuiltInRoles.Agent, [Ours]), ("supervisor", BuiltInRoles.Supervisor, [Ours]), ("agent without a queue", BuiltInRoles.Agent, []),
            ("supervisor without a queue", BuiltInRoles.Supervisor, []), ("administrator", BuiltInRoles.Administrator, []),
            ("colleague", BuiltInRoles.Agent, [Ours]), ("other", BuiltInRoles.Agent, [Theirs]),
        }) People[name] = await PersonAsync(name, role, queues);
        Quick = await SendAs(People["administrator"], new SaveQuickMessage(null, QuickScope.Company, "pix", "Chave Pix", "A chave é o CNPJ.", null, 0, true, [], [], null));
        Sticker = (await SendAs(People["administrator"], new AddSticker("oi.png", Tickets.StickersTests.Picture(20, 20)))).Id;
        Tag = await SendAs(People["administrator"], new MakeTag("VIP"));
        Survey = await SendAs(People["administrator"], new SaveSurvey(null, AccessRows.Survey, null));
        foreach (var person in People.Values) Own[person.Id] = await PlaceAsync($"of {person.Name}", Ours, person);
        await PlaceAsync("other queue, served", Theirs, People["other"]);
        await SendAs(People["other"], new SendMessage(Places["other queue, served"].Ticket, Note, "só para nós", IsNote: true));
        await PlaceAsync("other queue, waiting", Theirs, People["other"], back: true);
        await PlaceAsync("other queue, closed", Theirs, People["other"], close: true);
        await PlaceAsync("own queue, served by a colleague", Ours, People["colleague"]);
        await PlaceAsync("no queue, waiting", null, People["other"], back: true);
        await PlaceAsync("no queue, served", null, People["other"]);
    }

    private async Task<Place> PlaceAsync(string name, Guid? queue, Person owner, bool back = false, bool close = false)
    {
        var n = Places.Count + 1;
        var (phone, word) = ($"55119{n:0000}{n:0000}", $"segredo{n}");
        await Adapter.Inbox.DeliverAsync(new InboundMessage(Channel, $"w{n}", new Address(phone, AddressKind.Phone, $"Cliente {word}"), new TextContent($"o {word} do bolo")));
        var stored = await Adapter.Inbox.StoreAsync(Channel, new MemoryStream("%PDF-1.4 x"u8.ToArray()), $"{word}.pdf");
        await Adapter.Inbox.DeliverAsync(new InboundMessage(Channel, $"m{n}", new Address(phone), new MediaContent(MediaKind.Document, new MediaRef(FileId: stored), $"{word}.pdf")));
        await SettleAsync();
        var (ticket, number, contact) = await ReadAsync(async db => await db.Set<Ticket>().Where(t => t.AddressValue == phone).Select(t => new ValueTuple<Guid, long, Guid>(t.Id, t.Number, t.ContactId)).SingleAsync());
        // Where it lies is written directly: no request puts a ticket outside of every queue.
        await WriteAsync(db => db.Claim<Ticket>(t => t.Id == ticket, s => s.SetProperty(t => t.QueueId, queue).SetProperty(t => t.UserId, owner.Id)
            .SetProperty(t => t.Status, TicketStatus.Open).SetProperty(t => t.AcceptedAt, DateTime.UtcNow)));
        var message = Guid.CreateVersion7();
        await SendAs(owner, new SendMessage(ticket, message, $"sobre o {word}"));
        await SettleAsync();
        await SendAs(owner, new SaveDraft(ticket, $"rascunho do {word}", message));
        var files = Services.GetRequiredService<FileStore>();
        var upload = await SendAs(owner, new KeepUpload(ticket, await files.WriteAsync(new MemoryStream("%PDF-1.4 y"u8.ToArray()), $"anexo-{word}.pdf"), null));
        var schedule = await SendAs(owner, new SaveSchedule(null, AccessRows.Schedule(Channel, contact) with { Body = $"lembrete do {word}" }, [], null));
        var run = await ReadAsync(db => db.Set<ScheduleRun>().Where(r => r.ScheduleId == schedule).Select(r => r.Id).SingleAsync());
        if (back) await SendAs(owner, new ReturnTicket(ticket));
        if (close) await SendAs(owner, new CloseTicket(ticket, $"resolvido o {word}"));
        var media = await ReadAsync(db => db.Set<Media>().Where(m => m.TicketId == ticket && m.MessageId != null).Select(m => m.Id).SingleAsync());
        Assert.Equal(MessageState.Unknown, (await ReadAsync(db => db.Set<Message>().SingleAsync(m => m.Id == message))).State);
        return Places[name] = new(name, ticket, number, contact, phone, word, message, media, upload.Id, owner, schedule, run);
    }

    /// <summary>Sends whatever request it is.</summary>
    internal async Task<object?> SendAnyAsync(object request, IActor actor)
    {
        var answer = Answer(request.GetType());
        var send = typeof(SystemMediator).GetMethods().Single(m => m.Name == nameof(SystemMediator.Send) && m.GetParameters().Length == 3).MakeGenericMethod(answer);
        var task = (Task)send.Invoke(Services.GetRequiredService<SystemMediator>(), [request, actor, CancellationToken.None])!;
        await task;
        return typeof(Task<>).MakeGenericType(answer).GetProperty("Result")!.GetValue(task);
    }

    /// <summary>Sends it and undoes whatever it did.</summary>
    internal async Task<object?> TryAnyAsync(object request, IActor actor)
    {
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Is = actor;
        using var turn = await Services.GetRequiredService<WriteGate>().EnterAsync(WriterKind.Request);
        await using var transaction = await scope.ServiceProvider.GetRequiredService<InforzapDb>().Database.BeginTransactionAsync();
        var answer = Answer(request.GetType());
        var send = typeof(IMediator).GetMethods().Single(m => m.Name == nameof(IMediator.Send)).MakeGenericMethod(answer);
        var task = (Task)send.Invoke(scope.ServiceProvider.GetRequiredService<MediatR.Mediator>(), [request, CancellationToken.None])!;
        await task;
        await transaction.RollbackAsync();
        return typeof(Task<>).MakeGenericType(answer).GetProperty("Result")!.GetValue(task);
    }

    private static Type Answer(Type request) =>
        request.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)).GetGenericArguments()[0];

    /// <summary>Everything that the database holds, as one figure per table.</summary>
    internal async Task<SortedDictionary<string, string>> SnapshotAsync() =>
        new((await Dump.OfAsync(this)).ToDictionary(t => t.Key, t => $"{t.Value.Count}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', t.Value.Order(StringComparer.Ordinal)))))}"), StringComparer.Ordinal);
}
