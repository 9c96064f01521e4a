using System.Text.Json;

namespace Jobwatch.DevServer.Processes;

/// <summary>A line of the JSON console log that node and edge write.</summary>
internal static class LogLine
{
    private static readonly string[] Levels = ["Warning", "Error", "Critical"];

    public static bool IsWarning(string line) => Text(line, "LogLevel") is { } level && Levels.Contains(level);

    /// <summary>The level and message alone; any other line whole.</summary>
    public static string Shortened(string line) =>
        Text(line, "Message") is { } message ? $"{Text(line, "LogLevel")?.ToUpperInvariant()} {message}" : line;

    private static string? Text(string line, string property)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.TryGetProperty(property, out var value) ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
