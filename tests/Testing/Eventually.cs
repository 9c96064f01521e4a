namespace Jobwatch.Testing;

/// <summary>Waiting for what no event announces.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks until it is true; after the deadline it fails, saying what did not come true.</summary>
    public static async Task TrueAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan deadline, string what, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        using var expiry = new CancellationTokenSource(deadline, time);
        try
        {
            while (!await condition(expiry.Token))
                await Task.Delay(Interval, time, expiry.Token);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested)
        {
            throw new TimeoutException($"Within {deadline.TotalSeconds:0.#} s this did not come true: {what}");
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{CancellationToken, Task{bool}}, TimeSpan, string, TimeProvider?)"/>
    public static Task TrueAsync(Func<bool> condition, TimeSpan deadline, string what, TimeProvider? time = null) =>
        TrueAsync(_ => Task.FromResult(condition()), deadline, what, time);
}
