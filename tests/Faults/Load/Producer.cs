using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Jobwatch.V1;

namespace Jobwatch.Faults.Tests.Load;

/// <summary>
/// Records one execution at a steady pace. A batch that breaks is sent again, elsewhere, until it is answered; now and then
/// one is sent again although it was answered, as if the answer had been lost.
/// </summary>
/// <param name="load">Where its job's answers are kept.</param>
/// <param name="executionId">Its execution.</param>
/// <param name="ways">To the product; the first is its own, the others are for when that breaks.</param>
/// <param name="random">Of its own.</param>
/// <param name="pace">Between two batches.</param>
internal sealed class Producer(JobLoad load, string executionId, IReadOnlyList<Appender> ways, Random random, TimeSpan pace)
{
    private const int MostLines = 4;

    // Longer than the node's own patience with its store.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(6);
    // Then it tries its own way again.
    private static readonly TimeSpan StaysAway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly string _padding = new('x', 120);
    private int _line;
    private int _way;
    private long? _awaySince;
    private int _broken;

    /// <summary>Batches that had to be sent again.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Records a start, lines until it is to stop, and an end. Throws what the product answers with if it isn't a break.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await AppendAsync([New(item => item.ExecutionStarted = new ExecutionStarted { Worker = "w1" })]);
        using var timer = new PeriodicTimer(pace);
        while (!stop.IsCancellationRequested)
        {
            var batch = Lines();
            await AppendAsync(batch);
            if (random.Chance(0.02))
                await AppendAsync(batch);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        await AppendAsync([New(item => item.ExecutionSucceeded = new ExecutionSucceeded())]);
    }

    // Every batch ends with a line that all filters select: whoever watches knows by it how far he is.
    private List<ExecutionEvent> Lines() =>
    [
        .. Enumerable.Range(0, random.Next(MostLines)).Select(_ => Line(LogLevel.Info, "row")),
        Line(LogLevel.Warn, "checkpoint"),
    ];

    private ExecutionEvent Line(LogLevel level, string text) => New(item => item.LogWritten =
        new LogWritten { Level = level, Stream = "stdout", Text = $"{text} {++_line} {_padding}" });

    private ExecutionEvent New(Action<ExecutionEvent> fill)
    {
        var item = new ExecutionEvent { ExecutionId = executionId, EventId = random.NextUuid() };
        fill(item);
        return item;
    }

    private async Task AppendAsync(List<ExecutionEvent> events)
    {
        var append = new PlannedAppend(load.JobId, events);
        while (true)
        {
            long sentAt = TimeProvider.System.GetTimestamp();
            int way = _awaySince is { } since && TimeProvider.System.GetElapsedTime(since) < StaysAway ? _way : 0;
            using var patience = new CancellationTokenSource(AnswerWithin);
            try
            {
                var answer = await ways[way].TryAsync(append, patience.Token)
                    ?? throw new InvalidOperationException($"An append to {load.JobId}'s {executionId} was refused");
                load.Take(events, answer, sentAt);
                return;
            }
            catch (Exception failure) when (patience.IsCancellationRequested || Interruption.Is(failure))
            {
                Interlocked.Increment(ref _broken);
                _way = (way + 1) % ways.Count;
                _awaySince = TimeProvider.System.GetTimestamp();
                await Hold.ForAsync(BetweenTries);
            }
        }
    }
}
