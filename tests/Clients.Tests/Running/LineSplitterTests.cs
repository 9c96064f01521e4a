using System.Text;
using Jobwatch.Cli.Running;

namespace Jobwatch.Clients.Tests.Running;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("a\nb\r\n\nc", new[] { "a", "b", "", "c" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("one\rtwo\r\n", new[] { "one\rtwo" })]
    [InlineData("nul\0\n", new[] { "nul\uFFFD" })]
    [InlineData("grün 日本 😀\n", new[] { "grün 日本 😀" })]
    public void Cuts_lines_wherever_the_chunks_end(string input, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        for (var size = 1; size <= bytes.Length + 1; size++)
            Assert.Equal(expected, Split(bytes, size));
    }

    [Fact]
    public void Replaces_what_is_no_utf8() =>
        Assert.Equal(["a\uFFFDb", "\uFFFD"], Split([(byte)'a', 0xFF, (byte)'b', (byte)'\n', 0xE2, 0x82], 1));

    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("xä€😀")]
    public void Cuts_what_is_too_long_between_characters_and_loses_nothing(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 100_000));
        var pieces = Split(Encoding.UTF8.GetBytes(text + "\n"), 65_536);

        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), 1, LineSplitter.MaxBytes));
        Assert.All(pieces.SkipLast(1), piece => Assert.InRange(Encoding.UTF8.GetByteCount(piece), LineSplitter.MaxBytes - 3, LineSplitter.MaxBytes));
    }

    [Fact]
    public void A_line_of_exactly_the_limit_is_one_line()
    {
        var text = new string('x', LineSplitter.MaxBytes);
        Assert.Equal([text, "y"], Split(Encoding.UTF8.GetBytes(text + "\ny\n"), 1000));
    }

    [Fact]
    public void Cuts_bytes_that_are_no_characters_at_the_limit_too()
    {
        var bytes = new byte[200_000];
        Array.Fill(bytes, (byte)0x80);
        Assert.Equal(200_000, Split(bytes, 7_000).Sum(piece => piece.Length));
    }

    private static List<string> Split(byte[] bytes, int chunk)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        foreach (var part in bytes.Chunk(chunk))
            splitter.Feed(part);
        splitter.Finish();
        return lines;
    }
}
