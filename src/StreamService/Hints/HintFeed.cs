namespace Jobwatch.StreamService.Hints;

/// <summary>Tells this process what other nodes say. Its handlers must be quick and must not throw.</summary>
internal sealed class HintFeed
{
    /// <summary>A hint of another node, perhaps of a job that nobody here asked for.</summary>
    public event Action<Hint>? Heard;

    /// <summary>
    /// From now on these channels are heard: what was committed before has to be looked for. Null: all of them, after a time in
    /// which nothing was heard.
    /// </summary>
    public event Action<IReadOnlyCollection<string>?>? Listening;

    public void Hear(Hint hint) => Heard?.Invoke(hint);

    public void Listen(IReadOnlyCollection<string>? channels) => Listening?.Invoke(channels);
}
