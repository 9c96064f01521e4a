using System.CommandLine;
using System.Globalization;
using Jobwatch.Cli.Errors;
using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>The options that say what to watch, and the request that they make.</summary>
internal sealed class WatchOptions
{
    private readonly Option<string[]> _executions = new("--execution")
    {
        Description = "Only this execution; repeatable. Unless --from says otherwise, one is shown from its beginning.",
        HelpName = "ID",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Where to begin: beginning, latest (the default: how things stand, then what comes), a position, or a cursor.",
        HelpName = "START",
    };

    private readonly Option<bool> _untilEnd = new("--until-end") { Description = "Ends when what is watched has ended." };
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Waits for a job that isn't there yet." };
    private readonly Option<string[]> _types = new("--type") { Description = "Only this type, e.g. log_written; repeatable.", HelpName = "TYPE" };

    private readonly Option<string[]> _statuses = new("--status")
    {
        Description = "Only events after which the execution is queued, running, succeeded, failed or cancelled; repeatable.",
        HelpName = "STATUS",
    };

    private readonly Option<string?> _minLevel = new("--min-level")
    {
        Description = "Of log lines only those of at least trace, debug, info, warn, error or fatal.",
        HelpName = "LEVEL",
    };

    private readonly Option<string[]> _labels = new("--label") { Description = "Only executions with this label; repeatable.", HelpName = "KEY=VALUE" };
    private readonly Option<string?> _text = new("--text") { Description = "Only events whose texts contain this.", HelpName = "TEXT" };

    private readonly Option<int> _maxUpdates = new("--max-updates")
    {
        Description = "Thins progress and log lines below warn out to this many updates a second, 1 to 1000; says how many are left out.",
        HelpName = "COUNT",
        CustomParser = given => Numbers.Count(given, 1000),
    };

    private readonly Option<string?> _onTruncated = new Option<string?>("--on-truncated")
    {
        Description = "Where history is truncated: fail (the default), or continue: says which positions are gone, and goes on.",
        HelpName = "WHAT",
    }.TakesOneOf("fail", "continue");

    internal IEnumerable<Option> All =>
        [_executions, _from, _onTruncated, _untilEnd, _allowMissing, _types, _statuses, _minLevel, _labels, _text, _maxUpdates];

    internal WatchJobRequest Request(string job, ParseResult parsed)
    {
        var executions = parsed.GetValue(_executions) ?? [];
        return new WatchJobRequest
        {
            JobId = Ids.Check("JOB", job),
            Start = Start(parsed.GetValue(_from), executions),
            Filter = Filter(parsed),
            AllowMissing = parsed.GetValue(_allowMissing),
            UntilExecutionEnds = parsed.GetValue(_untilEnd),
            MaxUpdatesPerSecond = MaxUpdates(parsed),
            OnTruncated = OnTruncated(parsed),
        };
    }

    internal string OnTruncated(ParseResult parsed) => parsed.GetValue(_onTruncated) ?? "";

    internal int MaxUpdates(ParseResult parsed) => parsed.GetValue(_maxUpdates);

    /// <summary>Where a watch of many jobs begins.</summary>
    internal WatchStart StartOfMany(ParseResult parsed)
    {
        if (parsed.GetValue(_untilEnd))
            throw new CliException(ExitCode.Usage, "--until-end is of one job: name one.");
        var start = Start(parsed.GetValue(_from), []);
        return start.FromCase == WatchStart.FromOneofCase.FromPosition
            ? throw new CliException(ExitCode.Usage, "--from takes a position of one job only: name one, or take beginning, latest or a cursor.")
            : start;
    }

    internal EventFilter Filter(ParseResult parsed)
    {
        var executions = parsed.GetValue(_executions) ?? [];
        return new EventFilter
        {
            ExecutionIds = { executions.Select(id => Ids.Check("--execution", id)) },
            EventTypes = { parsed.GetValue(_types) ?? [] },
            Statuses = { (parsed.GetValue(_statuses) ?? []).Select(word => Word<ExecutionStatus>("--status", word)) },
            MinLevel = parsed.GetValue(_minLevel) is { } level ? Word<LogLevel>("--min-level", level) : LogLevel.Unspecified,
            Labels = { parsed.GetValue(_labels) ?? [] },
            Text = parsed.GetValue(_text) ?? "",
        };
    }

    private static WatchStart Start(string? from, string[] executions) => from switch
    {
        null when executions.Length == 1 => new WatchStart { FromExecution = executions[0] },
        null or "latest" => new WatchStart { Latest = true },
        "beginning" => new WatchStart { Beginning = true },
        _ when long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var position) =>
            new WatchStart { FromPosition = position },
        _ => new WatchStart { Cursor = from },
    };

    private static T Word<T>(string option, string word)
        where T : struct, Enum
    {
        if (word.Length > 0 && char.IsAsciiLetter(word[0]) && Enum.TryParse<T>(word, ignoreCase: true, out var value) && Convert.ToInt32(value, null) != 0)
            return value;
        var known = Enum.GetNames<T>().Skip(1).Select(name => name.ToLowerInvariant());
        throw new CliException(ExitCode.Usage, $"{option} is «{word}»; it takes {string.Join(", ", known)}.");
    }
}
