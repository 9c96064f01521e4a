using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// Keeps this node linked to the others: sends what it commits, hears what is of interest here, and has the store looked at
/// whenever something may have been missed. Without a link the node serves on, and only the sweep finds other nodes' commits.
/// </summary>
internal sealed class HintExchange : BackgroundService
{
    /// <summary>Hints that come so soon after one another go together; a lone one goes at once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>How often the link is checked; what is to be listened to no more waits for it.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long a node that stops takes at most to tell of its last commits.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly OpenHintLink _open;
    private readonly HintsOptions _options;
    private readonly HintOutbox _outbox;
    private readonly HintInterest _interest;
    private readonly HintFeed _feed;
    private readonly Metrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<HintExchange> _logger;
    private readonly Backoff _backoff = new();
    private readonly string _node = Guid.CreateVersion7().ToString("n");
    private bool _isToldUnlinked;

    public HintExchange(
        OpenHintLink open, HintsOptions options, CommitFeed commits, HintOutbox outbox, HintInterest interest, HintFeed feed, Metrics metrics, TimeProvider time,
        ILogger<HintExchange> logger)
    {
        _open = open;
        _options = options;
        _outbox = outbox;
        _interest = interest;
        _feed = feed;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        if (options.Transport != HintTransport.None)
        {
            commits.Listen(outbox.Add);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Transport == HintTransport.None)
        {
            Log.NoTransport(_logger);
            return;
        }

        while (true)
        {
            try
            {
                await using var link = await _open(Receive, stoppingToken);
                await UseAsync(link, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Once, with its cause: until the link is there again nothing new could be said.
                if (!_isToldUnlinked)
                {
                    Log.Unlinked(_logger, error.Message);
                }

                _isToldUnlinked = true;
            }

            _metrics.Disconnected();
            await Task.Delay(_backoff.Next(), _time, stoppingToken);
        }
    }

    private async Task UseAsync(IHintLink link, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] parts = [SendAsync(link, ending.Token), ListenAsync(link, ending.Token), link.Lost];
        var first = await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts[..2]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
        {
            using var soon = new CancellationTokenSource(LastWords, _time);
            await SendWaitingAsync(link, soon.Token);
        }

        await first;
    }

    private async Task SendAsync(IHintLink link, CancellationToken cancellation)
    {
        // The wait for what is there already may have ended with the link before.
        await SendWaitingAsync(link, cancellation);
        while (true)
        {
            await _outbox.WaitAsync(cancellation);
            await SendWaitingAsync(link, cancellation);
            await Task.Delay(Gathering, _time, cancellation);
        }
    }

    private async Task SendWaitingAsync(IHintLink link, CancellationToken cancellation)
    {
        var hints = _outbox.Take();
        if (hints.Count == 0)
        {
            return;
        }

        var messages = _outbox.Write(hints, _node);
        try
        {
            await link.SendAsync(messages, cancellation);
            _metrics.Published(messages.Count);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Cut off by the link's end, or the node's: then they are its last words. A hint may come twice.
            _outbox.PutBack(hints);
            throw;
        }
        catch
        {
            _metrics.Dropped(messages.Count);
            throw;
        }
    }

    private async Task ListenAsync(IHintLink link, CancellationToken cancellation)
    {
        _interest.StartAnew();
        await ChangeAsync(link, cancellation);
        _feed.Listen(null);
        _backoff.Reset();
        _metrics.Connected();
        _isToldUnlinked = false;
        Log.Linked(_logger, _options.Transport);
        while (true)
        {
            await Task.WhenAny(_interest.Grown, Task.Delay(CheckInterval, _time, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (await ChangeAsync(link, cancellation) is { Count: > 0 } listened)
            {
                _feed.Listen(listened);
            }
        }
    }

    // Returns what is listened to that was not before.
    private async Task<IReadOnlyCollection<string>> ChangeAsync(IHintLink link, CancellationToken cancellation)
    {
        var (listen, unlisten) = _interest.TakeChanges();
        await (listen.Count + unlisten.Count > 0
            ? link.ListenAsync(listen, unlisten, cancellation)
            : link.CheckAsync(cancellation));
        return listen;
    }

    private void Receive(string payload)
    {
        // What this node sent itself comes back from the channels that it listens to.
        var line = payload.AsSpan();
        if (line.Length > _node.Length && !line.StartsWith(_node, StringComparison.Ordinal) && Hint.TryRead(line[(_node.Length + 1)..], out var hint))
        {
            _metrics.Received();
            _feed.Hear(hint);
        }
    }
}
