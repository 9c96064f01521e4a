using System.CommandLine;
using Jobwatch.Cli.Errors;

namespace Jobwatch.Cli.Listing;

internal static class ListOptions
{
    internal static Option<int> Limit() => new("--limit")
    {
        Description = "At most this many, the newest.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 50,
        CustomParser = given => Numbers.Count(given, int.MaxValue),
    };
}
