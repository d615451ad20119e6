using System.Net;
using Inforzap.Host;

namespace Inforzap.Tests.Core;

public sealed class AdvertisedAddressTests
{
    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("fd00::5", "fd00::5")]
    [InlineData("localhost", "127.0.0.1")]
    public void An_address_is_taken_and_a_name_looked_up(string? said, string address) => Assert.Equal(IPAddress.Parse(address), Engine.AddressOf(said));

    [Fact]
    public void A_name_that_nobody_knows_is_said() =>
        Assert.Contains("nowhere.invalid", Assert.Throws<InvalidOperationException>(() => Engine.AddressOf("nowhere.invalid")).Message);
}
