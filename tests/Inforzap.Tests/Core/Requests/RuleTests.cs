using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Inforzap.Requests;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Inforzap.Tickets.Queues;

namespace Inforzap.Tests.Core.Requests;

public sealed class RuleTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly string[] Languages = ["pt-BR", "en", "es"];

    private T In<T>(string language, Func<RuleCheck, T> ask)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            using var scope = desk.Services.CreateScope();
            return ask(scope.ServiceProvider.GetRequiredService<RuleCheck>());
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    /// <summary>Those of the request, and those of the forms in it.</summary>
    private static IEnumerable<PropertyInfo> PropertiesOf(Type request) =>
        request.GetProperties().Concat(request.GetProperties().Where(p => p.IsDefined(typeof(FormAttribute))).SelectMany(p => p.PropertyType.GetProperties()));

    /// <summary>Found by reflection: an attribute of a new kind, or a field without a name, fails here.</summary>
    [Fact]
    public void Every_rule_of_every_request_is_a_sentence_in_three_languages_that_names_its_field()
    {
        var rules = (from request in House.Requests
                     from property in PropertiesOf(request.Request)
                     from rule in property.GetCustomAttributes<ValidationAttribute>()
                     select (property, rule)).ToList();
        Assert.True(rules.Count > 50);
        foreach (var (property, rule) in rules)
        {
            var where = $"{property.DeclaringType!.Name}.{property.Name}";
            var said = Languages.Select(l => In(l, c => (Name: c.NameOf(property), Sentence: c.Sentence(rule, property)))).ToList();
            Assert.All(said, s => Assert.True(s.Sentence.Contains($"“{s.Name}”", StringComparison.Ordinal) && s.Sentence.EndsWith('.'), $"{where}: {s.Sentence}"));
            Assert.All(said, s => Assert.False(s.Name.StartsWith("Field", StringComparison.Ordinal), $"{where} has no name"));
            Assert.Equal(3, said.Select(s => s.Sentence).Distinct().Count());
            Assert.DoesNotContain(rule.FormatErrorMessage(property.Name), said.Select(s => s.Sentence));
        }
    }

    /// <summary>Whatever a person types can hold what no database keeps; then the field is named too.</summary>
    [Fact]
    public void Every_text_that_people_send_has_a_name()
    {
        var nameless = from request in House.Requests where !request.Request.IsDefined(typeof(AllowSystemAttribute))
                       from property in PropertiesOf(request.Request) where property.PropertyType == typeof(string)
                       from language in Languages
                       where In(language, c => c.NameOf(property)).StartsWith("Field", StringComparison.Ordinal)
                       select $"{request.Request.Name}.{property.Name} ({language})";
        Assert.Empty(nameless.Distinct());
    }

    [Fact]
    public async Task A_refusal_says_for_each_field_what_is_wrong_with_it()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new SaveQueue(null, new string('x', 61), "red", 10_000, [], null)));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Equal(["Color", "Name", "Order"], refusal.Fields.Keys.Order());
        Assert.Equal("“Nome” passa de 60 caracteres.", refusal.Fields["Name"]);
        Assert.Equal("“Ordem” precisa ficar entre 0 e 9.999.", In("pt-BR", c => c.Faults(new SaveQueue(null, "x", "#112233", 10_000, [], null)))["Order"]);
        Assert.All(refusal.Fields.Values, text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
        Assert.Equal("Preencha o campo “Nome”.", (await Assert.ThrowsAsync<Refusal>(() => desk.SendAsSystem(new SaveQueue(null, " ", "#112233", 0, [], null)))).Message);
    }

    [Theory]
    [InlineData("a\0b", false)]
    [InlineData("a\uD83D", false)]
    [InlineData("\uDE00a", false)]
    [InlineData("\uD83Da\uDE00", false)]
    [InlineData("fila \uD83D\uDE00 ação", true)]
    [InlineData("\u202Efila\u200B", true)]
    public void Text_that_no_database_keeps_is_a_broken_rule(string name, bool good)
    {
        // An attribute's argument can't hold half a character; the compiler replaces it.
        name = name.Replace("\uFFFD", "\uD83D", StringComparison.Ordinal);
        var faults = In("pt-BR", c => c.Faults(new SaveQueue(null, name, "#112233", 0, [], null)));
        Assert.Equal(good, faults.Count == 0);
        if (!good) Assert.StartsWith("“Nome” tem caracteres", faults["Name"], StringComparison.Ordinal);
    }
}
