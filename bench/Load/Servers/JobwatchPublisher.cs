using Jobwatch.Bench.Events;
using Jobwatch.Bench.FanOut;
using Jobwatch.Bench.Http2;

namespace Jobwatch.Bench.Servers;

/// <summary>Appends over raw gRPC, acknowledged after the commit.</summary>
internal sealed class JobwatchPublisher(Uri node, IReadOnlyList<string> jobs, int underWay) : Publisher
{
    private readonly UnaryCalls _calls = new(node, Producers.AppendPath, underWay);
    private readonly BatchTemplate?[] _templates = new BatchTemplate?[jobs.Count];

    public override void Publish(int topic, int events, long stamp)
    {
        var template = _templates[topic] ??= new BatchTemplate(jobs[topic], events);
        _calls.Call(template.Fill(stamp));
    }

    public override void Finish() => _calls.Await(0);

    public override void Dispose() => _calls.Dispose();
}
