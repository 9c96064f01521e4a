using Jobwatch.Cli.Terminal;

namespace Jobwatch.Clients.Tests.Terminal;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain\ttext", "plain\ttext")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("a\e[2Jb\e[1;1Hc", "abc")]
    [InlineData("\e]0;title\ax", "x")]
    [InlineData("50 %\r100 %", "50 %100 %")]
    [InlineData("bell\a", "bell\uFFFD")]
    [InlineData("c1\u009b2J", "c1\uFFFD2J")]
    public void Lets_no_control_sequence_through(string text, string expected) => Assert.Equal(expected, SafeText.Of(text, colours: false));

    [Fact]
    public void Keeps_colours_where_there_are_colours_and_ends_them() =>
        Assert.Equal("\e[31mred\e[0m", SafeText.Of("\e[31mred\e[2J", colours: true));
}
