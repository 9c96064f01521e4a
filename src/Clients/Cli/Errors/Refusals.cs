using Grpc.Core;
using Jobwatch.Cli.Servers;
using Jobwatch.Client;

namespace Jobwatch.Cli.Errors;

/// <summary>What a gRPC error means to the user, and what can be done about it.</summary>
internal static class Refusals
{
    internal static CliException Explain(RpcException error, ServerAddress server)
    {
        var details = StatusDetails.Of(error);
        if (StatusDetails.IsOfAnotherProtocol(error))
        {
            return new CliException(
                ExitCode.Usage,
                $"What answers at {server} speaks HTTP/1.1, not gRPC: that is an edge's port, or another server's. Name the node's gRPC port with --server or JOBWATCH_SERVER: 8081 of a local server.");
        }

        return error.StatusCode switch
        {
            // The client's word for connections that are closed before an answer.
            StatusCode.Internal or StatusCode.Unknown when StatusDetails.IsOfConnection(error) => new CliException(
                ExitCode.ServerUnavailable,
                $"Connections to {server} are closed before an answer: {Sentence(error)} Try again in a moment, or name a node's gRPC port with --server or JOBWATCH_SERVER."),
            StatusCode.Unavailable when details.Reason is null => new CliException(
                ExitCode.ServerUnavailable,
                $"No server answers at {server}. Start one with ./run.sh, or name another with --server or JOBWATCH_SERVER."),
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => new CliException(
                ExitCode.ServerUnavailable, $"The server can't answer now: {Sentence(error)} Try again in a moment."),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => new CliException(
                ExitCode.NotAllowed, $"The server at {server} refuses the credentials: {Sentence(error)} Set JOBWATCH_TOKEN to a valid token."),
            // The server's remedy is the API's; the same is an option here.
            StatusCode.NotFound => new CliException(
                ExitCode.NotFound, Sentence(error).Replace("allow_missing", "--allow-missing", StringComparison.Ordinal) + Remedy(details)),
            StatusCode.InvalidArgument => new CliException(ExitCode.Usage, InOptions(Sentence(error), details) + Fields(error, details)),
            StatusCode.OutOfRange => new CliException(ExitCode.Refused, Truncated(Sentence(error), details.Metadata.GetValueOrDefault("oldest_cursor"))),
            StatusCode.ResourceExhausted => new CliException(ExitCode.TryLater, details.RetryDelay is null ? Sentence(error) : $"{Sentence(error)} Try again later."),
            StatusCode.FailedPrecondition or StatusCode.Aborted => new CliException(ExitCode.Refused, Sentence(error)),
            StatusCode.Unimplemented => new CliException(
                ExitCode.Unexpected, $"The server at {server} doesn't know this call: is it another program, or another version?"),
            _ => new CliException(ExitCode.Unexpected, $"The call failed ({error.StatusCode}): {Sentence(error)}"),
        };
    }

    private static string Remedy(StatusDetails details) => details.Reason switch
    {
        "JOB_NOT_FOUND" => " (`jobwatch jobs` lists what there is.)",
        "EXECUTION_NOT_FOUND" => " (`jobwatch executions JOB` lists what there is.)",
        _ => "",
    };

    // The server's remedies are fields of the API; the same are options here. A stream of many jobs may have a cursor too long to be told.
    private static string Truncated(string sentence, string? oldest)
    {
        var text = sentence
            .Replace("start from the beginning", "start with --from beginning", StringComparison.Ordinal)
            .Replace("on_truncated 'continue'", "--on-truncated continue", StringComparison.Ordinal);
        if (oldest is null)
            return text;
        text = text
            .Replace("after oldest_cursor", $"with --from {oldest}", StringComparison.Ordinal)
            .Replace($"cursor '{oldest}'", $"--from {oldest}", StringComparison.Ordinal);
        return text.Contains(oldest, StringComparison.Ordinal) ? text : $"{text} Begin with --from {oldest}.";
    }

    // The server's sentence names a field before what is wrong with it.
    private static string InOptions(string sentence, StatusDetails details) => details.FieldViolations.Aggregate(
        sentence,
        (text, violation) => text.Replace(
            $"{violation.Field}: {violation.Description}", $"{OptionNames.Of(violation.Field)}: {violation.Description}", StringComparison.Ordinal));

    private static string Fields(RpcException error, StatusDetails details) => string.Concat(details.FieldViolations
        .Where(violation => !error.Status.Detail.Contains(violation.Description, StringComparison.Ordinal))
        .Select(violation => $" {OptionNames.Of(violation.Field)}: {violation.Description}"));

    private static string Sentence(RpcException error)
    {
        var text = error.Status.Detail.ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? $"{error.StatusCode}." : text[^1] is '.' or '!' or '?' ? text : text + ".";
    }
}
