namespace Jobwatch.Cli.Errors;

/// <summary>What the command line calls the fields of the API, in which the server tells what is wrong.</summary>
internal static class OptionNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["cursor"] = "--from",
        ["start.cursor"] = "--from",
        ["start.resume_cursor"] = "--from",
        ["start.from_position"] = "--from",
        ["start.from_execution"] = "--execution",
        ["filter.execution_ids"] = "--execution",
        ["filter.event_types"] = "--type",
        ["filter.statuses"] = "--status",
        ["filter.min_level"] = "--min-level",
        ["filter.labels"] = "--label",
        ["filter.text"] = "--text",
        ["on_truncated"] = "--on-truncated",
        ["speed"] = "--speed",
        ["max_pause"] = "--max-pause",
        ["id_prefix"] = "--prefix",
        ["labels"] = "--label",
        ["job_ids"] = "JOB",
        ["page_size"] = "--limit",
    };

    /// <summary>The option, or the field itself where no option fills it. Which entry of a list it is the value tells.</summary>
    internal static string Of(string field) =>
        Names.GetValueOrDefault(field.EndsWith(']') ? field[..field.LastIndexOf('[')] : field, field);
}
