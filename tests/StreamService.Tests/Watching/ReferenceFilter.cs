using Jobwatch.V1;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>What a filter selects, told as plainly as can be from the whole log.</summary>
internal static class ReferenceFilter
{
    public static IReadOnlyList<long> Select(IReadOnlyList<ExecutionEvent> log, EventFilter filter)
    {
        var labels = new Dictionary<string, IDictionary<string, string>>();
        var selected = new List<long>();
        foreach (var one in log)
        {
            if (one.ExecutionStarted is { Labels.Count: > 0 } started && !labels.ContainsKey(one.ExecutionId))
            {
                labels[one.ExecutionId] = started.Labels;
            }

            var carried = labels.GetValueOrDefault(one.ExecutionId) ?? new Dictionary<string, string>();
            if ((filter.ExecutionIds.Count == 0 || filter.ExecutionIds.Contains(one.ExecutionId))
                && (filter.EventTypes.Count == 0 || filter.EventTypes.Contains(one.Type))
                && (filter.Statuses.Count == 0 || filter.Statuses.Contains(one.Status))
                && (one.LogWritten is null || one.LogWritten.Level >= filter.MinLevel)
                && filter.Labels.All(label => carried.Any(pair => $"{pair.Key}={pair.Value}" == label))
                && (filter.Text.Length == 0
                    || (one.LogWritten?.Text ?? "").Contains(filter.Text, StringComparison.OrdinalIgnoreCase)))
            {
                selected.Add(one.Position);
            }
        }

        return selected;
    }
}
