namespace Jobwatch.Testing;

/// <summary>The time that something is to last: a fault, a load. Never a way to wait for something to happen.</summary>
public static class Hold
{
    /// <summary>Done after that time; at once for none.</summary>
    public static async Task ForAsync(TimeSpan time, CancellationToken cancellation = default)
    {
        if (time <= TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellation);
    }
}
