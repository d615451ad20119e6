using System.Text;
using System.Text.Json;
using Inforzap.Sdk;

namespace Inforzap.Tests.Channels;

public sealed class JsonBodyTests
{
    private static ReadOnlyMemory<byte> Of(string json) => new WebhookRequest("POST", "", new Dictionary<string, string>(), new Dictionary<string, string>(), Encoding.UTF8.GetBytes(json)).JsonBody;

    [Theory]
    [InlineData("[\"a\\uD83Db\"]", "a\uFFFDb")]
    [InlineData("[\"a\\ude00b\"]", "a\uFFFDb")]
    [InlineData("[\"\\uD83D\\uD83D\\uDE00\"]", "\uFFFD\U0001F600")]
    [InlineData("[\"\\uDE00\\uD83D\"]", "\uFFFD\uFFFD")]
    [InlineData("[\"\\uD83D\\n\\uDE00\"]", "\uFFFD\n\uFFFD")]
    [InlineData("[\"\\uD83D\\uDE00 \\\\uD83D\"]", "\U0001F600 \\uD83D")]
    [InlineData("[\"\\\\\\uD83D\"]", "\\\uFFFD")]
    [InlineData("[\"x\\uD83D\"]", "x\uFFFD")]
    public void Halves_of_characters_are_replaced_and_nothing_else(string json, string text) =>
        Assert.Equal(text, JsonSerializer.Deserialize<string[]>(Of(json).Span)![0]);

    [Theory]
    [InlineData("{\"a\":\"\\u00e1 \\uD83D\\uDE00 \\\\ \\\" \"}")]
    [InlineData("\\")]
    [InlineData("\\u")]
    [InlineData("[\"\\uD83")]
    [InlineData("[\"\\uD83D\\uDE0")]
    [InlineData("")]
    public void What_is_whole_or_no_JSON_stays_as_it_is(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var read = new WebhookRequest("POST", "", new Dictionary<string, string>(), new Dictionary<string, string>(), body).JsonBody;
        if (json.StartsWith("[\"\\uD83D", StringComparison.Ordinal)) Assert.Equal(body.Length, read.Length);
        else Assert.Equal(body, read.ToArray());
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_replaced()
    {
        var read = new WebhookRequest("POST", "", new Dictionary<string, string>(), new Dictionary<string, string>(), new byte[] { (byte)'[', (byte)'"', 0xC3, (byte)'"', (byte)']' });
        Assert.Equal("\uFFFD", read.Json<string[]>()[0]);
    }
}
