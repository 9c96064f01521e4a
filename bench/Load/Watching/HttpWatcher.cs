using System.Text;

namespace Jobwatch.Bench.Watching;

/// <summary>A watcher whose stream is the body of a response of HTTP/1.1, in chunks or until the connection ends.</summary>
internal abstract class HttpWatcher : Watcher
{
    private bool _hasHead;
    private bool _hasChunks;
    private int _chunkLeft;
    private int _chunkSize = -1;

    protected HttpWatcher(Uri server, string path, long last)
        : base(server, last) => Ask(server, path);

    /// <summary>Sends the request whose response is the stream.</summary>
    private void Ask(Uri server, string path) =>
        Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: text/event-stream\r\n\r\n"));

    protected sealed override int Unwrap(Span<byte> bytes, int from)
    {
        var received = bytes[from..];
        if (!_hasHead)
        {
            var end = received.IndexOf("\r\n\r\n"u8);
            if (!received.StartsWith("HTTP/1.1 200"u8) || end < 0)
            {
                throw new IOException($"The server refused a watcher: {Encoding.UTF8.GetString(received)}");
            }

            _hasHead = true;
            _hasChunks = received[..end].IndexOf("chunked"u8) >= 0;
            received = received[(end + 4)..];
        }

        if (_hasChunks)
        {
            return from + Unchunk(received, bytes[from..]);
        }

        received.CopyTo(bytes[from..]);
        return from + received.Length;
    }

    // Chunk by chunk: SIZE in hex, CRLF, so many bytes, CRLF. A size may be torn between two reads.
    private int Unchunk(ReadOnlySpan<byte> received, Span<byte> body)
    {
        var length = 0;
        while (received.Length > 0)
        {
            if (_chunkLeft > 0)
            {
                var part = Math.Min(_chunkLeft, received.Length);
                received[..part].CopyTo(body[length..]);
                length += part;
                _chunkLeft -= part;
                received = received[part..];
                continue;
            }

            var next = received[0];
            received = received[1..];
            if (next == '\n' && _chunkSize >= 0)
            {
                (_chunkLeft, _chunkSize) = (_chunkSize, -1);
            }
            else if (next is not ((byte)'\r' or (byte)'\n'))
            {
                _chunkSize = (Math.Max(_chunkSize, 0) << 4) + HexOf(next);
            }
        }

        return length;
    }

    private static int HexOf(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
