using BenchmarkDotNet.Attributes;
using Jobwatch.StreamService.Filters;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.Bench.Micro;

/// <summary>Whether a filter takes an event: by its head, which is read once an event, and by its text.</summary>
public class FilterDecisions
{
    private readonly CompiledFilter _byHead = CompiledFilter.Compile(
        new EventFilter { EventTypes = { "log_written", "step_started" }, MinLevel = LogLevel.Warn });

    private readonly CompiledFilter _byText = CompiledFilter.Compile(new EventFilter { Text = "needle" });
    private readonly StoredEvent _stored = Sample.Stored(1);

    [Benchmark]
    public bool ByHead() => _byHead.SelectsEvent(_stored);

    [Benchmark]
    public bool ByHeadUnread() => _byHead.SelectsEvent(new StoredEvent(1, _stored.Bytes));

    [Benchmark]
    public bool ByText() => _byText.SelectsEvent(_stored);
}
