using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>Draws what one producer sends: executions of its own with whole lives, one that it shares, and repeats.</summary>
internal sealed class ProducerPlan
{
    private const string Shared = "shared";

    private readonly Random _random;
    private readonly int _producer;
    private readonly EventMaker _maker;
    private readonly List<PlannedAppend> _appends = [];
    private readonly List<string> _executions = [];
    private readonly HashSet<(string Job, string Execution)> _open = [];
    private readonly Dictionary<string, List<ExecutionEvent>> _sent = [];

    private ProducerPlan(Random random, int producer)
    {
        _random = random;
        _producer = producer;
        _maker = new EventMaker(random);
    }

    public static IReadOnlyList<PlannedAppend> Draw(Random random, int producer, IReadOnlyList<string> jobs, int batches)
    {
        var plan = new ProducerPlan(random, producer);
        for (int i = 0; i < batches; i++)
            plan.AddBatch(random.Pick(jobs));
        plan.EndMost();
        return plan._appends;
    }

    private void AddBatch(string job)
    {
        if (_random.Chance(0.15))
        {
            _appends.Add(new PlannedAppend(job, SharedEvents()) { MayBeRefused = true, Copies = _random.Chance(0.2) ? 2 : 1 });
            return;
        }
        List<ExecutionEvent> events = [.. Enumerable.Range(0, _random.Next(1, 12)).Select(_ => NextEvent(job))];
        Add(job, events);
        if (_random.Chance(0.3))
            AddRepeat(job);
    }

    private void AddRepeat(string job)
    {
        var sent = _sent[job];
        int from = _random.Next(sent.Count);
        var events = sent.Skip(from).Take(_random.Next(1, 15)).Select(Repeated).ToList();
        // New ones between the old ones. The first few may repeat twice within the batch.
        if (_random.Chance(0.5))
            events.Insert(_random.Next(events.Count + 1), NextEvent(job));
        if (_random.Chance(0.2))
            events.Add(events[0].Clone());
        Add(job, events);
    }

    private void Add(string job, List<ExecutionEvent> events)
    {
        if (!_sent.TryGetValue(job, out var sent))
            _sent[job] = sent = [];
        var ids = sent.Select(item => item.EventId).ToHashSet();
        sent.AddRange(events.Where(item => ids.Add(item.EventId)));
        _appends.Add(new PlannedAppend(job, events) { Copies = _random.Chance(0.15) ? 2 : 1 });
    }

    // The first content wins, so whatever it says now has to leave no trace.
    private ExecutionEvent Repeated(ExecutionEvent sent)
    {
        var repeat = sent.Clone();
        if (_random.Chance(0.3))
            repeat.LogWritten = new LogWritten { Text = "never to be seen" };
        return repeat;
    }

    private ExecutionEvent NextEvent(string job)
    {
        var open = _open.Where(one => one.Job == job).Select(one => one.Execution).Order().ToList();
        if (open.Count == 0 || _random.Chance(0.1))
        {
            string begun = $"e{_producer}-{_executions.Count}";
            _executions.Add(begun);
            _open.Add((job, begun));
            return _maker.Begin(begun);
        }
        string execution = _random.Pick(open);
        if (_random.Chance(0.05))
            return _maker.Begin(execution);
        if (!_random.Chance(0.08))
            return _maker.Middle(execution);
        _open.Remove((job, execution));
        return _maker.End(execution);
    }

    private List<ExecutionEvent> SharedEvents()
    {
        List<ExecutionEvent> events = [_maker.Begin(Shared), _maker.Middle(Shared), _maker.Middle(Shared)];
        if (_random.Chance(0.1))
            events.Add(_maker.End(Shared));
        return events;
    }

    private void EndMost()
    {
        foreach (var (job, execution) in _open.OrderBy(one => one.Execution, StringComparer.Ordinal).ToList())
        {
            if (_random.Chance(0.8))
                Add(job, [_maker.End(execution)]);
        }
    }
}
