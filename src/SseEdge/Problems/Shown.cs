using System.Text;

namespace Jobwatch.SseEdge.Problems;

/// <summary>Values of a request as messages show them: short, on one line, and without control characters.</summary>
internal static class Shown
{
    private const int Length = 64;

    public static string Text(string value)
    {
        var text = new StringBuilder(Length + 3).Append('\'');
        var left = Length;
        foreach (var rune in value.EnumerateRunes())
        {
            if (left-- == 0)
                return text.Append("…'").ToString();
            text.Append((Rune.IsControl(rune) ? Rune.ReplacementChar : rune).ToString());
        }

        return text.Append('\'').ToString();
    }
}
