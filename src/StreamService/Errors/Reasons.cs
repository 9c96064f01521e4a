namespace Jobwatch.StreamService.Errors;

/// <summary>The reasons of <c>google.rpc.ErrorInfo</c>: part of the public API, so none is ever renamed.</summary>
internal static class Reasons
{
    // INVALID_ARGUMENT
    public const string InvalidId = "INVALID_ID";
    public const string InvalidField = "INVALID_FIELD";
    public const string EmptyBatch = "EMPTY_BATCH";
    public const string BatchTooLarge = "BATCH_TOO_LARGE";
    public const string EventTooLarge = "EVENT_TOO_LARGE";
    public const string PayloadMissing = "PAYLOAD_MISSING";
    public const string InvalidFilter = "INVALID_FILTER";
    public const string CursorUnknown = "CURSOR_UNKNOWN";
    public const string CursorOfAnotherJob = "CURSOR_OF_ANOTHER_JOB";
    public const string CursorBeyondHead = "CURSOR_BEYOND_HEAD";
    public const string CursorOfDeletedJob = "CURSOR_OF_DELETED_JOB";
    public const string InvalidPageToken = "INVALID_PAGE_TOKEN";
    public const string UndecodableRequest = "UNDECODABLE_REQUEST";

    // NOT_FOUND
    public const string JobNotFound = "JOB_NOT_FOUND";
    public const string ExecutionNotFound = "EXECUTION_NOT_FOUND";

    // FAILED_PRECONDITION
    public const string ExecutionEnded = "EXECUTION_ENDED";
    public const string ExecutionNotStarted = "EXECUTION_NOT_STARTED";

    // ABORTED
    public const string PositionMismatch = "POSITION_MISMATCH";

    // OUT_OF_RANGE
    public const string HistoryTruncated = "HISTORY_TRUNCATED";

    // RESOURCE_EXHAUSTED
    public const string RequestTooLarge = "REQUEST_TOO_LARGE";
    public const string TooManyAppends = "TOO_MANY_APPENDS";
    public const string TooManyWatches = "TOO_MANY_WATCHES";
    public const string TooManyJobs = "TOO_MANY_JOBS";

    // UNAUTHENTICATED
    public const string CredentialsMissing = "CREDENTIALS_MISSING";
    public const string CredentialsUnknown = "CREDENTIALS_UNKNOWN";

    // UNAVAILABLE
    public const string StoreUnavailable = "STORE_UNAVAILABLE";
    public const string Draining = "DRAINING";
    public const string StreamTooOld = "STREAM_TOO_OLD";

    // UNIMPLEMENTED
    public const string NotImplemented = "NOT_IMPLEMENTED";
    public const string CompressionUnsupported = "COMPRESSION_UNSUPPORTED";

    // INTERNAL
    public const string Internal = "INTERNAL";

    // CANCELLED
    public const string Cancelled = "CANCELLED";
}
