using Inforzap.Contracts.Settings;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Identity;
using Inforzap.Identity.Links;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Queues;
using SkiaSharp;

namespace Inforzap.Tests.Identity;

/// <summary>People who come as a table, and pictures that others choose for them.</summary>
public sealed class UserTableTests : IAsyncLifetime
{
    private readonly FakeMailer mailer = new() { IsReady = true };
    private Desk desk = null!;
    private Person rita = null!, lia = null!;

    public async ValueTask InitializeAsync()
    {
        desk = await Desk.OpenAsync(s => s.AddSingleton<IMailer>(mailer));
        (rita, lia) = (await desk.PersonAsync("Rita", BuiltInRoles.Administrator), await desk.PersonAsync("Lia", BuiltInRoles.Supervisor));
        foreach (var name in new[] { "Vendas", "Pós-venda" }) await desk.SendAs(rita, new SaveQueue(null, name, "#112233", 0, [], null));
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private async Task<Dictionary<string, UserRow>> PeopleAsync() => (await desk.SendAs(rita, new ListUsers())).Rows.ToDictionary(r => r.Email);

    [Fact(DisplayName = "Who is new comes in without a password, with role, queues and limits; who is there stays as they are")]
    public async Task Comes()
    {
        var table = $"Email;nome;PERFIL;filas;telefone;limite\n;;;;;x\n{lia.Email.ToUpperInvariant()};Outra;administrador;;;\n"
            + "bia@example.test; Bia Souza ;;VENDAS | pos-venda;11 99999-0000;3\ncaio@example.test;Caio;Supervisor;;;\n";
        var lines = await desk.SendAs(rita, new PreviewUserTable(table));
        Assert.Equal([(2, false, false), (3, true, true), (4, true, false), (5, true, false)], lines.Select(l => (l.Line, l.Problem is null, l.IsTaken)));
        Assert.Equal(2, (await PeopleAsync()).Count);
        Assert.Equal(new TableImported(2, 0, 1, 1), await desk.SendAs(rita, new ImportUserTable(table, null)));
        var people = await PeopleAsync();
        Assert.Equal((BuiltInRoles.Supervisor, "Lia"), (people[lia.Email].Role, people[lia.Email].Name));
        var bia = people["bia@example.test"];
        Assert.Equal(("Bia Souza", BuiltInRoles.Agent, false, 2), (bia.Name, bia.Role, bia.HasPassword, bia.Queues.Count));
        var more = await desk.SendAs(rita, new ReadUser(bia.Id));
        Assert.Equal(("11 99999-0000", 3), (more.Phone, more.MaxOpenTickets));
        Assert.Equal(BuiltInRoles.Supervisor, people["caio@example.test"].Role);
        Assert.Empty(mailer.Mails);
        Assert.Equal(new TableImported(0, 0, 3, 1), await desk.SendAs(rita, new ImportUserTable(table, null)));
    }

    [Fact(DisplayName = "What is exported can be imported elsewhere")]
    public async Task RoundTrip()
    {
        await desk.SendAs(rita, new SaveRole(null, "Caixa", "", BuiltInRoles.Agent, ["tickets.see"], null));
        await desk.SendAs(rita, new ImportUserTable("nome;email;perfil;filas;assinatura;limite\n=Bia;bia@example.test;caixa;Vendas;*Bia*;4", null));
        var table = await desk.SendAs(rita, new ExportUsers());
        var bia = (await PeopleAsync())["bia@example.test"];
        await desk.SendAs(rita, new DeactivateUser(bia.Id));
        await desk.SendAs(rita, new DeleteUser(bia.Id));
        Assert.Equal(new TableImported(1, 0, 2, 0), await desk.SendAs(rita, new ImportUserTable(table, null)));
        var back = (await PeopleAsync())["bia@example.test"];
        Assert.Equal(("=Bia", "Caixa", bia.Queues.Single()), (back.Name, back.RoleName, back.Queues.Single()));
        var more = await desk.SendAs(rita, new ReadUser(back.Id));
        Assert.Equal(("*Bia*", 4), (more.Signature, more.MaxOpenTickets));
    }

    [Theory(DisplayName = "A line that can't be taken says why, and the others come")]
    [InlineData("Bia;;", "E-mail")]
    [InlineData(";bia@example.test;", "Nome")]
    [InlineData("Bia;nada;", "e-mail")]
    [InlineData("Bia;bia@example.test;chefe", "chefe")]
    [InlineData("Bia;bia@example.test;;Lojas", "Lojas")]
    [InlineData("Bia;bia@example.test;;;muitos", "muitos")]
    [InlineData("Bia;bia@example.test;;;1000", "999")]
    [InlineData("Bia;caio@example.test;", "antes")]
    public async Task Wrong(string line, string said)
    {
        var table = $"nome;email;perfil;filas;limite\nCaio;caio@example.test;;;\n{line}";
        var wrong = Assert.Single(await desk.SendAs(rita, new PreviewUserTable(table)), l => l.Problem is not null);
        Assert.Equal(3, wrong.Line);
        Assert.Contains(said, wrong.Problem!, StringComparison.Ordinal);
        Assert.Equal(new TableImported(1, 0, 0, 1), await desk.SendAs(rita, new ImportUserTable(table, null)));
    }

    [Fact(DisplayName = "Nobody makes by a table whom they may not make by hand")]
    public async Task Rights()
    {
        await desk.SendAs(rita, new SaveRole(null, "Cofre", "", BuiltInRoles.Agent, ["settings.edit"], null));
        var lines = await desk.SendAs(lia, new PreviewUserTable("nome;email;perfil\nA;a@example.test;administrador\nB;b@example.test;cofre\nC;c@example.test;agente"));
        Assert.Equal([false, false, true], lines.Select(l => l.Problem is null));
        Assert.Equal(new TableImported(1, 0, 0, 2), await desk.SendAs(lia, new ImportUserTable("nome;email;perfil\nA;a@example.test;administrador\nB;b@example.test;cofre\nC;c@example.test;agente", null)));
        Assert.Equal(3, (await PeopleAsync()).Count);
    }

    [Fact(DisplayName = "Each gets an invitation by mail that opens the door, if the person who imports wants it")]
    public async Task Invites()
    {
        await desk.SendAs(rita, new ImportUserTable("nome;email\nBia;bia@example.test\nCaio;caio@example.test", "https://desk.example/"));
        Assert.Equal(["bia@example.test", "caio@example.test"], mailer.Mails.Select(m => m.To).Order());
        var mail = mailer.Mails.Single(m => m.To == "bia@example.test");
        Assert.StartsWith("https://desk.example/invite/", mail.Url, StringComparison.Ordinal);
        await desk.SendAsStranger(new AcceptInvitation(mail.Url!.Split('/')[^1], "tijolo cometa varanda"));
        Assert.True((await PeopleAsync())["bia@example.test"].HasPassword);
        mailer.IsReady = false;
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(rita, new ImportUserTable("nome;email\nDora;dora@example.test", "https://desk.example/")));
        Assert.False((await PeopleAsync()).ContainsKey("dora@example.test"));
    }

    [Fact(DisplayName = "A picture that a supervisor chooses for others; administrators are for administrators")]
    public async Task Photo()
    {
        var ana = await desk.PersonAsync("Ana");
        using var picture = new SKBitmap(300, 200);
        using var data = picture.Encode(SKEncodedImageFormat.Png, 90);
        var id = await desk.SendAs(lia, new SetPhotoOf(ana.Id, data.ToArray()));
        Assert.NotNull(id);
        Assert.Equal(id, await desk.SendAs(ana, new FindPhoto(ana.Id)));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lia, new SetPhotoOf(ana.Id, "nothing"u8.ToArray())));
        await Assert.ThrowsAsync<Refusal>(() => desk.SendAs(lia, new SetPhotoOf(rita.Id, data.ToArray())));
        Assert.Null(await desk.SendAs(rita, new SetPhotoOf(ana.Id, null)));
        Assert.Null(await desk.SendAs(ana, new FindPhoto(ana.Id)));
    }
}
