using System.Globalization;

namespace Jobwatch.Bench.Figures;

/// <summary>
/// What each contender measured when they took turns: a, b, c, a, b, c … A machine that slows down meanwhile slows all
/// of them, so ratios are taken within a round.
/// </summary>
internal sealed class Rounds
{
    private readonly Dictionary<string, List<Measurement>> _measured = [];

    public IReadOnlyDictionary<string, List<Measurement>> Measured => _measured;

    /// <summary>Whether a contender took part.</summary>
    public bool Has(string contender) => _measured.ContainsKey(contender);

    /// <summary>The rounds of one that took no turns with others.</summary>
    public static Rounds Of(string contender, IEnumerable<Measurement> measured)
    {
        var rounds = new Rounds();
        rounds._measured[contender] = [.. measured];
        return rounds;
    }

    public static async Task<Rounds> RunAsync(int count, IReadOnlyList<Contender> contenders)
    {
        var rounds = new Rounds();
        for (var round = 0; round < count; round++)
        {
            foreach (var contender in contenders)
            {
                var measured = rounds._measured.TryGetValue(contender.Name, out var list) ? list : rounds._measured[contender.Name] = [];
                measured.Add(await contender.RunAsync());
            }
        }

        return rounds;
    }

    public Figure Rate(string row, string contender, string unit, Goal? goal = null) =>
        new($"{row}: {contender}", unit, Of(contender, measured => measured.Rate), goal);

    /// <summary>The CPU of the servers together; each one's share is in the raw results.</summary>
    public Figure ServerCpu(string row, string contender)
    {
        var last = _measured[contender][^1];
        var parts = last.ServerCpu.Count < 2 ? "" : $" ({string.Join(", ", last.ServerCpu.Keys.Select(server => $"{server} {Share(server)}"))})";
        return new($"{row}: {contender}, CPU{parts}", "s per million", Of(contender, measured => measured.CpuPerMillion()));

        string Share(string server) => (last.CpuPerMillion(server) / last.CpuPerMillion()).ToString("P0", CultureInfo.InvariantCulture);
    }

    public Figure ClientShare(string row, string contender) =>
        new($"{row}: {contender}, load's CPU", "of a core", Of(contender, measured => measured.ClientCpu / measured.Elapsed));

    public Figure Noise(string row) =>
        new($"{row}: noise", "of a core", [.. _measured.Values.SelectMany(list => list.Select(measured => measured.ForeignCores))]);

    /// <summary>How long events took, by one measure of it.</summary>
    public Figure Latency(string row, string contender, string measure, Func<Latency, double> value, Goal? goal = null) =>
        new($"{row}: {contender}, {measure}", "ms", Of(contender, measured => value(measured.Latency!)), goal);

    public Figure Ratio(string row, string ours, string peer, Goal? goal = null) =>
        Ratio($"{row}: {ours} / {peer}", ours, peer, our => our.Rate, their => their.Rate, goal);

    /// <summary>The ratio of any measure, taken within each round.</summary>
    public Figure Ratio(string name, string ours, string peer, Func<Measurement, double> our, Func<Measurement, double> their, Goal? goal) =>
        new(name, "×", [.. _measured[ours].Zip(_measured[peer], (first, second) => our(first) / their(second))], goal);

    /// <summary>The ratio of the same measure.</summary>
    public Figure Ratio(string name, string ours, string peer, Func<Measurement, double> of, Goal? goal) => Ratio(name, ours, peer, of, of, goal);

    private double[] Of(string contender, Func<Measurement, double> value) => [.. _measured[contender].Select(value)];
}
