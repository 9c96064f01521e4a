using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

public sealed class AppendRulesTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("-x", "begins with '-'")]
    [InlineData("a b", "' ' at index 1")]
    [InlineData("a\0b", "U+0000 at index 1")]
    [InlineData("größe", "'ö' at index 2")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123", "has 64 characters")]
    public async Task Refuses_an_id_that_breaks_the_pattern(string id, string fault)
    {
        var refusal = await Refusal.OfAsync(node.Append(Appends.To(id, Appends.Started())));
        refusal.IsOf("INVALID_ID", "job_id", fault, "1 to 63 characters of A-Z a-z 0-9 . _ -");
    }

    [Fact]
    public async Task Refuses_an_empty_batch() =>
        (await RefuseAsync()).IsOf("EMPTY_BATCH", "events", "1 to 1000 events");

    [Fact]
    public async Task Refuses_more_than_1000_events() =>
        (await RefuseAsync([.. Enumerable.Range(0, 1001).Select(_ => Appends.Line())]))
            .IsOf("BATCH_TOO_LARGE", "events", "has 1001 events", "Send the rest in further batches");

    [Fact]
    public async Task Refuses_an_event_over_256_KB() =>
        (await RefuseAsync(Appends.Started(), Appends.Line(new string('x', 256 * 1024))))
            .IsOf("EVENT_TOO_LARGE", "events[1]", "262144", "Split it");

    [Theory]
    [InlineData(17)]
    [InlineData(40)]
    public async Task Refuses_a_batch_over_4_MB(int quarterMegabytes)
    {
        var refusal = await RefuseAsync([.. Enumerable.Range(0, quarterMegabytes).Select(_ => Appends.Line(new string('x', 250_000)))]);

        Assert.Equal((StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE", null), (refusal.Code, refusal.Reason, refusal.RetryAfter));
        Assert.Contains("4 MB", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("several batches", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_event_without_a_payload() =>
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run" })).IsOf("PAYLOAD_MISSING", "events[0].payload", "set one");

    [Fact]
    public async Task Refuses_an_event_of_another_job() =>
        (await RefuseAsync(new ExecutionEvent(Appends.Started()) { JobId = "other" }))
            .IsOf("INVALID_FIELD", "events[0].job_id", "'other'", "leave it empty");

    [Fact]
    public async Task Refuses_an_execution_id_that_breaks_the_pattern() =>
        (await RefuseAsync(Appends.Started("a/b"))).IsOf("INVALID_ID", "events[0].execution_id", "'/' at index 1");

    [Theory]
    [InlineData("1")]
    [InlineData("0197c3a4b7d27e5c9a1b2c3d4e5f60710000")]
    [InlineData("+197c3a4-b7d2-7e5c-9a1b-2c3d4e5f6071")]
    [InlineData("{197c3a4-b7d2-7e5c-9a1b-2c3d4e5f607}")]
    public async Task Refuses_an_event_id_that_is_no_uuid(string id) =>
        (await RefuseAsync(new ExecutionEvent(Appends.Started()) { EventId = id }))
            .IsOf("INVALID_ID", "events[0].event_id", "no UUID of 36 characters", "leave it empty");

    [Theory]
    [InlineData(-62135596801, 0)]
    [InlineData(253402300800, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public async Task Refuses_a_time_that_is_no_timestamp(long seconds, int nanos) =>
        (await RefuseAsync(new ExecutionEvent(Appends.Started()) { OccurredAt = new Timestamp { Seconds = seconds, Nanos = nanos } }))
            .IsOf("INVALID_FIELD", "events[0].occurred_at", "years 1 to 9999");

    [Fact]
    public async Task Refuses_a_negative_expected_position()
    {
        var request = Appends.To(_job, Appends.Started());
        request.ExpectedPosition = -1;
        (await Refusal.OfAsync(node.Append(request))).IsOf("INVALID_FIELD", "expected_position", "-1", "0 for a job without one");
    }

    [Fact]
    public async Task Refuses_a_custom_event_without_a_name() =>
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", Custom = new Custom() }))
            .IsOf("INVALID_FIELD", "events[0].custom.name", "it is empty");

    [Theory]
    [InlineData(99)]
    [InlineData(-1)]
    public async Task Refuses_a_log_level_that_there_is_not(int level) =>
        (await RefuseAsync(Appends.Started(), new() { ExecutionId = "run", LogWritten = new() { Level = (LogLevel)level } })).IsOf(
            "INVALID_FIELD", "events[1].log_written.level", $"{level} is no log level", "LOG_LEVEL_TRACE (1)", "LOG_LEVEL_FATAL (6)");

    [Fact]
    public async Task Refuses_progress_below_nothing()
    {
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", ProgressReported = new() { Done = -1, Total = 5 } }))
            .IsOf("INVALID_FIELD", "events[0].progress_reported.done", "it is -1", "0 or more");
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", ProgressReported = new() { Done = 1, Total = long.MinValue } }))
            .IsOf("INVALID_FIELD", "events[0].progress_reported.total", "-9223372036854775808", "0 or more", "isn't known");
    }

    [Fact]
    public async Task Refuses_a_step_without_a_name()
    {
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", StepStarted = new() }))
            .IsOf("INVALID_FIELD", "events[0].step_started.step", "it is empty", "the step's name");
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", StepFinished = new() }))
            .IsOf("INVALID_FIELD", "events[0].step_finished.step", "it is empty", "the step's name");
    }

    [Fact]
    public async Task Accepts_a_line_without_a_level_and_progress_that_has_only_begun()
    {
        var answer = await node.Append(Appends.To(
            _job, Appends.Started(), new() { ExecutionId = "run", LogWritten = new() }, new() { ExecutionId = "run", ProgressReported = new() }));
        Assert.Equal([1, 2, 3], answer.Positions);
    }

    [Fact]
    public async Task Refuses_labels_that_break_their_rules()
    {
        var labels = "events[0].execution_started.labels";
        (await RefuseAsync(Appends.Started("run", ("a b", "1")))).IsOf("INVALID_FIELD", $"{labels}[a b]", "the key has to be");
        (await RefuseAsync(Appends.Started("run", ("a", new string('x', 257))))).IsOf("INVALID_FIELD", $"{labels}[a]", "has 257 characters");
        (await RefuseAsync(Appends.Started("run", [.. Enumerable.Range(0, 65).Select(i => ($"l{i}", ""))])))
            .IsOf("INVALID_FIELD", labels, "has 65 labels", "at most 64");
    }

    [Fact]
    public async Task Names_the_field_that_has_a_NUL_character()
    {
        (await RefuseAsync(Appends.Started(), Appends.Line("ab\0c")))
            .IsOf("INVALID_FIELD", "events[1].log_written.text", "NUL character at index 2", "remove or replace it");
        (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", ExecutionFailed = new() { Error = new() { Detail = "\0" } } }))
            .IsOf("INVALID_FIELD", "events[0].execution_failed.error.detail", "NUL");
        (await RefuseAsync(Appends.Started("run", ("a", "\0"))))
            .IsOf("INVALID_FIELD", "events[0].execution_started.labels[a]", "NUL");
    }

    [Fact]
    public async Task Looks_into_free_structures()
    {
        var path = "events[0].summary_updated.summary.fields";
        (await RefuseAsync(Deep("k", Value.ForString("\0")))).IsOf("INVALID_FIELD", $"{path}[rows].list_value.values[1].struct_value.fields[k].string_value", "NUL");
        (await RefuseAsync(Deep("\0", Value.ForNull()))).IsOf("INVALID_FIELD", $"{path}[rows].list_value.values[1].struct_value.fields[\uFFFD]", "NUL");
        (await RefuseAsync(Deep("k", new Value()))).IsOf("INVALID_FIELD", $"{path}[rows].list_value.values[1].struct_value.fields[k]", "no kind set");
        (await RefuseAsync(Deep("k", Value.ForNumber(double.NaN)))).IsOf("INVALID_FIELD", $"{path}[rows].list_value.values[1].struct_value.fields[k]", "NaN");
    }

    [Theory]
    [InlineData(false, 33)]
    // In a snapshot, which has it within one message more, nobody could read it.
    [InlineData(true, 49)]
    public async Task Takes_free_structures_of_30_levels_and_no_deeper_ones(bool inLists, int deepestThatCanBeRead)
    {
        foreach (var levels in new[] { 31, deepestThatCanBeRead })
        {
            var tooDeep = Appends.Nested(levels, inLists);
            string[] words = [$"it has {levels} levels of objects and lists", "at most 30", "flatten it"];
            (await RefuseAsync(Appends.Summary(tooDeep))).IsOf("INVALID_FIELD", "events[0].summary_updated.summary", words);
            (await RefuseAsync(Appends.Started(), new() { ExecutionId = "run", ExecutionSucceeded = new() { Summary = tooDeep } }))
                .IsOf("INVALID_FIELD", "events[1].execution_succeeded.summary", words);
            (await RefuseAsync(new ExecutionEvent { ExecutionId = "run", Custom = new() { Name = "n", Data = tooDeep } }))
                .IsOf("INVALID_FIELD", "events[0].custom.data", words);
        }

        var summary = Appends.Nested(30, inLists);
        await node.Append(Appends.To(_job, Appends.Started(), Appends.Summary(summary)));
        using var watch = new WatchService.WatchServiceClient(node.Channel)
            .WatchJob(new WatchJobRequest { JobId = _job }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(summary, watch.ResponseStream.Current.Snapshot.Job.LatestExecution.Summary);
    }

    [Fact]
    public async Task Accepts_zero_bytes_that_are_no_NUL_characters()
    {
        var summary = new Struct { Fields = { ["zero"] = Value.ForNumber(0), ["none"] = Value.ForNull(), ["empty"] = Value.ForString("") } };
        var answer = await node.Append(Appends.To(_job, new() { ExecutionId = "run", ExecutionQueued = new() }, Appends.Summary(summary)));
        Assert.Equal([1, 2], answer.Positions);
    }

    [Fact]
    public async Task Tells_all_that_is_wrong_at_once()
    {
        var refusal = await RefuseAsync(
            Appends.Line("\0"), new ExecutionEvent(Appends.Started("?")) { EventId = "x" }, new ExecutionEvent());

        Assert.Equal(
            [
                ("INVALID_FIELD", "events[0].log_written.text"),
                ("INVALID_ID", "events[1].execution_id"),
                ("INVALID_ID", "events[1].event_id"),
                ("PAYLOAD_MISSING", "events[2].payload"),
            ],
            refusal.Fields.Select(field => (field.Reason, field.Field)));
        Assert.Equal("INVALID_FIELD", refusal.Reason);
        Assert.StartsWith("4 fields are wrong; the first is events[0].log_written.text: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_at_most_20_of_what_is_wrong()
    {
        var refusal = await RefuseAsync([.. Enumerable.Range(0, 1000).Select(_ => new ExecutionEvent())]);

        Assert.Equal(20, refusal.Fields.Count);
        Assert.Equal("PAYLOAD_MISSING", refusal.Reason);
        Assert.StartsWith("20 or more fields are wrong", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_no_more_of_what_is_wrong_than_a_status_can_hold()
    {
        var wrong = Value.ForString("\0");
        for (var i = 1; i < 30; i++)
        {
            wrong = Value.ForStruct(new Struct { Fields = { [new string('深', 64)] = wrong } });
        }

        ExecutionEvent[] events = [Appends.Summary(new Struct { Fields = { ["a"] = wrong } }), .. Enumerable.Repeat(Appends.Line("\0"), 40)];
        var call = node.Append(Appends.To(_job, events));
        var refusal = await Refusal.OfAsync(call);

        Assert.InRange(refusal.Fields.Count, 10, 20);
        Assert.StartsWith($"{refusal.Fields.Count} or more fields are wrong; the first is events[0]", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".string_value", refusal.Fields[0].Field, StringComparison.Ordinal);
        var status = call.GetTrailers().Sum(trailer => trailer.IsBinary ? trailer.ValueBytes.Length * 4 / 3 : trailer.Value.Length)
            + Uri.EscapeDataString(refusal.Message).Length;
        Assert.InRange(status, 1, 8 * 1024);
    }

    private static ExecutionEvent Deep(string key, Value value) => Appends.Summary(new Struct
    {
        Fields =
        {
            ["rows"] = Value.ForList(Value.ForNumber(1), Value.ForStruct(new Struct { Fields = { [key] = value } })),
        },
    });

    private Task<Refusal> RefuseAsync(params ExecutionEvent[] events) => Refusal.OfAsync(node.Append(Appends.To(_job, events)));
}
