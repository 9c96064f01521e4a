using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.Producing;

/// <summary>A way to send batches to the product.</summary>
internal abstract class Appender
{
    /// <summary>Sends all in their order, and again for as long as servers are away.</summary>
    /// <param name="appends">The batches.</param>
    /// <param name="answered">Called with the answers to all copies of a batch; null: it was refused.</param>
    public abstract Task SendAsync(IReadOnlyList<PlannedAppend> appends, Action<PlannedAppend, AppendEventsResponse?[]> answered);
}
