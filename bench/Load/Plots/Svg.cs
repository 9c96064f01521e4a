using System.Globalization;
using System.Net;
using System.Text;

namespace Jobwatch.Bench.Plots;

/// <summary>A drawing on white ground, so that it can be read in a dark page, too.</summary>
internal sealed class Svg(double width, double height)
{
    public const string Ink = "#1f2933";
    public const string Faint = "#8a94a0";
    public const string Rule = "#dde2e7";

    private readonly StringBuilder _shapes = new();

    public void Text(double x, double y, string text, string anchor = "start", string colour = Ink, double size = 12, bool isBold = false) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}" fill="{colour}" font-size="{size}"{(isBold ? " font-weight=\"600\"" : "")}>{WebUtility.HtmlEncode(text)}</text>""");

    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1, string dashes = "") =>
        _shapes.AppendLine(CultureInfo.InvariantCulture,
            $"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" stroke="{colour}" stroke-width="{thickness}"{(dashes.Length > 0 ? $" stroke-dasharray=\"{dashes}\"" : "")}/>""");

    public void Box(double x, double y, double boxWidth, double boxHeight, string colour) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture,
            $"""<rect x="{x:0.#}" y="{y:0.#}" width="{Math.Max(0, boxWidth):0.#}" height="{boxHeight:0.#}" fill="{colour}"/>""");

    public void Dot(double x, double y, string colour) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.#}" cy="{y:0.#}" r="4" fill="{colour}"/>""");

    /// <summary>A span with a stroke at each end, as spreads are drawn.</summary>
    public void Whisker(double from, double to, double y)
    {
        const double Half = 4;
        Line(from, y, to, y, Ink, 1.5);
        Line(from, y - Half, from, y + Half, Ink, 1.5);
        Line(to, y - Half, to, y + Half, Ink, 1.5);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height:0}" width="{width:0}" height="{height:0}" font-family="system-ui, sans-serif" role="img">
        <rect width="100%" height="100%" fill="#ffffff"/>
        {_shapes}</svg>

        """);
}
