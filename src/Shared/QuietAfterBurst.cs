namespace Jobwatch.Shared;

/// <summary>Tells when a process that made much garbage has become quiet, from what it had allocated at one look after the other.</summary>
/// <param name="burst">Bytes since the last time that are worth a collection.</param>
/// <param name="quiet">Bytes between two looks, at most, in a quiet process.</param>
internal sealed class QuietAfterBurst(long burst, long quiet)
{
    private long _atLastTime;
    private long _atLastLook;

    /// <param name="allocated">All bytes that the process has ever allocated.</param>
    public bool Look(long allocated)
    {
        var isTime = allocated - _atLastLook <= quiet && allocated - _atLastTime >= burst;
        _atLastLook = allocated;
        if (isTime)
        {
            _atLastTime = allocated;
        }

        return isTime;
    }
}
