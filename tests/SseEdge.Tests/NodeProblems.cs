using System.Net;
using Grpc.Core;
using Jobwatch.SseEdge.Problems;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class NodeProblems
{
    private const string OneEvent = """{"events": [{"executionStarted": {}}]}""";

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "INVALID_ID", HttpStatusCode.BadRequest)]
    [InlineData(StatusCode.Unauthenticated, "CREDENTIALS_MISSING", HttpStatusCode.Unauthorized)]
    [InlineData(StatusCode.PermissionDenied, "SOME_REASON", HttpStatusCode.Forbidden)]
    [InlineData(StatusCode.NotFound, "JOB_NOT_FOUND", HttpStatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition, "EXECUTION_ENDED", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.Aborted, "POSITION_MISMATCH", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.AlreadyExists, "SOME_REASON", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.OutOfRange, "HISTORY_TRUNCATED", HttpStatusCode.Gone)]
    [InlineData(StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(StatusCode.ResourceExhausted, "TOO_MANY_APPENDS", HttpStatusCode.TooManyRequests)]
    [InlineData(StatusCode.Unavailable, "STORE_UNAVAILABLE", HttpStatusCode.ServiceUnavailable)]
    [InlineData(StatusCode.Cancelled, "SOME_REASON", HttpStatusCode.ServiceUnavailable)]
    [InlineData(StatusCode.DeadlineExceeded, "SOME_REASON", HttpStatusCode.GatewayTimeout)]
    [InlineData(StatusCode.Unimplemented, "NOT_IMPLEMENTED", HttpStatusCode.NotImplemented)]
    [InlineData(StatusCode.Internal, "SOME_REASON", HttpStatusCode.InternalServerError)]
    [InlineData(StatusCode.DataLoss, "SOME_REASON", HttpStatusCode.InternalServerError)]
    public async Task A_refusal_of_the_node_keeps_its_reason(StatusCode code, string reason, HttpStatusCode status)
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Append = (_, _) => throw Refusals.Of(code, reason);
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync("/v1/jobs/j/events", OneEvent);
        var problem = await ProblemAnswer.OfAsync(answer, status);

        Assert.Equal(reason, problem.Code);
        Assert.Equal(status == HttpStatusCode.InternalServerError, !problem.Detail.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
        Assert.Equal(status == HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count == 1);
    }

    [Fact]
    public async Task Field_violations_come_by_field()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Append = (_, _) => throw Refusals.Of(
            StatusCode.InvalidArgument, "INVALID_FIELD", null, ("events[0].event_id", "not a UUID"), ("events[0].event_id", "too short"), ("job_id", "bad"));
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync("/v1/jobs/j/events", OneEvent);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("""{"events[0].event_id":["not a UUID","too short"],"job_id":["bad"]}""", problem.Json.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task A_method_that_the_node_does_not_know_is_501_and_says_so()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Append = (_, _) => throw new RpcException(new Status(StatusCode.Unimplemented, "Service is unimplemented."));
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync("/v1/jobs/j/events", OneEvent);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.NotImplemented);

        Assert.Equal(("NOT_IMPLEMENTED", "This server doesn't have this method yet: a newer one may."), (problem.Code, problem.Detail));
    }

    [Fact]
    public async Task A_fault_of_the_node_is_500_without_a_word_of_it()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.Append = (_, _) => throw new InvalidOperationException("secret");
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync("/v1/jobs/j/events", OneEvent);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.InternalServerError);

        Assert.Equal(("INTERNAL", "The request failed. The server's log has the cause."), (problem.Code, problem.Detail));
    }

    [Fact]
    public async Task A_node_that_is_away_is_503_and_comes_back_by_itself()
    {
        await using var node = await ScriptedNode.StartAsync();
        await node.DownAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using (var answer = await edge.GetAsync("/v1/jobs/j"))
        {
            Assert.Equal("NODE_UNAVAILABLE", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.ServiceUnavailable)).Code);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        await node.UpAsync();
        await Testing.Eventually.TrueAsync(
            async _ => (await edge.GetAsync("/v1/jobs/j")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(5), "the edge finds the node again");
    }

    [Fact]
    public void A_call_that_meets_a_closing_connection_is_503_and_what_the_node_says_itself_is_not()
    {
        var closing = new HttpRequestException("The HTTP/2 server closed the connection.");
        var ofConnection = NodeProblem.Of(new RpcException(new Status(StatusCode.Internal, "Error starting gRPC call.", closing)));
        var ofNode = NodeProblem.Of(new RpcException(new Status(StatusCode.Internal, "secret")));

        Assert.Equal((503, "NODE_UNAVAILABLE"), (ofConnection.Status, ofConnection.Code));
        Assert.NotNull(ofConnection.RetryAfter);
        Assert.Equal((500, "INTERNAL"), (ofNode.Status, ofNode.Code));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_504()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.GetJob = NeverAnswersAsync;
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: "--Edge:CallTimeout=00:00:00.300");

        using var answer = await edge.GetAsync("/v1/jobs/j");

        Assert.Equal("DEADLINE_EXCEEDED", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.GatewayTimeout)).Code);
    }

    [Fact]
    public async Task A_caller_that_waits_less_long_says_so()
    {
        await using var node = await ScriptedNode.StartAsync();
        node.GetJob = NeverAnswersAsync;
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.GetAsync("/v1/jobs/j", ("Grpc-Timeout", "300m"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
    }

    private static async Task<GetJobResponse> NeverAnswersAsync(GetJobRequest request, ServerCallContext context)
    {
        await ScriptedNode.Forever(context.CancellationToken);
        return new GetJobResponse();
    }
}
