using Jobwatch.Bench.Events;
using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Machine;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Servers;

/// <summary>Jobwatch's whole path, with fsync: a node, PostgreSQL, and an edge that browsers watch.</summary>
internal sealed class JobwatchServer(Stage stage) : FanOutServer("jobwatch")
{
    private EdgeStage? _servers;

    public override bool CompilesAsItRuns => true;

    public override Meter Meter => Servers.WholePath;

    private EdgeStage Servers => _servers ?? throw new InvalidOperationException("Not started.");

    public override async Task StartAsync() => _servers = await stage.EdgeAsync();

    public override IReadOnlyList<string> MakeTopics(int count)
    {
        string[] jobs = [.. Enumerable.Range(0, count).Select(_ => Servers.Node.NewJob())];
        Producers.Begin(Servers.Node.Node, jobs);
        return jobs;
    }

    // The execution's beginning is there already.
    public override Watcher Watch(string topic) => new JobwatchWatcher(Servers.Edge, $"{topic}:watch", last: 1);

    public override Publisher Publish(IReadOnlyList<string> topics, int underWay) => new JobwatchPublisher(Servers.Node.Node, topics, underWay);

    // The stage ends its servers.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
