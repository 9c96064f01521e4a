using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>Random events with random contents.</summary>
internal sealed class EventMaker(Random random)
{
    public static readonly IReadOnlyList<string> LabelValues = ["eu", "us"];

    private static readonly long Epoch = 1_700_000_000;

    /// <summary>Queues or starts an execution.</summary>
    public ExecutionEvent Begin(string executionId)
    {
        var item = New(executionId);
        if (random.Chance(0.4))
            item.ExecutionQueued = new ExecutionQueued();
        else
            item.ExecutionStarted = Started();
        return item;
    }

    public ExecutionEvent Middle(string executionId)
    {
        var item = New(executionId);
        switch (random.Next(16))
        {
            case 0: item.StepStarted = new StepStarted { Step = "load " + Text() }; break;
            case 1: item.StepFinished = new StepFinished { Step = "load " + Text(), Error = random.Chance(0.5) ? Error() : null }; break;
            case 2 or 3: item.ProgressReported = new ProgressReported { Done = Number(), Total = Number(), Unit = Text() }; break;
            case 4: item.ErrorRaised = new ErrorRaised { Code = Text(), Message = Text(), Detail = Text() }; break;
            case 5: item.SummaryUpdated = new SummaryUpdated { Summary = Structure() }; break;
            case 6: item.Custom = new Custom { Name = "kind " + Text(), Data = random.Chance(0.5) ? Structure() : null }; break;
            case 7: item.ExecutionStarted = Started(); break;
            default: item.LogWritten = Log(); break;
        }
        return item;
    }

    public ExecutionEvent End(string executionId)
    {
        var item = New(executionId);
        switch (random.Next(3))
        {
            case 0: item.ExecutionSucceeded = new ExecutionSucceeded { Summary = random.Chance(0.5) ? Structure() : null }; break;
            case 1: item.ExecutionFailed = new ExecutionFailed { Error = Error() }; break;
            default: item.ExecutionCancelled = new ExecutionCancelled { Reason = Text() }; break;
        }
        return item;
    }

    private ExecutionEvent New(string executionId) => new()
    {
        ExecutionId = executionId,
        EventId = random.NextUuid(),
        OccurredAt = new Timestamp { Seconds = Epoch + random.Next(100_000_000), Nanos = Nanos() },
    };

    private LogWritten Log() => new() { Level = (LogLevel)random.Next(7), Text = Text(), Stream = random.Pick(["", "stdout", "stderr"]) };

    private ExecutionStarted Started()
    {
        var started = new ExecutionStarted { Worker = Text() };
        if (random.Chance(0.7))
            started.Labels["region"] = random.Pick(LabelValues);
        if (random.Chance(0.3))
            started.Labels["note/1"] = "a=b " + random.Pick(Words.Common);
        return started;
    }

    private ExecutionError Error() => new() { Code = Text(), Message = Text(), Detail = Text() };

    private Struct Structure() => new()
    {
        Fields =
        {
            ["rows"] = Value.ForNumber(random.Next()),
            ["key " + Text()] = Value.ForList(Value.ForString(Text()), Value.ForNull(), Value.ForBool(random.Chance(0.5))),
        },
    };

    // All the lengths that a fraction has in JSON.
    private int Nanos() => random.Pick([0, 1_000_000, 123_000_000, 1_000, 123_456_000, 1, 123_456_789]);

    private long Number() => random.Chance(0.1) ? (1L << 53) - 1 : random.Next();

    private string Text() => Words.Next(random);
}
