using Bunit;
using Inforzap.Alarms;
using Inforzap.Host.Shell;
using Inforzap.Live;
using Inforzap.Tests.Support;

namespace Inforzap.Tests.Shell;

public sealed class BellTests : ComponentTest
{
    private AlarmList now = new(true, []);

    public BellTests() => Mediator.On<ListAlarms, AlarmList>(_ => now);

    private static Alarm Down(string name, int minutesAgo = 5) => new($"trouble/{name}", $"O canal {name} não está funcionando", "Sem conexão.", "/channels", DateTime.UtcNow.AddMinutes(-minutesAgo));

    [Fact]
    public void Who_is_told_of_nothing_has_no_bell()
    {
        now = new(false, []);
        Assert.Equal("", Render<Bell>().Markup.Trim());
    }

    [Fact]
    public void It_counts_and_lists_what_is_wrong_and_follows_it()
    {
        now = new(true, [Down("Loja")]);
        var bell = Render<Bell>();
        Assert.Equal("1", bell.Find(".bell-count").TextContent);
        Assert.Equal(bell.Find("[popover]").Id, bell.Find("button").GetAttribute("popovertarget"));
        Assert.Contains("O canal Loja não está funcionando", bell.Find(".bell-alarm").TextContent);
        Assert.Equal("/channels", bell.Find(".bell-alarm").GetAttribute("href"));
        now = new(true, [Down("Posto", 1), Down("Loja")]);
        Live.Raise([Topics.Alarms]);
        bell.WaitForAssertion(() => Assert.Equal("2", bell.Find(".bell-count").TextContent));
        Assert.Contains("Posto", bell.Find("[role=status]").TextContent);
        now = new(true, []);
        Live.Raise([Topics.Alarms]);
        bell.WaitForAssertion(() => Assert.Empty(bell.FindAll(".bell-count")));
    }

    [Fact]
    public void In_the_menu_of_phones_only_its_entries_stand()
    {
        now = new(true, [Down("Loja")]);
        var entries = Render<Bell>(p => p.Add(b => b.InMenu, true));
        Assert.Contains("Loja", Assert.Single(entries.FindAll("a")).TextContent);
        Assert.Empty(entries.FindAll("button"));
    }

    [Fact]
    public void Many_are_not_counted_to_the_last()
    {
        now = new(true, [.. Enumerable.Range(1, 12).Select(i => Down($"{i}"))]);
        Assert.Equal("9+", Render<Bell>().Find(".bell-count").TextContent);
    }
}
