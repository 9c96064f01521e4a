using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Jobwatch.Client.Json;

/// <summary>Timestamps as RFC 3339 in UTC, durations as seconds: with 0, 3, 6 or 9 digits of a fraction.</summary>
internal static class TimeText
{
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    internal static void Write(Utf8JsonWriter writer, Timestamp value)
    {
        Check(value.Seconds, value.Nanos, "Timestamp");
        Span<byte> text = stackalloc byte[30];
        DateTime.UnixEpoch.AddSeconds(value.Seconds).TryFormat(text, out var length, "s", CultureInfo.InvariantCulture);
        length += WriteFraction(text[length..], value.Nanos);
        text[length++] = (byte)'Z';
        writer.WriteStringValue(text[..length]);
    }

    internal static void Write(Utf8JsonWriter writer, Duration value)
    {
        Check(value.Seconds, value.Nanos, "Duration");
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(value.Seconds, text, out var length);
        length += WriteFraction(text[length..], value.Nanos);
        text[length++] = (byte)'s';
        writer.WriteStringValue(text[..length]);
    }

    private static int WriteFraction(Span<byte> text, int nanos)
    {
        if (nanos == 0)
            return 0;
        var (digits, value) = (nanos % 1_000_000, nanos % 1000) switch
        {
            (0, _) => (3, nanos / 1_000_000),
            (_, 0) => (6, nanos / 1000),
            _ => (9, nanos),
        };
        text[0] = (byte)'.';
        Utf8Formatter.TryFormat(value, text[1..], out _, new System.Buffers.StandardFormat('D', (byte)digits));
        return digits + 1;
    }

    private static void Check(long seconds, int nanos, string type)
    {
        if (seconds is < MinSeconds or > MaxSeconds || nanos is < 0 or > 999_999_999)
            throw new InvalidOperationException($"{type} {seconds} s {nanos} ns is out of range.");
    }
}
