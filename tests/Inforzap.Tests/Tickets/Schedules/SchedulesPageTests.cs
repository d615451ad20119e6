using System.Globalization;
using Bunit;
using Inforzap.Contracts.Contacts;
using Inforzap.Live;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Schedules;
using Inforzap.Variables;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;

namespace Inforzap.Tests.Tickets.Schedules;

public sealed class SchedulesPageTests : ComponentTest
{
    private static readonly SchedulePlan Daily = new(new(2027, 3, 1), new(9, 10), ScheduleUnit.Day, 1, null, null, BusinessDayRule.Any);
    private static readonly ScheduleRow Row = new(Guid.CreateVersion7(), ["Maria Silva", "João"], "Bom dia", 1, "WebChat", "webchat", "Ana", ScheduleState.Active, new DateTime(2027, 3, 1, 12, 10, 0, DateTimeKind.Utc), null, Daily, 0, 0, null);
    private static readonly ScheduleChannel Chat = new(Guid.CreateVersion7(), "WebChat", "webchat", true, 16_000_000);
    private static readonly ScheduleTarget Maria = new(Guid.CreateVersion7(), "Maria Silva", "5511940028922");

    private IRenderedComponent<MudPopoverProvider> menus = null!;
    private IRenderedComponent<MudDialogProvider> dialogs = null!;

    public SchedulesPageTests()
    {
        Mediator.On<OfferVariables, IReadOnlyList<OfferedVariable>>(_ => [new("primeiroNome", "Primeiro nome do contato")]);
        Mediator.On<PreviewText, RenderedText>(r => new(r.Text, []));
        Mediator.On<OfferSchedule, OfferedSchedule>(r => new(r.TicketId is null ? null : Maria, r.TicketId is null ? null : Chat.Id, [], [], true));
        Mediator.On<ScheduleChannels, IReadOnlyList<ScheduleChannel>>(_ => [Chat]);
        Mediator.On<PreviewTimes, IReadOnlyList<DateTime>>(_ => [.. Enumerable.Range(1, 5).Select(d => new DateTime(2027, 3, d, 12, 10, 0, DateTimeKind.Utc))]);
        Mediator.On<LookUpContacts, IReadOnlyList<ContactCard>>(_ => [new(Maria.Id, Maria.Name, Maria.Phone, [new Address("5511940028922", AddressKind.Phone)])]);
        Mediator.On<SaveSchedule, Guid>(_ => Guid.NewGuid());
        Mediator.On<ReadCalendar, IReadOnlyList<CalendarEntry>>(_ => []);
        Answer(Row);
    }

    private void Answer(params ScheduleRow[] rows) => Mediator.On<ListSchedules, SchedulePage>(_ => new(rows, rows.Length, true, [new(Guid.CreateVersion7(), "Ana")], [Chat], null));

    private IRenderedComponent<SchedulesPage> Page(string address = "/schedules", params string[] permissions)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        Render<MudSnackbarProvider>();
        menus = Render<MudPopoverProvider>();
        dialogs = Render<MudDialogProvider>();
        IActor me = SignIn("Eu", permissions.Length == 0 ? ["schedules.use", "schedules.manage", "contacts.see"] : permissions);
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<SchedulesPage>()).FindComponent<SchedulesPage>();
    }

    private static ScheduleDetails Details(ScheduleState state, params RunRow[] runs) => new(Row.Id,
        new([Maria.Id], Chat.Id, null, "Bom dia", new(2027, 3, 1), new(9, 10), ScheduleUnit.Day, 1, null, null, BusinessDayRule.Any, true, ScheduleAction.Keep, null, false), [Maria], [], runs, state, "WebChat", "Ana", Row.NextAt, 4);

    [Fact]
    public void While_it_loads_there_are_skeletons_then_rows()
    {
        var answer = new TaskCompletionSource<SchedulePage>();
        Mediator.OnAsync<ListSchedules, SchedulePage>(_ => answer.Task);
        var page = Page();
        Assert.NotEmpty(page.FindAll(".skeletons"));
        answer.SetResult(new([Row], 1, true, [], [], null));
        page.WaitForAssertion(() => Assert.Contains("Maria Silva +1", page.Find("tbody").TextContent));
        Assert.Contains("todo dia", page.Find("tbody").TextContent);
        Assert.Empty(page.FindAll(".skeletons"));
    }

    [Fact]
    public void A_refusal_is_shown_in_its_words_and_retry_loads_anew()
    {
        Mediator.On<ListSchedules, SchedulePage>(_ => throw Refusal.NotFound("Este contato não existe mais."));
        var page = Page();
        Assert.Contains("Este contato não existe", page.Find("[role=alert]").TextContent);
        Answer(Row);
        page.Find(".state button").Click();
        page.WaitForAssertion(() => Assert.Contains("Maria Silva", page.Markup));
    }

    [Theory]
    [InlineData(false, "Nenhuma mensagem agendada ainda")]
    [InlineData(true, "Nada encontrado")]
    public void None_at_all_is_another_thing_than_none_found(bool any, string words)
    {
        Mediator.On<ListSchedules, SchedulePage>(_ => new([], 0, any, [], [], null));
        Assert.Contains(words, Page().Find(".state").TextContent);
    }

    [Fact]
    public void A_hint_loads_the_list_anew_and_failures_and_waits_are_seen()
    {
        var page = Page();
        Answer(Row with { Failed = 2, Cause = "desligado" }, Row with { Id = Guid.NewGuid(), Cause = "Aguardando o canal WebChat voltar." });
        Live.Raise([Topics.Schedules]);
        page.WaitForAssertion(() => Assert.Contains("Não enviadas: 2", page.Markup));
        Assert.Contains("Aguardando o canal", page.Markup);
    }

    [Fact]
    public void Filters_stand_in_the_address()
    {
        var page = Page("/schedules?state=Paused&over=hide&q=boleto");
        var asked = Mediator.SentOf<ListSchedules>()[^1].Of;
        Assert.Equal((ScheduleState.Paused, true, "boleto", false), (asked.State!.Value, asked.HidesOver, asked.Text, asked.Failed));
        page.Find("select[aria-label=Estado]").Change("failed");
        page.WaitForAssertion(() => Assert.True(Mediator.SentOf<ListSchedules>()[^1].Of.Failed));
        Assert.Contains("state=failed", Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public void Only_who_leads_chooses_among_people() => Assert.Empty(Page("/schedules", "schedules.use").FindAll("select[aria-label='Quem agendou']"));

    [Fact]
    public void A_link_opens_one_and_what_failed_was_seen()
    {
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Active, new RunRow(Guid.NewGuid(), "Maria Silva", Row.NextAt!.Value, ScheduleRunState.Failed, false, "O canal ficou desconectado.", null, null, true)));
        Mediator.On<SeeFailedRuns>();
        Mediator.On<RetryRun>();
        var page = Page($"/schedules?id={Row.Id}");
        page.WaitForAssertion(() => Assert.Contains("O canal ficou desconectado.", page.Find(".runs").TextContent));
        Assert.Equal(Row.Id, Assert.Single(Mediator.SentOf<SeeFailedRuns>()).Id);
        page.Find(".runs .link").Click();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<RetryRun>()));
    }

    [Fact]
    public void A_new_one_is_written_for_a_contact_and_saved_as_typed()
    {
        var page = Page();
        page.Find(".page-action button").Click();
        page.WaitForElement("#schedule-find").Input("mar");
        page.WaitForElement(".pick-row").Click();
        page.WaitForAssertion(() => Assert.Contains("Maria Silva", page.Find(".targets").TextContent));
        page.Find("#schedule-body").Input("Olá");
        page.Find(".schedule-when input[type=date]").Change("2027-03-05");
        page.Find("input[type=time]").Change("08:30");
        page.FindAll(".schedule-when select")[0].Change("Month");
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll(".times li").Count));
        page.Find("#schedule-form").Submit();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SaveSchedule>()));
        var saved = Mediator.SentOf<SaveSchedule>()[0];
        Assert.Equal((null, null), (saved.Id, saved.Revision));
        Assert.Equal((Maria.Id, Chat.Id, "Olá", new DateOnly(2027, 3, 5), new TimeOnly(8, 30), ScheduleUnit.Month, true),
            (saved.Form.Contacts[0], saved.Form.ChannelId, saved.Form.Body, saved.Form.Day, saved.Form.Time, saved.Form.Unit, saved.Form.Sign));
        Assert.Empty(page.FindAll(".drawer"));
    }

    [Fact]
    public void A_refusal_keeps_the_form_and_marks_its_field()
    {
        Mediator.On<SaveSchedule, Guid>(_ => throw Refusal.At("Day", "Escolha um dia e uma hora que ainda virão."));
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Active));
        var page = Page();
        page.Find(".grid-open").Click();
        page.WaitForElement("#schedule-form").Submit();
        page.WaitForAssertion(() => Assert.Contains("ainda virão", page.Find(".notice-bad").TextContent));
        Assert.Equal(("true", "Bom dia"), (page.Find(".schedule-when input[type=date]").GetAttribute("aria-invalid"), page.Find("#schedule-body").GetAttribute("value")));
        Assert.Equal((Row.Id, 4), (Mediator.SentOf<SaveSchedule>()[0].Id!.Value, Mediator.SentOf<SaveSchedule>()[0].Revision!.Value));
    }

    [Fact]
    public void What_is_over_is_only_looked_at()
    {
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Finished, new RunRow(Guid.NewGuid(), "Maria Silva", Row.NextAt!.Value, ScheduleRunState.Sent, false, null, Row.NextAt, null, false)));
        Answer(Row with { State = ScheduleState.Finished, NextAt = null, LastAt = Row.NextAt });
        var page = Page();
        page.Find(".grid-open").Click();
        page.WaitForAssertion(() => Assert.Contains("Enviada", page.Find(".runs").TextContent));
        Assert.Empty(page.FindAll("#schedule-form"));
        Assert.Empty(page.FindAll(".drawer-foot button[type=submit]"));
    }

    [Fact]
    public void A_copy_begins_as_the_original_is_and_is_a_new_one()
    {
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Cancelled));
        var page = Page();
        page.Find(".grid-menu button").Click();
        menus.WaitForAssertion(() => Assert.Contains(menus.FindAll(".mud-menu-item"), i => i.TextContent.Trim() == "Duplicar"));
        menus.FindAll(".mud-menu-item").Single(i => i.TextContent.Trim() == "Duplicar").Click();
        page.WaitForElement("#schedule-form").Submit();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SaveSchedule>()));
        var saved = Mediator.SentOf<SaveSchedule>()[0];
        Assert.Equal((null, Row.Id, "Bom dia"), (saved.Id, saved.CopyOf!.Value, saved.Form.Body));
    }

    [Fact]
    public void Cancelling_asks_first()
    {
        Mediator.On<CancelSchedule>();
        var page = Page();
        page.Find(".grid-menu button").Click();
        menus.WaitForAssertion(() => Assert.NotEmpty(menus.FindAll(".mud-menu-item")));
        menus.FindAll(".mud-menu-item").Single(i => i.TextContent.Trim() == "Cancelar agendamento").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("Nada mais será enviado", dialogs.Markup));
        Assert.Empty(Mediator.SentOf<CancelSchedule>());
        dialogs.FindAll(".mud-dialog button")[^1].Click();
        page.WaitForAssertion(() => Assert.Equal(Row.Id, Assert.Single(Mediator.SentOf<CancelSchedule>()).Id));
    }

    [Fact]
    public void Files_come_up_and_too_large_ones_are_said()
    {
        Mediator.On<KeepScheduleFile, KeptFileRow>(k => new(Guid.NewGuid(), k.Name, "application/pdf", k.Bytes.Length, MessageKind.Document));
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Active));
        Mediator.On<ScheduleChannels, IReadOnlyList<ScheduleChannel>>(_ => [Chat with { MaxBytes = 10 }]);
        var page = Page();
        page.Find(".grid-open").Click();
        page.WaitForElement("#schedule-form");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("abc", "a.pdf"));
        page.WaitForAssertion(() => Assert.Contains("a.pdf", page.Find(".files").TextContent));
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("abcdefghijklmnop", "b.pdf"));
        page.WaitForAssertion(() => Assert.Contains("maior que", page.Find(".notice-bad").TextContent));
        Assert.Single(page.FindAll(".files li"));
    }

    [Fact]
    public void The_calendar_shows_a_month_moves_by_keys_and_opens_what_is_pressed()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("pt-BR");
        Mediator.On<ReadSchedule, ScheduleDetails>(_ => Details(ScheduleState.Active));
        Mediator.On<ReadCalendar, IReadOnlyList<CalendarEntry>>(_ => [.. Enumerable.Range(0, 5).Select(n => new CalendarEntry(n == 0 ? Row.Id : Guid.NewGuid(), new DateTime(2027, 3, 10, 12 + n, 0, 0, DateTimeKind.Utc), n == 1 ? 3 : 1, $"Cliente {n}", "Bom dia", n == 2 ? ScheduleRunState.Failed : ScheduleRunState.Planned, false))]);
        var page = Page("/schedules?view=calendar&month=2027-03");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".calendar-entry").Count));
        Assert.Equal((new DateOnly(2027, 2, 28), new DateOnly(2027, 4, 3)), (Mediator.SentOf<ReadCalendar>()[^1].From, Mediator.SentOf<ReadCalendar>()[^1].To));
        Assert.Equal(5, page.FindAll(".agenda-entry").Count);
        Assert.Contains("×3", page.Find(".calendar-grid").TextContent);
        page.Find(".calendar-more").Click();
        Assert.Equal(5, page.FindAll(".calendar-entry").Count);
        page.Find(".calendar-grid").KeyDown(Key.PageDown);
        page.WaitForAssertion(() => Assert.Contains("month=2027-04", Services.GetRequiredService<NavigationManager>().Uri));
        page.FindAll(".calendar-head button")[0].Click();
        page.WaitForAssertion(() => Assert.Contains("month=2027-03", Services.GetRequiredService<NavigationManager>().Uri));
        page.FindAll(".calendar-entry")[0].Click();
        page.WaitForAssertion(() => Assert.Equal(Row.Id, Mediator.SentOf<ReadSchedule>()[^1].Id));
    }
}
