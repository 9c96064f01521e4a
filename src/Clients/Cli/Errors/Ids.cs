using System.Text.RegularExpressions;

namespace Jobwatch.Cli.Errors;

/// <summary>Ids are checked before they name a file or cost a call.</summary>
internal static partial class Ids
{
    internal static string Check(string what, string id) => Form().IsMatch(id)
        ? id
        : throw new CliException(
            ExitCode.Usage, $"{what} is «{id}»; an id has 1 to 63 letters, digits, dots, dashes or underscores and begins with a letter or digit.");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Form();
}
