using System.Text;
using Jobwatch.Cli.Terminal;

namespace Jobwatch.Cli.Listing;

/// <summary>Columns as wide as what is in them.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    internal void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => SafeText.Of(cell, colours: false))]);

    /// <summary>The rows; <paramref name="paint"/> colours a cell by its column and text, after its width is taken.</summary>
    internal string ToText(Palette palette, Func<int, string, string> paint)
    {
        var widths = headings.Select((heading, column) => _rows.Max(row => Math.Max(row[column].Length, heading.Length))).ToArray();
        var text = new StringBuilder();
        Line(headings, (_, cell) => palette.Dim(cell));
        foreach (var row in _rows)
            Line(row, paint);
        return text.ToString();

        void Line(string[] cells, Func<int, string, string> painted)
        {
            for (var column = 0; column < cells.Length; column++)
            {
                var last = column == cells.Length - 1;
                text.Append(painted(column, last ? cells[column] : cells[column].PadRight(widths[column]))).Append(last ? "\n" : "  ");
            }
        }
    }
}
