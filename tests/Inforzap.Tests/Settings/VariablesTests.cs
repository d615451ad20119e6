using Inforzap.Contracts.Settings;
using Inforzap.Settings;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.QuickMessages;

namespace Inforzap.Tests.Settings;

public sealed class VariablesTests : IAsyncLifetime
{
    private Desk desk = null!;
    private Person admin = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync();
        admin = await desk.PersonAsync("Rita", BuiltInRoles.Administrator);
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private static SaveVariable New(string key, string value = "x", VariableType type = VariableType.Text) => new(null, key, value, null, type, null);

    private async Task<VariableRow> RowAsync(string key) => (await desk.SendAs(admin, new ListVariables())).Rows.Single(v => v.Key == key);

    [Theory]
    [InlineData(BuiltInRoles.Agent)]
    [InlineData(BuiltInRoles.Supervisor)]
    public async Task Only_who_may_change_settings_sees_and_changes_them(BuiltInRoles role)
    {
        await desk.SendAs(admin, New("chave"));
        var (other, id) = (await desk.PersonAsync("Bia", role), (await RowAsync("chave")).Id);
        foreach (var act in new Func<Task>[]
        {
            () => desk.SendAs(other, New("outra")), () => desk.SendAs(other, new ListVariables()), () => desk.SendAs(other, new DeleteVariable(id)), () => desk.SendAs(other, new FindVariableUses(id)),
        }) Assert.Equal(RefusalKind.Forbidden, (await Assert.ThrowsAsync<Refusal>(act)).Kind);
    }

    [Theory]
    [InlineData("Chave")]
    [InlineData("1chave")]
    [InlineData("com espaço")]
    [InlineData("ação")]
    [InlineData("a}}b")]
    [InlineData("")]
    [InlineData("primeironome")]
    [InlineData("protocolo")]
    [InlineData("nome")]
    [InlineData("existe")]
    public async Task A_key_is_a_plain_word_of_its_own(string key)
    {
        await desk.SendAs(admin, New("existe"));
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, New(key)))).Fields.ContainsKey("Key"));
        Assert.Equal(1, (await desk.SendAs(admin, new ListVariables())).Total);
    }

    [Theory]
    [InlineData(VariableType.Number, "49,90", true)]
    [InlineData(VariableType.Number, "49.90", true)]
    [InlineData(VariableType.Number, "R$ 49", false)]
    [InlineData(VariableType.Url, "https://loja.example/a?b=c", true)]
    [InlineData(VariableType.Url, "loja.example", false)]
    [InlineData(VariableType.Url, "javascript:alert(1)", false)]
    [InlineData(VariableType.Text, "qualquer {{coisa}}", true)]
    public async Task The_type_is_checked(VariableType type, string value, bool taken)
    {
        var thrown = await Record.ExceptionAsync(() => desk.SendAs(admin, New("chave", value, type)));
        if (taken) Assert.Null(thrown);
        else Assert.True(Assert.IsType<Refusal>(thrown).Fields.ContainsKey("Value"));
    }

    [Fact]
    public async Task Two_people_who_edit_one_variable_the_second_is_told_and_its_key_stays()
    {
        await desk.SendAs(admin, New("chave", "um"));
        var row = await RowAsync("chave");
        await desk.SendAs(admin, new SaveVariable(row.Id, "chave", "dois", "para quê", VariableType.Text, row.Version));
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveVariable(row.Id, "chave", "três", null, VariableType.Text, row.Version)))).Kind);
        var now = await RowAsync("chave");
        Assert.Equal(("dois", "para quê"), (now.Value, now.Description));
        Assert.True((await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(admin, new SaveVariable(row.Id, "nova", "x", null, VariableType.Text, now.Version)))).Fields.ContainsKey("Key"));
    }

    [Fact]
    public async Task The_list_is_searched_and_sorted()
    {
        foreach (var (key, value) in new[] { ("b", "3"), ("a", "2"), ("c", "Avenida São João") }) await desk.SendAs(admin, New(key, value));
        async Task<string> KeysAsync(ListVariables list) => string.Concat((await desk.SendAs(admin, list)).Rows.Select(v => v.Key));
        Assert.Equal("abc", await KeysAsync(new()));
        Assert.Equal("cba", await KeysAsync(new(Descending: true)));
        Assert.Equal("abc", await KeysAsync(new(Sort: VariableSort.Value)));
        Assert.Equal("cab", await KeysAsync(new(Sort: VariableSort.ChangedAt, Descending: true)));
        Assert.Equal("c", await KeysAsync(new("sao joao")));
        Assert.Equal("", await KeysAsync(new("%")));
    }

    [Fact]
    public async Task Before_it_goes_it_says_where_it_is_used()
    {
        await desk.SendAs(admin, New("link"));
        await desk.SendAs(admin, New("link_novo"));
        var ana = await desk.PersonAsync("Ana");
        SaveQuickMessage Quick(string shortcut, string body, QuickScope scope) => new(null, scope, shortcut, shortcut, body, null, 0, true, [], [], null);
        await desk.SendAs(admin, Quick("a", "Pague em {{LINK|x}} e {{link}}", QuickScope.Company));
        await desk.SendAs(ana, Quick("b", "{{link}}", QuickScope.User));
        await desk.SendAs(admin, Quick("c", "{{link_novo}} {link} link", QuickScope.Company));
        var uses = Assert.Single(await desk.SendAs(admin, new FindVariableUses((await RowAsync("link")).Id)));
        Assert.Equal(("Mensagens rápidas", 2), (uses.What, uses.Count));
        await desk.SendAs(admin, new DeleteVariable((await RowAsync("link")).Id));
        Assert.Equal(["link_novo"], (await desk.SendAs(admin, new ListVariables())).Rows.Select(v => v.Key));
    }
}
