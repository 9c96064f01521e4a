using System.Text.RegularExpressions;

namespace Jobwatch.Cli.Terminal;

/// <summary>Text of others for the terminal: it may be coloured, but it can't move the cursor, clear the screen or set titles.</summary>
internal static partial class SafeText
{
    internal static string Of(string text, bool colours)
    {
        var plain = Unsafe().Replace(text, found => colours && Colour().IsMatch(found.Value) ? found.Value : Shown(found.Value));
        // A colour that the text leaves on must not run into what follows.
        return colours && plain.Contains('\e', StringComparison.Ordinal) ? plain + "\e[0m" : plain;
    }

    // A sequence of the terminal's is dropped whole; of other control characters a sign remains.
    private static string Shown(string found) => found[0] == '\e' || found == "\r" ? "" : "\uFFFD";

    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(\a|\e\\)?|\e.?|[\x00-\x08\x0A-\x1F\x7F\x80-\x9F]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\A\e\[[0-9;:]*m\z")]
    private static partial Regex Colour();
}
