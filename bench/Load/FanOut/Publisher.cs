namespace Jobwatch.Bench.FanOut;

/// <summary>A producer on one connection and one thread. It waits for answers only when too many are due.</summary>
internal abstract class Publisher : IDisposable
{
    /// <summary>Sends the next events of a topic, acknowledged later. Numbers begin with 1 in each topic.</summary>
    /// <param name="topic">The index of the topic.</param>
    /// <param name="events">How many, in one request where the server takes that.</param>
    /// <param name="stamp">When they were to be sent.</param>
    public abstract void Publish(int topic, int events, long stamp);

    /// <summary>Waits until all was acknowledged.</summary>
    public abstract void Finish();

    public abstract void Dispose();
}
