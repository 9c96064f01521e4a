using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Catalog;

/// <summary>The words of a list's query: order and filters. What is wrong is added to the violations.</summary>
internal static class QueryWords
{
    private const int MaxLabels = 16;

    public static JobOrder JobOrder(string orderBy, Violations violations)
    {
        switch (orderBy)
        {
            case "" or "create_time desc":
                return Journal.JobOrder.NewestFirst;
            case "create_time":
                return Journal.JobOrder.OldestFirst;
            case "job_id":
                return Journal.JobOrder.ById;
            default:
                AddOrder(orderBy, "'create_time desc', 'create_time' or 'job_id'", violations);
                return default;
        }
    }

    public static bool NewestFirst(string orderBy, Violations violations)
    {
        if (orderBy is not ("" or "create_time desc" or "create_time"))
        {
            AddOrder(orderBy, "'create_time desc' or 'create_time'", violations);
        }

        return orderBy != "create_time";
    }

    public static void CheckStatuses(IReadOnlyList<ExecutionStatus> statuses, Violations violations)
    {
        for (var i = 0; i < statuses.Count; i++)
        {
            if (statuses[i] is < ExecutionStatus.Queued or > ExecutionStatus.Cancelled)
            {
                violations.Add(
                    Reasons.InvalidFilter, $"statuses[{i}]",
                    $"{(int)statuses[i]} is no status that an execution can have; give EXECUTION_STATUS_QUEUED, _RUNNING, _SUCCEEDED, "
                    + "_FAILED or _CANCELLED.");
            }
        }
    }

    /// <summary>Labels <c>key=value</c>, each key once. The value begins behind the first equals sign.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Labels(IReadOnlyList<string> labels, Violations violations)
    {
        if (labels.Count > MaxLabels)
        {
            violations.Add(Reasons.InvalidFilter, "labels", $"it has {labels.Count} labels; give at most {MaxLabels}.");
            return [];
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < labels.Count; i++)
        {
            var at = labels[i].IndexOf('=');
            if (at <= 0 || labels[i].Contains('\0'))
            {
                violations.Add(
                    Reasons.InvalidFilter, $"labels[{i}]", $"'{Shown.Text(labels[i])}' is no label; write it key=value.");
                continue;
            }

            var (key, value) = (labels[i][..at], labels[i][(at + 1)..]);
            if (found.TryGetValue(key, out var other) && other != value)
            {
                violations.Add(
                    Reasons.InvalidFilter, $"labels[{i}]",
                    $"'{Shown.Text(key)}' is asked for with another value too, and no execution has both; ask for one.");
            }

            found[key] = value;
        }

        return [.. found];
    }

    /// <summary>A prefix that no id can have would silently list nothing.</summary>
    public static void CheckIdPrefix(string prefix, Violations violations)
    {
        if (prefix.Length > 0 && !Identifiers.IsValid(prefix))
        {
            violations.Add(
                Reasons.InvalidFilter, "id_prefix", $"'{Shown.Text(prefix)}' begins no id: {Identifiers.Violation(prefix, "").Description}");
        }
    }

    private static void AddOrder(string orderBy, string words, Violations violations) =>
        violations.Add(Reasons.InvalidField, "order_by", $"'{Shown.Text(orderBy)}' is no order known here; give {words}, or leave it empty.");
}
