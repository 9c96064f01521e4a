namespace Jobwatch.Bench.Plots;

/// <summary>Bars that lie, one a contender, with the spread of the rounds and the goal.</summary>
/// <param name="title">The row.</param>
/// <param name="unit">The unit of the values.</param>
/// <param name="bars">From above.</param>
/// <param name="isRatio">Whether values are ratios: the axis is logarithmic then, and 1 is marked.</param>
internal sealed class BarChart(string title, string unit, IReadOnlyList<Bar> bars, bool isRatio = false)
{
    private const double Width = 860;
    private const double Left = 300;
    private const double Right = Width - 90;
    private const double Top = 44;
    private const double Pitch = 30;
    private const double Thickness = 16;
    private const string Ours = "#2563b0";
    private const string Theirs = "#a9b4c0";
    private const string GoalColour = "#c2410c";

    private double Bottom => Top + (bars.Count * Pitch);

    public override string ToString()
    {
        var svg = new Svg(Width, Bottom + 48);
        svg.Text(12, 24, title, size: 15, isBold: true);
        var values = bars.SelectMany(bar => bar.Goal is { } goal ? [.. bar.Samples, goal] : bar.Samples).ToArray();
        var scale = isRatio ? Scale.Logarithmic(Math.Min(values.Min(), 0.9), values.Max(), Left, Right) : Scale.Linear(values.Max(), Left, Right);
        DrawAxis(svg, scale);
        for (var i = 0; i < bars.Count; i++)
        {
            Draw(svg, scale, bars[i], Top + (i * Pitch));
        }

        return svg.ToString();
    }

    private void DrawAxis(Svg svg, Scale scale)
    {
        foreach (var mark in scale.Marks)
        {
            var x = scale.Place(mark);
            svg.Line(x, Top, x, Bottom, isRatio && mark == 1 ? Svg.Faint : Svg.Rule);
            svg.Text(x, Bottom + 16, Scale.Short(mark), "middle", Svg.Faint, 11);
        }

        svg.Text((Left + Right) / 2, Bottom + 36, bars.Any(bar => bar.Goal is not null) ? $"{unit}; the line across a bar is its goal" : unit, "middle", Svg.Ink, 12);
    }

    private static void Draw(Svg svg, Scale scale, Bar bar, double top)
    {
        var middle = top + (Pitch / 2);
        svg.Text(Left - 10, middle + 4, bar.Label, "end", isBold: bar.IsOurs);
        svg.Box(Left, middle - (Thickness / 2), scale.Place(bar.Median) - Left, Thickness, bar.IsOurs ? Ours : Theirs);
        var end = scale.Place(bar.Samples.Max());
        if (bar.Samples.Count > 1)
        {
            svg.Whisker(scale.Place(bar.Samples.Min()), end, middle);
        }

        if (bar.Goal is { } goal)
        {
            svg.Line(scale.Place(goal), top + 3, scale.Place(goal), top + Pitch - 3, GoalColour, 2.5);
            end = Math.Max(end, scale.Place(goal));
        }

        svg.Text(end + 8, middle + 4, Scale.Short(bar.Median), size: 12);
    }
}
