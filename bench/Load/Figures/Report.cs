using System.Text.Json;
using Jobwatch.Bench.Machine;

namespace Jobwatch.Bench.Figures;

/// <summary>Prints a line a figure as it comes, and keeps all of it for the result file.</summary>
internal sealed class Report(MachineNote machine, string mode, DateTimeOffset startedAt)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<Figure> _figures = [];
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, string> _peers = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, List<Measurement>>> _raw = [];

    public bool AllMet => _failures.Count == 0 && !_figures.Any(figure => figure.IsShort);

    public void Add(params ReadOnlySpan<Figure> figures)
    {
        foreach (var figure in figures)
        {
            _figures.Add(figure);
            Console.WriteLine(
                $"{figure.Name,-76} {figure.ShownValue,22}  {figure.Spread,-21} {figure.Goal?.ToString() ?? "",-10} {figure.Verdict}".TrimEnd());
        }
    }

    /// <summary>A row that came to no end: it counts as short.</summary>
    public void AddFailure(string row, Exception failure)
    {
        var line = $"{row} failed: {failure.Message.ReplaceLineEndings(" ")}";
        _failures.Add(line);
        Console.WriteLine(line);
        Console.Error.WriteLine(failure);
    }

    /// <summary>What a contender does less than others, to be said beside its figures.</summary>
    public void AddPeer(string contender, string lacks)
    {
        if (lacks.Length > 0)
        {
            _peers[contender] = lacks;
        }
    }

    /// <summary>All of a row: each contender's rate and cost, and what disturbed it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rounds">What was measured.</param>
    /// <param name="unit">The unit of the rates.</param>
    /// <param name="ours">The contender that the goal is for.</param>
    /// <param name="goal">What its rate has to reach.</param>
    public void AddAll(string row, Rounds rounds, string unit, string? ours = null, Goal? goal = null) =>
        AddAll(row, rounds, unit, contender => contender == ours ? goal : null);

    /// <summary>The same where several contenders have a goal.</summary>
    public void AddAll(string row, Rounds rounds, string unit, Func<string, Goal?> goalOf)
    {
        _raw.Add(row, rounds.Measured);
        foreach (var contender in rounds.Measured.Keys)
        {
            Add(
                rounds.Rate(row, contender, unit, goalOf(contender)),
                rounds.ServerCpu(row, contender),
                rounds.ClientShare(row, contender));
        }

        Add(rounds.Noise(row));
    }

    /// <summary>All of a row that is about time, with what <c>AddAll</c> adds.</summary>
    public void AddLatencies(string row, Rounds rounds, string ours, Goal? median, Goal? p99)
    {
        AddAll(row, rounds, "deliveries/s");
        foreach (var contender in rounds.Measured.Keys)
        {
            var isOurs = contender == ours;
            Add(
                rounds.Latency(row, contender, "p50", latency => latency.Median, isOurs ? median : null),
                rounds.Latency(row, contender, "p99", latency => latency.P99, isOurs ? p99 : null),
                rounds.Latency(row, contender, "max", latency => latency.Most));
        }
    }

    /// <summary>Writes <c>NAME.json</c>, all that was measured, and <c>NAME.md</c>, the table.</summary>
    public async Task WriteAsync(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path + ".json", JsonSerializer.Serialize(
            new { mode, startedAt, machine, figures = _figures, failures = _failures, peers = _peers, measurements = _raw }, Indented) + "\n");
        await File.WriteAllLinesAsync(path + ".md",
        [
            machine.ToString(),
            "",
            "| figure | median | least – most | goal | |",
            "| --- | ---: | ---: | ---: | --- |",
            .. _figures.Select(figure => $"| {figure.Name} | {figure.ShownValue} | {figure.Spread} | {figure.Goal} | {figure.Verdict} |"),
            .. _failures.Select(failure => $"| {failure} | | | | short |"),
            "",
            .. _peers.Select(peer => $"- {peer.Key}: {peer.Value}"),
        ]);
        Console.WriteLine($"{path}.json");
    }
}
