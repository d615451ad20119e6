using System.Text.RegularExpressions;
using Inforzap.Host.Help;
using Inforzap.Tests.Architecture;

namespace Inforzap.Tests.Help;

public sealed partial class HelpPagesTests
{
    [Fact]
    public void From_the_contents_every_page_can_be_reached_and_no_link_leads_nowhere()
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>([HelpPages.Contents]);
        while (open.TryDequeue(out var name))
        {
            if (!reached.Add(name)) continue;
            var page = HelpPages.Read(name);
            Assert.True(page is not null, $"docs/guia has no page {name}");
            foreach (Match link in Links().Matches(page.Value.Body)) open.Enqueue(link.Groups[1].Value);
        }
        Assert.Equal(Directory.GetFiles(Path.Combine(House.Root, "docs/guia"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)).Order(), reached.Order());
    }

    [Fact]
    public void Every_page_that_a_screen_names_is_there()
    {
        var named = House.Sources(".razor").Values.SelectMany(s => Helps().Matches(s)).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.NotNull(HelpPages.Read(name)));
    }

    [Theory]
    [InlineData("../appsettings")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("/etc/passwd")]
    [InlineData("INDEX")]
    [InlineData("no-such-page")]
    public void Other_names_find_nothing(string name) => Assert.Null(HelpPages.Read(name));

    [GeneratedRegex("href=\"/help/([^\"#]*)")]
    private static partial Regex Links();

    [GeneratedRegex("\\bHelp=\"([a-z-]+)\"")]
    private static partial Regex Helps();
}
