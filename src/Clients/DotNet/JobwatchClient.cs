using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Jobwatch.Client.Recording;
using Jobwatch.Client.Streams;
using Jobwatch.Client.Wire;
using Jobwatch.V1;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Client;

/// <summary>
/// The connections to the nodes of a Jobwatch store, for any number of calls at once; keep one for a process.
/// The first client of a process turns off the growing of HTTP/2 receive windows for the process (the AppContext switch
/// <c>System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing</c>), so that backpressure reaches the node;
/// a host that sets the switch in its runtime configuration decides itself.
/// What retries or resumes throws <see cref="OperationCanceledException"/> when its caller cancels; a single call of the generated clients
/// or of an opened stream throws <see cref="RpcException"/> with CANCELLED then.
/// </summary>
public sealed class JobwatchClient : IAsyncDisposable
{
    private readonly JobwatchClientOptions _options;
    private readonly GrpcChannel _channel;
    private readonly ILogger _logger;
    private readonly NodeAddresses _nodes;
    private readonly KnownNodes _known;
    private readonly Appending _appending;

    /// <summary>Makes a client. It connects with its first call.</summary>
    /// <exception cref="ArgumentException">The addresses can't be used, or not together; or the silence limit is out of its range.</exception>
    public JobwatchClient(JobwatchClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<JobwatchClient>();
        _nodes = new NodeAddresses(options);
        _known = new KnownNodes(options.TimeProvider);
        _channel = NodeChannel.Open(options, _nodes, _known);
        var calls = _channel.Intercept(new Decoding());
        Records = new RecordService.RecordServiceClient(calls);
        Watches = new WatchService.WatchServiceClient(calls);
        Catalog = new CatalogService.CatalogServiceClient(calls);
        _appending = new Appending(this, _known, options, _logger);
    }

    /// <summary>The generated client of RecordService: no retries.</summary>
    public RecordService.RecordServiceClient Records { get; }

    /// <summary>The generated client of WatchService: no retries, no resuming.</summary>
    public WatchService.WatchServiceClient Watches { get; }

    /// <summary>The generated client of CatalogService: no retries.</summary>
    public CatalogService.CatalogServiceClient Catalog { get; }

    /// <summary>The channel, for other services of the node such as grpc.health.v1.</summary>
    public ChannelBase Channel => _channel;

    /// <summary>Whether a node is connected at this moment. A client connects with its first call.</summary>
    public bool IsConnected => _channel.State == ConnectivityState.Ready;

    /// <summary>
    /// Opens a watch of one job: one call, done when the node's response headers are there. Throws the node's status if it refused;
    /// of several nodes that are draining or away, the next is asked first.
    /// </summary>
    public Task<JobWatch<WatchJobResponse>> OpenWatchAsync(
        WatchJobRequest request, Metadata? headers = null, CancellationToken cancellationToken = default) =>
        JobWatch<WatchJobResponse>.OpenAsync(
            () => Watches.WatchJob(request, headers, cancellationToken: cancellationToken), _nodes.Tries, cancellationToken);

    /// <summary>Opens a watch of many jobs in the same way.</summary>
    public Task<JobWatch<WatchJobsResponse>> OpenWatchAsync(
        WatchJobsRequest request, Metadata? headers = null, CancellationToken cancellationToken = default) =>
        JobWatch<WatchJobsResponse>.OpenAsync(
            () => Watches.WatchJobs(request, headers, cancellationToken: cancellationToken), _nodes.Tries, cancellationToken);

    /// <summary>Opens a replay in the same way.</summary>
    public Task<JobWatch<ReplayExecutionResponse>> OpenReplayAsync(
        ReplayExecutionRequest request, Metadata? headers = null, CancellationToken cancellationToken = default) =>
        JobWatch<ReplayExecutionResponse>.OpenAsync(
            () => Watches.ReplayExecution(request, headers, cancellationToken: cancellationToken), _nodes.Tries, cancellationToken);

    /// <summary>
    /// Watches one job over as many connections as it takes: every selected event once and in order, whatever breaks between.
    /// It goes on by the last cursor after UNAVAILABLE, a torn connection or a draining server, for
    /// <see cref="JobwatchClientOptions.RetryFor"/>. A status that stays (INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE,
    /// UNAUTHENTICATED, FAILED_PRECONDITION …) is thrown. Snapshot and caught_up come once; draining is not shown.
    /// </summary>
    /// <exception cref="RpcException">The server refused, or was away for too long.</exception>
    /// <exception cref="StreamOrderException">A position did not rise.</exception>
    public IAsyncEnumerable<WatchJobResponse> WatchJobAsync(
        WatchJobRequest request, Metadata? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(null, OpenerOf(request, headers), HoldsStart(request.Start), MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>
    /// Watches many jobs over as many connections as it takes, as <see cref="WatchJobAsync"/> watches one: every selected event once, and in
    /// order within its job. A job that is deleted is told by a gap with the reason <c>deleted</c>; the others go on.
    /// </summary>
    /// <exception cref="RpcException">The server refused, or was away for too long.</exception>
    /// <exception cref="StreamOrderException">A position did not rise within its job.</exception>
    public IAsyncEnumerable<WatchJobsResponse> WatchJobsAsync(
        WatchJobsRequest request, Metadata? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(null, OpenerOf(request, headers), HoldsStart(request.Start), MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>Replays one execution over as many connections as it takes, as <see cref="WatchJobAsync"/> does.</summary>
    /// <exception cref="RpcException">The server refused, or was away for too long.</exception>
    /// <exception cref="StreamOrderException">A position did not rise.</exception>
    public IAsyncEnumerable<ReplayExecutionResponse> ReplayExecutionAsync(
        ReplayExecutionRequest request, Metadata? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(null, OpenerOf(request, headers), holdsStart: false, MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>
    /// Reads a watch that is open already, as <see cref="WatchJobAsync"/> reads one that it opens: for callers who want to know of a
    /// refusal, and where the watch starts, before they read. The open watch stays the caller's to let go of.
    /// </summary>
    /// <param name="opened">The open watch, not read yet.</param>
    /// <param name="request">The request that opened it.</param>
    /// <param name="headers">The headers that it was opened with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<WatchJobResponse> FollowAsync(
        JobWatch<WatchJobResponse> opened, WatchJobRequest request, Metadata? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(opened, OpenerOf(request, headers), HoldsStart(request.Start), MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>Reads an open watch of many jobs in the same way.</summary>
    public IAsyncEnumerable<WatchJobsResponse> FollowAsync(
        JobWatch<WatchJobsResponse> opened, WatchJobsRequest request, Metadata? headers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(opened, OpenerOf(request, headers), HoldsStart(request.Start), MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>Reads an open replay in the same way.</summary>
    public IAsyncEnumerable<ReplayExecutionResponse> FollowAsync(
        JobWatch<ReplayExecutionResponse> opened,
        ReplayExecutionRequest request,
        Metadata? headers = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ResumeAsync(opened, OpenerOf(request, headers), holdsStart: false, MessageFacts.Of, LostEnd.Of, cancellationToken);
    }

    /// <summary>
    /// Appends a batch to one job, all of it or nothing. Events without an id get one (UUIDv7) before the first try, in copies,
    /// so that trying again after UNAVAILABLE, DEADLINE_EXCEEDED or a torn connection stores nothing twice. It tries for
    /// <see cref="JobwatchClientOptions.RetryFor"/> or until cancelled; whether a batch that was given up is stored is then unknown.
    /// </summary>
    /// <exception cref="ArgumentException">An event has a free structure of more than 30 levels.</exception>
    /// <exception cref="RpcException">The server refused, or was away for too long.</exception>
    public Task<AppendEventsResponse> AppendAsync(
        string jobId, IEnumerable<ExecutionEvent> events, CancellationToken cancellationToken = default) =>
        _appending.AppendAsync(jobId, events, cancellationToken);

    /// <summary>
    /// Makes a single call, and makes it again at once while there are several nodes and the one that it came to surely did nothing: it is
    /// draining, or was not reached. So it is safe for calls that may not be repeated.
    /// </summary>
    /// <param name="call">Makes the call with one of the generated clients.</param>
    /// <exception cref="RpcException">What the last node said, or the client of it.</exception>
    public async Task<TResponse> CallAsync<TResponse>(Func<AsyncUnaryCall<TResponse>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var tries = _nodes.Tries; ; tries--)
        {
            try
            {
                using var made = call();
                return await made.ConfigureAwait(false);
            }
            catch (RpcException refused) when (tries > 1 && Transience.WasNotTaken(refused))
            {
                // That node is shunned now.
            }
        }
    }

    /// <summary>
    /// Opens a stream of batches, for producers that don't wait for each answer. It connects with its first batch, and tries as long as
    /// <see cref="AppendAsync"/> does.
    /// </summary>
    public EventRecorder OpenRecorder() => new(Records, _known, _options, _logger);

    /// <summary>Ends all of its calls.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private Func<string?, CancellationToken, Task<JobWatch<WatchJobResponse>>> OpenerOf(WatchJobRequest request, Metadata? headers) =>
        (cursor, cancelled) =>
        {
            var next = cursor is null ? request : new WatchJobRequest(request) { Start = GoingOn(request.Start, cursor) };
            return OpenWatchAsync(next, headers, cancelled);
        };

    private Func<string?, CancellationToken, Task<JobWatch<WatchJobsResponse>>> OpenerOf(WatchJobsRequest request, Metadata? headers) =>
        (cursor, cancelled) =>
        {
            var next = cursor is null ? request : new WatchJobsRequest(request) { Start = GoingOn(request.Start, cursor) };
            return OpenWatchAsync(next, headers, cancelled);
        };

    private Func<string?, CancellationToken, Task<JobWatch<ReplayExecutionResponse>>> OpenerOf(
        ReplayExecutionRequest request, Metadata? headers) =>
        (cursor, cancelled) =>
        {
            var next = cursor is null ? request : new ReplayExecutionRequest(request) { Cursor = cursor };
            return OpenReplayAsync(next, headers, cancelled);
        };

    // Of the latest it is the snapshot that a watch begins with, and the others are refused where they begin no more.
    private static bool HoldsStart(WatchStart? start) => start is { FromCase: WatchStart.FromOneofCase.Beginning };

    private static WatchStart GoingOn(WatchStart? start, string cursor) => new(start ?? new WatchStart()) { ResumeCursor = cursor };

    private async IAsyncEnumerable<TMessage> ResumeAsync<TMessage>(
        JobWatch<TMessage>? opened,
        Func<string?, CancellationToken, Task<JobWatch<TMessage>>> open,
        bool holdsStart,
        Func<TMessage, MessageFacts> factsOf,
        Func<TMessage, TMessage> endOf,
        CancellationToken callersToken,
        [EnumeratorCancellation] CancellationToken enumeratorsToken = default)
        where TMessage : class
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(callersToken, enumeratorsToken);
        var reader = new ResumingReader<TMessage>(opened, open, holdsStart, factsOf, endOf, new StreamProgress(), _known, _options, _logger);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.NextAsync(linked.Token).ConfigureAwait(false) is { } message)
                yield return message;
        }
    }
}
