using System.CommandLine.Parsing;
using System.Globalization;

namespace Jobwatch.Cli.Errors;

/// <summary>Numbers of options, the same in every locale. The library's own refusal names a .NET type, and throws where a validator asks.</summary>
internal static class Numbers
{
    internal static int Count(ArgumentResult given, int most) => given.Tokens switch
    {
        [var one] when int.TryParse(one.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most => count,
        _ => Refuse<int>(given, $"a whole number from 1 to {most}"),
    };

    /// <summary>For messages the unit goes with the number: <c>0 to 1000000 seconds</c>.</summary>
    internal static double Amount(ArgumentResult given, double most, string unit) => given.Tokens switch
    {
        [var one] when double.TryParse(one.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            && amount >= 0 && amount <= most => amount,
        _ => Refuse<double>(given, string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most}{unit}")),
    };

    private static T Refuse<T>(ArgumentResult given, string takes)
    {
        var text = string.Join(' ', given.Tokens.Select(token => token.Value));
        given.AddError($"{((OptionResult)given.Parent!).Option.Name} is «{text}»; it takes {takes}.");
        return default!;
    }
}
