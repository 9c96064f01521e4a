namespace Jobwatch.StreamService.Journal;

/// <summary>An execution that has labels.</summary>
/// <param name="Incarnation">Of its job's log.</param>
/// <param name="FirstPosition">Its first event's.</param>
/// <param name="LabelsPosition">That of the event which gave it the labels.</param>
/// <param name="Labels">What it carries.</param>
internal readonly record struct LabelledExecution(
    long Incarnation, long FirstPosition, long LabelsPosition, IReadOnlyDictionary<string, string> Labels);
