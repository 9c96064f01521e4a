namespace Jobwatch.Bench.Plots;

/// <summary>Lines over an axis of powers of ten: how something grows.</summary>
/// <param name="title">The row.</param>
/// <param name="across">What is across, with its unit.</param>
/// <param name="up">What is up, with its unit.</param>
/// <param name="lines">The lines.</param>
internal sealed class LineChart(string title, string across, string up, IReadOnlyList<Series> lines)
{
    private const double Width = 860;
    private const double Height = 400;
    private const double Left = 80;
    private const double Right = Width - 150;
    private const double Top = 70;
    private const double Bottom = Height - 60;

    private static readonly string[] Colours = ["#2563b0", "#c2410c", "#4d7c0f", "#7e22ce"];

    public override string ToString()
    {
        var svg = new Svg(Width, Height);
        svg.Text(12, 24, title, size: 15, isBold: true);
        svg.Text(12, 50, up);
        svg.Text((Left + Right) / 2, Height - 14, across, "middle");
        var points = lines.SelectMany(line => line.Points).ToArray();
        var x = Scale.Logarithmic(points.Min(point => point.X), points.Max(point => point.X), Left, Right);
        var y = Scale.Linear(points.Max(point => point.Y), Bottom, Top);
        foreach (var mark in y.Marks)
        {
            svg.Line(Left, y.Place(mark), Right, y.Place(mark), Svg.Rule);
            svg.Text(Left - 8, y.Place(mark) + 4, Scale.Short(mark), "end", Svg.Faint, 11);
        }

        foreach (var mark in x.Marks)
        {
            svg.Line(x.Place(mark), Top, x.Place(mark), Bottom, Svg.Rule);
            svg.Text(x.Place(mark), Bottom + 18, Scale.Short(mark), "middle", Svg.Faint, 11);
        }

        for (var i = 0; i < lines.Count; i++)
        {
            Draw(svg, x, y, lines[i], Colours[i % Colours.Length]);
        }

        DrawNames(svg, y);
        return svg.ToString();
    }

    private static void Draw(Svg svg, Scale x, Scale y, Series line, string colour)
    {
        foreach (var (from, to) in line.Points.Zip(line.Points.Skip(1)))
        {
            svg.Line(x.Place(from.X), y.Place(from.Y), x.Place(to.X), y.Place(to.Y), colour, 2);
        }

        foreach (var point in line.Points)
        {
            svg.Dot(x.Place(point.X), y.Place(point.Y), colour);
        }
    }

    // Beside the last points, one under the other where those are close together.
    private void DrawNames(Svg svg, Scale y)
    {
        const double Least = 16;
        var last = double.NegativeInfinity;
        foreach (var (line, index) in lines.Select((line, index) => (line, index)).OrderBy(line => y.Place(line.line.Points[^1].Y)))
        {
            last = Math.Max(last + Least, Math.Min(y.Place(line.Points[^1].Y) + 4, Bottom - ((lines.Count - 1) * Least)));
            svg.Text(Right + 12, last, line.Label, colour: Colours[index % Colours.Length], isBold: true);
        }
    }
}
