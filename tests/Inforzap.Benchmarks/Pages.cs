using System.Diagnostics;
using System.Globalization;
using Inforzap.Channels;
using Inforzap.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Sdk;
using Inforzap.Tickets;

namespace Inforzap.Benchmarks;

/// <summary>
/// How long each page of the menu takes, from the request of an administrator's browser to the last thing that is drawn, in a house of
/// 100,000 contacts, as many tickets in a year, and 50 users. Pages that go on drawing by themselves are cut off after five seconds.
/// </summary>
internal static class Pages
{
    private const int Users = 50;
    private const int Times = 20;
    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(300);
    /// <summary>So long nothing more is drawn when a page is there. Longer than the target, or what comes late would not be waited for.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(Options options)
    {
        Machine.Print();
        await using var store = await Store.MakeAsync(options.Postgres);
        var contacts = options.Count;
        Console.WriteLine($"{contacts:N0} contacts and tickets, {Users} users; {(store.IsSqlite ? "SQLite" : "PostgreSQL")}");
        // Makes the tables, the channel and the administrator.
        await (await Served.HostAsync(store)).DisposeAsync();
        var clock = Stopwatch.StartNew();
        await House.FillAsync(store, contacts, Users);
        Report.Seconds("filled", clock.Elapsed);

        await using var host = await Served.HostAsync(store);
        using var browser = await Browser.SignInAsync(host.Url, 0, "bench@example.test", "Banco-de-provas-2026");
        string[] pages = ["desk", .. Host.Modules.All.SelectMany(m => m.Menu).OrderBy(m => m.Order).Select(m => m.Href.TrimStart('/')).Distinct().Where(p => p != "desk")];
        // What is compiled and read once is not what people wait for all day.
        foreach (var page in pages) await OpenAsync(browser, page);
        Report.Waits("the frame of a page alone, over HTTP (baseline)", await ManyAsync(() => FrameAsync(browser)));
        List<string> late = [];
        foreach (var page in pages)
        {
            var waits = await ManyAsync(() => OpenAsync(browser, page));
            Report.Waits($"/{page}", waits);
            if (Report.At(waits, 0.95) > Target) late.Add(page);
        }
        Report.Verdict(late.Count == 0, $"{pages.Length - late.Count} of {pages.Length} pages within {Target.TotalMilliseconds:0} ms (p95){(late.Count == 0 ? "" : ", not " + string.Join(", ", late))}");
        return late.Count == 0 ? 0 : 1;
    }

    private static async Task<List<TimeSpan>> ManyAsync(Func<Task<TimeSpan>> openAsync)
    {
        List<TimeSpan> waits = [];
        for (var n = 0; n < Times; n++) waits.Add(await openAsync());
        return waits;
    }

    private static async Task<TimeSpan> FrameAsync(Browser browser)
    {
        var clock = Stopwatch.StartNew();
        await browser.Http.GetStringAsync("desk");
        return clock.Elapsed;
    }

    private static async Task<TimeSpan> OpenAsync(Browser browser, string page)
    {
        var clock = Stopwatch.StartNew();
        long last = 0;
        await using var circuit = await Circuit.OpenAsync(browser, page, isLookedAt: true, _ => Volatile.Write(ref last, clock.ElapsedTicks));
        while (clock.Elapsed < Most)
        {
            var quiet = Volatile.Read(ref last) is var at && at > 0 ? clock.Elapsed - Since(at) : TimeSpan.Zero;
            if (quiet > Quiet) break;
            await Task.Delay(10);
        }
        return Since(Volatile.Read(ref last));

        static TimeSpan Since(long ticks) => TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
    }
}

/// <summary>A house in which a year of work lies.</summary>
internal static class House
{
    private const int Queues = 8;
    private const int Tags = 40;
    private const int Active = 400;
    private const int Batch = 2_000;

    /// <summary>Fills the database of a host that does not run. Numbers are fixed, so that each run finds the same.</summary>
    public static async Task FillAsync(Store store, int contacts, int users)
    {
        await using var desk = await Desk.OpenAsync(store);
        var people = new List<Guid>();
        for (var n = 0; n < users; n++) people.Add(await desk.MakeAgentAsync(string.Create(CultureInfo.InvariantCulture, $"pessoa{n}@example.test")));
        var (channel, queues, tags) = await desk.InAsync(db => BeginAsync(db, people));
        var end = DateTime.UtcNow;
        for (var from = 0; from < contacts; from += Batch)
        {
            var (first, count) = (from, Math.Min(Batch, contacts - from));
            await desk.InAsync(async db =>
            {
                for (var n = first; n < first + count; n++) Add(db, n, contacts, channel, queues, people, tags, end);
                return await db.SaveChangesAsync();
            });
        }
        await desk.InAsync(db => db.Set<Counter>().Where(c => c.Name == "ticket").ExecuteUpdateAsync(set => set.SetProperty(c => c.Value, contacts)));
    }

    private static async Task<(Guid Channel, List<Guid> Queues, List<Guid> Tags)> BeginAsync(InforzapDb db, List<Guid> people)
    {
        var now = DateTime.UtcNow;
        var queues = Enumerable.Range(0, Queues).Select(n => new Queue { Id = Guid.CreateVersion7(), Name = $"Fila {n}", Color = "#2F6FB0", Order = n, CreatedAt = now, FirstResponseMinutes = n % 2 == 0 ? 15 : null }).ToList();
        var tags = Enumerable.Range(0, Tags).Select(n => new Tag { Id = Guid.CreateVersion7(), Name = $"Etiqueta {n}", Color = "#C8701A", Order = n, CreatedAt = now, SearchText = $"etiqueta {n}" }).ToList();
        db.AddRange(queues);
        db.AddRange(tags);
        for (var n = 0; n < people.Count; n++) db.AddRange(new QueueMember { QueueId = queues[n % Queues].Id, UserId = people[n] }, new QueueMember { QueueId = queues[(n + 1) % Queues].Id, UserId = people[n] });
        for (var n = 0; n < 300; n++)
            db.Add(new QuickMessage { Id = Guid.CreateVersion7(), Shortcut = $"atalho{n}", Title = $"Mensagem {n}", Body = "Bom dia, {{primeiroNome}}. Em que posso ajudar?", CreatedAt = now, ChangedAt = now, SearchText = $"atalho{n} mensagem {n}" });
        await db.SaveChangesAsync();
        return (await db.Set<Channel>().Where(c => c.Key == "bench").Select(c => c.Id).SingleAsync(), queues.ConvertAll(q => q.Id), tags.ConvertAll(x => x.Id));
    }

    /// <summary>A customer, what was said with them, and what was written down of it.</summary>
    private static void Add(InforzapDb db, int n, int all, Guid channel, List<Guid> queues, List<Guid> people, List<Guid> tags, DateTime end)
    {
        var came = end - TimeSpan.FromDays(365d * (all - n) / all) - TimeSpan.FromMinutes(n % 600);
        var phone = string.Create(CultureInfo.InvariantCulture, $"5511{900_000_000 + n}");
        var contact = new Contact { Id = Guid.CreateVersion7(), Name = $"Cliente {n}", Source = ContactSource.Inbound, CreatedAt = came, SearchText = $"cliente {n} {phone}" };
        contact.Addresses.Add(new ContactAddress { Id = Guid.CreateVersion7(), ContactId = contact.Id, Kind = AddressKind.Phone, Value = phone, MatchKey = phone });
        db.Add(contact);
        if (n % 3 == 0) db.Add(new ContactTag { ContactId = contact.Id, TagId = tags[n % Tags], At = came });

        var (queue, user) = (queues[n % Queues], people[n % people.Count]);
        var ticket = Ticket.New(n + 1, channel, contact.Id, new Address(phone, AddressKind.Phone), queue, came, null);
        var cycle = Timeline.Cycle(ticket, came);
        var (seq, change) = ticket.NextMessage();
        db.Add(new Message
        {
            Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = channel, Seq = seq, Change = change, Body = $"Bom dia, aqui é o cliente {n}.", State = MessageState.Received, CreatedAt = came,
            SearchText = $"bom dia, aqui e o cliente {n}.",
        });
        (ticket.LastText, ticket.LastMessageAt) = ($"Bom dia, aqui é o cliente {n}.", came);
        ticket.Wrote(came);
        // The newest wait or are being served.
        if (n < all - (Active / 2))
        {
            ticket.Accept(user, came.AddMinutes(4));
            ticket.Answered(came.AddMinutes(5));
            (seq, change) = ticket.NextMessage();
            db.Add(new Message
            {
                Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = channel, Seq = seq, Change = change, FromUs = true, SenderUserId = user, Body = "Bom dia. Já vejo para o senhor.",
                State = MessageState.Read, CreatedAt = came.AddMinutes(5), IsNote = n % 10 == 0, SearchText = "bom dia. ja vejo para o senhor.",
            });
            (ticket.LastText, ticket.LastFromUs, ticket.LastMessageAt) = ("Bom dia. Já vejo para o senhor.", true, came.AddMinutes(5));
            ticket.Replied(came.AddMinutes(5));
            if (n < all - Active) ticket.Close(user, null, null, came.AddMinutes(20 + (n % 90)));
            (cycle.UserId, cycle.AcceptedAt, cycle.FirstResponseAt, cycle.ClosedAt) = (user, ticket.AcceptedAt, ticket.FirstResponseAt, ticket.ClosedAt);
            (cycle.WaitSeconds, cycle.FirstResponseSeconds, cycle.ServiceSeconds) = (240, 300, ticket.ClosedAt is { } closed ? (long)(closed - came.AddMinutes(4)).TotalSeconds : null);
        }
        db.AddRange(ticket, cycle, Timeline.Entry(ticket.Id, "created", null, came), Timeline.Entry(ticket.Id, "opened", user, came.AddMinutes(4)));
        if (n % 5 == 0)
        {
            var number = ProtocolNumber.Of("", 20_250_101_000_000L + n);
            db.Add(new Protocol { Id = Guid.CreateVersion7(), Number = number, Backwards = ProtocolNumber.Backwards(number), TicketId = ticket.Id, CycleId = cycle.Id, ContactId = contact.Id, CreatedAt = came.AddMinutes(4) });
        }
    }
}
