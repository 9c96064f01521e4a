namespace Jobwatch.Cli.Terminal;

/// <summary>Colours, where there is a terminal that wants them (NO_COLOR turns them off).</summary>
internal sealed class Palette(bool on)
{
    internal static Palette ForOutput => new(
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    internal bool On => on;

    internal string Dim(string text) => Paint("2", text);

    internal string Bold(string text) => Paint("1", text);

    internal string Red(string text) => Paint("31", text);

    internal string Green(string text) => Paint("32", text);

    internal string Yellow(string text) => Paint("33", text);

    internal string Blue(string text) => Paint("34", text);

    private string Paint(string code, string text) => on ? $"\e[{code}m{text}\e[0m" : text;
}
