using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inforzap.Sdk;

namespace Inforzap.Plugins.WhatsApp;

/// <summary>Looks after the groups that the number is in.</summary>
internal sealed class Groups(Evolution evolution, Memory memory, IMediaReader media)
{
    /// <summary>The gateway fetches the picture of each before it answers.</summary>
    private static readonly TimeSpan TimeForAll = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan TimeForMembers = TimeSpan.FromSeconds(60);
    private const long LargestPicture = 5L * 1024 * 1024;

    public async Task<IReadOnlyList<ChannelGroup>> AllAsync(CancellationToken ct) =>
        [.. (await AskAsync(() => evolution.GetAsync("group/fetchAllGroups", ct, "?getParticipants=false", TimeForAll)))?.OneOrMany().Select(g => Read(g, null)).OfType<ChannelGroup>() ?? []];

    public async Task<ChannelGroup> OneAsync(Address group, CancellationToken ct)
    {
        var told = await AskAsync(() => evolution.GetAsync("group/findGroupInfos", ct, Of(group)));
        return told is { } json && Read(json, await OwnAsync(ct)) is { } read ? read : throw Strange();
    }

    public async Task<ChannelGroup> CreateAsync(NewGroup group, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(group.Subject)) throw new ProviderException("O grupo precisa de um nome.");
        if (group.Members.Count == 0) throw new ProviderException("O WhatsApp cria um grupo só com pelo menos uma pessoa.");
        var body = new JsonObject { ["subject"] = group.Subject.Trim(), ["participants"] = Names(group.Members) };
        if (!string.IsNullOrWhiteSpace(group.Description)) body["description"] = group.Description.Trim();
        var made = await AskAsync(() => evolution.PostAsync("group/create", body, ct, limit: TimeForMembers));
        return made is { } json && Read(json.Child("group") ?? json, await OwnAsync(ct)) is { } read ? read : throw Strange();
    }

    public async Task<IReadOnlyList<MemberResult>> ChangeMembersAsync(Address group, MemberChange change, IReadOnlyList<Address> members, CancellationToken ct)
    {
        if (members.Count == 0) return [];
        var body = new JsonObject
        {
            ["action"] = change switch { MemberChange.Add => "add", MemberChange.Remove => "remove", MemberChange.Promote => "promote", _ => "demote" },
            ["participants"] = Names(members),
        };
        var told = await AskAsync(() => evolution.PostAsync("group/updateParticipant", body, ct, Of(group), TimeForMembers));
        var each = told?.Items("updateParticipants").Select(u => (Who: new[] { u.String("jid"), u.String("phoneNumber"), u.String("lid") }.Select(j => Jids.Address(j)).OfType<Address>().ToList(), Status: u.String("status"))).ToList() ?? [];
        return [.. members.Select((member, i) =>
        {
            // By who it is; one that is told of under another name stands in the same place.
            var found = each.FindIndex(e => e.Who.Exists(a => Jids.AreSame(a, member) || (memory.PhoneOf(a) is { } phone && Jids.AreSame(phone, member))));
            if (found < 0 && each.Count == members.Count) found = i;
            return found < 0 ? new MemberResult(member, MemberOutcome.Refused, "O WhatsApp não disse nada sobre este número.") : ResultOf(member, each[found].Status);
        })];
    }

    private static MemberResult ResultOf(Address member, string? status) => status switch
    {
        "200" => new(member, MemberOutcome.Done),
        "409" => new(member, MemberOutcome.Already),
        "403" => new(member, MemberOutcome.NeedsInvitation, "Esta pessoa não deixa que a ponham em grupos: envie um convite."),
        "408" => new(member, MemberOutcome.NeedsInvitation, "Esta pessoa saiu do grupo há pouco: só ela pode voltar, por um convite."),
        "404" => new(member, MemberOutcome.Refused, Failures.Nobody),
        "401" => new(member, MemberOutcome.Refused, "Esta pessoa bloqueou o número deste canal."),
        _ => new(member, MemberOutcome.Refused, $"O WhatsApp recusou (código {status ?? "nenhum"})."),
    };

    public async Task ChangeAsync(Address group, GroupChange change, CancellationToken ct)
    {
        if (change.Subject is { } subject)
        {
            if (string.IsNullOrWhiteSpace(subject)) throw new ProviderException("O grupo precisa de um nome.");
            await SetAsync("updateGroupSubject", new JsonObject { ["subject"] = subject.Trim() });
            memory.Called(group.Value, subject.Trim());
        }
        if (change.Description is { } description) await SetAsync("updateGroupDescription", new JsonObject { ["description"] = description.Trim() });
        if (change.OnlyAdministratorsWrite is { } writes) await SetAsync("updateSetting", new JsonObject { ["action"] = writes ? "announcement" : "not_announcement" });
        if (change.OnlyAdministratorsChange is { } changes) await SetAsync("updateSetting", new JsonObject { ["action"] = changes ? "locked" : "unlocked" });
        if (change.PictureFileId is { } picture) await SetAsync("updateGroupPicture", new JsonObject { ["image"] = await PictureAsync(picture, ct) });

        Task SetAsync(string action, JsonObject body) => AskAsync(() => evolution.PostAsync($"group/{action}", body, ct, Of(group), TimeForMembers));
    }

    private async Task<string> PictureAsync(Guid fileId, CancellationToken ct)
    {
        try
        {
            await using var file = await media.OpenAsync(fileId, ct);
            if (file.MimeType is not ("image/jpeg" or "image/png") || file.Size > LargestPicture) throw new ProviderException("A imagem de um grupo é JPEG ou PNG, de até 5 MB.");
            using var bytes = new MemoryStream();
            await file.Content.CopyToAsync(bytes, ct);
            return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProviderException("A imagem não está mais guardada.", e);
        }
    }

    public async Task<Uri> InviteAsync(Address group, bool anew, CancellationToken ct)
    {
        var told = anew ? await AskAsync(() => evolution.PostAsync("group/revokeInviteCode", new JsonObject(), ct, Of(group))) : await AskAsync(() => evolution.GetAsync("group/inviteCode", ct, Of(group)));
        return told?.String("inviteCode") is { } code && Uri.TryCreate($"https://chat.whatsapp.com/{Uri.EscapeDataString(code)}", UriKind.Absolute, out var link) ? link : throw Strange();
    }

    public Task LeaveAsync(Address group, CancellationToken ct) => AskAsync(() => evolution.DeleteAsync("group/leaveGroup", ct, query: Of(group)));

    // ---- Reading ----

    private ChannelGroup? Read(JsonElement json, Address? own)
    {
        if (Jids.Address(json.String("id"), json.String("subject")) is not { Kind: AddressKind.WhatsAppGroup } address) return null;
        if (address.Name is { } name) memory.Called(address.Value, name);
        var members = json.Items("participants").Select(Member).OfType<GroupMember>().ToList();
        return new ChannelGroup(address)
        {
            Description = json.String("desc"),
            Picture = Uri.TryCreate(json.String("pictureUrl"), UriKind.Absolute, out var picture) ? picture : null,
            Owner = Jids.Address(json.String("owner")) is { } owner ? memory.PhoneOf(owner) ?? owner : null,
            CreatedAt = json.Seconds("creation"),
            Count = members.Count > 0 ? members.Count : (int?)json.Number("size"),
            OnlyAdministratorsWrite = json.Flag("announce") == true,
            OnlyAdministratorsChange = json.Flag("restrict") == true,
            WeAreAdministrator = own is null || members.Count == 0 ? null : members.Exists(m => m.IsAdministrator && (Jids.AreSame(m.Address, own) || m.AlsoKnownAs.Any(a => Jids.AreSame(a, own)))),
            Members = members,
        };
    }

    private GroupMember? Member(JsonElement json)
    {
        var known = new[] { json.String("id"), json.String("phoneNumber"), json.String("lid") }.Select(j => Jids.Address(j)).OfType<Address>().DistinctBy(a => a.Value).ToList();
        var phone = known.Find(a => a.Kind == AddressKind.Phone);
        var id = known.Find(a => a.Kind == AddressKind.WhatsAppUser);
        memory.Same(id, phone);
        if ((phone ?? (id is null ? null : memory.PhoneOf(id) ?? id)) is not { } address) return null;
        return new GroupMember(address with { Name = json.String("name") }, json.String("admin") is not null) { IsOwner = json.String("admin") == "superadmin", AlsoKnownAs = [.. known.Where(a => a.Value != address.Value)] };
    }

    private async Task<Address?> OwnAsync(CancellationToken ct)
    {
        try
        {
            var answer = await evolution.OfGatewayAsync(HttpMethod.Get, $"instance/fetchInstances?instanceName={Uri.EscapeDataString(evolution.Instance)}", ct);
            return answer.IsOk ? Jids.Address(answer.Body?.OneOrMany().Select(i => i.String("ownerJid")).FirstOrDefault(j => j is not null)) : null;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // The group is known; whether we look after it is not.
            return null;
        }
    }

    // ---- Asking ----

    private static JsonArray Names(IReadOnlyList<Address> members) =>
        members.FirstOrDefault(m => m.Kind is not (AddressKind.Phone or AddressKind.WhatsAppUser) || !Jids.IsKnown(m)) is { } stranger
            ? throw new ProviderException(string.Create(CultureInfo.InvariantCulture, $"O endereço {stranger.Value} não é de uma pessoa no WhatsApp.")) : [.. members.Select(m => (JsonNode)Jids.Number(m))];

    private static string Of(Address group) => group.Kind == AddressKind.WhatsAppGroup && Jids.IsGroup(group.Value) ? $"?groupJid={Uri.EscapeDataString(group.Value)}"
        : throw new ProviderException("O endereço não é de um grupo do WhatsApp.");

    private static ProviderException Strange() => new("O gateway deu uma resposta que não se entende.");

    private static async Task<JsonElement?> AskAsync(Func<Task<Answer>> ask)
    {
        try
        {
            var answer = await ask();
            if (answer.IsOk) return answer.Body;
            throw new ProviderException(answer switch
            {
                { Code: 401 } or { IsNoInstance: true } => Failures.OfChannel(answer),
                _ when answer.Says("Connection Closed", "not connected") => "O WhatsApp deste canal está desconectado.",
                _ when answer.Says("not-authorized", "forbidden") => "O número deste canal não é administrador deste grupo.",
                { Code: 404 } => "O número deste canal não está neste grupo, ou o grupo não existe mais.",
                _ => Failures.Words(answer),
            });
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(Failures.NoConnection, e);
        }
        catch (TimeoutException e)
        {
            throw new ProviderException("O gateway não respondeu a tempo; a mudança pode ter sido feita.", e);
        }
    }
}
