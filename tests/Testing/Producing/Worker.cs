using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>One execution of a job as a plain worker records it: a start, log lines, an end.</summary>
/// <param name="records">Where.</param>
/// <param name="jobId">The job.</param>
/// <param name="executionId">Its execution.</param>
/// <param name="padding">Characters of a line, about.</param>
internal sealed class Worker(RecordService.RecordServiceClient records, string jobId, string executionId = "e1", int padding = 100)
{
    private readonly string _padding = new('x', padding);
    private long _lines;

    public string JobId => jobId;

    public Task<AppendEventsResponse> StartAsync(params IReadOnlyList<(string Key, string Value)> labels) =>
        AppendAsync(Start(labels));

    public Task<AppendEventsResponse> LogAsync(int lines = 1, LogLevel level = LogLevel.Info) =>
        AppendAsync([.. Enumerable.Range(0, lines).Select(_ => Line(level))]);

    public Task<AppendEventsResponse> EndAsync() => AppendAsync(New(item => item.ExecutionSucceeded = new ExecutionSucceeded()));

    /// <summary>The execution's first event, not sent yet.</summary>
    public ExecutionEvent Start(params IReadOnlyList<(string Key, string Value)> labels) => New(item => item.ExecutionStarted =
        new ExecutionStarted { Worker = "w1", Labels = { labels.ToDictionary(label => label.Key, label => label.Value) } });

    /// <summary>A line that was not sent yet.</summary>
    public ExecutionEvent Line(LogLevel level = LogLevel.Info) => New(item =>
        item.LogWritten = new LogWritten { Level = level, Stream = "stdout", Text = $"{++_lines}: {_padding}" });

    public async Task<AppendEventsResponse> AppendAsync(params IReadOnlyList<ExecutionEvent> events) =>
        await records.AppendEventsAsync(new AppendEventsRequest { JobId = jobId, Events = { events } });

    private ExecutionEvent New(Action<ExecutionEvent> fill)
    {
        var item = new ExecutionEvent { ExecutionId = executionId, EventId = Guid.CreateVersion7().ToString() };
        fill(item);
        return item;
    }
}
