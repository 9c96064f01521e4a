using System.Text;
using Grpc.Core;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.Isolation;

/// <summary>Every method of the node that takes a job, a cursor or a page token.</summary>
internal static class GrpcQuestions
{
    public static IReadOnlyList<Question> Of(Callers callers) => [.. OfCatalog(callers), .. OfWatches(callers), .. OfRecords(callers)];

    private static IEnumerable<Question> OfCatalog(Callers callers)
    {
        var catalog = callers.Catalog;
        yield return Unary("GetJob", "JOB_NOT_FOUND", job => catalog.GetJobAsync(new GetJobRequest { JobId = job.JobId }));
        yield return Unary("GetExecution", "JOB_NOT_FOUND", job =>
            catalog.GetExecutionAsync(new GetExecutionRequest { JobId = job.JobId, ExecutionId = "e1" }));
        yield return Unary("ListExecutions", "JOB_NOT_FOUND", job =>
            catalog.ListExecutionsAsync(new ListExecutionsRequest { JobId = job.JobId }));
        yield return Unary("ListExecutions, next page", "JOB_NOT_FOUND", job =>
            catalog.ListExecutionsAsync(new ListExecutionsRequest { JobId = job.JobId, PageSize = 1, PageToken = job.PageToken }));
        yield return Unary("DeleteJob", "JOB_NOT_FOUND", job => catalog.DeleteJobAsync(new DeleteJobRequest { JobId = job.JobId }));
        yield return Unary("ListEvents", "JOB_NOT_FOUND", job => catalog.ListEventsAsync(new ListEventsRequest { JobId = job.JobId }));
        yield return Unary("ListEvents, next page", "CURSOR_OF_ANOTHER_JOB", job =>
            catalog.ListEventsAsync(new ListEventsRequest { JobId = job.JobId, PageToken = job.Cursor }));
        yield return Unary("ListEvents of an own job", "CURSOR_OF_ANOTHER_JOB", job =>
            catalog.ListEventsAsync(new ListEventsRequest { JobId = IsolationTests.Own, PageToken = job.Cursor }));
    }

    private static IEnumerable<Question> OfWatches(Callers callers)
    {
        yield return Watch("WatchJob", "JOB_NOT_FOUND", _ => new WatchJobRequest());
        yield return Watch("WatchJob, beginning", "JOB_NOT_FOUND", _ => Start(new WatchStart { Beginning = true }));
        yield return Watch("WatchJob, position", "JOB_NOT_FOUND", _ => Start(new WatchStart { FromPosition = 2 }));
        yield return Watch("WatchJob, execution", "JOB_NOT_FOUND", _ => Start(new WatchStart { FromExecution = "e1" }));
        yield return Watch("WatchJob, until its end", "JOB_NOT_FOUND", _ => new WatchJobRequest { UntilExecutionEnds = true });
        yield return Watch("WatchJob, cursor", "CURSOR_OF_ANOTHER_JOB", job => Start(new WatchStart { Cursor = job.Cursor }));
        yield return Watch("WatchJob, cursor, may miss", "CURSOR_OF_ANOTHER_JOB", job =>
            new WatchJobRequest { Start = new WatchStart { Cursor = job.Cursor }, AllowMissing = true });
        yield return Watch("WatchJob of an own job", "CURSOR_OF_ANOTHER_JOB", job =>
            new WatchJobRequest { JobId = IsolationTests.Own, Start = new WatchStart { Cursor = job.Cursor } });
        // It is awaited: nothing is said but that history is done.
        yield return Stream("WatchJobs", "caughtUp", job => callers.Watches.WatchJobs(new WatchJobsRequest { JobIds = { job.JobId } }));
        yield return Stream("WatchJobs, from the beginning", "caughtUp", job =>
            callers.Watches.WatchJobs(new WatchJobsRequest { JobIds = { job.JobId }, Start = new WatchStart { Beginning = true } }));
        yield return Stream("WatchJobs, a job's cursor", "CURSOR_UNKNOWN", job =>
            callers.Watches.WatchJobs(new WatchJobsRequest { Start = new WatchStart { Cursor = job.Cursor } }));
        yield return Stream("WatchJobs, cursor", "CURSOR_OF_ANOTHER_JOB", job =>
            callers.Watches.WatchJobs(new WatchJobsRequest { Start = new WatchStart { Cursor = job.CursorOfMany } }));
        yield return Stream("WatchJobs, cursor and job", "CURSOR_OF_ANOTHER_JOB", job =>
            callers.Watches.WatchJobs(new WatchJobsRequest { JobIds = { job.JobId }, Start = new WatchStart { ResumeCursor = job.CursorOfMany } }));
        yield return Stream("ReplayExecution", "JOB_NOT_FOUND", job =>
            callers.Watches.ReplayExecution(new ReplayExecutionRequest { JobId = job.JobId, ExecutionId = "e1" }));
        yield return Stream("ReplayExecution, cursor", "CURSOR_OF_ANOTHER_JOB", job =>
            callers.Watches.ReplayExecution(new ReplayExecutionRequest { JobId = job.JobId, ExecutionId = "e1", Cursor = job.Cursor }));

        static WatchJobRequest Start(WatchStart start) => new() { Start = start };

        Question Watch(string name, string reason, Func<Target, WatchJobRequest> request) => Stream(name, reason, job =>
        {
            var asked = request(job);
            asked.JobId = asked.JobId.Length == 0 ? job.JobId : asked.JobId;
            return callers.Watches.WatchJob(asked);
        });
    }

    private static IEnumerable<Question> OfRecords(Callers callers)
    {
        // The execution is there in the other tenant's job, and so is the event.
        yield return Unary("AppendEvents", "EXECUTION_NOT_STARTED", job => callers.Records.AppendEventsAsync(Batch(job)));
        yield return Unary("AppendEvents, position", "POSITION_MISMATCH", job =>
            callers.Records.AppendEventsAsync(new AppendEventsRequest(Batch(job)) { ExpectedPosition = 3 }));
        yield return new Question("RecordEvents", "EXECUTION_NOT_STARTED", job => RefusalAsync(async () =>
        {
            using var call = callers.Records.RecordEvents();
            await call.RequestStream.WriteAsync(new RecordEventsRequest { Sequence = 1, Batch = Batch(job) });
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return call.ResponseStream.Current.Appended ?? throw call.ResponseStream.Current.Error.ToRpcException();
        }));

        static AppendEventsRequest Batch(Target job) => new()
        {
            JobId = job.JobId,
            Events = { new ExecutionEvent { ExecutionId = "e1", EventId = job.EventId, LogWritten = new LogWritten { Text = "mine" } } },
        };
    }

    private static Question Unary<T>(string name, string reason, Func<Target, AsyncUnaryCall<T>> call) =>
        new(name, reason, job => RefusalAsync(async () =>
        {
            using var open = call(job);
            return await open;
        }));

    private static Question Stream<T>(string name, string reason, Func<Target, AsyncServerStreamingCall<T>> call) =>
        new(name, reason, job => RefusalAsync(async () =>
        {
            using var open = call(job);
            await open.ResponseStream.MoveNext(CancellationToken.None);
            return open.ResponseStream.Current;
        }));

    private static async Task<string> RefusalAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return $"OK {await ask()}";
        }
        catch (RpcException refused)
        {
            // The binary ones are the status, read.
            var trailers = refused.Trailers.Where(entry => !entry.IsBinary && entry.Key != "date").Select(entry => $"{entry.Key}: {entry.Value}");
            var details = (refused.GetRpcStatus()?.Details ?? []).Select(detail => $"{detail.TypeUrl}: {Encoding.Latin1.GetString(detail.Value.Span)}");
            return $"{refused.Status}\n{string.Join('\n', details)}\n{string.Join('\n', trailers)}";
        }
    }
}
