namespace Jobwatch.StreamService.Journal;

/// <summary>Times in microseconds, which is what PostgreSQL keeps: one moment reads the same in an event and in the catalog.</summary>
internal static class StoreTime
{
    public static DateTimeOffset Now(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
