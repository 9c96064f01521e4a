using Jobwatch.Testing.Producing;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>Draws filters that select something of what producers send, and now and then nothing.</summary>
internal static class RandomFilters
{
    private static readonly string[] Types =
    [
        "execution_queued", "execution_started", "step_started", "step_finished", "progress_reported", "log_written", "error_raised",
        "summary_updated", "custom", "execution_succeeded", "execution_failed", "execution_cancelled",
    ];

    public static EventFilter Draw(Random random, IReadOnlyList<string> executions)
    {
        var filter = new EventFilter();
        if (random.Chance(0.45))
            return filter;
        if (random.Chance(0.3) && executions.Count > 0)
            filter.ExecutionIds.Add(Some(random, executions, 5));
        if (random.Chance(0.25))
            filter.EventTypes.Add(Some(random, Types, 6));
        if (random.Chance(0.2))
            filter.Statuses.Add(Some(random, [1, 2, 3, 4, 5], 3).Select(status => (ExecutionStatus)status));
        if (random.Chance(0.25))
            filter.MinLevel = (LogLevel)random.Next(1, 7);
        if (random.Chance(0.25))
            filter.Labels.Add($"region={random.Pick(EventMaker.LabelValues)}");
        if (random.Chance(0.05))
            filter.Labels.Add($"note/1=a=b {random.Pick(Words.Common)}");
        if (random.Chance(0.2))
            filter.Text = random.Chance(0.1) ? "nowhere to be found" : InAnyCase(random, random.Pick(Words.Common));
        return filter;
    }

    private static string InAnyCase(Random random, string word) => random.Chance(0.5) ? word.ToUpperInvariant() : word.ToLowerInvariant();

    private static List<T> Some<T>(Random random, IReadOnlyList<T> choices, int most) =>
        Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Pick(choices)).Distinct().ToList();
}
