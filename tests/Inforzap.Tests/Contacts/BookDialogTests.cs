using Bunit;
using Inforzap.Contacts.AccountBooks;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Requests;
using Inforzap.Sdk;
using Inforzap.Tests.Support;
using MudBlazor;

namespace Inforzap.Tests.Contacts;

/// <summary>The question before an address book is brought in, and the line that says how far it is.</summary>
public sealed class BookDialogTests : ComponentTest
{
    private static readonly ChannelInfo First = Channel("Loja", Can.AddressBook), Second = Channel("Oficina", Can.AddressBook), Other = Channel("Site", Can.Media);

    private static ChannelInfo Channel(string name, Can can) => new(Guid.CreateVersion7(), name, "whatsapp", name, AddressKind.Phone, null, ChannelState.Connected, can, 1, true);

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync()
    {
        Channels.AddRange([First, Second, Other]);
        var dialogs = Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<BookDialog>("", new DialogParameters<BookDialog> { { d => d.Tags, [new TagChoice(Guid.CreateVersion7(), "VIP", "#2F6FB0")] } }));
        return dialogs;
    }

    [Fact]
    public async Task It_reads_the_book_of_the_chosen_channel_counts_and_starts_with_what_was_chosen()
    {
        var answer = new TaskCompletionSource<BookCounts>();
        Mediator.OnAsync<PreviewBook, BookCounts>(r => r.ChannelId == First.Id ? answer.Task : Task.FromResult(new BookCounts(Fresh: 7, Known: 2)));
        Mediator.On<SyncBook>();
        var dialogs = await OpenAsync();
        dialogs.WaitForAssertion(() => Assert.Contains("Lendo a agenda", dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal(["Loja", "Oficina"], dialogs.FindAll(".book-channel option").Select(o => o.TextContent));
        answer.SetResult(new BookCounts(Fresh: 3, Known: 5, Nameable: 2, Numberless: 1, Erased: 1));
        dialogs.WaitForAssertion(() => Assert.Contains("3 novos, 5 já conhecidos, 1 sem número.", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.InvokeAsync(() => dialogs.FindAll("input[type=radio]")[1].Change(true));
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(b => b.TextContent.Contains("Sincronizar", StringComparison.Ordinal)).Click());
        dialogs.WaitForAssertion(() => Assert.Equal(new SyncBook(First.Id, 10, TakesNames: true), Assert.Single(Mediator.SentOf<SyncBook>())));
    }

    [Fact]
    public async Task What_the_provider_refuses_is_said_and_nothing_can_be_started()
    {
        Mediator.On<PreviewBook, BookCounts>(_ => throw Refusal.Conflict("O canal está desligado."));
        var dialogs = await OpenAsync();
        dialogs.WaitForAssertion(() => Assert.Contains("O canal está desligado.", dialogs.Markup, StringComparison.Ordinal));
        Assert.True(dialogs.FindAll("button").Single(b => b.TextContent.Contains("Sincronizar", StringComparison.Ordinal)).HasAttribute("disabled"));
    }

    [Fact]
    public async Task The_line_says_how_far_it_is_and_stops_it_and_how_it_ended()
    {
        Channels.Add(First);
        RenderProviders();
        Mediator.On<StopBook>();
        var line = Render<BookLine>(p => p.Add(c => c.Row, new BookRow(First.Id, BookState.Running, 100, 40, 9, 0, 31, 0, 0, null, null)));
        Assert.Contains("Sincronizando a agenda de Loja: 40 de 100 lidos, 9 novos.", line.Markup, StringComparison.Ordinal);
        await line.InvokeAsync(() => line.Find("button").Click());
        Assert.Equal(First.Id, Assert.Single(Mediator.SentOf<StopBook>()).ChannelId);
        line.Render(p => p.Add(c => c.Row, new BookRow(First.Id, BookState.Failed, 100, 40, 9, 0, 31, 0, 0, "A conta saiu do aparelho.", DateTime.UtcNow)));
        Assert.Contains("A conta saiu do aparelho.", line.Markup, StringComparison.Ordinal);
    }
}
