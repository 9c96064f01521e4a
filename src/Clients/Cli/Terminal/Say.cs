namespace Jobwatch.Cli.Terminal;

/// <summary>What the tool itself has to say: on stderr, one line, with its name.</summary>
internal static class Say
{
    internal static void Line(string message) => Console.Error.WriteLine($"jobwatch: {message}");
}
