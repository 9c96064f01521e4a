using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.Producing;

/// <summary>Sends each batch by itself, after the one before was answered.</summary>
/// <param name="breaksExpected">Servers are killed, and batches sent again.</param>
internal abstract class BatchAppender(bool breaksExpected) : Appender
{
    public override async Task SendAsync(IReadOnlyList<PlannedAppend> appends, Action<PlannedAppend, AppendEventsResponse?[]> answered)
    {
        foreach (var append in appends)
        {
            var copies = Enumerable.Range(0, append.Copies)
                .Select(_ => Breaks.OutliveAsync(cancel => TryAsync(append, cancel), breaksExpected));
            answered(append, await Task.WhenAll(copies));
        }
    }

    /// <summary>One try; null if the execution had ended.</summary>
    protected abstract Task<AppendEventsResponse?> TryAsync(PlannedAppend append, CancellationToken cancel);
}
