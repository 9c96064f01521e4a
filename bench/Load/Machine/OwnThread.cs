namespace Jobwatch.Bench.Machine;

/// <summary>Runs what blocks, away from the pool's threads.</summary>
internal static class OwnThread
{
    public static Task<TResult> RunAsync<TResult>(Func<TResult> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
