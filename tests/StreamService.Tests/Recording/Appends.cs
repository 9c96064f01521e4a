using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Tests.Recording;

/// <summary>Requests to append.</summary>
internal static class Appends
{
    public static string NewJob() => $"job-{Guid.CreateVersion7():n}";

    public static AppendEventsRequest To(string job, params ExecutionEvent[] events) => new() { JobId = job, Events = { events } };

    public static ExecutionEvent Started(string execution = "run", params (string Key, string Value)[] labels)
    {
        var started = new ExecutionStarted { Worker = "w7" };
        foreach (var (key, value) in labels)
        {
            started.Labels.Add(key, value);
        }

        return new ExecutionEvent { ExecutionId = execution, ExecutionStarted = started };
    }

    public static ExecutionEvent Line(string text = "hello", string execution = "run") =>
        new() { ExecutionId = execution, LogWritten = new LogWritten { Level = LogLevel.Info, Text = text, Stream = "stdout" } };

    public static ExecutionEvent Succeeded(string execution = "run") =>
        new() { ExecutionId = execution, ExecutionSucceeded = new ExecutionSucceeded() };

    public static ExecutionEvent Summary(Struct summary, string execution = "run") =>
        new() { ExecutionId = execution, SummaryUpdated = new SummaryUpdated { Summary = summary } };

    /// <summary>A structure of so many levels, of objects alone or of lists within an object; there is nothing in the inmost.</summary>
    public static Struct Nested(int levels, bool inLists = false)
    {
        var value = inLists ? Value.ForList() : Value.ForStruct(new Struct());
        for (var i = 2; i < levels; i++)
        {
            value = inLists ? Value.ForList(value) : Value.ForStruct(new Struct { Fields = { ["a"] = value } });
        }

        return new Struct { Fields = { ["a"] = value } };
    }
}
