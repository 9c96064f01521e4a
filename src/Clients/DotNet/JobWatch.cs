using System.Runtime.CompilerServices;
using Grpc.Core;
using Jobwatch.Client.Wire;

namespace Jobwatch.Client;

/// <summary>
/// One open stream of a node that accepted it. Nothing is read ahead: a message is taken from the connection when it is asked
/// for, so that a reader who stops makes the node stop. It does not resume; <see cref="JobwatchClient.WatchJobAsync"/> does.
/// </summary>
/// <typeparam name="TMessage">The stream's messages.</typeparam>
public sealed class JobWatch<TMessage> : IAsyncDisposable
{
    private readonly AsyncServerStreamingCall<TMessage> _call;

    private JobWatch(AsyncServerStreamingCall<TMessage> call, Metadata headers)
    {
        _call = call;
        StartedFrom = headers.GetValue("jobwatch-last-event-id") is { Length: > 0 } cursor ? cursor : null;
        NothingLeft = headers.GetValue("jobwatch-nothing-left") == "true";
        Node = headers.GetValue(NodeHandler.Header);
    }

    /// <summary>The cursor that the stream really starts behind; null if the node named none (a job without events).</summary>
    public string? StartedFrom { get; }

    /// <summary>The execution had ended, and everything had been sent: the stream ends without a message.</summary>
    public bool NothingLeft { get; }

    /// <summary>
    /// The messages, once. Ends when the node ends the stream well; throws <see cref="RpcException"/> with its status if not,
    /// with the client's view of it (mostly UNAVAILABLE or INTERNAL) if the connection broke, and with CANCELLED when a token
    /// of the caller's was cancelled.
    /// </summary>
    public IAsyncEnumerable<TMessage> Messages => ReadAsync();

    /// <summary>The same messages, for readers who want no enumerator between. Use either, not both.</summary>
    public IAsyncStreamReader<TMessage> Reader => _call.ResponseStream;

    /// <summary>The name of the node that it is from.</summary>
    internal string? Node { get; }

    /// <summary>Ends the call at the node too, if it has not ended.</summary>
    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes the call. Where a node did not take it, another one is asked at once, as long as there are tries left.</summary>
    internal static async Task<JobWatch<TMessage>> OpenAsync(
        Func<AsyncServerStreamingCall<TMessage>> call, int tries, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await OpenAsync(call(), cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException refused) when (--tries > 0 && !cancellationToken.IsCancellationRequested && Transience.MayPassElsewhere(refused))
            {
                // The handler shuns that node: this can't come to it again unless there is no other.
            }
        }
    }

    private static async Task<JobWatch<TMessage>> OpenAsync(AsyncServerStreamingCall<TMessage> call, CancellationToken cancellationToken)
    {
        try
        {
            var headers = await call.ResponseHeadersAsync.ConfigureAwait(false);
            if (headers.GetValue(RefusalHandler.Marker) is not null)
            {
                // Throws the node's status. A stream that was empty and well from its first header on goes on below.
                await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false);
            }

            return new JobWatch<TMessage>(call, headers);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private async IAsyncEnumerable<TMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            yield return _call.ResponseStream.Current;
    }
}
