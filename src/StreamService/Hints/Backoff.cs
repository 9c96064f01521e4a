namespace Jobwatch.StreamService.Hints;

/// <summary>How long to wait before the next try: 100 ms, doubled each time up to 2 s, each give or take a half, so that nodes don't come all at once.</summary>
internal sealed class Backoff
{
    private const double First = 0.1;
    private const double Longest = 2;

    private double _next = First;

    public TimeSpan Next()
    {
        var delay = TimeSpan.FromSeconds(_next * (0.5 + Random.Shared.NextDouble()));
        _next = Math.Min(_next * 2, Longest);
        return delay;
    }

    public void Reset() => _next = First;
}
