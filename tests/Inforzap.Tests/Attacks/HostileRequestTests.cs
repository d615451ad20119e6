using System.Collections;
using System.Reflection;
using Inforzap.Requests;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Attacks;

/// <summary>Whatever is typed is taken, or refused in words; it never ends as a failure of the product.</summary>
public sealed class HostileRequestTests(AttackWorld world) : IClassFixture<AttackWorld>
{
    /// <summary>Every request of people that has a text in it, found by reflection.</summary>
    public static TheoryData<string> Requests() =>
        [.. House.Requests.Select(r => r.Request).Where(r => !r.IsDefined(typeof(AllowSystemAttribute), false) && Texts(r).Any()).Select(r => r.FullName!).Order()];

    [Theory, MemberData(nameof(Requests))]
    public async Task Each_text_of_each_request_may_be_anything(string request)
    {
        var type = House.Types.Single(t => t.FullName == request);
        var actor = await ActorAsync();
        foreach (var property in Texts(type))
            foreach (var (what, text) in HostileText.All)
            {
                var thrown = await SendAsync(type, property.Name, text, actor);
                Assert.True(thrown is null or Refusal, $"{type.Name}.{property.Name} with '{what}': {thrown}");
            }
    }

    /// <summary>With ordinary texts none of them breaks a rule, and most are done: else the hostile ones never got far.</summary>
    [Fact]
    public async Task Ordinary_texts_are_taken()
    {
        var actor = await ActorAsync();
        var done = 0;
        foreach (var row in Requests())
        {
            var type = House.Types.Single(t => t.FullName == row.Data);
            var thrown = await SendAsync(type, "", "", actor);
            if (thrown is null) done++;
            // Tokens, links, codes and what confirms a thing can't be made up; they are refused for that, and not for how they are written.
            else Assert.True(thrown is Refusal refusal && !refusal.Fields.Keys.Intersect(Texts(type).Select(p => p.Name)).Except(["Current", "Password", "Typed"]).Any(), $"{type.Name}: {thrown.Message}");
        }
        Assert.True(done > Requests().Count / 2);
    }

    /// <summary>All permissions, and a ticket of their own.</summary>
    private async Task<Actor> ActorAsync()
    {
        var person = world.People["agent"];
        world.Mine = world.Own[person.Id];
        return (await world.ActorOf(person)) with { Permissions = Host.Modules.All.SelectMany(m => m.Permissions).Select(p => p.Name).ToHashSet() };
    }

    private async Task<Exception?> SendAsync(Type type, string hostile, string text, IActor actor)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => p.Name == hostile ? Hostile(p.ParameterType, text) : Ordinary(p))]);
        return await Record.ExceptionAsync(() => type.IsDefined(typeof(ReadsAttribute), false) ? world.SendAnyAsync(made, actor) : world.TryAnyAsync(made, actor));
    }

    private static IEnumerable<PropertyInfo> Texts(Type request) =>
        request.GetProperties().Where(p => p.PropertyType == typeof(string) || p.PropertyType == typeof(IReadOnlyDictionary<string, string>));

    private static object Hostile(Type type, string text) => type == typeof(string) ? text
        : new Dictionary<string, string> { ["company.name"] = text, ["Token"] = text, ["Api"] = "https://a.example", [text] = text };

    private object? Ordinary(ParameterInfo p)
    {
        if (p.ParameterType == typeof(string))
            return p.Name switch
            {
                "Email" or "FromAddress" or "To" or "ReplyTo" => "ordinary@example.test", "Host" => "ordinary.invalid", "Root" => "https://ordinary.example/", "Color" => "#112233", "Kind" => "test", "Key" => "ordinary", "Theme" => "light", "Language" => "pt-BR", "Phone" => "11 98765-4321",
                "Password" => "tijolo cometa varanda", "Current" => Person.Password, "Id" => "test.plugin", "TimeZone" => "America/Sao_Paulo", "PublicUrl" or "Stamp" => null,
                "Text" when p.Member.DeclaringType == typeof(Inforzap.Tickets.Protocols.SaveProtocolSettings) => "Anote {{protocolo}}", "Week" => "1 08:00-18:00", "Hours" => "08:00-12:00", _ => "ordinary",
            };
        if (p.ParameterType == typeof(IReadOnlyDictionary<string, string>))
            return new Dictionary<string, string> { [p.Member.DeclaringType == typeof(Inforzap.Contracts.Settings.ChangeSettings) ? "company.name" : "Api"] = "https://a.example" };
        if (p.ParameterType == typeof(Guid)) return p.Name switch { "TicketId" => world.Mine.Ticket, "ContactId" => world.Mine.Contact, "ChannelId" => world.Channel, "ScopeId" => Guid.Empty, _ => Guid.NewGuid() };
        if (p.ParameterType == typeof(Guid?)) return p.Name == "QueueId" ? world.Ours : null;
        if (p.Name == "Port") return 25;
        if (p.ParameterType == typeof(Stream)) return new MemoryStream([1]);
        if (p.ParameterType == typeof(DateOnly)) return new DateOnly(2027, 1, 2);
        if (p.Name is "RepeatHours" or "Tries") return 1;
        if (p.ParameterType == typeof(BuiltInRoles)) return BuiltInRoles.Agent;
        if (typeof(IEnumerable).IsAssignableFrom(p.ParameterType)) return Array.CreateInstance(p.ParameterType.GetGenericArguments()[0], 0);
        return p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? Activator.CreateInstance(p.ParameterType) : null;
    }
}
