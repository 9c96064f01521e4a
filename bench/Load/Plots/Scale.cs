using System.Globalization;

namespace Jobwatch.Bench.Plots;

/// <summary>An axis from a value to a place in the drawing, with round numbers to mark.</summary>
internal sealed class Scale
{
    private readonly double _least;
    private readonly double _most;
    private readonly double _from;
    private readonly double _to;
    private readonly bool _isLogarithmic;

    private Scale(double least, double most, double from, double to, bool isLogarithmic, IReadOnlyList<double> marks)
    {
        (_least, _most, _from, _to, _isLogarithmic) = (least, most, from, to, isLogarithmic);
        Marks = marks;
    }

    public IReadOnlyList<double> Marks { get; }

    /// <summary>From 0 to a little more than a value.</summary>
    public static Scale Linear(double most, double from, double to)
    {
        const int Wanted = 5;
        var rough = most / Wanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(step => step >= rough);
        var end = Math.Ceiling(most / step) * step;
        return new Scale(0, end, from, to, false, [.. Enumerable.Range(0, (int)Math.Round(end / step) + 1).Select(i => i * step)]);
    }

    /// <summary>From the power of ten below all values to the one above.</summary>
    public static Scale Logarithmic(double least, double most, double from, double to)
    {
        int first = (int)Math.Floor(Math.Log10(least)), last = (int)Math.Ceiling(Math.Log10(most));
        last = Math.Max(last, first + 1);
        return new Scale(Math.Pow(10, first), Math.Pow(10, last), from, to, true,
            [.. Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power))]);
    }

    public double Place(double value) => _from + (Part(value) * (_to - _from));

    /// <summary>A number as short as it can be read: 1.5 M, 20 k, 0.25.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " k",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private double Part(double value) => _isLogarithmic
        ? Math.Log10(Math.Max(value, _least) / _least) / Math.Log10(_most / _least)
        : (value - _least) / (_most - _least);
}
