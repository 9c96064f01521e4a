namespace Jobwatch.DevServer.Processes;

/// <summary>How long to wait before a dead child is started again: from 0.5 s, doubling to 30 s; anew after a minute of life.</summary>
internal sealed class RestartDelay
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongLife = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan lifetime)
    {
        var delay = lifetime >= LongLife ? First : _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
