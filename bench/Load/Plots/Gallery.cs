using System.Globalization;
using System.Text.RegularExpressions;
using Jobwatch.Bench.Figures;

namespace Jobwatch.Bench.Plots;

/// <summary>Which pictures a result makes: their names and what is on them.</summary>
internal sealed partial class Gallery(Result result)
{
    private const string Ours = "jobwatch";
    private const string Growth = "growth";
    private const string Memory = "memory";

    /// <summary>Writes all of them as files, and tells which.</summary>
    public async Task WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, svg) in Draw())
        {
            var path = Path.Combine(folder, name + ".svg");
            await File.WriteAllTextAsync(path, svg);
            Console.WriteLine(path);
        }
    }

    private IEnumerable<(string Name, string Svg)> Draw()
    {
        foreach (var (row, contenders) in result.Measurements)
        {
            if (row.StartsWith(Growth, StringComparison.Ordinal))
            {
                yield return (Growth, DrawGrowth(row, contenders));
                continue;
            }

            var isPaced = contenders.Values.Any(rounds => rounds[0].Latency is not null);
            yield return isPaced
                ? ($"{Slug(row)}-latency", DrawLatency(row, contenders))
                : (Slug(row), Bars(row, "a second", contenders, round => round.Rate, GoalOf(row)));
            yield return ($"{Slug(row)}-cpu", Bars($"{row}: the servers' CPU", "CPU-seconds per million", contenders, round => round.CpuPerMillion(), _ => null));
        }

        if (result.Figures.Where(figure => figure.Name.StartsWith(Memory, StringComparison.Ordinal) && figure.Unit.StartsWith("KiB", StringComparison.Ordinal)).ToArray() is { Length: > 0 } memory)
        {
            yield return (Memory, new BarChart(RowOf(memory[0]), "KiB", [.. memory.Select(figure => BarOf(figure, RestOf(figure)))]).ToString());
        }

        if (result.Figures.Where(figure => figure is { Unit: "×", Goal: not null }).ToArray() is { Length: > 0 } ratios)
        {
            yield return ("ratios", new BarChart(
                "Ratios that have a goal", "×, logarithmic", [.. ratios.Select(figure => BarOf(figure, ShortNameOf(figure, ratios)))], isRatio: true).ToString());
        }
    }

    private static string Bars(
        string title, string unit, IReadOnlyDictionary<string, IReadOnlyList<Measurement>> contenders, Func<Measurement, double> value, Func<string, double?> goalOf) =>
        new BarChart(title, unit,
            [.. contenders.Select(contender => new Bar(contender.Key, [.. contender.Value.Select(value)], IsOurs(contender.Key), goalOf(contender.Key)))]).ToString();

    private static string DrawLatency(string row, IReadOnlyDictionary<string, IReadOnlyList<Measurement>> contenders)
    {
        Bar Of(string contender, string measure, Func<Latency, double> value) =>
            new($"{contender}, {measure}", [.. contenders[contender].Select(round => value(round.Latency!))], IsOurs(contender));
        return new BarChart(
            $"{row}: from sending to receipt", "ms",
            [.. contenders.Keys.SelectMany(name => new[] { Of(name, "p50", latency => latency.Median), Of(name, "p99", latency => latency.P99) })]).ToString();
    }

    private static string DrawGrowth(string row, IReadOnlyDictionary<string, IReadOnlyList<Measurement>> counts)
    {
        Series Of(string label, Func<Measurement, double> cost) => new(label,
            [.. counts.Select(count => (double.Parse(count.Key.Split(' ')[0], CultureInfo.InvariantCulture), new Bar("", [.. count.Value.Select(cost)], true).Median))]);
        return new LineChart(row, "watchers of the job", "CPU-seconds per million deliveries",
            [Of("whole path", round => round.CpuPerMillion()), .. counts.Values.First()[0].ServerCpu.Keys.Select(server => Of(server, round => round.CpuPerMillion(server)))]).ToString();
    }

    private Func<string, double?> GoalOf(string row) => contender => result.Figures.FirstOrDefault(figure => figure.Name == $"{row}: {contender}")?.Goal?.Value;

    private static Bar BarOf(Figure figure, string label) => new(label, figure.Samples, true, figure.Goal?.Value);

    private static bool IsOurs(string contender) => contender.StartsWith(Ours, StringComparison.Ordinal);

    private static string RowOf(Figure figure) => figure.Name.Split(": ", 2)[0];

    private static string RestOf(Figure figure) => figure.Name.Split(": ", 2)[^1];

    // The row's code stands for it where no other row of the picture has the same.
    private static string ShortNameOf(Figure figure, Figure[] beside)
    {
        var code = CodeOf(figure);
        return beside.Any(other => CodeOf(other) == code && RowOf(other) != RowOf(figure)) ? figure.Name : $"{code}: {RestOf(figure)}";
    }

    private static string CodeOf(Figure figure) => Code().Match(figure.Name).Value;

    private static string Slug(string row) => NoLetters().Replace(row.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLetters();

    [GeneratedRegex(@"^\w+")]
    private static partial Regex Code();
}
