using System.CommandLine;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Terminal;

namespace Jobwatch.Cli.Watching;

/// <summary><c>--output text|ndjson</c></summary>
internal static class OutputOption
{
    internal const string Ndjson = "ndjson";

    internal static Option<string> Build() => new Option<string>("--output")
    {
        Description = "text for people, or ndjson: one line of JSON for each.",
        HelpName = "FORM",
        DefaultValueFactory = _ => "text",
    }.TakesOneOf("text", Ndjson);

    internal static EventPrinter Printer(string form, bool isOfMany) => form == Ndjson
        ? new NdjsonPrinter(StandardStream.Output)
        : new TextPrinter(StandardStream.Output, Palette.ForOutput, TimeProvider.System, isOfMany);
}
