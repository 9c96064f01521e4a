using Grpc.Core;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Producing;

/// <summary>RecordEvents: all batches go up at once, on as many streams as it takes.</summary>
internal sealed class StreamAppender(RecordService.RecordServiceClient records, bool breaksExpected) : Appender
{
    public override async Task SendAsync(IReadOnlyList<PlannedAppend> appends, Action<PlannedAppend, AppendEventsResponse?[]> answered)
    {
        int done = 0;
        await Breaks.OutliveAsync(
            async cancel =>
            {
                using var call = records.RecordEvents(cancellationToken: cancel);
                var writing = WriteAsync(call.RequestStream, appends, done);
                while (done < appends.Count && await call.ResponseStream.MoveNext(cancel))
                {
                    var answer = call.ResponseStream.Current;
                    Assert.Equal(done + 1, answer.Sequence);
                    answered(appends[done], [Judge(answer, appends[done])]);
                    done++;
                }
                Assert.Equal(appends.Count, done);
                Assert.False(await call.ResponseStream.MoveNext(cancel));
                await writing;
                return done;
            },
            breaksExpected);
    }

    private static AppendEventsResponse? Judge(RecordEventsResponse answer, PlannedAppend append)
    {
        if (answer.Error is not { } error)
            return answer.Appended;
        // The batches behind it on the stream share its fate; all of them go up again.
        if (error.Code == (int)StatusCode.Unavailable)
            throw new RpcException(new Status(StatusCode.Unavailable, error.Message));
        Assert.True(append.MayBeRefused && error.Code == (int)StatusCode.FailedPrecondition, error.ToString());
        return null;
    }

    private static async Task WriteAsync(IClientStreamWriter<RecordEventsRequest> requests, IReadOnlyList<PlannedAppend> appends, int from)
    {
        try
        {
            for (int i = from; i < appends.Count; i++)
            {
                var batch = new AppendEventsRequest { JobId = appends[i].JobId, Events = { appends[i].Events } };
                await requests.WriteAsync(new RecordEventsRequest { Sequence = i + 1, Batch = batch });
            }
            await requests.CompleteAsync();
        }
        catch (Exception failure) when (Breaks.IsBreak(failure) || failure is InvalidOperationException or OperationCanceledException)
        {
            // The stream is over; the reading side knows why.
        }
    }
}
