using System.Globalization;
using System.Security.Cryptography;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Host.Plugins;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Plugins;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Host.Seed;

/// <summary>
/// A living company for a first look: people, queues, and two weeks of conversations, all made through the product's own
/// use cases. Only WebChat and Echo channels: nothing can leave the machine.
/// </summary>
internal sealed class Demo(SystemMediator mediator, PluginCatalog plugins, DemoClock clock, LocalLanes lanes)
{
    private const int Conversations = 300;
    private const int Days = 14;

    private readonly Random random = new(20261122);
    private readonly List<(Actor Actor, int Queue)> agents = [];
    private readonly List<Guid> channels = [];
    private readonly List<Guid> reasons = [];
    private readonly List<Guid> tags = [];
    // Of its own, so that the talks stay as they are.
    private readonly Random labels = new(20261130);
    private Actor admin = Actor.System;

    /// <summary>Makes it. The product's own container, but a clock that tells the past, and no engine.</summary>
    public static async Task MakeAsync(IConfiguration configuration)
    {
        var clock = new DemoClock();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging(l => l.AddFilter(level => level >= LogLevel.Warning).AddConsole());
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<LocalLanes>();
        services.AddSingleton<WakeLane>(sp => lane => sp.GetRequiredService<LocalLanes>().Wake(lane));
        services.AddSingleton<CrashMarks>();
        services.AddCore(configuration, Modules.All);
        services.AddMediation(Modules.Assemblies.Append(typeof(Module).Assembly));
        services.AddSingleton<Demo>();
        // The clock's jobs would find two weeks overdue, and need the engine.
        foreach (var job in services.Where(d => d.ServiceType == typeof(IHostedService) && (d.ImplementationType == typeof(JobStarter) || d.ImplementationType?.Assembly == typeof(Quartz.IScheduler).Assembly)).ToList())
            services.Remove(job);
        await using var container = services.BuildServiceProvider();
        await DatabaseStart.RunAsync(container);
        var mediator = container.GetRequiredService<SystemMediator>();
        await PluginLoading.RunAsync(container);
        var hosted = container.GetServices<IHostedService>().ToList();
        foreach (var service in hosted) await service.StartAsync(default);
        await container.GetRequiredService<Demo>().MakeAsync(default(CancellationToken));
        foreach (var service in Enumerable.Reverse(hosted)) await service.StopAsync(default);
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var now = DateTime.UtcNow;
        clock.Told = now.AddDays(-Days - 1);
        await mediator.Send(new ChangeSettings(new Dictionary<string, string> { [Setting.CompanyName.Name] = "Loja Aurora" }), ct);
        await PeopleAsync(ct);
        foreach (var (name, color) in DemoTalks.Reasons) reasons.Add(await mediator.Send(new EnsureReason(name, color), ct));
        foreach (var name in DemoTalks.Tags) tags.Add(await mediator.Send(new MakeTag(name), admin, ct));
        var talks = Plan(now).ToList();
        // Rounds of half an hour: what customers write in one goes in together, then agents do their part.
        foreach (var round in talks.SelectMany(t => t.Steps).GroupBy(s => s.At.Ticks / TimeSpan.FromMinutes(30).Ticks).OrderBy(g => g.Key))
        {
            clock.Told = round.Min(s => s.At);
            await RoundAsync([.. round.OrderBy(s => s.At)], ct);
        }
        await DrainedAsync(ct);
        clock.Told = null;
        Say($"The demo is ready: {talks.Count} conversations in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s.");
    }

    private async Task PeopleAsync(CancellationToken ct)
    {
        Say("A demo company with its people. These passwords are shown once:");
        var queues = new List<Guid>();
        for (var i = 0; i < DemoTalks.Queues.Length; i++) queues.Add(await mediator.Send(new EnsureQueue(DemoTalks.Queues[i], DemoTalks.Colors[i]), ct));
        (string Key, string Kind, string Name)[] declared = [("webchat", "webchat", "Site"), ("suporte", "webchat", "Chat do suporte"), ("financeiro", "webchat", "Portal do cliente"), ("entregas", "echo", "Telefone de entregas")];
        for (var i = 0; i < declared.Length; i++)
            channels.Add(await mediator.Send(new EnsureChannel(declared[i].Key, declared[i].Kind, declared[i].Name, queues[i], new Dictionary<string, string>()), ct));
        for (var i = 0; i < DemoTalks.Agents.Length; i++)
        {
            var name = DemoTalks.Agents[i];
            var role = i == 0 ? BuiltInRoles.Administrator : i < 3 ? BuiltInRoles.Supervisor : BuiltInRoles.Agent;
            // The first four lead one queue each; the others serve one, every third of them a second one.
            Guid[] mine = i == 0 ? [.. queues] : i % 3 == 0 ? [queues[i % 4], queues[(i + 1) % 4]] : [queues[i % 4]];
            var password = Password();
            var email = $"{SearchText.Fold(name).Split(' ')[0]}@aurora.example";
            var id = await mediator.Send(new MakeUser(name, email, password, role, mine), ct);
            var permissions = Modules.All.SelectMany(m => m.Permissions).Where(p => (p.Roles & role) != 0).Select(p => p.Name).ToHashSet();
            var actor = new Actor(id, name, permissions, mine);
            if (i == 0) admin = actor;
            for (var q = 0; q < queues.Count; q++) if (mine.Contains(queues[q])) agents.Add((actor, q));
            Say(string.Create(CultureInfo.InvariantCulture, $"  {email,-26} {password}   {role}"));
        }
    }

    private static string Password() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(12)).Replace('+', 'x').Replace('/', 'y');

    /// <summary>When each line of each conversation is said. The last ones are still going on.</summary>
    private IEnumerable<Talk> Plan(DateTime now)
    {
        var names = DemoTalks.Customers(random).GetEnumerator();
        for (var i = 0; i < Conversations; i++)
        {
            names.MoveNext();
            var queue = random.Next(DemoTalks.Queues.Length);
            var script = DemoTalks.Talks[queue][random.Next(DemoTalks.Talks[queue].Length)];
            var recent = i >= Conversations - 24;
            var start = recent ? now.AddMinutes(-random.Next(20, 240)) : Opening(now);
            var talk = new Talk(names.Current, AddressOf(names.Current, queue, random), queue);
            // Of those that go on, some wait for the first answer and some are half through.
            var lines = recent ? script.Take(i % 3 == 0 ? 1 : random.Next(2, script.Length)).ToArray() : script;
            for (var n = 0; n < lines.Length; n++)
            {
                start = start.AddSeconds(random.Next(25, 240));
                if (start >= now) break;
                talk.Steps.Add(new(start, talk, lines[n], Closes: !recent && n == lines.Length - 1));
            }
            yield return talk;
        }
    }

    /// <summary>Some time of a working day within the two weeks, mornings and afternoons most.</summary>
    private DateTime Opening(DateTime now)
    {
        var day = now.Date.AddDays(-random.Next(1, Days));
        if (day.DayOfWeek == DayOfWeek.Sunday) day = day.AddDays(-1);
        return day.AddHours(11 + (random.NextDouble() * 5) + (random.NextDouble() * 5));
    }

    internal static Address AddressOf(string name, int queue, Random random) => DemoTalks.Queues[queue] == "Entregas"
        ? new($"55{random.Next(11, 39)}9{random.Next(60000000, 99999999)}", AddressKind.Phone, name)
        : new(Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("demo" + name)))[..40], AddressKind.Visitor, name);

    private async Task RoundAsync(List<Step> steps, CancellationToken ct)
    {
        var told = DateTime.MinValue;
        while (steps.Count > 0)
        {
            // Each talk's next line, so that answers follow questions within the round.
            var now = steps.GroupBy(s => s.Talk).Select(g => g.First()).ToList();
            // Told in order of time, so that waiting and answering take as long as they would, and never back.
            clock.Told = told = Later(told, now.Max(s => s.At));
            var said = now.Where(s => s.Line[0] is '>' or '!').ToList();
            foreach (var step in said.Where(s => s.Line[0] == '!')) step.File = await PictureAsync(step, ct);
            if (said.Count > 0)
            {
                foreach (var kind in said.GroupBy(s => InboxOf(s.Talk.Queue))) await kind.Key.DeliverAsync([.. kind.Select(s => (InboundEvent)Inbound(s))], ct);
                await DrainedAsync(ct);
                await FindTicketsAsync(said, ct);
            }
            foreach (var step in now.Where(s => s.Line[0] is '<' or '#')) await AgentAsync(step, ct);
            foreach (var step in now.Where(s => s.Closes)) await CloseAsync(step, ct);
            foreach (var step in now) steps.Remove(step);
        }
    }

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private InboundMessage Inbound(Step step) =>
        new(channels[step.Talk.Queue], Guid.CreateVersion7().ToString("N"), step.Talk.Address,
            step.File is { } file ? new MediaContent(MediaKind.Image, new MediaRef(FileId: file), step.Line[2..] + ".jpg") : new TextContent(step.Line[2..]))
        { At = step.At };

    private async Task<Guid> PictureAsync(Step step, CancellationToken ct)
    {
        using var picture = DemoPictures.Draw(step.Line[2..], random);
        return await InboxOf(step.Talk.Queue).StoreAsync(channels[step.Talk.Queue], picture, step.Line[2..] + ".jpg", ct);
    }

    /// <summary>The last queue's channel is a telephone, the others are pages.</summary>
    private IInbox InboxOf(int queue) => plugins.InboxOf(queue == DemoTalks.Queues.Length - 1 ? "echo" : "webchat")
        ?? throw new InvalidOperationException("The plugins of the demo are not active.");

    /// <summary>Waits until what came in is in its tickets, and what went out is gone.</summary>
    private async Task DrainedAsync(CancellationToken ct)
    {
        for (var i = 0; i < 10_000; i++)
        {
            if (!lanes.IsBusy) return;
            await Task.Delay(2, ct);
        }
        throw new TimeoutException("Lanes did not come to rest.");
    }

    private async Task FindTicketsAsync(List<Step> steps, CancellationToken ct)
    {
        if (steps.All(s => s.Talk.Ticket is not null)) return;
        var rows = (await mediator.Send(new ListTickets(TicketStatus.Pending, Take: 500), admin, ct)).Rows.ToLookup(r => r.ContactName);
        foreach (var step in steps) step.Talk.Ticket ??= rows[step.Talk.Name].FirstOrDefault()?.Id;
    }

    private async Task AgentAsync(Step step, CancellationToken ct)
    {
        if (step.Talk.Ticket is not { } ticket) return;
        if (step.Talk.Agent is not { } agent)
        {
            var mine = agents.Where(a => a.Queue == step.Talk.Queue).ToList();
            step.Talk.Agent = agent = mine[random.Next(mine.Count)].Actor;
            await mediator.Send(new AcceptTicket(ticket), agent, ct);
            // Every third customer has a tag, the first ones most.
            if (labels.Next(3) == 0) await mediator.Send(new TagTicket(ticket, tags[Math.Min(labels.Next(tags.Count), labels.Next(tags.Count))]), agent, ct);
        }
        await mediator.Send(new SendMessage(ticket, Guid.CreateVersion7(), step.Line[2..], IsNote: step.Line[0] == '#', Sign: false), agent, ct);
    }

    private async Task CloseAsync(Step step, CancellationToken ct)
    {
        if (step.Talk is { Ticket: { } ticket, Agent: { } agent }) await mediator.Send(new CloseTicket(ticket, ReasonId: reasons[Math.Min(labels.Next(reasons.Count), labels.Next(reasons.Count))]), agent, ct);
    }

    /// <summary>For the person at the console; passwords have no place in a log.</summary>
    private static void Say(string line) => Console.WriteLine(line);

    private sealed class Talk(string name, Address address, int queue)
    {
        public string Name { get; } = name;
        public Address Address { get; } = address;
        public int Queue { get; } = queue;
        public List<Step> Steps { get; } = [];
        public Guid? Ticket { get; set; }
        public Actor? Agent { get; set; }
    }

    private sealed record Step(DateTime At, Talk Talk, string Line, bool Closes)
    {
        public Guid? File { get; set; }
    }
}
