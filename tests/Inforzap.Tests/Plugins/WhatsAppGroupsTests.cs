using System.Text.Json.Nodes;
using Inforzap.Sdk;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Plugins;

/// <summary>Groups that the number is in: read, made, changed and left.</summary>
public sealed class WhatsAppGroupsTests : IAsyncLifetime
{
    private const string Jid = "120363041234567890@g.us";
    private static readonly Address Group = new(Jid, AddressKind.WhatsAppGroup);
    private static readonly Address Maria = new(WhatsAppDesk.Maria);
    private WhatsAppBench it = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        it = await WhatsAppBench.StartAsync();
        it.Gateway.Groups[Jid] = JsonNode.Parse($$"""
            {"id":"{{Jid}}","subject":"Turma 1","subjectOwner":null,"pictureUrl":"https://pps.whatsapp.net/x","size":3,"creation":1769000000,"owner":"{{FakeEvolution.Own}}@s.whatsapp.net","desc":"Avisos","restrict":true,"announce":false,
             "participants":[{"id":"184467440737@lid","phoneNumber":"{{WhatsAppDesk.MariaJid}}","admin":null},{"id":"{{FakeEvolution.Own}}@s.whatsapp.net","lid":"55@lid","admin":"superadmin"},{"id":"77@lid","admin":"admin"}]}
            """)!.AsObject();
    }

    public async ValueTask DisposeAsync() => await it.DisposeAsync();

    private GatewayCall Only(string action) => Assert.Single(it.Gateway.Of(action));

    [Fact]
    public async Task A_group_says_who_is_in_it_and_what_we_may_do()
    {
        var group = await it.Adapter.GroupAsync(it.On, Group, Ct);
        Assert.Equal((Jid, AddressKind.WhatsAppGroup, "Turma 1", "Avisos", 3), (group.Address.Value, group.Address.Kind, group.Address.Name, group.Description, group.Count));
        Assert.Equal((false, true, true, FakeEvolution.Own), (group.OnlyAdministratorsWrite, group.OnlyAdministratorsChange, group.WeAreAdministrator, group.Owner!.Value));
        Assert.Equal([(WhatsAppDesk.Maria, false, false), (FakeEvolution.Own, true, true), ("77@lid", true, false)], group.Members.Select(m => (m.Address.Value, m.IsAdministrator, m.IsOwner)));
        Assert.Equal("184467440737@lid", Assert.Single(group.Members[0].AlsoKnownAs).Value);
        Assert.Equal(new DateTime(2026, 1, 21, 12, 53, 20, DateTimeKind.Utc), group.CreatedAt);
        Assert.Equal(Jid, Only("findGroupInfos").Query["groupJid"]);
        it.Gateway.Groups[Jid]["participants"]![1]!["admin"] = null;
        Assert.False((await it.Adapter.GroupAsync(it.On, Group, Ct)).WeAreAdministrator);
    }

    [Fact]
    public async Task All_groups_are_listed_without_who_is_in_them()
    {
        it.Gateway.Groups["120363999@g.us"] = new JsonObject { ["id"] = "120363999@g.us", ["subject"] = null, ["size"] = 12 };
        var all = await it.Adapter.GroupsAsync(it.On, Ct);
        Assert.Equal([(Jid, "Turma 1"), ("120363999@g.us", null)], all.Select(g => (g.Address.Value, g.Address.Name)));
        Assert.Equal(("false", 12, (bool?)null), (Only("fetchAllGroups").Query["getParticipants"], all[1].Count!.Value, all[1].WeAreAdministrator));
    }

    [Fact]
    public async Task A_group_is_made()
    {
        var made = await it.Adapter.CreateGroupAsync(it.On, new NewGroup(" Turma 2 ", [Maria, new Address("55@lid", AddressKind.WhatsAppUser)], "Avisos"), Ct);
        Assert.Equal(("Turma 2", WhatsAppDesk.Maria), (made.Address.Name, made.Members[0].Address.Value));
        Assert.Equal($$"""{"subject":"Turma 2","participants":["{{WhatsAppDesk.Maria}}","55@lid"],"description":"Avisos"}""", Only("create").Body.ToJsonString());
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.CreateGroupAsync(it.On, new NewGroup(" ", [Maria]), Ct));
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.CreateGroupAsync(it.On, new NewGroup("x", []), Ct));
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.CreateGroupAsync(it.On, new NewGroup("x", [Group]), Ct));
        Assert.Single(it.Gateway.Of("create"));
    }

    [Theory]
    [InlineData(MemberChange.Add, "add")]
    [InlineData(MemberChange.Remove, "remove")]
    [InlineData(MemberChange.Promote, "promote")]
    [InlineData(MemberChange.Demote, "demote")]
    public async Task Members_are_changed_and_each_has_an_end(MemberChange change, string action)
    {
        // The second lets nobody put them into groups.
        var results = await it.Adapter.ChangeMembersAsync(it.On, Group, change, [Maria, new Address("5511977776663")], Ct);
        Assert.Equal([MemberOutcome.Done, MemberOutcome.NeedsInvitation], results.Select(r => r.Outcome));
        Assert.Equal((action, Jid), ((string)Only("updateParticipant").Body["action"]!, Only("updateParticipant").Query["groupJid"]));
    }

    [Theory]
    [InlineData("200", MemberOutcome.Done)]
    [InlineData("409", MemberOutcome.Already)]
    [InlineData("403", MemberOutcome.NeedsInvitation)]
    [InlineData("408", MemberOutcome.NeedsInvitation)]
    [InlineData("404", MemberOutcome.Refused)]
    [InlineData("401", MemberOutcome.Refused)]
    [InlineData("500", MemberOutcome.Refused)]
    public async Task What_WhatsApp_says_of_one_is_told_in_words(string status, MemberOutcome outcome)
    {
        // Told of under an id, and in another order than they were asked for.
        await it.TellAsync("messages.upsert", FakeEvolution.Message("184467440737@lid", new JsonObject { ["conversation"] = "Oi" }, "3EB01", alt: WhatsAppDesk.MariaJid));
        it.Gateway.Refuse("updateParticipant", new FakeAnswer(201, $$"""{"updateParticipants":[{"status":"200","jid":"5511977776666@s.whatsapp.net"},{"status":"{{status}}","jid":"184467440737@lid"}]}"""));
        var results = await it.Adapter.ChangeMembersAsync(it.On, Group, MemberChange.Add, [Maria, new Address("5511977776666")], Ct);
        Assert.Equal([outcome, MemberOutcome.Done], results.Select(r => r.Outcome));
        Assert.Equal(outcome is MemberOutcome.NeedsInvitation or MemberOutcome.Refused, results[0].Reason is not null);
    }

    [Fact]
    public async Task Only_what_shall_change_is_changed()
    {
        (it.Media.Bytes, it.Media.Type) = ([1, 2, 3], "image/png");
        await it.Adapter.ChangeGroupAsync(it.On, Group, new GroupChange(), Ct);
        Assert.Empty(it.Gateway.Calls);
        await it.Adapter.ChangeGroupAsync(it.On, Group, new GroupChange { Subject = "Turma B", Description = "", OnlyAdministratorsWrite = true, OnlyAdministratorsChange = false, PictureFileId = Guid.NewGuid() }, Ct);
        Assert.Equal(["updateGroupSubject {\"subject\":\"Turma B\"}", "updateGroupDescription {\"description\":\"\"}", "updateSetting {\"action\":\"announcement\"}", "updateSetting {\"action\":\"unlocked\"}", "updateGroupPicture {\"image\":\"AQID\"}"],
            it.Gateway.Calls.Select(c => $"{c.Action} {c.Body.ToJsonString()}"));
        Assert.All(it.Gateway.Calls, c => Assert.Equal(Jid, c.Query["groupJid"]));
        it.Media.Type = "application/pdf";
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.ChangeGroupAsync(it.On, Group, new GroupChange { PictureFileId = Guid.NewGuid() }, Ct));
        it.Media.IsLost = true;
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.ChangeGroupAsync(it.On, Group, new GroupChange { PictureFileId = Guid.NewGuid() }, Ct));
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.ChangeGroupAsync(it.On, Maria, new GroupChange { Subject = "x" }, Ct));
    }

    [Fact]
    public async Task People_come_in_by_a_link_that_can_be_made_anew_and_the_number_can_go()
    {
        Assert.Equal("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", (await it.Adapter.InviteLinkAsync(it.On, Group, anew: false, Ct)).AbsoluteUri);
        Assert.Equal("https://chat.whatsapp.com/NewNewNewNewNewNewNewN", (await it.Adapter.InviteLinkAsync(it.On, Group, anew: true, Ct)).AbsoluteUri);
        await it.Adapter.LeaveGroupAsync(it.On, Group, Ct);
        Assert.Equal("DELETE", Only("leaveGroup").Method);
        Assert.Contains("não está neste grupo", (await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.GroupAsync(it.On, Group, Ct))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Error: forbidden", "não é administrador")]
    [InlineData(500, "Error: not-authorized", "não é administrador")]
    [InlineData(400, "Error: Connection Closed", "desconectado")]
    [InlineData(401, "Unauthorized", "chave da API")]
    [InlineData(500, "Internal Server Error", "Internal Server Error")]
    public async Task A_refusal_is_told_in_words(int status, string said, string words)
    {
        it.Gateway.Refuse("updateGroupSubject", FakeEvolution.Error(status, said));
        Assert.Contains(words, (await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.ChangeGroupAsync(it.On, Group, new GroupChange { Subject = "x" }, Ct))).Message, StringComparison.Ordinal);
        it.Gateway.Refuse("leaveGroup", FakeAnswer.Drop);
        await Assert.ThrowsAsync<ProviderException>(() => it.Adapter.LeaveGroupAsync(it.On, Group, Ct));
    }
}
