namespace Jobwatch.StreamService.Journal;

/// <summary>
/// Appends that follow each other: once one of them has failed, none that a lane has not begun is stored any more, so that
/// what is stored of a job is always the beginning of what was sent for it.
/// </summary>
internal sealed class AppendChain
{
    private volatile bool _isBroken;

    public bool IsBroken => _isBroken;

    public void Break() => _isBroken = true;
}
