using System.Buffers.Text;

namespace Jobwatch.Bench.Peers.Nats;

/// <summary>What a NATS server sends: lines, and behind a MSG line so many bytes as its last word says.</summary>
internal static class NatsLines
{
    private const int LineEnd = 2;

    /// <summary>Opens a connection for a client that wants no answers but those it asks for.</summary>
    public static ReadOnlySpan<byte> Connect => "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"u8;

    /// <summary>Takes a line and, if it is a message, what it says.</summary>
    /// <returns>The bytes of both; 0 if they are not all there.</returns>
    public static int Take(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return 0;
        }

        line = bytes[..(end - 1)];
        var length = end + 1;
        if (!line.StartsWith("MSG "u8))
        {
            return line.StartsWith("-ERR"u8) ? throw new IOException($"NATS: {System.Text.Encoding.ASCII.GetString(line)}") : length;
        }

        if (!Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int size, out _))
        {
            throw new InvalidDataException("A message of NATS has no size.");
        }

        if (bytes.Length < length + size + LineEnd)
        {
            return 0;
        }

        payload = bytes.Slice(length, size);
        return length + size + LineEnd;
    }
}
