using Jobwatch.V1;

namespace Jobwatch.Cli.Watching;

/// <summary>How a watch is shown.</summary>
internal abstract class EventPrinter
{
    internal abstract void Snapshot(Snapshot snapshot);

    internal abstract void Event(ExecutionEvent happened);

    /// <summary>Shows how many events were left out before the next one, on request.</summary>
    internal abstract void LeftOut(Conflated conflated);

    /// <summary>Shows what is printed so far; called whenever the next message is still to come.</summary>
    /// <exception cref="IOException">Nobody reads any more.</exception>
    internal abstract void Flush();
}
