using Google.Protobuf.WellKnownTypes;
using Jobwatch.Client;
using Jobwatch.Clients.Tests.Protos;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.Json;

/// <summary>One JSON everywhere: what the transcoder writes, ProtoJson writes too.</summary>
public sealed class ProtoJsonTests(Transcoder transcoder) : IClassFixture<Transcoder>
{
    [Fact]
    public async Task Writes_a_message_of_every_kind_as_the_transcoder_does()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            transcoder.Kinds.Next = new RandomMessages(seed).Fill(new Kinds());
            Assert.Equal(await Transcoded("/kinds"), ProtoJson.ToText(transcoder.Kinds.Next));
        }
    }

    [Fact]
    public async Task Writes_events_and_jobs_as_the_transcoder_does()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            transcoder.Catalog.Events = new RandomMessages(seed).Fill(new ListEventsResponse());
            transcoder.Catalog.Job = new RandomMessages(seed).Fill(new Job());
            Assert.Equal(await Transcoded("/v1/jobs/a/events"), ProtoJson.ToText(transcoder.Catalog.Events));
            Assert.Equal(await Transcoded("/v1/jobs/a"), ProtoJson.ToText(transcoder.Catalog.Job));
        }
    }

    [Fact]
    public void Writes_the_contracts_example_to_the_letter()
    {
        var logged = new ExecutionEvent
        {
            JobId = "ledger-eu",
            ExecutionId = "2026-11-23",
            Position = 2,
            Type = "log_written",
            Status = ExecutionStatus.Running,
            EventId = "0197",
            OccurredAt = Timestamp.FromDateTimeOffset(DateTimeOffset.Parse("2026-11-23T08:00:00Z", null)),
            LogWritten = new LogWritten { Level = LogLevel.Warn, Text = "3 rows unmatched", Stream = "stderr" },
        };

        Assert.Equal(
            """{"jobId":"ledger-eu","executionId":"2026-11-23","position":2,"type":"log_written","status":"EXECUTION_STATUS_RUNNING","eventId":"0197","occurredAt":"2026-11-23T08:00:00Z","logWritten":{"level":"LOG_LEVEL_WARN","text":"3 rows unmatched","stream":"stderr"}}""",
            ProtoJson.ToText(logged));
    }

    [Fact]
    public void Writes_an_event_without_allocating_once_it_knows_the_type()
    {
        var logged = new ExecutionEvent { JobId = "j", OccurredAt = new Timestamp { Seconds = 1 }, LogWritten = new LogWritten { Text = "x" } };
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 20);
        ProtoJson.Write(output, logged);

        const int writes = 10_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < writes; i++)
        {
            output.ResetWrittenCount();
            ProtoJson.Write(output, logged);
        }

        // The runtime may allocate now and then, while it compiles anew what is hot; a write that did would take 24 bytes each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, writes);
    }

    [Fact]
    public void Refuses_what_has_no_form()
    {
        Assert.Throws<NotSupportedException>(() => ProtoJson.ToText(Any.Pack(new Empty())));
        Assert.Throws<InvalidOperationException>(() => ProtoJson.ToText(new Value()));
        Assert.Throws<InvalidOperationException>(() => ProtoJson.ToText(new Timestamp { Nanos = -1 }));
    }

    private Task<string> Transcoded(string path) => transcoder.Http.GetStringAsync(path, TestContext.Current.CancellationToken);
}
