using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>A watcher of many jobs whose sessions are broken off at random, on either of two nodes.</summary>
internal sealed class ManyWatcher
{
    private readonly Random _random;
    private readonly NodeUnderTest[] _nodes;
    private readonly WatchJobsRequest _request;
    private readonly string _label;
    private readonly Dictionary<string, List<long>> _seen = [];
    private readonly Dictionary<string, long> _snapshots = [];
    private volatile IReadOnlyDictionary<long, long>? _end;

    public ManyWatcher(int seed, int number, IReadOnlyList<JobKey> jobs, params NodeUnderTest[] nodes)
    {
        _random = new Random((seed * 31) + number);
        _nodes = nodes;
        _label = $"case={seed}";
        _request = new WatchJobsRequest
        {
            Filter = Filter(),
            Start = _random.Next(2) == 0 ? new WatchStart { Beginning = true } : new WatchStart { Latest = true },
        };
        switch (_random.Next(3))
        {
            case 0:
                _request.JobIds.AddRange(jobs.Select(job => job.JobId).Append("never"));
                break;
            case 1:
                _request.Labels.Add(_label);
                break;
        }
    }

    /// <summary>Reads until its cursor stands at the end of all of its jobs.</summary>
    public async Task WatchAsync()
    {
        while (true)
        {
            using var session = new JobsSession(_nodes[_random.Next(2)], _request);
            for (var rest = _random.Next(0, 150); rest > 0; rest--)
            {
                var message = (await session.NextAsync())!;
                Take(message);
                if (_random.Next(2) == 0)
                {
                    _request.Start.ResumeCursor = message.Cursor;
                }
                else
                {
                    _request.Start = new WatchStart { Cursor = message.Cursor };
                }

                var positions = JobsSession.Positions(message.Cursor);
                if (_end is { } end && end.All(job => positions.GetValueOrDefault(job.Key, -1) == job.Value))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Says where the logs end for good.</summary>
    public void Finish(IEnumerable<(JobHead Head, IReadOnlyList<ExecutionEvent> Log)> logs) =>
        _end = logs.Where(job => First(job.Log) > 0).ToDictionary(job => job.Head.Log.Incarnation, job => job.Head.Head);

    public void Verify(IEnumerable<(JobHead Head, IReadOnlyList<ExecutionEvent> Log)> logs)
    {
        foreach (var (head, log) in logs)
        {
            var jobId = head.Log.Job.JobId;
            var first = Math.Max(First(log), _snapshots.GetValueOrDefault(jobId) + 1);
            var expected = First(log) == 0 ? [] : ReferenceFilter.Select(log, _request.Filter).Where(position => position >= first);
            Assert.Equal(expected, _seen.GetValueOrDefault(jobId) ?? []);
        }
    }

    // With which position the job begins for this watcher; 0: never.
    private long First(IReadOnlyList<ExecutionEvent> log)
    {
        if (_request.Labels.Count == 0)
        {
            return 1;
        }

        var matching = log.Where(one => one.ExecutionStarted?.Labels.Any(label => $"{label.Key}={label.Value}" == _label) == true)
            .Select(one => one.ExecutionId).ToHashSet();
        return log.FirstOrDefault(one => matching.Contains(one.ExecutionId))?.Position ?? 0;
    }

    private void Take(WatchJobsResponse message)
    {
        if (message.Event is { } one)
        {
            Assert.Equal(one.JobId, message.JobId);
            Assert.Contains(one.Position, JobsSession.Positions(message.Cursor).Values);
            if (!_seen.TryGetValue(one.JobId, out var seen))
            {
                _seen[one.JobId] = seen = [];
            }

            seen.Add(one.Position);
        }
        else if (message.Snapshot is { } snapshot)
        {
            Assert.Equal(message.JobId, snapshot.Job.JobId);
            Assert.True(_snapshots.TryAdd(message.JobId, snapshot.Job.LastPosition), $"{message.JobId} has a second snapshot.");
            Assert.False(_seen.ContainsKey(message.JobId));
        }
    }

    private EventFilter Filter() => _random.Next(5) switch
    {
        0 => new EventFilter { Labels = { "kind=full" } },
        1 => new EventFilter { EventTypes = { "execution_queued", "execution_started" } },
        2 => new EventFilter { MinLevel = V1.LogLevel.Error, Text = "a" },
        3 => new EventFilter { Statuses = { ExecutionStatus.Succeeded, ExecutionStatus.Queued } },
        _ => new EventFilter(),
    };
}
