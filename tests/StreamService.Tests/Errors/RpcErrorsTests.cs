using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Xunit;

namespace Jobwatch.StreamService.Tests.Errors;

public sealed class RpcErrorsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Each_error_has_its_code_and_reason()
    {
        Assert.Equal(
            [
                (StatusCode.NotFound, "JOB_NOT_FOUND"),
                (StatusCode.FailedPrecondition, "EXECUTION_ENDED"),
                (StatusCode.Aborted, "POSITION_MISMATCH"),
                (StatusCode.OutOfRange, "HISTORY_TRUNCATED"),
                (StatusCode.Unavailable, "DRAINING"),
                (StatusCode.ResourceExhausted, "TOO_MANY_WATCHES"),
                (StatusCode.Unauthenticated, "CREDENTIALS_MISSING"),
                (StatusCode.Unimplemented, "NOT_IMPLEMENTED"),
                (StatusCode.Internal, "INTERNAL"),
                (StatusCode.Cancelled, "CANCELLED"),
            ],
            new[]
            {
                RpcErrors.NotFound(Reasons.JobNotFound, "m"),
                RpcErrors.FailedPrecondition(Reasons.ExecutionEnded, "m"),
                RpcErrors.Aborted(Reasons.PositionMismatch, "m"),
                RpcErrors.OutOfRange("m", "c"),
                RpcErrors.Unavailable(Reasons.Draining, "m", Second),
                RpcErrors.ResourceExhausted(Reasons.TooManyWatches, "m", Second),
                RpcErrors.Unauthenticated(Reasons.CredentialsMissing, "m"),
                RpcErrors.Unimplemented("m"),
                RpcErrors.Internal(),
                RpcErrors.Cancelled(),
            }.Select(Refusal.From).Select(refusal => (refusal.Code, refusal.Reason)));
    }

    [Fact]
    public void Truncated_history_comes_with_the_oldest_cursor() =>
        Assert.Equal("c", Refusal.From(RpcErrors.OutOfRange("m", "c")).Metadata["oldest_cursor"]);

    [Fact]
    public void A_retry_is_only_advised_where_it_helps()
    {
        Assert.Equal(Second, Refusal.From(RpcErrors.Unavailable(Reasons.Draining, "m", Second)).RetryAfter);
        Assert.Equal(Second, Refusal.From(RpcErrors.ResourceExhausted(Reasons.TooManyAppends, "m", Second)).RetryAfter);
        Assert.Null(Refusal.From(RpcErrors.RequestTooLarge()).RetryAfter);
    }

    [Fact]
    public void Violations_of_one_kind_share_their_reason_and_others_are_invalid_fields()
    {
        FieldViolation id = new(Reasons.InvalidId, "a", "x"), other = new(Reasons.PayloadMissing, "b", "y");

        Assert.Equal("INVALID_ID", Refusal.From(RpcErrors.InvalidFields([id, id])).Reason);
        Assert.Equal("INVALID_FIELD", Refusal.From(RpcErrors.InvalidFields([id, other])).Reason);
        Assert.Equal("a: x", Refusal.From(RpcErrors.InvalidFields([id])).Message);
        Assert.Equal(
            [("INVALID_ID", "a", "x"), ("PAYLOAD_MISSING", "b", "y")], Refusal.From(RpcErrors.InvalidFields([id, other])).Fields);
    }
}
