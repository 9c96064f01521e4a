using Jobwatch.V1;

namespace Jobwatch.Testing.Producing;

/// <summary>A way to send batches to the product.</summary>
/// <param name="breaksExpected">Servers are killed, and batches sent again.</param>
internal abstract class Appender(bool breaksExpected)
{
    /// <summary>Sends each after the one before was answered, and again for as long as servers are away.</summary>
    /// <param name="appends">The batches.</param>
    /// <param name="answered">Called with the answers to all copies of a batch; null: it was refused.</param>
    public async Task SendAsync(IReadOnlyList<PlannedAppend> appends, Action<PlannedAppend, AppendEventsResponse?[]> answered)
    {
        foreach (var append in appends)
        {
            var copies = Enumerable.Range(0, append.Copies)
                .Select(_ => Breaks.OutliveAsync(cancel => TryAsync(append, cancel), breaksExpected));
            answered(append, await Task.WhenAll(copies));
        }
    }

    /// <summary>One try; null if the execution had ended.</summary>
    public abstract Task<AppendEventsResponse?> TryAsync(PlannedAppend append, CancellationToken cancel);
}
