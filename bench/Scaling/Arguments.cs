using System.Globalization;

namespace Jobwatch.Bench.Scaling;

/// <summary>The command line: <c>--name value</c>, all of them numbers but one.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public Arguments(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Count)
            {
                throw new FormatException($"'{args[i]}' is not followed by a value, or is none of the names.");
            }

            _values[args[i][2..]] = args[i + 1];
        }
    }

    /// <summary>A number above 0, or what stands for it where it isn't given.</summary>
    public double Number(string name, double otherwise)
    {
        if (!_values.Remove(name, out var text))
        {
            return otherwise;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw new FormatException($"--{name} is '{text}'; it has to be a number above 0.");
    }

    public bool Is(string name, string value, string otherwise)
    {
        if (!_values.Remove(name, out var text))
        {
            return false;
        }

        return text == value || (text == otherwise ? false : throw new FormatException($"--{name} is '{text}'; it has to be {value} or {otherwise}."));
    }

    /// <summary>Everything was asked for, or there is a name that nobody knows.</summary>
    public void Done()
    {
        if (_values.Count > 0)
        {
            throw new FormatException($"There is no --{_values.Keys.First()}.");
        }
    }
}
