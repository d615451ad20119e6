using Inforzap.Channels;
using Inforzap.Contacts;
using Inforzap.Data;
using Inforzap.Identity;
using Inforzap.Scenarios.Browser;
using Inforzap.Sdk;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Inforzap.Scenarios;

/// <summary>Somebody looks how the company serves: on a desk and on a phone, in light and dark, with an empty day and a full month.</summary>
public sealed class DashboardTests(Chromium chromium, CrowdedCompany company) : BrowserTest(chromium), IClassFixture<CrowdedCompany>
{
    private readonly Chromium chromium = chromium;

    private protected override HostProcess? Watched => company.Host;

    public override async ValueTask InitializeAsync() => await company.OpenAsync();

    [Fact]
    public async Task A_month_of_service_is_looked_at_filtered_and_taken_away()
    {
        var admin = await PersonAsync(await company.AdminAsync(chromium));
        var (page, looks) = (admin.Page, new Looks(admin, "desk"));
        await page.GotoAsync(company.Url.ToString());
        // One begins where one works; the dashboard is the first place to go from there.
        await page.WaitForURLAsync("**/desk**");
        await Expect(page.Locator(".rail-list .rail-item").First).ToHaveAttributeAsync("href", "/dashboard");
        await page.Locator(".rail-list .rail-item").First.ClickAsync();
        await Expect(page.Locator(".figure-none").First).ToBeVisibleAsync();
        await WholeAsync(page);
        await looks.AtAsync("dashboard-empty");

        await ServeAsync();
        await page.ReloadAsync();
        await WholeAsync(page);
        await Expect(page.Locator(".chart-path")).ToHaveCountAsync(2);
        await looks.AtAsync("dashboard");
        await LongAsync(page, admin, "dashboard-all-desk");

        await page.Locator(".figure-switch").First.ClickAsync();
        await Expect(page.Locator(".figure-table tbody tr")).ToHaveCountAsync(30);
        await looks.AtAsync("dashboard-table");
        await page.Locator(".figure-switch").First.ClickAsync();
        await page.Locator(".chart-frame").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".chart-point.is-on .chart-tip")).ToBeVisibleAsync();
        await looks.AtAsync("dashboard-walk");
        await page.Locator(".indicator .figure-hint").First.HoverAsync();
        await Expect(page.Locator(".indicator .figure-hint-words").First).ToBeVisibleAsync();
        await Task.Delay(400);
        await admin.ShootAsync("dashboard-hint");
        await page.Mouse.MoveAsync(0, 0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Filas", Exact = true }).ClickAsync();
        await page.Locator(".mud-popover-open .mud-menu-item").Filter(new() { HasText = "Financeiro" }).ClickAsync();
        await page.WaitForURLAsync("**queue=**");
        await admin.ShootAsync("dashboard-picker");
        await page.Keyboard.PressAsync("Escape");
        await WholeAsync(page);
        await Expect(page.Locator(".bars").First.Locator("li")).ToHaveCountAsync(1);
        await page.ReloadAsync();
        await WholeAsync(page);
        await Expect(page.Locator(".bars").First.Locator("li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Limpar filtros" }).ClickAsync();
        await page.Locator(".page-select").SelectOptionAsync("today");
        await page.WaitForURLAsync("**period=today");
        await WholeAsync(page);
        await looks.AtAsync("dashboard-today");

        var table = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Exportar tabela" }).ClickAsync());
        Assert.Equal("dashboard.csv", table.SuggestedFilename);
        Assert.Contains("Bia Nunes", await File.ReadAllTextAsync(await table.PathAsync()), StringComparison.Ordinal);

        var phone = await company.AdminAsync(chromium);
        phone.ViewportSize = new() { Width = 390, Height = 844 };
        var small = await PersonAsync(phone);
        var onPhone = new Looks(small, "phone");
        await small.Page.GotoAsync(new Uri(company.Url, "dashboard").ToString());
        await WholeAsync(small.Page);
        await onPhone.AtAsync("dashboard");
        await LongAsync(small.Page, small, "dashboard-all-phone");
        Assert.True(looks.Faults.Count + onPhone.Faults.Count == 0, string.Join(Environment.NewLine, looks.Faults.Concat(onPhone.Faults)));
    }

    private static async Task WholeAsync(IPage page)
    {
        await Expect(page.Locator(".figures-people")).ToBeVisibleAsync();
        await Expect(page.Locator(".skeleton, .is-stale")).ToHaveCountAsync(0);
    }

    /// <summary>All of it, beyond the window.</summary>
    private static async Task LongAsync(IPage page, Screen screen, string name)
    {
        var size = page.ViewportSize!;
        var height = await page.EvaluateAsync<int>("() => document.querySelector('.page').scrollHeight");
        foreach (var (scheme, word) in new[] { (ColorScheme.Dark, "dark"), (ColorScheme.Light, "light") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.SetViewportSizeAsync(size.Width, height + 80);
            await Task.Delay(400);
            await screen.ShootAsync($"{name}-{word}");
        }
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    /// <summary>Two months of it, written as the product would have: more by day than by night, less on weekends.</summary>
    private Task ServeAsync() => company.Place.ReadAsync(async db =>
    {
        var random = new Random(20261130);
        var now = DateTime.UtcNow;
        List<Queue> queues = [Queue("Vendas", "#0B7A75", 10), Queue("Suporte", "#3F6FB5", 15), Queue("Financeiro", "#B86E00", null), Queue("Entregas", "#8A62B5", 30)];
        List<Channel> channels = [Channel("loja", "WhatsApp da loja"), Channel("site", "Site"), Channel("telegram", "Telegram"), Channel("entregas", "Telefone de entregas")];
        List<ClosingReason> reasons = [Reason("Venda feita", "#23845B"), Reason("Dúvida respondida", "#2F6FB0"), Reason("Troca ou devolução", "#B86E00"), Reason("Não respondeu mais", "#6B7984"), Reason("Encaminhado à transportadora", "#8A62B5")];
        List<Tag> tags = [Tag("VIP", "#8A62B5"), Tag("Devedor", "#C43D3D"), Tag("Atacado", "#0B7A75"), Tag("Primeira compra", "#2F6FB0")];
        List<User> people = [.. new[] { "Bia Nunes", "João Pedro Albuquerque", "Clara Dias", "Ivo Prado", "Marta Reis" }.Select((n, i) => Person(n, i < 3))];
        var contacts = Enumerable.Range(0, 150).Select(i => new Contact { Id = Guid.CreateVersion7(), Name = $"Cliente {i}", CreatedAt = now.AddDays(-random.Next(58)), SearchText = $"cliente {i}" }).ToList();
        var served = contacts.Select((c, i) =>
        {
            var ticket = Ticket.New(5_000 + i, channels[i % 4].Id, c.Id, new Address($"551190{i:000000}"), queues[i % 4].Id, now.AddMinutes(-random.Next(120)), null);
            if (i % 3 == 0) ticket.Accept(people[random.Next(5)].Id, now);
            if (i >= 30) ticket.Close(people[random.Next(5)].Id, null, null, now);
            return ticket;
        }).ToList();
        db.AddRange([.. queues, .. channels, .. reasons, .. tags, .. people, .. contacts, .. served]);
        db.AddRange(contacts.Where((_, i) => i % 3 != 0).Select(c => new ContactTag { ContactId = c.Id, TagId = tags[(int)(random.NextDouble() * random.NextDouble() * 4)].Id, At = now }));
        for (var day = 61; day >= 0; day--)
        {
            var date = now.Date.AddDays(-day);
            var many = (date.DayOfWeek is DayOfWeek.Sunday ? 6 : date.DayOfWeek is DayOfWeek.Saturday ? 14 : 34) + random.Next(12) - (day / 6);
            for (var n = 0; n < many; n++)
            {
                // Mornings and afternoons; in Brazil it is three hours earlier.
                var queued = date.AddHours(11 + (random.NextDouble() * 5) + (random.NextDouble() * 6)).AddSeconds(random.Next(60));
                if (queued > now.AddMinutes(-30)) continue;
                var ticket = served[random.Next(served.Count)];
                var (wait, first, service) = (random.Next(20, 900), random.Next(30, 400), random.Next(200, 4_000));
                var (accepted, closed) = (queued.AddSeconds(wait), queued.AddSeconds(wait + service));
                db.Add(new ServiceCycle
                {
                    Id = Guid.CreateVersion7(), TicketId = ticket.Id, ChannelId = channels[(int)(Math.Pow(random.NextDouble(), 1.7) * 4)].Id, QueueId = queues[(int)(Math.Pow(random.NextDouble(), 1.4) * 4)].Id,
                    UserId = people[(int)(Math.Pow(random.NextDouble(), 1.3) * 5)].Id, StartedByAgent = random.Next(8) == 0, QueuedAt = queued, AcceptedAt = accepted, FirstResponseAt = accepted.AddSeconds(first),
                    ClosedAt = closed < now ? closed : null, ClosingReasonId = random.Next(9) == 0 ? null : reasons[(int)(random.NextDouble() * random.NextDouble() * 5)].Id,
                    WaitSeconds = wait, FirstResponseSeconds = wait + first, ServiceSeconds = closed < now ? service : null,
                });
            }
        }
        // As another node would: the host reads its channels anew when it hears of it.
        db.Add(new Live.Change { Topics = Live.Topics.Channels, At = now });
        await db.SaveChangesAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        return true;

        Queue Queue(string name, string color, int? minutes) => new() { Id = Guid.CreateVersion7(), Name = name, Color = color, FirstResponseMinutes = minutes, CreatedAt = now };
        Channel Channel(string key, string name) => new() { Id = Guid.CreateVersion7(), Key = key, Kind = "echo", Name = name, Settings = "{}", IsEnabled = false, CreatedAt = now };
        ClosingReason Reason(string name, string color) => new() { Id = Guid.CreateVersion7(), Name = name, Color = color, CreatedAt = now };
        Tag Tag(string name, string color) => new() { Id = Guid.CreateVersion7(), Name = name, Color = color, SearchText = SearchText.Fold(name), CreatedAt = now };
        User Person(string name, bool isOnline) => new()
        {
            Id = Guid.CreateVersion7(), Name = name, Email = $"{SearchText.Fold(name).Replace(' ', '.')}@aurora.example", UserName = $"{SearchText.Fold(name).Replace(' ', '.')}@aurora.example",
            NormalizedUserName = $"{SearchText.Fold(name).Replace(' ', '.')}@AURORA.EXAMPLE", NormalizedEmail = $"{SearchText.Fold(name).Replace(' ', '.')}@AURORA.EXAMPLE", Role = BuiltInRoles.Agent, IsOnline = isOnline, CreatedAt = now, SecurityStamp = "x",
        };
    });
}
