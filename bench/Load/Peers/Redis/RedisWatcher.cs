using System.Buffers.Text;
using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Redis;

/// <summary>A subscriber of a channel (RESP2): each push is an array, "message", the channel and the text, or "subscribe" and so on.</summary>
internal sealed class RedisWatcher : Watcher
{
    private const int Parts = 3;

    public RedisWatcher(Uri server, string channel)
        : base(server, last: 0) => Send(Encoding.ASCII.GetBytes($"SUBSCRIBE {channel}\r\n"));

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (TakePush(bytes[taken..], out var last) is var length and > 0)
        {
            taken += length;
            var mark = Mark.Find(last);
            if (mark.IsEmpty)
            {
                IsLive = true;
            }
            else
            {
                Saw(mark);
            }
        }

        return taken;
    }

    private static int TakePush(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> last)
    {
        last = default;
        var at = TakeLine(bytes, out var line);
        if (at > 0 && !line.SequenceEqual("*3"u8))
        {
            throw new IOException($"Redis: {Encoding.ASCII.GetString(line)}");
        }

        for (var part = 0; at > 0 && part < Parts; part++)
        {
            var length = TakePart(bytes[at..], out last);
            at = length > 0 ? at + length : 0;
        }

        return at;
    }

    private static int TakePart(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        var start = TakeLine(bytes, out value);
        if (start == 0 || value[0] != '$')
        {
            return start;
        }

        if (!Utf8Parser.TryParse(value[1..], out int size, out _))
        {
            throw new InvalidDataException("A text of Redis has no size.");
        }

        if (bytes.Length < start + size + 2)
        {
            return 0;
        }

        value = bytes.Slice(start, size);
        return start + size + 2;
    }

    private static int TakeLine(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf((byte)'\n');
        line = end > 0 ? bytes[..(end - 1)] : default;
        return end + 1;
    }
}
