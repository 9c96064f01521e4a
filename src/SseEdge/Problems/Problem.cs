namespace Jobwatch.SseEdge.Problems;

/// <summary>Why a request failed, as RFC 9457 problem details.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable word for programs: the ErrorInfo reason of the node, or the edge's own.</param>
/// <param name="Detail">One or two sentences for people.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>What is wrong with which field of the request; empty if no field is at fault.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What the node added for programs, e.g. <c>oldest_cursor</c> of truncated history.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>How long to wait before another try; null where another try as it is can't help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A fault of ours or the node's: what it was is for the log, not for the caller.</summary>
    public static Problem Internal { get; } =
        new(StatusCodes.Status500InternalServerError, "INTERNAL", "The request failed. The server's log has the cause.");

    public static Problem InvalidField(string field, string detail) => Invalid("INVALID_FIELD", field, detail);

    public static Problem InvalidFilter(string field, string detail) => Invalid("INVALID_FILTER", field, detail);

    /// <summary>The same with other names for fields, in the errors and where the detail tells one of them.</summary>
    public Problem Renamed(Func<string, string> name) => this with
    {
        Errors = [.. Errors.Select(error => error with { Field = name(error.Field) })],
        Detail = Errors.Aggregate(Detail, (detail, error) => detail.Replace(
            $"{error.Field}: {error.Detail}", $"{name(error.Field)}: {error.Detail}", StringComparison.Ordinal)),
    };

    private static Problem Invalid(string code, string field, string detail) =>
        new(StatusCodes.Status400BadRequest, code, $"{field}: {detail}") { Errors = [new FieldError(field, detail)] };
}
