using System.Buffers.Text;
using System.Diagnostics;

namespace Jobwatch.Bench.Events;

/// <summary>
/// What a producer writes into the text of each event, always as long: a number, and when the event was to be sent. So whatever
/// wire it came over, a watcher can tell what is missing and how long it took.
/// </summary>
internal static class Mark
{
    /// <summary>Before the mark; nowhere else in an event, nor in what a server puts around its text.</summary>
    public const byte Sign = (byte)'@';

    /// <summary>How many bytes a mark has, its sign included.</summary>
    public const int Bytes = 1 + NumberDigits + StampDigits;

    private const int NumberDigits = 12;
    private const int StampDigits = 19;

    /// <summary>The mark of an event that has none yet.</summary>
    public static string Blank { get; } = (char)Sign + new string('0', NumberDigits + StampDigits);

    /// <summary>Writes over a mark, the blank one or another.</summary>
    /// <param name="mark">Where it is.</param>
    /// <param name="number">1, 2, 3 … for each topic.</param>
    /// <param name="stamp">As <see cref="Stopwatch.GetTimestamp"/> gives it.</param>
    public static void Write(Span<byte> mark, long number, long stamp)
    {
        Digits(mark.Slice(1, NumberDigits), number);
        Digits(mark.Slice(1 + NumberDigits, StampDigits), stamp);
    }

    /// <summary>The mark within an event's bytes; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(Sign);
        return at >= 0 ? bytes.Slice(at, Bytes) : default;
    }

    public static long Number(ReadOnlySpan<byte> mark) => Parse(mark.Slice(1, NumberDigits));

    public static long Stamp(ReadOnlySpan<byte> mark) => Parse(mark.Slice(1 + NumberDigits, StampDigits));

    private static void Digits(Span<byte> digits, long value)
    {
        for (var i = digits.Length - 1; i >= 0; i--, value /= 10)
        {
            digits[i] = (byte)('0' + (value % 10));
        }
    }

    private static long Parse(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long value, out var length) && length == digits.Length
            ? value
            : throw new InvalidDataException("An event's mark is not what was sent.");
}
