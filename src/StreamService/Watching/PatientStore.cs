using Grpc.Core;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Watching;

/// <summary>Asks the store for a watch of many jobs, whose other jobs go on meanwhile. While it is away it is asked again, for as long as patience lasts.</summary>
internal sealed class PatientStore(WatchRoom room, string what, CancellationToken cancellation)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question)
    {
        long? since = null;
        while (true)
        {
            try
            {
                return await question(cancellation);
            }
            catch (StoreUnavailableException away)
            {
                // From the first refusal: a question on a connection that was dead without a word has taken its time before.
                since ??= room.Time.GetTimestamp();
                if (room.Time.GetElapsedTime(since.Value) >= room.Options.StorePatience)
                {
                    throw IsAway();
                }

                Log.WaitsForStore(room.Logger, what, away.Message);
            }

            await Task.Delay(RetryDelay, room.Time, cancellation);
        }
    }

    public static RpcException IsAway() => RpcErrors.Unavailable(
        Reasons.StoreUnavailable, "The store can't be reached for now: go on from the last cursor, later.", TimeSpan.FromSeconds(1));
}
