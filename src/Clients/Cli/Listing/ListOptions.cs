using System.CommandLine;

namespace Jobwatch.Cli.Listing;

internal static class ListOptions
{
    internal static Option<int> Limit()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "At most this many, the newest.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) < 1)
                result.AddError("--limit takes 1 or more.");
        });
        return limit;
    }
}
