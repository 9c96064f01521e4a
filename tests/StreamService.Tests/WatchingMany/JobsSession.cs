using Google.Rpc;
using Grpc.Core;
using Jobwatch.StreamService.Cursors;
using Jobwatch.StreamService.Tests.Watching;
using Jobwatch.V1;
using Xunit;
using Message = Jobwatch.V1.WatchJobsResponse.MessageOneofCase;

namespace Jobwatch.StreamService.Tests.WatchingMany;

/// <summary>One session of a watcher of many jobs. Every wait ends with a failure after a while.</summary>
internal sealed class JobsSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _cut = new();
    private readonly AsyncServerStreamingCall<WatchJobsResponse> _call;

    public JobsSession(NodeUnderTest node, WatchJobsRequest request, string? token = null)
    {
        var headers = token is null ? new Metadata() : new Metadata { { "authorization", $"Bearer {token}" } };
        _call = node.Watches.WatchJobs(request, headers, cancellationToken: _cut.Token);
    }

    /// <summary>The cursor in the response headers; null if there is none.</summary>
    public async Task<string?> StartedFromAsync() =>
        (await _call.ResponseHeadersAsync.WaitAsync(Patience, TestContext.Current.CancellationToken)).GetValue("jobwatch-last-event-id");

    /// <summary>The next message, or null at the end.</summary>
    public async Task<WatchJobsResponse?> NextAsync() =>
        await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience, TestContext.Current.CancellationToken)
            ? _call.ResponseStream.Current
            : null;

    /// <summary>The next message, which has to be of this kind.</summary>
    public async Task<WatchJobsResponse> NextAsync(Message kind)
    {
        var message = await NextAsync();
        Assert.Equal(kind, message?.MessageCase);
        return message!;
    }

    /// <summary>The next message that is about a job, whatever comes before it.</summary>
    public async Task<WatchJobsResponse> NextOfAsync(string jobId)
    {
        while (true)
        {
            var message = await NextAsync();
            Assert.NotNull(message);
            if (message.JobId == jobId)
            {
                return message;
            }
        }
    }

    /// <summary>All messages up to the first of this kind, which is the last one.</summary>
    public async Task<IReadOnlyList<WatchJobsResponse>> UntilAsync(Message kind)
    {
        var messages = new List<WatchJobsResponse>();
        do
        {
            messages.Add((await NextAsync())!);
        }
        while (messages[^1].MessageCase != kind);
        return messages;
    }

    /// <summary>The next messages, as «job position», which have to be events or ends.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(int count)
    {
        var events = new List<string>();
        while (events.Count < count)
        {
            var message = await NextAsync();
            if (message?.MessageCase != Message.ExecutionEnded)
            {
                Assert.Equal(Message.Event, message?.MessageCase);
                Assert.Equal(message!.JobId, message.Event.JobId);
                events.Add($"{message.JobId} {message.Event.Position}");
            }
        }

        return events;
    }

    /// <summary>Fails unless the session ends with this error.</summary>
    public async Task<RpcException> FailsAsync(StatusCode code, string reason)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await NextAsync() is not null)
            {
            }
        });
        Assert.Equal((code, reason), (error.StatusCode, error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason));
        return error;
    }

    /// <summary>What a cursor says, by incarnation.</summary>
    public static IReadOnlyDictionary<long, long> Positions(string cursor)
    {
        Assert.True(JobsCursor.TryParse(cursor, "local", out var isOfTenant, out var entries));
        Assert.True(isOfTenant);
        return entries.ToDictionary(entry => entry.Incarnation, entry => entry.Position);
    }

    /// <summary>Breaks the session off, as a lost connection does.</summary>
    public void Dispose()
    {
        _cut.Cancel();
        _call.Dispose();
        _cut.Dispose();
    }
}
