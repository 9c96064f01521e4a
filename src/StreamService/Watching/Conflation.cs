using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using LogLevel = Jobwatch.V1.LogLevel;
using Payload = Jobwatch.V1.ExecutionEvent.PayloadOneofCase;

namespace Jobwatch.StreamService.Watching;

/// <summary>
/// Thins out one job's selected events to so many updates a second. Progress and log lines below WARN wait for their turn, the
/// newest of each execution and type; an event is left out only for a newer one of the same execution and type, which is sent in
/// its stead. Everything else goes out at once, behind all that waits, so that positions rise.
/// </summary>
/// <remarks>
/// What waits stands in the order of positions, each with the number of events left out before it: so nothing is ever counted that
/// isn't told with the event that follows, and a cursor is right if it stands before the first one that waits.
/// </remarks>
internal sealed class Conflation(int updatesPerSecond, TimeProvider time)
{
    /// <summary>The highest rate; above it conflation would cost more than it spares.</summary>
    public const int MaxUpdatesPerSecond = 1000;

    /// <summary>Events that wait. Where more would have to, all of them go out, whatever the rate.</summary>
    private const int MaxHeld = 100;

    /// <summary>As large as the largest event; one may wait in any case.</summary>
    private const int MaxHeldBytes = 256 * 1024;

    private readonly UpdateBudget _budget = new(updatesPerSecond, time);
    private readonly LinkedList<HeldUpdate> _held = [];

    // Those that a newer one takes the place of. Not those of a round that has begun: or what changes all the time would move
    // behind the others each time, and never be first.
    private readonly Dictionary<(string ExecutionId, Payload Payload), LinkedListNode<HeldUpdate>> _newest = [];
    private long _roundEnd;
    private int _heldBytes;

    /// <summary>How long until something that waits may go out; null if nothing waits.</summary>
    public TimeSpan? UntilNext => _held.Count == 0 ? null : _budget.UntilNext;

    /// <summary>Bytes of the events that wait.</summary>
    public int HeldBytes => _heldBytes;

    /// <summary>Checks the rate that a caller asked for, 0 for none; throws INVALID_FIELD.</summary>
    public static int Require(int updatesPerSecond) => updatesPerSecond is >= 0 and <= MaxUpdatesPerSecond
        ? updatesPerSecond
        : throw RpcErrors.InvalidField(
            Reasons.InvalidField, "max_updates_per_second",
            $"it is {updatesPerSecond}; it has to be 1 to {MaxUpdatesPerSecond}, or 0 for every event.");

    /// <summary>
    /// Takes in the next event. True if it waits now, or makes another one that waits needless; false if it is to be sent, after all
    /// that waits.
    /// </summary>
    public bool TryHold(EventFrame frame)
    {
        var head = frame.Stored.Head;
        if (!MayWait(head))
        {
            _budget.TryTake();
            return false;
        }

        if (_held.Count == 0 && _budget.TryTake())
        {
            return false;
        }

        var older = _newest.GetValueOrDefault((head.ExecutionId, head.Payload));
        var count = older is null ? _held.Count + 1 : _held.Count;
        var bytes = _heldBytes + Size(frame) - (older is null ? 0 : Size(older.Value.Frame));
        if (count > MaxHeld || (count > 1 && bytes > MaxHeldBytes))
        {
            return false;
        }

        _heldBytes = bytes;
        if (older is null)
        {
            _newest[(head.ExecutionId, head.Payload)] = _held.AddLast(new HeldUpdate(frame, frame.Position, 0));
        }
        else
        {
            Replace(older, frame);
        }

        return true;
    }

    /// <summary>The next one that goes out: if it is its turn, or in any case. Null if there is none.</summary>
    public HeldUpdate? Take(bool inAnyCase)
    {
        if (_held.First is not { Value: var first } || !(_budget.TryTake() || inAnyCase))
        {
            return null;
        }

        if (first.Frame.Position > _roundEnd)
        {
            _roundEnd = _held.Last!.Value.Frame.Position;
            _newest.Clear();
        }

        _held.RemoveFirst();
        _heldBytes -= Size(first.Frame);
        return first;
    }

    /// <summary>The first position that the reader is yet to be told of; the one given if nothing waits.</summary>
    public long FirstUntold(long next) => _held.First?.Value.From ?? next;

    private void Replace(LinkedListNode<HeldUpdate> older, EventFrame frame)
    {
        var (_, from, leftOut) = older.Value;
        if (older.Next is { } next)
        {
            next.Value = next.Value with { From = from, LeftOut = next.Value.LeftOut + leftOut + 1 };
            older.Value = new HeldUpdate(frame, frame.Position, 0);
            _held.Remove(older);
            _held.AddLast(older);
        }
        else
        {
            older.Value = new HeldUpdate(frame, from, leftOut + 1);
        }
    }

    private static bool MayWait(EventHead head) =>
        head.Payload == Payload.ProgressReported || (head.Payload == Payload.LogWritten && head.Level < LogLevel.Warn);

    private static int Size(EventFrame frame) => frame.Stored.Bytes.Length;
}
