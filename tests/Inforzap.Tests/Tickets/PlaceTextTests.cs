using Inforzap.Tickets.Desk;

namespace Inforzap.Tests.Tickets;

public sealed class PlaceTextTests
{
    [Theory]
    [InlineData("-23.561, -46.656")]
    [InlineData(" -23.561 -46.656 ")]
    [InlineData("-23,561; -46,656")]
    [InlineData("-23,561 -46,656")]
    [InlineData("https://www.google.com/maps/@-23.561,-46.656,15z")]
    [InlineData("https://www.google.com/maps/place/MASP/@-23.5000,-46.6000,17z/data=!3m1!4b1!4m6!3m5!1s0x94ce!8m2!3d-23.561!4d-46.656!16s")]
    [InlineData("https://maps.google.com/?q=-23.561,-46.656")]
    [InlineData("https://www.google.com/maps/search/?api=1&query=-23.561%2C-46.656")]
    [InlineData("https://www.openstreetmap.org/?mlat=-23.561&mlon=-46.656#map=16/1.0/2.0")]
    [InlineData("https://www.openstreetmap.org/#map=16/-23.561/-46.656")]
    [InlineData("https://waze.com/ul?ll=-23.561,-46.656&navigate=yes")]
    public void A_place_is_found_where_people_paste_it(string text) => Assert.Equal((-23.561, -46.656), PlaceText.Find(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Av. Paulista, 1578")]
    [InlineData("https://maps.app.goo.gl/abc123")]
    [InlineData("-91, 10")]
    [InlineData("10, 181")]
    [InlineData("12")]
    [InlineData("1.2.3, 4")]
    public void Where_there_is_none_nothing_is_guessed(string? text) => Assert.Null(PlaceText.Find(text));
}
