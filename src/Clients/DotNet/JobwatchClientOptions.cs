using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jobwatch.Client;

/// <summary>How a <see cref="JobwatchClient"/> reaches its nodes and how patient it is.</summary>
public sealed class JobwatchClientOptions
{
    /// <summary>
    /// The node's gRPC address. Default: <c>http://127.0.0.1:8081</c>; <c>http</c> is HTTP/2 in cleartext. <c>dns:///HOST:PORT</c> is
    /// cleartext too, to all addresses that the name has, looked up again every 15 s and when a connection is lost.
    /// </summary>
    public Uri Address { get; set; } = new("http://127.0.0.1:8081");

    /// <summary>
    /// The addresses of several nodes over one store, all <c>http</c> or all <c>https</c>, instead of <see cref="Address"/>. Each has a
    /// connection; calls go to one after the other of those that are connected. A node that refuses calls or whose connection broke is
    /// passed over for 5 s where there are others. Default: none, <see cref="Address"/> alone.
    /// </summary>
    public IReadOnlyList<Uri> Addresses { get; set; } = [];

    /// <summary>The bearer token of every call that brings no <c>authorization</c> of its own. Default: none.</summary>
    public string? Token { get; set; }

    /// <summary>The wait before the first retry, halved at most by jitter. It doubles with each further one. Default: 200 ms.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait between retries is longer than this, unless the server itself asked for it. Default: 10 s.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a watch, a replay or an append goes on trying while the server can't be reached, counted from the first
    /// failure since it was last heard of. After that the last error is thrown. Default: for ever.
    /// </summary>
    public TimeSpan RetryFor { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a node may say nothing while a watch, a replay or an opening of one waits for its next message, or a recorder for the answer
    /// to its oldest batch. Then the stream goes on at another node, or a new connection: a node's machine may be gone and say nothing of it. It has to
    /// be longer than the node's <c>Watching__HeartbeatInterval</c> (15 s unless set otherwise), and than a batch takes to get there. 1 s to 1 day.
    /// Default: 60 s.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock of waits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the client and its channel log. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    internal void Check()
    {
        if (SilenceLimit < TimeSpan.FromSeconds(1) || SilenceLimit > TimeSpan.FromDays(1))
        {
            throw new ArgumentException(
                $"The {nameof(SilenceLimit)} {SilenceLimit} can't be used: give 1 s to 1 day, longer than the node's Watching__HeartbeatInterval.");
        }
    }
}
