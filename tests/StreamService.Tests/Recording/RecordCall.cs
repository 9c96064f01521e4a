using Grpc.Core;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.Testing;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Recording;

/// <summary>One stream of RecordEvents as a producer has it. It numbers its batches from 1.</summary>
internal sealed class RecordCall : IDisposable
{
    /// <summary>So many that one of the batches of other jobs finds a free one.</summary>
    public static readonly (string, string) ManyLanes = ("Journal:CommitLanes", "8");

    private const int Others = 12;

    private readonly AsyncDuplexStreamingCall<RecordEventsRequest, RecordEventsResponse> _call;
    private long _sequence;

    private readonly RunningNode _node;

    public RecordCall(RunningNode node)
    {
        _node = node;
        _call = new RecordService.RecordServiceClient(node.Channel).RecordEvents(cancellationToken: TestContext.Current.CancellationToken);
    }

    public Task SendAsync(AppendEventsRequest batch) => SendAsync(++_sequence, batch);

    public Task SendAsync(long sequence, AppendEventsRequest batch) => SendAsync(new RecordEventsRequest { Sequence = sequence, Batch = batch });

    public Task SendAsync(RecordEventsRequest request) => _call.RequestStream.WriteAsync(request);

    /// <summary>
    /// Waits until the node has taken what was sent: sends batches of other jobs behind it, until one of them is stored. Returns the
    /// sequences sent so far. For a node with <see cref="ManyLanes"/>.
    /// </summary>
    public async Task<IReadOnlyList<long>> TakenAsync()
    {
        var before = (await _node.ListJobs(new ListJobsRequest())).Jobs.Count;
        for (var i = 0; i < Others; i++)
        {
            await SendAsync(Appends.To(Appends.NewJob(), Appends.Started()));
        }

        await Eventually.TrueAsync(
            async _ => (await _node.ListJobs(new ListJobsRequest())).Jobs.Count > before, TimeSpan.FromSeconds(30), "a later batch is stored");
        return [.. Enumerable.Range(1, (int)_sequence).Select(i => (long)i)];
    }

    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    public async Task<RecordEventsResponse> NextAsync()
    {
        Assert.True(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken), "the stream ended");
        return _call.ResponseStream.Current;
    }

    /// <summary>The next answers, which have to be of these batches and to say that they are stored.</summary>
    public async Task<IReadOnlyList<AppendEventsResponse>> AppendedAsync(params IEnumerable<long> sequences)
    {
        var answers = new List<AppendEventsResponse>();
        foreach (var sequence in sequences)
        {
            var answer = await NextAsync();
            Assert.Equal(sequence, answer.Sequence);
            Assert.True(answer.Appended is not null, $"{answer.Error}");
            answers.Add(answer.Appended);
        }

        return answers;
    }

    /// <summary>The next answer, which has to refuse this batch.</summary>
    public async Task<Refusal> RefusedAsync(long sequence)
    {
        var answer = await NextAsync();
        Assert.Equal(sequence, answer.Sequence);
        return Refusal.From(answer.Error.ToRpcException());
    }

    public async Task EndsWellAsync() => Assert.False(await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

    public async Task<Refusal> FailsAsync() =>
        Refusal.From(await Assert.ThrowsAsync<RpcException>(() => _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));

    public void Dispose() => _call.Dispose();
}
