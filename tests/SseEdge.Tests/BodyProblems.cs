using System.IO.Compression;
using System.Net;
using System.Text;
using Jobwatch.SseEdge.Tests.Peer;
using Jobwatch.V1;

namespace Jobwatch.SseEdge.Tests;

public sealed class BodyProblems
{
    private const string Events = "/v1/jobs/j/events";
    private const string Twice = "was given twice; it can be given only once";
    private const string Levels = "LOG_LEVEL_TRACE, LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL_FATAL";

    [Theory]
    [InlineData("""{"event": []}""", "event", "there is no such field; here are jobId, events, expectedPosition")]
    [InlineData("""{"events": {}}""", "events", "an object is not a list")]
    [InlineData("""{"events": [{"executionId": 5}]}""", "events[0].execution_id", "'5' is not a string")]
    [InlineData("""{"events": [{}, {"logWritten": {"level": "LOUD"}}]}""", "events[1].log_written.level", "'LOUD' is none of " + Levels)]
    [InlineData("""{"events": [{"logWritten": {"level": "WARN"}}]}""", "events[0].log_written.level", "'WARN' is none of " + Levels)]
    [InlineData("""{"events": [{"logWritten": {"level": 99}}]}""", "events[0].log_written.level", "'99' is none of " + Levels)]
    [InlineData(
        """{"events": [{"logWriten": {}}]}""",
        "events[0].logWriten",
        "there is no such field; here are jobId, executionId, eventId, occurredAt, executionQueued, executionStarted, stepStarted, "
        + "stepFinished, progressReported, logWritten, errorRaised, summaryUpdated, custom, executionSucceeded, executionFailed, executionCancelled")]
    [InlineData("""{"events": [{"logWritten": {"txt": ""}}]}""", "events[0].log_written.txt", "there is no such field; here are level, text, stream")]
    [InlineData("""{"events": [{"executionQueued": {"by": 1}}]}""", "events[0].execution_queued.by", "there is no such field; there are none here")]
    [InlineData("""{"jobId": "other", "events": []}""", "job_id", "it is 'other', but 'j' in the path; leave it out or give the same")]
    [InlineData("""{"events": [{"occurredAt": "yesterday"}]}""", "events[0].occurred_at", "'yesterday' is not a time such as 2026-11-23T08:00:00Z")]
    [InlineData("""{"events": [{"progressReported": {"done": 1.5}}]}""", "events[0].progress_reported.done", "'1.5' is not a 64-bit integer")]
    [InlineData("""{"events": [{"progressReported": {"done": 1.0e2}}]}""", "events[0].progress_reported.done", "'1.0e2' is not a 64-bit integer")]
    [InlineData("""{"events": [{"progressReported": {"done": 9223372036854775808.0}}]}""", "events[0].progress_reported.done", "'9223372036854775808.0' is not a 64-bit integer")]
    [InlineData("""{"events": [{"progressReported": {"done": 1e999}}]}""", "events[0].progress_reported.done", "'1e999' is not a 64-bit integer")]
    [InlineData("""{"events": [{"progressReported": {"done": "x"}}]}""", "events[0].progress_reported.done", "'x' is not a 64-bit integer")]
    [InlineData("""{"events": [{"executionStarted": {"labels": {"k": 1}}}]}""", "events[0].execution_started.labels.k", "'1' is not a string")]
    [InlineData("""{"events": [{"custom": {"name": "n", "data": 1}}]}""", "events[0].custom.data", "'1' is not an object")]
    [InlineData("""{"events": [{"logWritten": {}, "stepStarted": {}}]}""", "events[0].step_started", "can't be given together with log_written")]
    [InlineData("""{"events": [{"executionId": "a", "executionStarted": {}, "executionId": "b"}]}""", "events[0].execution_id", Twice)]
    [InlineData("""{"events": [{"executionId": "a", "execution_id": "a"}]}""", "events[0].execution_id", Twice)]
    [InlineData("""{"events": [{"logWritten": {}, "logWritten": null}]}""", "events[0].log_written", Twice)]
    [InlineData("""{"events": [], "events": []}""", "events", Twice)]
    [InlineData("""{"events": [{"executionStarted": {"labels": {"k": "1", "k": "1"}}}]}""", "events[0].execution_started.labels.k", Twice)]
    [InlineData("""{"events": [{"custom": {"data": {"a": 1, "a": 1}}}]}""", "events[0].custom.data", "'a' at line 1, byte 42 " + Twice)]
    [InlineData(
        """{"events": [{"summaryUpdated": {"summary": {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1, "d": {"b": 1}, "b": 2}]}}}]}""",
        "events[0].summary_updated.summary",
        "'b' at line 1, byte 100 " + Twice)]
    [InlineData("""[]""", "body", "a list is not an object")]
    public async Task A_body_that_is_wrong_says_where_and_why(string body, string field, string why)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, body);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_FIELD", why), (problem.Code, problem.ErrorOf(field)));
    }

    [Theory]
    [InlineData("""{"events": null}""", "{}")]
    [InlineData("""{"events":null,"expectedPosition":null}""", "{}")]
    [InlineData("""{"events": [{"executionStarted": {"labels": null}}]}""", """{"events": [{"executionStarted": {}}]}""")]
    [InlineData("""{"events": [{"logWritten": null, "progressReported": {"done": 40.0, "total": 100.00}}]}""", """{"events": [{"progressReported": {"done": 40, "total": 100}}]}""")]
    [InlineData("""{"events": [], "expectedPosition": -0.0}""", """{"expectedPosition": 0}""")]
    public async Task What_proto_json_allows_is_taken_as_what_it_says(string body, string same)
    {
        var taken = new List<AppendEventsRequest>();
        await using var node = await ScriptedNode.StartAsync();
        node.Append = (request, _) =>
        {
            taken.Add(request);
            return Task.FromResult(new AppendEventsResponse());
        };
        await using var edge = await RunningEdge.StartAsync(node.Address);

        foreach (var each in new[] { body, same })
        {
            using var answer = await edge.PostAsync(Events, each);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(2, taken.Count);
        Assert.Equal(taken[1], taken[0]);
    }

    [Theory]
    [InlineData("{\"events\": [")]
    [InlineData("{\"events\": []} x")]
    [InlineData("{'events': []}")]
    [InlineData("\u0000")]
    public async Task A_body_that_is_not_json_says_where(string body)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, body);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal("INVALID_JSON", problem.Code);
        Assert.StartsWith("The body is not JSON: line 1, byte ", problem.Detail, StringComparison.Ordinal);
        Assert.EndsWith(". It has to be one JSON object, with names and texts in double quotes.", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    public async Task A_body_that_is_empty_says_what_it_has_to_be(string body)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, body);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(
            ("INVALID_JSON", "The body is empty: it has to be a JSON object; here are jobId, events, expectedPosition."), (problem.Code, problem.Detail));
    }

    [Fact]
    public async Task A_value_that_is_long_is_shown_short()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, $"{{\"expectedPosition\": \"{new string('x', 5000)}\"}}");
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal($"'{new string('x', 64)}…' is not a 64-bit integer", problem.ErrorOf("expected_position"));
    }

    [Theory]
    [InlineData("{\"events\": [\n {\"logWritten\": {\"text\": \"#\"}}]}", "events[0].log_written.text", "it is no text: the string at line 2, byte 26")]
    [InlineData("{\"events\": [{\"logWritten\": {\"level\": \"#\"}}]}", "events[0].log_written.level", "it is no text: the string at line 1, byte 38")]
    [InlineData("{\"events\": [{\"occurredAt\": \"#\"}]}", "events[0].occurred_at", "it is no text: the string at line 1, byte 28")]
    [InlineData("{\"events\": [{\"#\": 1}]}", "events[0]", "a name here is no text: the string at line 1, byte 14")]
    [InlineData("{\"#\": 1}", "body", "a name here is no text: the string at line 1, byte 2")]
    [InlineData("{\"events\": [{\"executionStarted\": {\"labels\": {\"#\": \"\"}}}]}", "events[0].execution_started.labels", "a name here is no text: the string at line 1, byte 46")]
    [InlineData("{\"events\": [{\"custom\": {\"data\": {\"a\": [\"#\"]}}}]}", "events[0].custom.data", "a text in it is no text: the string at line 1, byte 40")]
    [InlineData("{\"events\": [{\"custom\": {\"data\": {\"#\": 1}}}]}", "events[0].custom.data", "a text in it is no text: the string at line 1, byte 34")]
    public async Task Text_that_is_none_says_where(string body, string field, string where)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        foreach (byte[] wrong in new byte[][] { [0xff, 0xfe], [.. "\\ud800"u8], [.. "a\\udc00b"u8] })
        {
            var at = body.IndexOf('#', StringComparison.Ordinal);
            byte[] bytes = [.. Encoding.UTF8.GetBytes(body[..at]), .. wrong, .. Encoding.UTF8.GetBytes(body[(at + 1)..])];
            using var answer = await PostAsync(edge, bytes);
            var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

            Assert.Equal("INVALID_FIELD", problem.Code);
            Assert.Equal($"{where} has bytes that are not UTF-8, or half a surrogate pair", problem.ErrorOf(field));
        }
    }

    [Fact]
    public async Task A_free_structure_that_is_nested_too_deep_says_so_with_the_limit()
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        foreach (var depth in new[] { 31, 100_000 })
        {
            using var answer = await edge.PostAsync(Events, Nested(depth));
            var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.BadRequest);

            Assert.Equal("INVALID_FIELD", problem.Code);
            Assert.Equal("it is nested too deep at line 1, byte 196; a free structure has at most 30 levels", problem.ErrorOf("events[0].custom.data"));
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity, br")]
    public async Task A_body_that_is_compressed_is_415(string coding)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync("{}"u8.ToArray(), TestContext.Current.CancellationToken);

        using var answer = await PostAsync(edge, packed.ToArray(), coding);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.UnsupportedMediaType);

        Assert.Equal("COMPRESSION_UNSUPPORTED", problem.Code);
        Assert.StartsWith("Compressed bodies are not taken", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=nonsense")]
    public async Task A_body_of_another_type_is_415(string contentType)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address);

        using var answer = await edge.PostAsync(Events, "{}", contentType);

        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await ProblemAnswer.OfAsync(answer, HttpStatusCode.UnsupportedMediaType)).Code);
    }

    [Theory]
    [InlineData(true, 8192, "--Edge:MaxRequestBodyBytes=4096", 4096)]
    [InlineData(false, 8192, "--Edge:MaxRequestBodyBytes=4096", 4096)]
    [InlineData(true, 20_000_000, "--Edge:CallTimeout=00:00:30", 6291456)]
    public async Task A_body_that_is_too_large_is_413_with_the_limit_and_what_to_do(bool withLength, int length, string setting, int limit)
    {
        await using var node = await ScriptedNode.StartAsync();
        await using var edge = await RunningEdge.StartAsync(node.Address, settings: setting);
        using var content = new StringContent($"{{\"jobId\": \"{new string('x', length)}\"}}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Events) { Content = content };
        request.Headers.TransferEncodingChunked = !withLength;
        // A body that is refused is not read: only one who waits for leave to send it is sure to see why.
        request.Headers.ExpectContinue = length > 1_000_000;

        using var answer = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = await ProblemAnswer.OfAsync(answer, HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(("REQUEST_TOO_LARGE", $"The body is over {limit} bytes: send its events in several batches."), (problem.Code, problem.Detail));
    }

    private static string Nested(int depth) =>
        $$$"""{"events": [{"custom": {"name": "n", "data": {{{string.Concat(Enumerable.Repeat("{\"a\":", depth - 1))}}}{}{{{new string('}', depth - 1)}}}}}]}""";

    private static async Task<HttpResponseMessage> PostAsync(RunningEdge edge, byte[] body, string? coding = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        if (coding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await edge.Http.PostAsync(Events, content, TestContext.Current.CancellationToken);
    }
}
