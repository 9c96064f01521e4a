using System.Globalization;
using System.Text;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>Results as a Markdown table, a row for each kind of fault, and as one line.</summary>
internal static class FaultTable
{
    private const string Head = """
        | fault | runs | appends | events acknowledged | watchers | fault at most | recovery p50, p99 | longest wait p99 | lost | repeated | node, edge at most |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |

        """;

    public static string Of(IReadOnlyList<TurnResult> results)
    {
        var table = new StringBuilder(Head);
        foreach (var kind in results.GroupBy(result => result.Fault).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            table.Append(RowOf(kind.Key, [.. kind])).Append('\n');
        return table.ToString();
    }

    /// <summary>The last line of a soak.</summary>
    public static string LineOf(IReadOnlyList<TurnResult> results, int seed)
    {
        var recoveries = results.SelectMany(result => result.Recoveries).DefaultIfEmpty();
        int failed = results.Count(result => result.Failure is not null);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} faults, {Acknowledged(results)} acknowledged, {Lost(results)} lost, {Repeated(results)} repeated, "
            + $"{results.Sum(result => result.Watchers)} watchers, worst recovery {recoveries.Max():0.0} s, {failed} failed, seed {seed}");
    }

    private static string RowOf(string fault, IReadOnlyList<TurnResult> results)
    {
        var recoveries = results.SelectMany(result => result.Recoveries).ToList();
        var waits = results.SelectMany(result => result.Waits).ToList();
        string failed = results.Any(result => result.Failure is not null) ? " **failed**" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {fault}{failed} | {results.Count} | {results.Sum(result => result.Appends)} | {Acknowledged(results)} | {results.Sum(result => result.Watchers)} "
            + $"| {results.Max(result => result.Took.TotalSeconds):0} s | {Percentile(recoveries, 0.5):0.00} s, {Percentile(recoveries, 0.99):0.00} s | {Percentile(waits, 0.99):0.0} s "
            + $"| {Lost(results)} | {Repeated(results)} | {results.Max(result => result.NodeMegabytes):0}, {results.Max(result => result.EdgeMegabytes):0} MB |");
    }

    private static long Acknowledged(IEnumerable<TurnResult> results) => results.Sum(result => result.Account.Acknowledged);

    private static long Lost(IEnumerable<TurnResult> results) => results.Sum(result => result.Account.Lost);

    private static long Repeated(IEnumerable<TurnResult> results) => results.Sum(result => result.Account.Repeated);

    private static double Percentile(List<double> values, double part)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[(int)(part * (values.Count - 1))];
    }
}
