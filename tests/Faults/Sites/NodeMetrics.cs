using System.Globalization;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>The numbers that nodes tell their operator: as they were up to 0.3 s ago, for so long they tell the same.</summary>
internal static class NodeMetrics
{
    /// <summary>The sum of a measure over its labels; 0 while it has none.</summary>
    public static async Task<double> ReadAsync(NodeProcess node, string name)
    {
        using var http = new HttpClient();
        string text = await http.GetStringAsync(new Uri(node.MonitoringAddress, "/metrics"));
        return text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SkipWhile(part => part == name).First(), CultureInfo.InvariantCulture));
    }

    /// <summary>The same of all nodes together.</summary>
    public static async Task<double> SumAsync(IEnumerable<NodeProcess> nodes, string name) =>
        (await Task.WhenAll(nodes.Select(node => ReadAsync(node, name)))).Sum();

    /// <summary>How often these nodes together came to be linked to the transport of hints.</summary>
    public static Task<double> LinksAsync(params IEnumerable<NodeProcess> nodes) => SumAsync(nodes, "hints_connects_total");

    public static Task<double> CommitFailuresAsync(NodeProcess node) => ReadAsync(node, "journal_commit_failures_total");
}
