using Google.Rpc;
using Grpc.Core;
using Jobwatch.V1;
using Xunit;
using Message = Jobwatch.V1.WatchJobResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>One session of a watcher. Every wait ends with a failure after a while.</summary>
internal sealed class WatchSession(AsyncServerStreamingCall<WatchJobResponse> call, CancellationTokenSource cut) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The cursor in the response headers; null for a refusal.</summary>
    public async Task<string?> StartedFromAsync() => (await HeadersAsync()).GetValue("jobwatch-last-event-id");

    public async Task<bool> NothingLeftAsync() => (await HeadersAsync()).GetValue("jobwatch-nothing-left") == "true";

    public Task<Metadata> HeadersAsync() => call.ResponseHeadersAsync.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>The next message, or null at the end.</summary>
    public async Task<WatchJobResponse?> NextAsync() =>
        await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience, TestContext.Current.CancellationToken)
            ? call.ResponseStream.Current
            : null;

    /// <summary>The next message, which has to be of this kind.</summary>
    public async Task<WatchJobResponse> NextAsync(Message kind)
    {
        var message = await NextAsync();
        Assert.Equal(kind, message?.MessageCase);
        return message!;
    }

    /// <summary>The positions of the next events, which have to come without any other message but ends of executions.</summary>
    public async Task<IReadOnlyList<long>> PositionsAsync(int count)
    {
        var positions = new List<long>();
        while (positions.Count < count)
        {
            var message = await NextAsync();
            if (message?.MessageCase != Message.ExecutionEnded)
            {
                Assert.Equal(Message.Event, message?.MessageCase);
                positions.Add(message!.Event.Position);
            }
        }

        return positions;
    }

    /// <summary>All messages up to the end or the first of this kind, which is the last one.</summary>
    public async Task<IReadOnlyList<WatchJobResponse>> UntilAsync(Message kind = Message.None)
    {
        var messages = new List<WatchJobResponse>();
        while (await NextAsync() is { } message)
        {
            messages.Add(message);
            if (message.MessageCase == kind)
            {
                break;
            }
        }

        return messages;
    }

    /// <summary>The error that ends the session.</summary>
    public async Task<RpcException> ErrorAsync() => await Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (await NextAsync() is not null)
        {
        }
    });

    /// <summary>Fails unless the session ends with this error.</summary>
    public async Task<RpcException> FailsAsync(StatusCode code, string reason)
    {
        var error = await ErrorAsync();
        Assert.Equal((code, reason), (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
        return error;
    }

    /// <summary>Breaks the session off, as a lost connection does.</summary>
    public void Dispose()
    {
        cut.Cancel();
        call.Dispose();
        cut.Dispose();
    }
}
