using Grpc.Core;

namespace Jobwatch.Client.Wire;

/// <summary>
/// Ends a call from which nothing comes for too long while something is due. Pings don't do that: .NET sends none on a connection that
/// a request has found full, or that the node is closing, and a machine that is gone says nothing of it.
/// </summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isDue;
    private readonly CancellationTokenSource _over;
    private readonly ITimer _timer;
    private long _since;
    private volatile bool _isTooLong;

    /// <param name="options">The limit and its clock.</param>
    /// <param name="isDue">Whether the node is to say something; asked when the limit is reached.</param>
    /// <param name="callers">Ends the call too.</param>
    internal Silence(JobwatchClientOptions options, Func<bool> isDue, CancellationToken callers)
    {
        _limit = options.SilenceLimit;
        _time = options.TimeProvider;
        _isDue = isDue;
        _since = _time.GetTimestamp();
        _over = CancellationTokenSource.CreateLinkedTokenSource(callers);
        // One timer, which finds out when it fires how long it was silent: to set it anew for each message would cost more than reading one.
        _timer = _time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>For the call.</summary>
    internal CancellationToken Token => _over.Token;

    /// <summary>Whether it was this that ended the call.</summary>
    internal bool IsTooLong => _isTooLong;

    /// <summary>What it is to the call's reader.</summary>
    internal static RpcException Error(TimeSpan limit) => new(new Status(StatusCode.Unavailable, Text(limit)));

    internal static string Text(TimeSpan limit) => FormattableString.Invariant($"The node said nothing for {limit.TotalSeconds:0.###} s.");

    /// <summary>From now on nothing is heard.</summary>
    internal void Begin() => Volatile.Write(ref _since, _time.GetTimestamp());

    /// <summary>Ends the call as the caller's token would.</summary>
    internal Task EndAsync() => _over.CancelAsync();

    public void Dispose()
    {
        _timer.Dispose();
        _over.Dispose();
    }

    private void Look()
    {
        var left = _isDue() ? _limit - _time.GetElapsedTime(Volatile.Read(ref _since)) : _limit;
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        _isTooLong = true;
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended in the same moment.
        }
    }
}
