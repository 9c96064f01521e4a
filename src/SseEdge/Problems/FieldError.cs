namespace Jobwatch.SseEdge.Problems;

/// <summary>What is wrong with one field, named as in the protos, e.g. <c>events[0].log_written.level</c>.</summary>
internal readonly record struct FieldError(string Field, string Detail);
