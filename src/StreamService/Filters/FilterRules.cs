using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Filters;

/// <summary>What a filter may say. Each fault is an INVALID_FILTER that names the field, the value and what would do.</summary>
internal static class FilterRules
{
    private const int MaxExecutionIds = 100;
    private const int MaxEventTypes = 32;
    private const int MaxLabels = 16;
    private const int MaxText = 256;

    // The proto's own names, as JSON has them too.
    private static readonly string StatusNames =
        string.Join(", ", ExecutionEventReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.EnumDescriptor>(nameof(ExecutionStatus))
            .Values.Where(value => value.Number != 0).Select(value => value.Name));

    public static void Check(EventFilter filter)
    {
        Limit(filter.ExecutionIds.Count, MaxExecutionIds, "filter.execution_ids");
        Limit(filter.EventTypes.Count, MaxEventTypes, "filter.event_types");
        Limit(filter.Labels.Count, MaxLabels, "filter.labels");
        for (var i = 0; i < filter.ExecutionIds.Count; i++)
        {
            if (!Identifiers.IsValid(filter.ExecutionIds[i]))
            {
                var violation = Identifiers.Violation(filter.ExecutionIds[i], $"filter.execution_ids[{i}]");
                throw Fault(violation.Field, violation.Description);
            }
        }

        for (var i = 0; i < filter.EventTypes.Count; i++)
        {
            if (!PayloadNames.TryParse(filter.EventTypes[i], out _))
            {
                throw Fault(
                    $"filter.event_types[{i}]",
                    $"'{Shown.Text(filter.EventTypes[i])}' is no event type; the types are {string.Join(", ", PayloadNames.All)}.");
            }
        }

        for (var i = 0; i < filter.Statuses.Count; i++)
        {
            if (filter.Statuses[i] == ExecutionStatus.Unspecified || !Enum.IsDefined(filter.Statuses[i]))
            {
                throw Fault($"filter.statuses[{i}]", $"{(int)filter.Statuses[i]} is no status of an event; the statuses are {StatusNames}.");
            }
        }

        for (var i = 0; i < filter.Labels.Count; i++)
        {
            CheckLabel(filter.Labels[i], $"filter.labels[{i}]");
        }

        CheckScalars(filter);
    }

    public static KeyValuePair<string, string> SplitLabel(string label)
    {
        var separator = label.IndexOf('=', StringComparison.Ordinal);
        return KeyValuePair.Create(label[..separator], label[(separator + 1)..]);
    }

    private static void CheckScalars(EventFilter filter)
    {
        if (!Enum.IsDefined(filter.MinLevel))
        {
            throw Fault(
                "filter.min_level",
                $"{(int)filter.MinLevel} is no log level; the levels are 1 (trace) to {(int)Enum.GetValues<Jobwatch.V1.LogLevel>().Max()} (fatal), and 0 for all.");
        }

        if (filter.Text.Length > MaxText)
        {
            throw Fault("filter.text", $"it has {filter.Text.Length} characters; at most {MaxText} are allowed.");
        }

        if (filter.Text.Contains('\0', StringComparison.Ordinal))
        {
            throw Fault("filter.text", "it has a NUL character, which no event can have; leave it out.");
        }
    }

    public static void CheckLabel(string label, string field)
    {
        if (label.IndexOf('=', StringComparison.Ordinal) <= 0)
        {
            throw Fault(field, $"'{Shown.Text(label)}' is not of the form key=value.");
        }

        if (label.Contains('\0', StringComparison.Ordinal))
        {
            throw Fault(field, $"'{Shown.Text(label)}' has a NUL character, which no label can have; leave it out.");
        }
    }

    private static void Limit(int count, int most, string field)
    {
        if (count > most)
        {
            throw Fault(field, $"it has {count} entries; at most {most} are allowed.");
        }
    }

    private static RpcException Fault(string field, string description) =>
        RpcErrors.InvalidField(Reasons.InvalidFilter, field, description);
}
