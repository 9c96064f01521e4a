using Google.Protobuf.WellKnownTypes;
using Jobwatch.Shared;
using Jobwatch.V1;

namespace Jobwatch.Client.Recording;

/// <summary>
/// Holds events to the depth of free structures before they are sent. What is a little deeper a node refuses by itself, but what is much
/// deeper it can't read: that would be an INTERNAL without a field, and the end of a stream with all of its other batches.
/// </summary>
internal static class StructureRule
{
    /// <exception cref="ArgumentException">One of the events has a structure that is too deep.</exception>
    internal static void Check(IReadOnlyList<ExecutionEvent> events, string argument)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var (structure, field) = In(events[i]);
            if (structure is not null && FreeStructures.LevelsOf(structure) is > FreeStructures.MaxLevels and var levels)
            {
                throw new ArgumentException(
                    $"events[{i}].{field} has {levels} levels of objects and lists; a free structure has at most {FreeStructures.MaxLevels}: "
                    + "flatten it, or send what is deeper as a text.",
                    argument);
            }
        }
    }

    private static (Struct? Structure, string Field) In(ExecutionEvent item) => item.PayloadCase switch
    {
        ExecutionEvent.PayloadOneofCase.SummaryUpdated => (item.SummaryUpdated.Summary, "summary_updated.summary"),
        ExecutionEvent.PayloadOneofCase.ExecutionSucceeded => (item.ExecutionSucceeded.Summary, "execution_succeeded.summary"),
        ExecutionEvent.PayloadOneofCase.Custom => (item.Custom.Data, "custom.data"),
        _ => (null, ""),
    };
}
